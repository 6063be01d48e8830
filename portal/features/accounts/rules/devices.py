"""What a browser calls itself, in words."""

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from portal.core import i18n
from portal.core.i18n import N_

LOOKED_AT = 300  # as much as is kept
SHOWN = 60  # of what nobody knows
PORTABLE = frozenset({"Android", "iOS", "iPhone", "iPad", "KaiOS", "Windows Phone"})
SYSTEMS = {"Mac OS X": "macOS", "Chrome OS": "ChromeOS"}
_VARIANTS = frozenset({"Mobile", "iOS", "WebView", "UI/WKWebView"})


@dataclass(frozen=True)
class Device:
    """“Firefox” on “Windows”, as far as it is known; `portable`: a phone or a tablet."""

    browser: str | None
    system: str | None
    portable: bool
    raw: str

    def __str__(self) -> str:
        """In the language of the reader."""
        if self.browser and self.system:
            return i18n.gettext(N_("%(browser)s on %(system)s"), browser=self.browser, system=self.system)
        return self.browser or self.system or self.raw or i18n.gettext(N_("Unknown device"))


def device(user_agent: str) -> str:
    """“Firefox on Windows”."""
    return str(device_of(user_agent))


@lru_cache(maxsize=1024)
def device_of(user_agent: str) -> Device:
    found = _reader().parse(user_agent[:LOOKED_AT])
    browser = _plain(found.user_agent.family) if found.user_agent else None
    model = found.device.family if found.device else None
    system = found.os.family if found.os else None
    named = model if model in PORTABLE else SYSTEMS.get(system or "", system)
    return Device(browser, named, system in PORTABLE, user_agent[:SHOWN])


@cache
def _reader() -> Any:
    """Its tables take megabytes, and many a process never meets a browser."""
    return import_module("ua_parser")


def _plain(family: str) -> str:
    """“Chrome Mobile iOS” and “HeadlessChrome” are Chrome to everybody."""
    words = [word for word in family.removeprefix("Headless").split() if word not in _VARIANTS]
    return " ".join(words) or family
