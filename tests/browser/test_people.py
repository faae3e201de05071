"""Several people on the page: sharing and its end, who looked, the provider, the administrator, logging out."""

import re

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.screen import Screen


async def share(screen: Screen, *parts: str) -> None:
    await screen.open("sharing")
    await screen.page.get_by_label("Email of the care provider").fill("provider@example.org")
    for part in parts:
        await screen.by("grant-form").get_by_label(part, exact=True).check()
    await screen.button("Give access").click()
    await expect(screen.page.get_by_role("list", name="People with access")).to_contain_text("Dr. Amara Singh")


async def test_access_that_ends_closes_the_open_chat_of_the_provider(visit: Visit) -> None:
    lena, provider = await visit("lena"), await visit("provider")
    await share(lena, "Vitals")
    await provider.page.reload()
    await provider.page.get_by_role("link", name=re.compile("Lena")).click()
    await expect(await provider.ask("What was the last blood pressure?")).to_contain_text("mmHg")
    await lena.button("End access of Dr. Amara Singh").click()
    await lena.page.get_by_role("alertdialog").get_by_role("button", name="End access").click()
    await expect(lena.page.get_by_text("Only you can see your record")).to_be_visible()
    await provider.by("chat-input").fill("What was the last heart rate?")
    await provider.by("chat-input").press("Enter")
    await expect(provider.page.get_by_role("alert")).to_contain_text("This record is no longer shared with you")
    await expect(provider.by("reply")).to_have_count(0)
    await expect(provider.by("patient-bar")).to_contain_text("This record is not shared with you, or no longer.")
    await provider.shot("access-ended")
    await provider.page.reload()
    await expect(provider.page.get_by_role("alert")).to_contain_text("This record is no longer shared with you")
    assert "mmHg" not in await provider.page.inner_text("body")


async def test_a_provider_sees_what_was_granted_and_a_reopened_conversation(visit: Visit) -> None:
    provider = await visit("provider")
    await provider.by("patient-list").get_by_role("link", name=re.compile("Maria")).click()
    await expect(provider.by("patient-bar")).to_contain_text("Record of Maria Elena Alvarez")
    await expect(provider.by("patient-bar")).to_contain_text("Not shared with you: vaccinations, procedures, documents")
    reply = await provider.ask("Which medicines are taken, and since when?")
    await expect(reply).to_contain_text("Lisinopril")
    await provider.page.reload()
    await expect(provider.by("reply")).to_contain_text("Lisinopril")
    await provider.by("reply").get_by_test_id("evidence-button").nth(1).click()
    await expect(provider.by("evidence-panel")).to_contain_text("Medicines")
    await provider.page.keyboard.press("Escape")
    await provider.by("nav-record").click()
    await expect(provider.by("chart")).to_be_visible()
    await expect(provider.page.get_by_text("Not shared with you: vaccinations").last).to_be_visible()
    await expect(provider.page.get_by_role("link", name="Documents")).to_have_count(0)


async def test_the_patient_sees_who_looked_in_plain_words(visit: Visit) -> None:
    provider = await visit("provider")
    await provider.by("patient-list").get_by_role("link", name=re.compile("Maria")).click()
    await provider.ask("What was the last blood pressure?")
    maria = await visit("maria")
    await maria.by("nav-sharing").click()
    await maria.page.get_by_role("tab", name="Who looked").click()
    line = maria.by("audit-list").get_by_role("listitem").filter(has_text="Dr. Amara Singh (care provider) looked at")
    await expect(line.first).to_contain_text("for treatment")
    told = await maria.by("audit-list").inner_text()
    for inner in ("/v1/", "tool:", "access_grant", "confirmed write", "relay", "undefined", "null"):
        assert inner.lower() not in told.lower(), inner


async def test_an_administrator_opens_and_closes_accounts_and_sees_no_record(visit: Visit) -> None:
    admin = await visit("admin")
    form = admin.by("account-form")
    await form.get_by_label("Name").fill("Dr. Noor Haddad")
    await form.get_by_label("Email").fill(f"noor.{admin.size}@example.org")
    await form.get_by_role("button", name="Create").click()
    row = admin.by("account-list").get_by_role("listitem").filter(has_text="Dr. Noor Haddad")
    await expect(row).to_contain_text("invited, not confirmed yet")
    await row.get_by_role("button", name="Disable").click()
    await admin.page.get_by_role("alertdialog").get_by_role("button", name="Disable").click()
    await expect(row).to_contain_text("Disabled")
    await admin.open("record")
    await expect(admin.page.get_by_role("heading", name="Accounts", exact=True)).to_be_visible()


async def test_logging_out_closes_the_record_in_every_tab(visit: Visit) -> None:
    screen = await visit("lena")
    second = await screen.page.context.new_page()
    await second.goto(screen.page.url)
    await expect(second.get_by_role("navigation", name="Main")).to_be_visible()
    await screen.button(re.compile("^Account of")).click()
    await screen.page.get_by_role("menuitem", name="Log out", exact=True).click()
    await expect(screen.page.get_by_text("You are logged out.")).to_be_visible()
    await expect(second.get_by_text("You logged out in another tab.")).to_be_visible()
    await screen.page.reload()
    await expect(screen.button("Log in")).to_be_visible()


async def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    screen = await visit()
    await screen.open()
    keyboard = screen.page.keyboard
    await expect(screen.button("Log in")).to_be_visible()
    await screen.tab_to(screen.page.get_by_label("Email"))
    await keyboard.type("maria@example.org")
    await keyboard.press("Tab")
    await keyboard.type(screen.password("maria"))
    await keyboard.press("Enter")
    await expect(screen.by("chat-input")).to_be_focused()
    await keyboard.type("What was my last blood pressure and is it all right?")
    await keyboard.press("Enter")
    reply = await screen.answered(0)
    evidence = reply.get_by_test_id("evidence-button").first
    await screen.tab_to(evidence)
    await keyboard.press("Enter")
    await expect(screen.by("evidence-panel")).to_contain_text("Blood pressure")
    await keyboard.press("Escape")
    await expect(evidence).to_be_focused()
    await screen.tab_to(screen.by("nav-sharing"))
    await keyboard.press("Enter")
    await expect(screen.page.get_by_role("heading", name="Sharing", exact=True)).to_be_focused()
