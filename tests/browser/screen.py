"""One person's browser: what they do on the page, and what the page must never do to them."""

import re
from pathlib import Path
from typing import cast

from playwright.async_api import ConsoleMessage, Locator, Page, expect

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "test-results"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
REFUSED = "Failed to load resource: the server responded with a status of 4"
_AXE_RUN = "async () => (await axe.run()).violations.map(v => `${v.id}: ${v.nodes.map(n => n.html.slice(0, 200))}`)"
_STILL = "async () => { await Promise.allSettled(document.getAnimations().map(a => a.finished)) }"
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Screen:
    """A page with the words of a person; `complaints` is what the browser or the content policy objected to."""

    def __init__(self, page: Page, url: str, passwords: dict[str, str], size: str) -> None:
        self.page = page
        self.size = size
        self.complaints: list[str] = []
        self._url = url
        self._passwords = passwords
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._listen)

    def _listen(self, message: ConsoleMessage) -> None:
        offline = "net::ERR_INTERNET_DISCONNECTED" in message.text
        if message.type == "error" and not message.text.startswith(REFUSED) and not offline:
            self.complaints.append(message.text)

    def by(self, test_id: str) -> Locator:
        """The element with a test id."""
        return self.page.get_by_test_id(test_id)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """The button of exactly this name."""
        return self.page.get_by_role("button", name=name, exact=isinstance(name, str))

    def password(self, who: str) -> str:
        """The password of an account of the demo."""
        return self._passwords[f"{who}@example.org"]

    async def open(self, place: str = "") -> None:
        """Go to a view: "record/vitals"."""
        await self.page.goto(f"{self._url}/#/{place}")

    async def log_in(self, who: str, password: str | None = None) -> None:
        """Log in as an account of the demo and see the first view."""
        await self.open()
        await self.page.get_by_label("Email").fill(f"{who}@example.org")
        await self.page.get_by_label("Password").fill(password or self.password(who))
        await self.button("Log in").click()
        await expect(self.page.get_by_role("navigation", name="Main")).to_be_visible()

    async def ask(self, question: str) -> Locator:
        """Ask, and get the whole reply."""
        replies = await self.by("reply").count()
        await self.by("chat-input").fill(question)
        await self.by("chat-input").press("Enter")
        return await self.answered(replies)

    async def answered(self, replies: int) -> Locator:
        """The reply that follows so many others, once it has ended."""
        reply = self.by("reply").nth(replies)
        await expect(reply).to_have_attribute("data-state", re.compile("done|stopped|failed"))
        return reply

    async def decide(self, yes: bool) -> Locator:
        """Answer the confirmation, and get the reply."""
        replies = await self.by("reply").count()
        await self.by("confirm-yes" if yes else "confirm-no").click()
        return await self.answered(replies)

    async def tab_to(self, target: Locator) -> None:
        """Press the tabulator until the element has the focus."""
        for _ in range(60):
            if await target.evaluate("element => element === document.activeElement"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError("the keyboard does not lead there")

    async def shot(self, name: str) -> None:
        """Keep a picture for the people who look at the test run, once nothing moves any more."""
        await self.page.evaluate(_STILL)
        await self.page.screenshot(path=RESULTS / f"{name}-{self.size}.png")

    async def check(self, name: str) -> None:
        """Axe finds nothing, nothing is wider than the window, and a picture is kept."""
        await self.shot(name)
        found = cast("list[str]", await self.page.evaluate(_AXE_RUN))
        assert found == [], f"{name}: {found}"
        assert await self.page.evaluate(_TOO_WIDE) <= 0, f"{name} is wider than the window"
