"""How a pilot goes through the pages of an import."""

import io
import re
from dataclasses import dataclass

from werkzeug.test import TestResponse

from tests.browser import Browser
from tests.features.pbx.imports.conftest import Importing

HEAD = "Extension,Name,E-mail"
GOOD = (HEAD, "104,Dora Klein,dora@lantern.example", "101,Alice Weber,")
MIXED = (*GOOD, "105,Emil Frey,emil@", "99,Zoe Young,")


def as_file(*lines: str, name: str = "people.csv") -> tuple[io.BytesIO, str]:
    return io.BytesIO("\r\n".join([*lines, ""]).encode()), name


def post_large(browser: Browser, path: str, content: bytes) -> TestResponse:
    """The test client would keep a large form in a file that it forgets to close."""
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + browser.token().encode(),
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="large.csv"\r\n\r\n' + content,
        b"--x--\r\n",
    ]
    host, kind = f"http://{browser.host}", "multipart/form-data; boundary=x"
    return browser.client.post(path, data=b"\r\n".join(parts), content_type=kind, base_url=host, headers=browser.headers)


@dataclass
class Walk:
    browser: Browser
    importing: Importing

    def upload(self, *lines: str, kind: str = "extensions") -> TestResponse:
        """What answers to the file."""
        return self.browser.post(f"/imports/new?kind={kind}", {"file": as_file(*lines)})

    def checked(self, *lines: str, kind: str = "extensions") -> str:
        """The address of a report."""
        answer = self.upload(*lines, kind=kind)
        address = answer.headers["Location"]
        if address.endswith("/columns"):
            chosen = re.findall(r'<select class="input" id="column-\d+".*?</select>', self.browser.get(address).text)
            fields = [found[1] if (found := re.search(r'value="([^"]*)" selected', one)) else "" for one in chosen]
            address = self.browser.post(address, {"columns": fields, "separator": ",", "encoding": "utf-8"}).headers["Location"]
        self.importing.work()
        return str(address)

    def written(self, *lines: str, kind: str = "extensions", **ticks: str) -> str:
        """The address of what was imported."""
        address = self.checked(*lines, kind=kind)
        answer = self.write(address, **ticks)
        assert answer.status_code == 303, answer.text
        self.importing.work()
        return address

    def write(self, address: str, **ticks: str) -> TestResponse:
        version = re.search(r'name="version" type="hidden" value="(\d+)"', self.browser.get(address).text)
        return self.browser.post(f"{address}/write", {"version": version[1] if version else "", **ticks})
