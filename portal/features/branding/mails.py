"""The letterhead of a brand's mails."""

from email.utils import formataddr
from pathlib import Path

from portal.core import i18n
from portal.core.i18n import N_
from portal.features.branding import queries
from portal.features.branding.rules.palette import derive
from portal.features.branding.rules.theme import NEUTRAL, Frame, Scheme, Theme, Wordmark
from portal.features.resellers.queries import HomeHost
from portal.mail.letterhead import Letterhead

COLOURS = {
    "ground": "surface-ground",
    "raised": "surface-raised",
    "sunken": "surface-sunken",
    "text": "text-main",
    "muted": "text-muted",
    "rule": "rule-soft",
    "accent": "accent-fill",
    "accent_text": "accent-on",
    "accent_ink": "accent-ink",
}
HEADS = {  # the upper end of a mail is that of the brand's pages
    Frame.QUIET: {"head": "surface-raised", "head_text": "accent-ink", "head_light": "accent-ink", "bar": "accent-fill"},
    Frame.BRANDED: {"head": "desk-fill", "head_text": "desk-text", "head_light": "desk-text", "bar": "desk-mark"},
}
LINK_LABELS = {"imprint": N_("Imprint"), "privacy": N_("Privacy")}
_folder = [Path(__file__).resolve().parents[3] / "themes"]


def install(themes: Path) -> None:
    """Where this process reads its themes from."""
    _folder[:] = [themes]


def letterhead(home: HomeHost, language: str) -> Letterhead:
    return letterhead_of(_theme(home), home, language)


def _theme(home: HomeHost) -> Theme:
    """What the reseller has published; what cannot be read is as plain as what was never chosen."""
    if home.theme_version_id is None:
        return queries.themes(_folder[0]).get(home.theme, NEUTRAL)
    found = queries.looks.look(home.theme_version_id)
    return found.theme if found and found.theme else NEUTRAL


def letterhead_of(theme: Theme, home: HomeHost, language: str) -> Letterhead:
    """Of a theme that need not be what everybody sees."""
    brand = theme.brand or home.reseller_name
    spoken = i18n.best([language], tuple(theme.texts)) or next(iter(theme.texts), "")
    sender = theme.support_mail or f"no-reply@{home.host}"
    words = theme.wordmark or Wordmark(brand)
    return Letterhead(
        brand=brand,
        sender=formataddr((brand, sender)),
        host=home.host,
        colours=_coloured(theme),
        wordmark=(words.strong, words.light),
        radius=theme.radius,
        support_mail=theme.support_mail,
        support_phone=theme.support_phone.removeprefix("+"),
        help=theme.texts.get(spoken, {}).get("help", ""),
        links=_links(theme, language),
    )


def _coloured(theme: Theme) -> dict[str, str]:
    colours = derive(theme).of(Scheme.LIGHT)
    return {what: colours[token] for what, token in (COLOURS | HEADS[theme.frame]).items()}


def _links(theme: Theme, language: str) -> dict[str, str]:
    with i18n.using(language):
        return {i18n.gettext(label): theme.links[key] for key, label in LINK_LABELS.items() if key in theme.links}
