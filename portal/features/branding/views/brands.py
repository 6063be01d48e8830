"""Themes as pages see them."""

from collections.abc import Mapping
from dataclasses import replace

from markupsafe import Markup

from portal.core.tenancy import Tenant
from portal.features.branding.rules.stylesheet import stylesheet
from portal.features.branding.rules.theme import FONTS, NEUTRAL, Theme, Wordmark
from portal.web.assets import Assets, ThemeFiles
from portal.web.brand import Brand, Support


class Brands:
    """The brand of each tenant, and the slots of each theme: what the templates ask for."""

    def __init__(self, themes: Mapping[str, Theme], assets: Assets) -> None:
        self._themes = themes
        self._assets = assets
        self._brands = {name: brand(theme, assets) for name, theme in themes.items()}

    def of(self, tenant: Tenant) -> Brand:
        """A tenant whose theme is not there shows its name in the neutral look, and goes on."""
        return self._brands.get(tenant.theme) or brand(replace(NEUTRAL, brand=tenant.reseller_name), self._assets)

    def slots(self, theme: str) -> Mapping[str, str]:
        return self._themes[theme].slots if theme in self._themes else {}


def theme_files(themes: Mapping[str, Theme]) -> dict[str, ThemeFiles]:
    return {theme.name: ThemeFiles(stylesheet(theme), theme.favicon) for theme in (*themes.values(), NEUTRAL)}


def brand(theme: Theme, assets: Assets) -> Brand:
    return Brand(
        name=theme.brand,
        mark=Markup(theme.mark),  # noqa: S704 - drawings are checked when the theme is read
        wordmark=_wordmark(theme),
        frame=theme.frame,
        css_url=assets.theme_url(theme.name),
        favicon_url=assets.favicon_url(theme.name),
        lean=theme.lean or "",
        fonts=FONTS[theme.font].files,
        support=Support(theme.support_mail, theme.support_phone),
        texts=theme.texts,
        addresses=theme.links,
    )


def _wordmark(theme: Theme) -> Markup:
    if theme.drawn_wordmark:
        return Markup(theme.drawn_wordmark)  # noqa: S704 - as above
    words = theme.wordmark or Wordmark(theme.brand)
    light = Markup('<span class="wordmark-light">{}</span>').format(words.light) if words.light else ""
    return Markup('<span class="wordmark">{}{}</span>').format(words.strong, light)
