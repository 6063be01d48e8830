"""What forms of call handling carry, as a browser would send them."""

import re
from html import unescape

from werkzeug.test import TestResponse

TAG = re.compile(r"<(input|textarea|select|button)\b([^>]*)>", re.DOTALL)


def form_of(page: TestResponse, action: str) -> dict[str, str | list[str]]:
    """All that a form of a page would send without a press on one of its named buttons."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page.text, re.DOTALL)
    assert found is not None, f"no form for {action}"
    values: dict[str, list[str]] = {}
    for kind, attributes in TAG.findall(found[1]):
        name = _attribute(attributes, "name")
        if name is None or kind in {"button", "textarea", "select"}:
            continue
        if _attribute(attributes, "type") in {"checkbox", "radio"} and " checked" not in attributes:
            continue
        values.setdefault(name, []).append(_attribute(attributes, "value") or "")
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', found[1], re.DOTALL):
        values[name] = [unescape(text)]
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', found[1], re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(r'<option value="([^"]*)"', options)
        values[name] = [unescape(chosen[1])] if chosen else []
    return {name: found[0] if len(found) == 1 else found for name, found in values.items()}


def _attribute(attributes: str, name: str) -> str | None:
    found = re.search(rf'\b{name}="([^"]*)"', attributes)
    return unescape(found[1]) if found else None
