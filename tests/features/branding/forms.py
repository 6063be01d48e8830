"""Filling in the forms of the editor as a person does: what the page holds, and on top of it what is typed."""

import html
import io
import re
from typing import Any

from werkzeug.test import TestResponse

from tests.browser import Browser

LOOK = ("accent", "on_accent", "tint", "radius", "font", "density", "lean")
HIDDEN = re.compile(r'<input type="hidden" name="(version|seen|live)" value="([^"]*)"')


def hidden(page: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in HIDDEN.findall(page)}


def filled(page: str, names: tuple[str, ...]) -> dict[str, str]:
    """What the fields of a page hold."""
    found = {name: _value(page, name) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _value(page: str, name: str) -> str | None:
    field = re.search(rf'<(input|textarea|select)[^>]*\sname="{name}"[^>]*>', page)
    if field is None:
        return None
    if field[1] == "input":
        value = re.search(r'value="([^"]*)"', field[0])
        return html.unescape(value[1]) if value else ""
    rest = page[field.end() :]
    if field[1] == "textarea":
        return html.unescape(rest.partition("</textarea>")[0].removeprefix("\n"))
    chosen = re.search(r'value="([^"]*)" selected', rest.partition("</select>")[0])
    return html.unescape(chosen[1]) if chosen else ""


def shown(browser: Browser, part: str) -> dict[str, str]:
    """All that a part of the editor would send as it stands."""
    page = browser.get(f"/branding/{part}").text
    names = tuple(re.findall(r'<(?:textarea|select|input)[^>]*\sid="([a-z_]+)"[^>]*\sname="\1"', page))
    frame = re.search(r'name="frame" value="([a-z]+)" checked', page)
    return {**hidden(page), **filled(page, names), **({"frame": frame[1]} if frame else {})}


def save(browser: Browser, part: str, **typed: Any) -> TestResponse:
    return browser.post(f"/branding/{part}", {**shown(browser, part), **typed})


def put(browser: Browser, place: str, content: bytes, name: str = "logo.png") -> TestResponse:
    page = browser.get("/branding/pictures").text
    form = page.partition(f"/branding/pictures/{place}")[2]
    seen = re.search(r'name="seen" value="([^"]*)"', form)
    return browser.post(f"/branding/pictures/{place}", {"seen": seen[1] if seen else "", "file": (io.BytesIO(content), name)})


def publish(browser: Browser, note: str = "") -> TestResponse:
    return browser.post("/branding/publish", {**hidden(browser.get("/branding/publish").text), "note": note})


def put_large(browser: Browser, path: str, content: bytes) -> TestResponse:
    """The test client would keep a large form in a file that it forgets to close."""
    head = f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{browser.token()}\r\n'.encode()
    file = b'--x\r\nContent-Disposition: form-data; name="file"; filename="large.png"\r\n\r\n' + content
    whole = head + file + b"\r\n--x--\r\n"
    base = f"http://{browser.host}"
    return browser.client.post(path, data=whole, content_type="multipart/form-data; boundary=x", base_url=base)
