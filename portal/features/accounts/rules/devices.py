"""What a browser calls itself, in words."""

from collections.abc import Mapping
from functools import lru_cache

import ua_parser

from portal.core import i18n
from portal.core.i18n import N_

BROWSERS: Mapping[str, str] = {
    "Mobile Safari": "Safari",
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "Edge Mobile": "Edge",
    "HeadlessChrome": "Chrome",
}
SYSTEMS: Mapping[str, str] = {"Mac OS X": "macOS", "Chrome OS": "ChromeOS"}
THINGS = frozenset({"iPhone", "iPad"})  # said in place of the system


def device(user_agent: str) -> str:
    """“Firefox on Windows”, as far as the browser says so."""
    browser, system = _parts(user_agent)
    if browser and system:
        return i18n.gettext(N_("%(browser)s on %(system)s"), browser=browser, system=system)
    return browser or system or i18n.gettext(N_("Unknown device"))


@lru_cache(maxsize=1024)
def _parts(user_agent: str) -> tuple[str | None, str | None]:
    said = ua_parser.parse(user_agent)
    browser = said.user_agent.family if said.user_agent else None
    system = said.os.family if said.os else None
    thing = said.device.family if said.device else None
    return BROWSERS.get(browser or "", browser), thing if thing in THINGS else SYSTEMS.get(system or "", system)
