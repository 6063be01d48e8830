"""The brand that templates see. Built once per theme; only the language of its texts changes from page to page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from markupsafe import Markup

from portal.core import i18n
from portal.core.i18n import N_

LINK_LABELS: Mapping[str, str] = MappingProxyType(
    {"imprint": N_("Imprint"), "privacy": N_("Privacy"), "terms": N_("Terms"), "status": N_("Service status")}
)
NOTHING = Markup()
PAGES: Mapping[str, tuple[str, str]] = MappingProxyType({"support": (N_("Help"), "/help"), "legal": (N_("Legal"), "/legal")})


@dataclass(frozen=True, slots=True)
class Support:
    """`phone` in digits."""

    mail: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Icons:
    """Addresses of what browsers and home screens show a site by; empty where there is none."""

    small: str = ""  # for browsers that want a picture of pixels
    touch: str = ""
    manifest: str = ""


@dataclass(frozen=True, slots=True)
class Brand:
    """`frame` is “quiet” or “branded”; `lean` is “light”, “dark” or, following the system, “”; `fonts` are fetched first.

    `logo` stands in place of mark and wordmark; `art` is the picture at the sign-in; `pages` are the long texts by language.
    `previewed`: whose private link shows this, although it is not published.
    """

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
    icons: Icons = Icons()
    logo: Markup = NOTHING
    art: Markup = NOTHING
    pages: Mapping[str, Mapping[str, Markup]] = field(default_factory=dict)
    previewed: str = ""

    @property
    def lockup(self) -> Markup:
        """How the brand stands in a corner of every page."""
        return self.logo or Markup("{}<span>{}</span>").format(self.mark, self.wordmark)

    def text(self, key: str) -> str:
        """In the reader's language, else in the brand's first; empty when the brand says nothing."""
        return next((said[key] for said in _spoken(self.texts) if key in said), "")

    def page(self, key: str) -> Markup:
        """A long text, as it may stand on a page."""
        return next((said[key] for said in _spoken(self.pages) if key in said), NOTHING)

    @property
    def links(self) -> list[tuple[str, str]]:
        """Label and address of what the provider must or wants to link to."""
        own = [(i18n.gettext(label), url) for key, (label, url) in PAGES.items() if self.page(key)]
        elsewhere = [(i18n.gettext(label), self.addresses[key]) for key, label in LINK_LABELS.items() if key in self.addresses]
        return [*own, *elsewhere]


Said = TypeVar("Said", bound=str)


def _spoken(texts: Mapping[str, Mapping[str, Said]]) -> list[Mapping[str, Said]]:
    """What is said in the reader's language, then in the first one."""
    languages = [i18n.best([i18n.current()], tuple(texts)), next(iter(texts), None)]
    return [texts[language] for language in languages if language is not None]
