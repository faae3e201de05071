"""Axe finds nothing on any view, on a desktop in light colours and on a phone in dark ones; nothing is cut off."""

import json
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import SIZES, Visit
from tests.browser.screen import Screen

EVERY_SIZE = pytest.mark.parametrize("size", SIZES)
CATEGORIES = {
    "vitals": "Vitals",
    "labs": "Lab results",
    "medications": "Medicines",
    "conditions": "Conditions",
    "allergies": "Allergies",
    "immunizations": "Vaccinations",
    "encounters": "Visits",
    "documents": "Documents",
}


@EVERY_SIZE
async def test_logged_out(visit: Visit, size: str) -> None:
    screen = await visit(size=size)
    for place, title in (("", "Welcome"), ("register", "Create an account"), ("forgot", "Forgot your password?")):
        await screen.open(place)
        await expect(screen.page.get_by_role("heading", name=title)).to_be_visible()
        await screen.check(f"out-{place or 'login'}")
    await screen.open("reset?token=used")
    await expect(screen.page.get_by_role("heading").first).to_be_visible()
    await screen.check("out-reset")
    await screen.open("verify?token=used")
    await expect(screen.page.get_by_role("alert")).to_be_visible()
    await screen.check("out-verify")


@EVERY_SIZE
async def test_chat(visit: Visit, size: str) -> None:
    screen = await visit("maria", size)
    await expect(screen.page.get_by_role("list", name="Suggestions")).to_be_visible()
    await screen.check("chat-welcome")
    reply = await screen.ask("Which medicines do I take and since when?")
    await screen.check("chat-reply")
    await reply.get_by_text("What this rests on").click()
    await screen.check("chat-findings")
    await reply.get_by_test_id("evidence-button").first.click()
    await expect(screen.by("evidence-panel").get_by_role("heading", level=3).first).to_be_visible()
    await screen.check("chat-evidence")
    await screen.page.keyboard.press("Escape")
    for name, question in (
        ("unchecked", "What does my DNA say about clopidogrel?"),
        ("emergency", "I have crushing chest pain"),
        ("confirmation", "I had two eggs and toast for breakfast"),
    ):
        await screen.ask(question)
        await screen.check(f"chat-{name}")
    await screen.decide(yes=False)
    await screen.check("chat-declined")
    await threads(screen)


async def threads(screen: Screen) -> None:
    """The list of conversations with its menu and its dialogs; on a phone it is a sheet."""
    if screen.size == "phone":
        await screen.button("Conversations").click()
    await expect(screen.by("thread-list").get_by_role("link").first).to_be_visible()
    await screen.check("threads")
    await screen.page.get_by_role("button", name=re.compile("^Options for")).first.click()
    await expect(screen.page.get_by_role("menuitem", name="Rename")).to_be_visible()
    await screen.check("threads-menu")
    await screen.page.get_by_role("menuitem", name="Delete").click()
    await expect(screen.page.get_by_role("alertdialog")).to_be_visible()
    await screen.check("threads-delete")


@EVERY_SIZE
async def test_record(visit: Visit, size: str, tmp_path: Path) -> None:
    screen = await visit("maria", size)
    await screen.open("record")
    await expect(screen.by("chart").locator("canvas")).to_be_visible()
    await screen.check("record-chart")
    await screen.page.get_by_text("Show the values as a table").click()
    await screen.check("record-table")
    for category, name in CATEGORIES.items():
        await screen.open(f"record/{category}")
        await expect(screen.page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        await screen.check(f"record-{category}")
    await screen.page.get_by_role("region", name="Documents").get_by_role("button").first.click()
    await expect(screen.by("record-panel").get_by_role("heading", level=3)).to_be_visible()
    await screen.check("record-panel")
    await screen.page.keyboard.press("Escape")
    await screen.open("record/genomics")
    await expect(screen.page.get_by_text("Nothing here yet")).to_be_visible()
    await screen.check("record-empty")
    await screen.open("record/import")
    bad = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Nonsense"}}]}
    (tmp_path / "bad.json").write_text(json.dumps(bad))
    await screen.by("import-input").set_input_files(tmp_path / "bad.json")
    await expect(screen.by("import-report")).to_be_visible()
    await screen.check("record-import")


@EVERY_SIZE
async def test_sharing(visit: Visit, size: str) -> None:
    screen = await visit("maria", size)
    await screen.by("nav-sharing").click()
    await expect(screen.page.get_by_role("list", name="People with access")).to_contain_text("Dr. Amara Singh")
    await screen.check("sharing")
    await screen.button("End access of Dr. Amara Singh").click()
    await expect(screen.page.get_by_role("alertdialog")).to_be_visible()
    await screen.check("sharing-end")
    await screen.button("Cancel").click()
    await screen.page.get_by_role("tab", name="Who looked").click()
    await expect(screen.by("audit-list")).to_be_visible()
    await screen.check("sharing-looked")
    await screen.button(re.compile("^Account of")).click()
    await expect(screen.page.get_by_role("menu")).to_be_visible()
    await screen.check("account-menu")


@EVERY_SIZE
async def test_provider(visit: Visit, size: str) -> None:
    screen = await visit("provider", size)
    await expect(screen.by("patient-list").get_by_role("link").first).to_be_visible()
    await screen.check("provider-patients")
    await screen.by("patient-list").get_by_role("link", name=re.compile("Maria")).click()
    await expect(screen.by("patient-bar")).to_contain_text("Record of")
    await screen.check("provider-chat")
    await screen.ask("What was the last blood pressure?")
    await screen.check("provider-reply")
    await screen.by("nav-record").click()
    await expect(screen.by("chart").locator("canvas")).to_be_visible()
    await screen.check("provider-record")


@EVERY_SIZE
async def test_administrator(visit: Visit, size: str) -> None:
    screen = await visit("admin", size)
    await expect(screen.by("account-list")).to_be_visible()
    await screen.check("admin")
    await screen.button("Disable James Okafor").click()
    await expect(screen.page.get_by_role("alertdialog")).to_be_visible()
    await screen.check("admin-disable")
