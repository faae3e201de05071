"""The real service with its demo, and Chromium; both started once."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, ViewportSize, async_playwright

from tests.api.command import Command, Served
from tests.browser.screen import AXE, RESULTS, Screen
from tests.conftest import need
from vitasense.api.page import WEB

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
SIZES = {"desktop": ViewportSize(width=1280, height=860), "phone": ViewportSize(width=375, height=740)}
LONGEST_WAIT = 15_000  # ms, on a machine that is busy with other things

Visit = Callable[..., Awaitable[Screen]]


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """The service as people start it, with a home of its own."""
    need("browser", CHROMIUM is not None, "Chromium is not installed")
    need("browser", (WEB / "index.html").is_file(), "the page is not built: make web")
    need("browser", AXE.is_file(), "axe is not installed: make web")
    home = Path(tempfile.mkdtemp(prefix="vitasense-browser-"))
    home.chmod(0o755)  # as root the database runs as another user, who must get in
    command = Command(home)
    try:
        yield command.serve()
    finally:
        command.end()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
async def chromium(served: Served) -> AsyncIterator[Browser]:
    RESULTS.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture
async def visit(chromium: Browser, served: Served) -> AsyncIterator[Visit]:
    """Opens browsers that know nobody; at the end none of them may have complained about the page."""
    opened: list[tuple[BrowserContext, Screen]] = []

    async def visit_as(who: str | None = None, size: str = "desktop") -> Screen:
        theme = "dark" if size == "phone" else "light"
        context = await chromium.new_context(viewport=SIZES[size], color_scheme=theme, reduced_motion="reduce")
        context.set_default_timeout(LONGEST_WAIT)
        await context.add_init_script(path=AXE)
        screen = Screen(await context.new_page(), served.url, served.passwords, size)
        opened.append((context, screen))
        if who:
            await screen.log_in(who)
        return screen

    yield visit_as
    for context, screen in opened:
        await context.close()
        assert screen.complaints == []
