"""The report is one page that needs nothing from elsewhere, escapes what was said, and reads well in a browser."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.async_api import ViewportSize, async_playwright

from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.screen import AXE, RESULTS
from tests.conftest import need
from tests.evals import tiny
from tests.evals.conftest import RunTiny
from vitasense.evals.report import matrix, write_report
from vitasense.evals.results import Result
from vitasense.evals.runs import Kept
from vitasense.evals.words import number


@pytest.fixture
async def page(run_tiny: RunTiny, tmp_path: Path) -> Path:
    """The report of a run in which things went wrong, after one in which they did not."""
    await run_tiny("a")
    kept = await run_tiny("b", tiny.suite(wrong=[2, 3], fails=5))
    return write_report(kept, tmp_path)


def test_it_tells_figures_wrong_cases_and_what_changed(page: Path) -> None:
    html = page.read_text("utf-8")
    for told in ("3/5 = 60.0%", "23.1–88.2%", "5, not 4", "ZeroDivisionError", "tiny, broken", "1 of 3 measures may"):
        assert told in html


def test_it_is_one_file_without_script_and_everything_said_is_escaped(page: Path) -> None:
    html = page.read_text("utf-8")
    assert "2 + 2 &lt;b&gt;" in html and "<b>" not in html
    assert not re.search(r"<script|<link|<img|<iframe|https?://|url\(|@import| on\w+=", html)


async def test_long_lists_are_capped_and_say_so(run_tiny: RunTiny, tmp_path: Path) -> None:
    kept = await run_tiny("a", tiny.suite(wrong=[1]))
    [wrong] = [result for result in kept.results("tiny") if result.wrong]
    kept.rewrite("tiny", [wrong.model_copy(update={"id": f"sum-{n}", "answer": "x" * 9000}) for n in range(40)])
    html = write_report(kept, tmp_path).read_text("utf-8")
    assert "… and 15 more in tiny.jsonl" in html
    assert "x" * 600 + "…" in html and "x" * 601 not in html


def test_an_interrupted_run_says_that_it_is_a_part(page: Path) -> None:
    kept = Kept(page.parent)
    kept.write(kept.run.model_copy(update={"ended": None}))
    assert "This run was interrupted" in write_report(kept, page.parents[1]).read_text("utf-8")


def test_the_matrix_has_a_row_for_what_was_expected_and_a_column_for_all_that_came() -> None:
    found = matrix(_cells(("a", "a"), ("a", "a"), ("a", "c"), ("b", "b")))
    assert found is not None and list(found.columns) == ["a", "b", "c"]
    assert [[cell.count for cell in cells] for _, cells in found.rows] == [[2, 0, 1], [0, 1, 0]]
    assert [cell.right for cell in found.rows[0][1]] == [True, False, False]
    assert matrix([Result(id="x", input="x")]) is None


@pytest.mark.parametrize(
    ("value", "told"), [(1.0, "100.0%"), (0.99976, "99.98%"), (0.0, "0.0%"), (0.0001, "0.01%"), (0.5, "50.0%")]
)
def test_nearly_all_does_not_read_like_all(value: float, told: str) -> None:
    assert number(value, "%") == told


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 375)])
async def test_it_opens_in_a_browser_without_complaint(page: Path, scheme: str, width: int) -> None:
    need("browser", CHROMIUM is not None, "Chromium is not installed")
    need("browser", AXE.is_file(), "axe is not installed: make web")
    RESULTS.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        context = await browser.new_context(
            viewport=ViewportSize(width=width, height=860), color_scheme="dark" if scheme == "dark" else "light"
        )
        tab = await context.new_page()
        complaints: list[str] = []
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("request", lambda request: complaints.append(request.url) if request.url != page.as_uri() else None)
        await tab.goto(page.as_uri())
        await tab.get_by_role("heading", name="Tiny", exact=True).wait_for()
        await tab.screenshot(path=RESULTS / f"eval-report-{scheme}.png", full_page=True)
        wider = await tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        await tab.add_script_tag(path=AXE)
        found = await tab.evaluate("axe.run().then(told => told.violations.map(each => each.id))")
        await browser.close()
    assert complaints == [] and wider <= 0 and found == []


def _cells(*cells: tuple[str, str]) -> Sequence[Result]:
    return [Result(id=str(n), input="x", expected=row, got=column) for n, (row, column) in enumerate(cells)]
