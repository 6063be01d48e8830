"""The brand that templates see. Built once per theme; only the language of its texts changes from page to page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from markupsafe import Markup

from portal.core import i18n
from portal.core.i18n import N_

LINK_LABELS: Mapping[str, str] = MappingProxyType({"imprint": N_("Imprint"), "privacy": N_("Privacy")})


@dataclass(frozen=True, slots=True)
class Support:
    """`phone` in digits."""

    mail: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Brand:
    """`frame` is “quiet” or “branded”; `lean` is “light”, “dark” or, following the system, “”; `fonts` are fetched first."""

    name: str
    mark: Markup
    wordmark: Markup
    frame: str
    css_url: str
    favicon_url: str
    lean: str = ""
    fonts: tuple[str, ...] = ()
    support: Support = Support()
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """In the reader's language, else in the brand's first; empty when the brand says nothing."""
        spoken = i18n.best([i18n.current()], tuple(self.texts)) or next(iter(self.texts), "")
        return self.texts.get(spoken, {}).get(key, "")

    @property
    def links(self) -> list[tuple[str, str]]:
        """Label and address of what the provider must or wants to link to."""
        return [(i18n.gettext(label), self.addresses[key]) for key, label in LINK_LABELS.items() if key in self.addresses]
