"""What axe finds on a page. It comes with each document, and is asked for nothing but what is wrong."""

import hashlib
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

# What axe can tell apart: each element where it stands, by what it is, in which look; not how many rows there are, nor what
# they say.
_OUTLINE = """() => {
  const told = new Set(["role", "type", "lang", "dir", "class", "tabindex", "open"])
  const tells = name => told.has(name) || /^(aria-(?!label|controls|described|owns|active)|data-(scheme|frame)$)/.test(name)
  const said = ({ name, value }) => name + (tells(name) ? "=" + value : value ? "!" : "")
  const speaks = element => [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
  const plain = element => element.tagName + [...element.attributes].map(said).sort() + (speaks(element) ? "!" : "")
  const places = new Map(), found = new Set()
  for (const element of document.querySelectorAll("*")) {
    const place = (places.get(element.parentElement) ?? "") + ">" + plain(element)
    places.set(element, place)
    found.add(place + (element.checkVisibility() ? "" : "hidden"))
  }
  const ids = [...document.querySelectorAll("[id]")].map(element => element.id)
  const dark = matchMedia("(prefers-color-scheme: dark)").matches
  const look = [document.querySelector("link[href$='theme.css']")?.href, innerWidth, dark]
  return [...found].sort().join() + look + (ids.length - new Set(ids).size)
}"""
_seen: set[str] = set()
_ASK = "options => axe.run(document, options).then(found => found.violations)"


def findings(page: Page, options: Options = EVERYTHING) -> str:
    """A line for each rule that the page breaks; empty when it breaks none."""
    found = page.evaluate(_ASK, {**options, "resultTypes": ["violations"], "preload": False, "iframes": False})
    return "\n".join(_line(rule) for rule in found)


def was_seen(page: Page) -> bool:
    """Whether axe would find what it found on a page before; a page that is asked for once counts as seen from then on."""
    outline = hashlib.sha256(page.evaluate(_OUTLINE).encode()).hexdigest()
    seen = outline in _seen
    _seen.add(outline)
    return seen


def _line(rule: Mapping[str, Any]) -> str:
    places = (f"{node['target']} {node['html'][:200]} {node['failureSummary']}" for node in rule["nodes"][:4])
    return f"{rule['id']}: {rule['help']}: " + "; ".join(places)
