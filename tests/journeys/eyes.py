"""What axe finds on a page. It comes with each document, and is asked for nothing but what is wrong."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

Options = Mapping[str, Any]
AXE: str = AXE_SCRIPT

EVERYTHING: Options = MappingProxyType(
    {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
)
OF_A_THEME: Options = MappingProxyType({"runOnly": ["color-contrast", "target-size", "link-in-text-block"]})
"""What a theme can break: all else is the same in every one."""

_ASK = "options => axe.run(document, options).then(found => found.violations)"


def findings(page: Page, options: Options = EVERYTHING) -> str:
    """A line for each rule that the page breaks; empty when it breaks none."""
    found = page.evaluate(_ASK, {**options, "resultTypes": ["violations"], "preload": False, "iframes": False})
    return "\n".join(_line(rule) for rule in found)


def _line(rule: Mapping[str, Any]) -> str:
    places = (f"{node['target']} {node['html'][:200]} {node['failureSummary']}" for node in rule["nodes"][:4])
    return f"{rule['id']}: {rule['help']}: " + "; ".join(places)
