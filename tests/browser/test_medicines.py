"""Medicines on the page: added after a check, dosed, stopped; warnings explained and accepted; documents reviewed."""

import re
from pathlib import Path

from playwright.async_api import Locator, expect

from tests.api.command import Served
from tests.browser.conftest import Visit
from tests.browser.screen import Screen
from tests.browser.test_accessibility import EVERY_SIZE
from tests.browser.test_health import Sender

LABEL = "Rifampin may decrease the plasma concentration of metoprolol.\nAmoxicillin has no effect on digoxin.\n"


async def stop_own(sender: Sender, *names: str) -> None:
    """Medicines that an earlier test told of are over."""
    for each in (await sender.call("GET", "/v1/medications", params={"state": "now"}))["items"]:
        if each["name"] in names:
            body = {"version": each["version"], "action": "stop"}
            await sender.call("PATCH", f"/v1/medications/{each['id']}", json=body)


def card(screen: Screen, name: str) -> Locator:
    """The card of a medicine that is taken now."""
    return screen.page.get_by_role("list", name="What is taken now").get_by_test_id("medicine").filter(has_text=name)


async def fill(screen: Screen, name: str, directions: str = "") -> Locator:
    """The filled form of a new medicine, sent to be checked."""
    await screen.button("Add a medicine").click()
    dialog = screen.page.get_by_role("dialog")
    await dialog.get_by_label("Name", exact=True).fill(name)
    await dialog.get_by_label("How it is taken").fill(directions)
    await dialog.get_by_role("button", name="Check and add").click()
    return dialog


async def test_a_medicine_is_warned_of_kept_taken_and_stopped(visit: Visit) -> None:
    screen = await visit("james")
    await screen.by("nav-medicines").click()
    await expect(card(screen, "Apixaban")).to_contain_text("Take 1 tablet twice a day.")
    dialog = await fill(screen, "ibuprofen 400 mg", "1 tablet every morning")
    warned = screen.by("warned")
    await expect(warned.get_by_test_id("check-finding").first).to_contain_text("Serious")
    await expect(warned).to_contain_text("bleeding")
    await screen.check("medicines-warned")
    await dialog.get_by_role("button", name="Back").click()
    await expect(dialog.get_by_label("Name", exact=True)).to_have_value("ibuprofen 400 mg")
    await expect(card(screen, "ibuprofen")).to_have_count(0)
    await dialog.get_by_role("button", name="Check and add").click()
    await screen.button("Keep it anyway").click()
    ibuprofen = card(screen, "ibuprofen 400 mg")
    await expect(ibuprofen).to_contain_text("In the morning")
    await expect(screen.by("warnings")).to_contain_text("warning")
    dose = ibuprofen.get_by_test_id("dose")
    await dose.get_by_role("button", name=re.compile("^Taken: ibuprofen")).click()
    await expect(dose).to_have_attribute("data-status", "taken")
    await dose.get_by_role("button", name=re.compile("^Take back: ")).click()
    await expect(dose).to_have_attribute("data-status", "untold")
    await dose.get_by_role("button", name=re.compile("^Leave out: ")).click()
    await dialog.get_by_label("Why").fill("my doctor said so")
    await dialog.get_by_role("button", name="Leave out").click()
    await expect(dose).to_contain_text("Left out: my doctor said so")
    await ibuprofen.get_by_role("button", name=re.compile("^Stop: ")).click()
    await dialog.get_by_label("Why").fill("stomach ache")
    await screen.check("medicines-stop")
    await dialog.get_by_role("button", name="Stop").click()
    await expect(ibuprofen).to_have_count(0)
    await screen.page.get_by_text("What was taken before").click()
    past = screen.page.get_by_role("list", name="What was taken before").get_by_test_id("medicine")
    await expect(past.filter(has_text="ibuprofen 400 mg")).to_contain_text("stomach ache")


async def test_a_warning_is_explained_accepted_for_a_reason_and_taken_back(visit: Visit, served: Served) -> None:
    sender = Sender(served, "james")
    await stop_own(sender, "ibuprofen 200 mg")
    await sender.call("POST", "/v1/medications", json={"name": "ibuprofen 200 mg"})
    screen = await visit("james")
    await screen.open("medicines/check")
    loud = screen.page.get_by_role("region", name="Look at this before the next dose")
    bleeding = loud.get_by_test_id("check-finding").filter(has_text="Apixaban and ibuprofen")
    await expect(bleeding).to_contain_text("Serious")
    sections = screen.by("check").get_by_role("region")
    await expect(sections.first).to_have_attribute("aria-label", "What could not be checked")
    await screen.check("medicines-check")
    await bleeding.get_by_role("button", name=re.compile("^Why?")).click()
    path = screen.by("path-panel")
    await expect(path.get_by_test_id("path-step").first).to_contain_text("bleeding")
    await path.locator("summary").first.click()
    await expect(path).to_contain_text("Edition")
    await screen.check("medicines-why")
    await screen.page.keyboard.press("Escape")
    await bleeding.get_by_test_id("evidence-button").click()
    await expect(screen.by("evidence-panel")).to_contain_text("ANSM")
    await screen.page.keyboard.press("Escape")
    await bleeding.get_by_role("button", name=re.compile("^I know and accept this")).click()
    dialog = screen.page.get_by_role("dialog")
    await dialog.get_by_label("Why").fill("My doctor knows and looks at my blood.")
    await screen.check("medicines-accept")
    await dialog.get_by_role("button", name="Accept").click()
    await expect(bleeding).to_have_count(0)
    await screen.page.reload()
    await screen.page.get_by_text(re.compile(r"^Accepted \(\d\)")).click()
    quiet = screen.page.get_by_role("list", name="Accepted").get_by_test_id("check-finding")
    await expect(quiet).to_contain_text("My doctor knows and looks at my blood.")
    await expect(bleeding).to_have_count(0)
    await screen.check("medicines-accepted")
    await quiet.get_by_role("button", name=re.compile("^Take back")).click()
    await expect(bleeding).to_be_visible()
    await stop_own(sender, "ibuprofen 200 mg")


async def test_an_unknown_name_says_so_and_may_be_kept(visit: Visit, served: Served) -> None:
    screen = await visit("lena")
    await screen.by("nav-medicines").click()
    await fill(screen, "Blorfoxil 20 mg")
    await expect(screen.by("warned")).to_contain_text("The name is not known")
    await expect(screen.button(re.compile("^Did you mean"))).to_have_count(0)
    await screen.check("medicines-unknown")
    await screen.button("Keep it anyway").click()
    await expect(card(screen, "Blorfoxil 20 mg")).to_contain_text("nothing can be checked")
    await screen.page.get_by_role("tab", name="Check").click()
    await expect(screen.by("unchecked").filter(has_text="Blorfoxil").first).to_be_visible()
    await stop_own(Sender(served, "lena"), "Blorfoxil 20 mg")


@EVERY_SIZE
async def test_a_misspelt_name_is_asked_about_and_checked_again_by_keyboard(
    visit: Visit, served: Served, size: str
) -> None:
    screen = await visit("lena", size)
    await screen.by("nav-medicines").click()
    dialog = await fill(screen, "lisinoprl 10 mg", "1 tablet every morning")
    await expect(screen.by("warned")).to_contain_text("I read “lisinoprl 10 mg” as lisinopril.")
    meant = dialog.get_by_role("button", name="Did you mean lisinopril 10 mg?")
    await screen.check("medicines-misspelt")
    await screen.tab_to(meant)
    await screen.page.keyboard.press("Enter")
    await expect(screen.by("warned").get_by_role("status")).to_contain_text("lisinopril 10 mg")
    await expect(meant).to_have_count(0)
    assert await dialog.evaluate("dialog => dialog.contains(document.activeElement)")
    await screen.check("medicines-meant")
    await dialog.get_by_role("button", name="Back").click()
    await expect(dialog.get_by_label("Name", exact=True)).to_have_value("lisinopril 10 mg")
    await expect(card(screen, "lisinopril 10 mg")).to_have_count(0)
    await dialog.get_by_label("Name", exact=True).fill("lamictil 25 mg")
    await dialog.get_by_role("button", name="Check and add").click()
    names = dialog.get_by_role("list", name="What may be meant").get_by_role("button")
    await expect(names).to_have_text([f"Did you mean {each} 25 mg?" for each in ("Lamictal", "Lamisil", "Largactil")])
    await screen.check("medicines-may-be-meant")
    await names.first.click()
    await screen.button(re.compile("^(Add|Keep it anyway)$")).click()
    await expect(card(screen, "Lamictal 25 mg")).to_be_visible()
    await stop_own(Sender(served, "lena"), "Lamictal 25 mg")


async def test_what_the_service_refuses_stands_in_the_form(visit: Visit) -> None:
    screen = await visit("lena")
    await screen.by("nav-medicines").click()
    refusal = '{"type":"/problems/invalid-input","title":"The input cannot be used","status":422,"errors":[{"at":"body.name","kind":"x","message":"This name is too short"}]}'
    await screen.page.route(
        re.compile(r"/v1/medications$"),
        lambda route: (
            route.fulfill(status=422, content_type="application/problem+json", body=refusal)
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    dialog = await fill(screen, "paracetamol 500 mg")
    name = dialog.get_by_label("Name", exact=True)
    await expect(name).to_have_attribute("aria-invalid", "true")
    await expect(dialog.get_by_role("alert")).to_have_text("This name is too short")
    await screen.check("medicines-refused")


async def test_directions_are_changed_and_it_is_paused_and_taken_again(visit: Visit, served: Served) -> None:
    sender = Sender(served, "lena")
    await stop_own(sender, "cetirizine 10 mg")
    await sender.call(
        "POST", "/v1/medications", json={"name": "cetirizine 10 mg", "directions": "1 tablet every evening"}
    )
    screen = await visit("lena")
    await screen.by("nav-medicines").click()
    cetirizine = card(screen, "cetirizine 10 mg")
    await cetirizine.get_by_role("button", name=re.compile("^Change: ")).click()
    dialog = screen.page.get_by_role("dialog")
    await dialog.get_by_label("Directions").fill("1 tablet twice a day")
    await dialog.get_by_role("button", name="Keep").click()
    await expect(cetirizine.get_by_test_id("dose")).to_have_count(2)
    await cetirizine.get_by_role("button", name=re.compile("^Pause: ")).click()
    await dialog.get_by_label("Why").fill("holiday")
    await dialog.get_by_role("button", name="Pause").click()
    await expect(cetirizine).to_have_attribute("data-state", "paused")
    await expect(cetirizine).to_contain_text("holiday")
    await cetirizine.get_by_role("button", name=re.compile("^Take again: ")).click()
    await dialog.get_by_role("button", name="Take again").click()
    await expect(cetirizine).to_have_attribute("data-state", "taking")
    await stop_own(sender, "cetirizine 10 mg")


async def test_supply_side_effects_reminders_and_history_are_on_the_card(visit: Visit) -> None:
    screen = await visit("maria")
    await screen.by("nav-medicines").click()
    lisinopril = card(screen, "Lisinopril")
    await lisinopril.get_by_text("Supply, side effects, reminders, history").click()
    more = lisinopril.get_by_test_id("medicine-more")
    await expect(more).to_contain_text("it cannot be said, because no dose was told of")
    await more.get_by_label("How many are left").fill("30")
    await more.get_by_role("button", name="Keep").click()
    await expect(more.get_by_role("region", name="How long it lasts")).to_contain_text("Until")
    await more.get_by_role("button", name=re.compile("^Tell of a side effect")).click()
    dialog = screen.page.get_by_role("dialog")
    await dialog.get_by_label("What you feel").fill("dry cough")
    await dialog.get_by_role("button", name="Keep").click()
    await expect(more.get_by_test_id("side-effect")).to_contain_text("dry cough")
    await expect(more.get_by_test_id("side-effect")).to_contain_text(re.compile("after|began|day"))
    reminder = more.locator("[data-testid=reminder][data-kind=dose]")
    await reminder.get_by_role("button", name=re.compile("^Switch on")).click()
    await dialog.get_by_label("In the morning").fill("07:30")
    await dialog.get_by_role("button", name="Remind me").click()
    await expect(reminder).to_contain_text("on, at 07:30")
    await screen.check("medicines-more")
    await reminder.get_by_role("button", name=re.compile("^Switch off")).click()
    await expect(reminder).to_contain_text("off")
    await expect(more.get_by_role("region", name="History")).to_contain_text("Prescribed")
    await more.get_by_role("button", name=re.compile("^Take back")).click()
    await expect(more.get_by_test_id("side-effect")).to_have_count(0)


async def test_a_medicine_is_added_with_the_keyboard_alone(visit: Visit, served: Served) -> None:
    screen = await visit("lena")
    await screen.by("nav-medicines").click()
    await screen.tab_to(screen.button("Add a medicine"))
    await screen.page.keyboard.press("Enter")
    dialog = screen.page.get_by_role("dialog")
    await screen.tab_to(dialog.get_by_label("Name", exact=True))
    await screen.page.keyboard.type("vitamin D3 1000 IU")
    await screen.page.keyboard.press("Enter")
    keep = screen.button("Keep it anyway")
    added = card(screen, "vitamin D3")
    await expect(keep.or_(added).first).to_be_visible()
    if await keep.count():
        await screen.tab_to(keep)
        await screen.page.keyboard.press("Enter")
    await expect(added).to_be_visible()
    await stop_own(Sender(served, "lena"), "vitamin D3 1000 IU")


async def test_a_provider_looks_and_is_offered_nothing_to_change(visit: Visit) -> None:
    screen = await visit("provider")
    await screen.by("patient-list").get_by_role("link", name=re.compile("Maria")).click()
    await screen.by("nav-medicines").click()
    await expect(card(screen, "Lisinopril")).to_contain_text("Not told of")
    await expect(screen.button("Add a medicine")).to_have_count(0)
    await expect(screen.button(re.compile("^Stop: "))).to_have_count(0)
    await screen.check("provider-medicines")
    await screen.page.get_by_role("tab", name="Check").click()
    await expect(screen.by("check")).to_contain_text("Checked: ")
    await expect(screen.button(re.compile("^I know and accept"))).to_have_count(0)
    await screen.check("provider-medicines-check")


@EVERY_SIZE
async def test_medicines(visit: Visit, size: str) -> None:
    screen = await visit("maria", size)
    await screen.by("nav-medicines").click()
    await expect(card(screen, "Metformin").get_by_test_id("dose").first).to_be_visible()
    await screen.check("medicines")
    await screen.page.get_by_text("Supply, side effects, reminders, history").first.click()
    await expect(screen.page.get_by_role("region", name="History")).to_contain_text("Prescribed")
    await screen.check("medicines-card")
    await screen.page.get_by_text("What was taken before").click()
    await screen.check("medicines-past")
    await screen.button("Add a medicine").click()
    await screen.check("medicines-add")
    await screen.page.keyboard.press("Escape")
    await screen.page.get_by_role("tab", name="Check").click()
    await expect(screen.by("check")).to_be_visible()
    await screen.page.get_by_text("Looked for, and nothing found").click()
    await screen.check("medicines-check-calm")


@EVERY_SIZE
async def test_what_documents_say_is_reviewed(visit: Visit, tmp_path: Path, size: str) -> None:
    screen = await visit("admin", size)
    await screen.by("nav-knowledge").click()
    await screen.page.get_by_role("tab", name="Documents").click()
    (tmp_path / f"label-{size}.txt").write_text(f"{LABEL}This is the text for the {size}.\n")
    await screen.page.get_by_label("Source").fill("A publisher, 2026")
    await screen.by("material-file").set_input_files(tmp_path / f"label-{size}.txt")
    read_in = screen.page.get_by_role("region", name="Read a document")
    await expect(read_in.get_by_role("status")).to_contain_text("2 sentences to review")
    await expect(screen.by("documents")).to_contain_text(f"label-{size}")
    await screen.check("knowledge-documents")
    await screen.page.get_by_role("tab", name="To review").click()
    of_this = screen.by("candidate").filter(has_text=f"label-{size}")
    rifampin = of_this.filter(has_text="Rifampin may decrease")
    await expect(rifampin.locator("mark")).to_have_text(["Rifampin", "metoprolol"])
    await screen.check("knowledge-review")
    await rifampin.get_by_role("button", name=re.compile("^Edit: ")).click()
    dialog = screen.page.get_by_role("dialog")
    await dialog.get_by_label("Severity").select_option("moderate")
    await screen.check("knowledge-edit")
    await dialog.get_by_role("button", name="Accept with changes").click()
    await expect(rifampin).to_have_attribute("data-state", "edited")
    await rifampin.get_by_role("button", name=re.compile("^Refuse: ")).click()
    await dialog.get_by_label("Why").fill("Only a test.")
    await dialog.get_by_role("button", name="Refuse").click()
    await expect(rifampin).to_contain_text("Refused: Only a test.")
    denied = of_this.filter(has_text="Amoxicillin")
    await expect(denied).to_contain_text("no edge can come of it")
    await expect(denied.get_by_role("button", name=re.compile("^Accept"))).to_have_count(0)
    await screen.check("knowledge-decided")
