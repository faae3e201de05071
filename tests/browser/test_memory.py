"""What is remembered is seen, added to, corrected, forgotten and taken along on the page; axe finds nothing."""

import json
import re
from pathlib import Path

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_accessibility import EVERY_SIZE


def texts_of(file: Path) -> set[str]:
    """What an export holds."""
    return {each["text"] for each in json.loads(file.read_text())["memories"]}


async def test_a_person_remembers_corrects_and_forgets(visit: Visit) -> None:
    screen = await visit("james")
    await screen.by("nav-memory").click()
    await screen.page.get_by_label("In your own words").fill("I am vegetarian.")
    await screen.button("Remember").click()
    remembered = screen.by("memory-list")
    await expect(remembered).to_contain_text("I am vegetarian")
    await screen.button(re.compile("^Correct: I am vegetarian")).click()
    await screen.page.get_by_label("What is true").fill("I am vegan.")
    await screen.button("Save").click()
    await expect(remembered).to_contain_text("I am vegan")
    await expect(remembered).not_to_contain_text("vegetarian")
    await screen.page.get_by_label("Show what it was before").check()
    await expect(remembered).to_contain_text("vegetarian")
    await screen.page.get_by_label("Search").fill("what do I eat")
    await expect(remembered).to_contain_text("vegan")
    await screen.page.get_by_label("Search").fill("")
    async with screen.page.expect_download() as download:
        await screen.button("Download all").click()
    assert texts_of(await (await download.value).path()) >= {"I am vegetarian", "I am vegan"}
    await screen.button(re.compile("^Forget: I am vegan")).click()
    await screen.page.get_by_role("alertdialog").get_by_role("button", name="Forget").click()
    await expect(screen.page.get_by_text("Nothing is remembered here")).to_be_visible()


async def test_what_was_told_in_a_conversation_leads_back_to_it(visit: Visit) -> None:
    screen = await visit("james")
    await screen.ask("Remember that I work night shifts")
    await screen.decide(yes=True)
    await screen.by("nav-memory").click()
    await screen.by("memory-list").get_by_role("link", name=re.compile("you said so on")).click()
    await expect(screen.page.get_by_label("You", exact=True).first).to_contain_text("night shifts")


@EVERY_SIZE
async def test_memory(visit: Visit, size: str) -> None:
    screen = await visit("maria", size)
    await screen.by("nav-memory").click()
    await expect(screen.page.get_by_text("Nothing is remembered here")).to_be_visible()
    await screen.check("memory-empty")
    await screen.page.get_by_label("In your own words").fill("I am afraid of needles.")
    await screen.button("Remember").click()
    await expect(screen.by("memory-list")).to_contain_text("needles")
    await screen.check("memory-you")
    await screen.button(re.compile("^Correct: ")).click()
    await screen.check("memory-correct")
    await screen.page.keyboard.press("Escape")
    await screen.page.get_by_role("tab", name="Documents").click()
    await expect(screen.by("memory-list")).to_be_visible()
    await screen.check("memory-documents")
    await screen.page.get_by_role("tab", name="Conversations").click()
    await screen.check("memory-conversations")
    await screen.button("Forget everything").click()
    await expect(screen.page.get_by_role("alertdialog")).to_be_visible()
    await screen.check("memory-forget")
    await screen.page.get_by_role("alertdialog").get_by_role("button", name="Forget everything").click()
    await expect(screen.page.get_by_role("alertdialog")).to_have_count(0)
