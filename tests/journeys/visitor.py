"""A person with a browser. Every page that is visited is checked by axe and for what broke in it."""

import os
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, Response

from tests.cast import PASSWORD
from tests.journeys import eyes

SHOTS = Path(__file__).parent / "shots"
SETTLED = (
    "Promise.allSettled(document.getAnimations().filter(a => a.effect.getComputedTiming().endTime < 1e4).map(a => a.finished))"
)


class Visitor:
    def __init__(self, page: Page, base: str, *, script: bool = True) -> None:
        self.page, self.base, self.script = page, base, script
        self.trouble: list[str] = []
        if script:  # axe is one
            page.add_init_script(eyes.AXE)
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("console", self._hear)

    def _note(self, error: str) -> None:
        """A transition that the browser leaves out, for it was quicker at another page, is no trouble."""
        if "Transition" not in error:
            self.trouble.append(error)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.trouble.append(message.text)

    def go(self, path: str, *, status: int = 200, axe: eyes.Options | None = eyes.EVERYTHING) -> Response:
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        self.look(axe)
        return answer

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        self.go("/login")
        self.submit(username, password)
        self.look()

    def submit(self, username: str, password: str = PASSWORD) -> None:
        """On the page where one signs in."""
        self.page.locator("[name=username]").fill(username)
        self.page.locator("[name=password]").fill(password)
        with self.page.expect_navigation():
            self.page.locator("main button[type=submit]").click()

    def press(self, name: str, *, role: str = "button", exact: bool = True) -> None:
        """Presses a button or link that leads to another page."""
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name, exact=exact).first.click()  # type: ignore[arg-type]
        self.look()

    def look(self, axe: eyes.Options | None = eyes.EVERYTHING) -> None:
        """What must hold for every page: nothing broke, nothing scrolls sideways, axe finds nothing. None: axe looks later."""
        self.page.wait_for_load_state()
        assert not self.trouble, self.trouble
        width = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width[0] <= width[1], f"{self.page.url} scrolls sideways: {width}"
        if not self.script or axe is None:
            return
        self.page.evaluate(SETTLED)  # a colour that is still on its way is not the page's colour
        found = "" if axe is eyes.EVERYTHING and eyes.was_seen(self.page) else eyes.findings(self.page, axe)
        assert not found, f"{self.page.url}\n{found}"

    def shot(self, name: str, *, full: bool = True) -> None:
        """A picture for people to look at, when PORTAL_SHOTS is set."""
        if os.environ.get("PORTAL_SHOTS"):
            SHOTS.mkdir(exist_ok=True)
            self.page.screenshot(path=SHOTS / f"{name}.png", full_page=full)
