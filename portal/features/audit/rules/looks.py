"""Values of a brand, in words."""

from collections.abc import Mapping

from portal.core.i18n import N_

LABELS: Mapping[str, str] = {
    "based_on": N_("Began as"),
    "files": N_("Pictures"),
    "languages_said": N_("Texts in"),
    "look.accent": N_("Accent"),
    "look.density": N_("Density"),
    "look.font": N_("Type face"),
    "look.frame": N_("Frame"),
    "look.on_accent": N_("Words on the main button"),
    "look.radius": N_("Corners"),
    "look.scheme": N_("Light or dark"),
    "look.tint": N_("Tint of the greys"),
    "links.imprint": N_("Imprint"),
    "links.privacy": N_("Privacy"),
    "links.status": N_("Service status"),
    "links.terms": N_("Terms"),
    "support.mail": N_("Support by mail"),
    "support.phone": N_("Support by telephone"),
    "until": N_("Until"),
    "wordmark.light": N_("Wordmark, light part"),
    "wordmark.strong": N_("Wordmark, strong part"),
}
LISTS = frozenset({"files", "languages_said"})
