"""The page against the real service: what people do on it, from log-in to log-out."""

import json
import re
from pathlib import Path

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.screen import Screen

OVERHEAR = """
window.overheard = [];
const real = window.fetch;
window.fetch = async (...call) => {
  const response = await real(...call);
  const answers = response.url.endsWith("/v1/chat");  // alarms come by a stream of their own
  if (answers && response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
    const text = response.clone().body.pipeThrough(new TextDecoderStream());
    (async () => { for await (const piece of text) window.overheard.push(piece); })();
  }
  return response;
};
"""
ANSWERS = 4
PRESSURE = "What was my last blood pressure and is it all right?"


def pulse(name: str, rate: int, day: int) -> dict[str, object]:
    """A heart rate as hospitals export it."""
    return {
        "resourceType": "Observation",
        "id": name,
        "status": "final",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": "vital-signs",
                    }
                ]
            }
        ],
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}], "text": "Heart rate at the gym"},
        "effectiveDateTime": f"2026-10-{day:02}T08:00:00Z",
        "valueQuantity": {"value": rate, "unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min"},
    }


def bundle_file(folder: Path, *resources: dict[str, object]) -> Path:
    file = folder / "export.json"
    entries = [{"resource": resource} for resource in resources]
    file.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    return file


async def test_a_wrong_password_is_refused_in_plain_words(visit: Visit) -> None:
    screen = await visit()
    await screen.open()
    await screen.page.get_by_label("Email").fill("maria@example.org")
    await screen.page.get_by_label("Password").fill("not the password")
    await screen.button("Log in").click()
    await expect(screen.page.get_by_role("alert")).to_contain_text("You could not be logged in")


async def pieces_of_an_answer(screen: Screen) -> list[str]:
    """How one answer came over the network; a busy browser may read a quick answer in one piece."""
    await screen.page.evaluate("window.overheard = []")
    await screen.ask(PRESSURE)
    return await screen.page.evaluate("window.overheard")


async def test_an_answer_streams_and_its_evidence_opens_down_to_the_record(visit: Visit) -> None:
    screen = await visit()
    await screen.page.add_init_script(OVERHEAR)
    await screen.log_in("maria")
    answers = [await pieces_of_an_answer(screen) for _ in range(ANSWERS)]
    for pieces in answers:
        events = re.findall(r"^event: (\w+)", "".join(pieces), re.MULTILINE)
        assert (events[0], events[-1]) == ("progress", "done")
        assert {"finding", "token"} <= set(events)
    assert max(map(len, answers)) > 1
    reply = await screen.ask(PRESSURE)
    said = re.search(r"(\d+)/(\d+) mmHg", await reply.inner_text())
    assert said
    await reply.get_by_test_id("evidence-button").first.click()
    panel = screen.by("evidence-panel")
    await expect(panel.get_by_role("heading", name="Blood pressure")).to_be_visible()
    await expect(panel).to_contain_text(f"Systolic: {said[1]} mmHg; Diastolic: {said[2]} mmHg")
    await panel.get_by_text("Original data (FHIR)").click()
    await expect(panel.get_by_label("Original data")).to_contain_text('"resourceType": "Observation"')
    await screen.shot("evidence")
    await screen.page.keyboard.press("Escape")
    await reply.get_by_text("What this rests on").click()
    await reply.get_by_role("button", name=re.compile("and 1 more")).click()
    await expect(panel).to_contain_text("From VitaSense's collected medical knowledge")
    await expect(panel).to_contain_text("tracking/thresholds#blood_pressure")


async def test_a_reply_is_a_list_and_says_nothing_twice(visit: Visit) -> None:
    screen = await visit("maria")
    reply = await screen.ask("What am I allergic to?")
    assert len(await reply.locator("ul > li").all_inner_texts()) == 2
    assert (await reply.inner_text()).count("Penicillin") == 1


async def test_what_was_not_checked_stays_in_view_with_the_reason(visit: Visit) -> None:
    screen = await visit("maria")
    reply = await screen.ask("What does my DNA say about clopidogrel?")
    unchecked = reply.locator("[data-status=not_evaluated]")
    await expect(unchecked).to_be_visible()
    await expect(unchecked).to_contain_text("Not checked: no CYP2C19 result")
    assert (await reply.inner_text()).count("I could not check") == 1


async def test_words_are_never_markup(visit: Visit) -> None:
    screen = await visit("maria")
    await screen.ask("<img src=x onerror=alert(1)> What am I allergic to?")
    await expect(screen.page.get_by_label("You", exact=True)).to_contain_text("<img src=x onerror=alert(1)>")
    assert await screen.page.locator("main img").count() == 0


async def test_a_confirmed_meal_is_in_the_diary_after_a_reload(visit: Visit) -> None:
    screen = await visit("maria")
    await screen.ask("I had two eggs and toast for breakfast")
    await screen.shot("confirmation")
    await screen.decide(yes=True)
    await screen.page.reload()
    reply = screen.by("reply").last
    await expect(reply).to_contain_text("It is in your food diary now.")
    await reply.get_by_test_id("evidence-button").first.click()
    await expect(screen.by("evidence-panel").get_by_role("heading", name="2 eggs, 1 toast")).to_be_visible()
    await screen.open("record/nutrition")
    await expect(screen.button(re.compile("^2 eggs, 1 toast"))).to_be_visible()


async def test_a_refused_meal_is_nowhere(visit: Visit) -> None:
    screen = await visit("james")
    await screen.ask("I ate a banana")
    await expect(screen.by("confirm-no")).to_be_visible()
    reply = await screen.decide(yes=False)
    await expect(reply).to_contain_text("I did not write anything")
    await expect(reply).to_contain_text("Not done: not confirmed")
    await screen.open("record/nutrition")
    await expect(screen.page.get_by_text("Nothing here yet")).to_be_visible()


async def test_a_question_can_be_stopped(visit: Visit) -> None:
    screen = await visit("maria")
    await screen.page.route("**/v1/chat", lambda _: None)
    await screen.by("chat-input").fill(PRESSURE)
    await screen.by("send").click()
    await screen.by("stop").click()
    await expect(screen.by("reply")).to_contain_text("Stopped. This answer is not complete.")
    await screen.page.unroute("**/v1/chat")
    await expect(await screen.ask(PRESSURE)).to_contain_text("mmHg")


async def test_a_lost_connection_is_said_and_the_question_asked_again(visit: Visit) -> None:
    screen = await visit("maria")
    await screen.page.context.set_offline(True)
    await expect(await screen.ask(PRESSURE)).to_contain_text("VitaSense could not be reached")
    await screen.page.context.set_offline(False)
    await screen.by("reply").get_by_role("button", name="Try again").click()
    await expect(screen.by("reply")).to_contain_text("mmHg")


async def test_a_conversation_is_reopened_renamed_and_deleted(visit: Visit) -> None:
    screen = await visit("james")
    await screen.ask("What am I allergic to?")
    address = screen.page.url
    await screen.by("new-thread").click()
    await expect(screen.page.get_by_role("list", name="Suggestions")).to_be_visible()
    await screen.page.goto(address)
    await expect(screen.by("reply")).to_have_attribute("data-state", "done")
    row = screen.by("thread-list").get_by_role("listitem").filter(has=screen.page.locator("[aria-current=page]"))
    await row.get_by_role("button").click()
    await screen.page.get_by_role("menuitem", name="Rename").click()
    await screen.page.get_by_role("textbox", name="Name").fill("My allergies")
    await screen.button("Save").click()
    await expect(row).to_contain_text("My allergies")
    await row.get_by_role("button").click()
    await screen.page.get_by_role("menuitem", name="Delete").click()
    await screen.button("Delete").click()
    await expect(screen.by("thread-list").get_by_text("My allergies")).to_have_count(0)


async def test_an_imported_file_is_reported_and_in_the_record(visit: Visit, tmp_path: Path) -> None:
    screen = await visit("james")
    await screen.open("record/import")
    await screen.by("import-input").set_input_files(bundle_file(tmp_path, pulse("p1", 61, 1), pulse("p2", 63, 2)))
    report = screen.by("import-report")
    await expect(report).to_contain_text("Every entry could be used.")
    assert await report.locator("dd").all_inner_texts() == ["2", "0", "0", "0"]
    await screen.page.get_by_role("navigation", name="Parts of the record").get_by_text("Vitals").click()
    await screen.button(re.compile("^Heart rate at the gym 63")).click()
    await expect(screen.by("record-panel")).to_contain_text("Oct 2, 2026")


async def test_a_bad_entry_is_told_by_its_place_and_the_rest_is_taken(visit: Visit, tmp_path: Path) -> None:
    screen = await visit("james")
    bad: dict[str, object] = {"resourceType": "Observation", "id": "bad", "code": {"text": "no status"}}
    await screen.open("record/import")
    await screen.by("import-input").set_input_files(bundle_file(tmp_path, pulse("p3", 65, 3), bad))
    report = screen.by("import-report")
    await expect(report).to_contain_text("1 entry could not be used")
    await expect(report).to_contain_text("Entry 2 · Observation · bad")
    await expect(report).to_contain_text("status")
    assert await report.locator("dd").all_inner_texts() == ["1", "0", "0", "1"]
    await screen.shot("import")
    (tmp_path / "junk.json").write_text("{no")
    await screen.by("import-input").set_input_files(tmp_path / "junk.json")
    await expect(screen.page.get_by_role("alert")).to_contain_text("Nothing was imported")


async def test_blood_pressure_is_drawn_and_each_value_opens_its_record(visit: Visit) -> None:
    screen = await visit("maria")
    await screen.by("nav-record").click()
    await screen.by("measurement-select").select_option("8480-6")
    await expect(screen.by("chart")).to_have_attribute(
        "aria-label", re.compile(r"Systolic blood pressure: \d\d values")
    )
    await expect(screen.by("chart").locator("canvas")).to_be_visible()
    drawn = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean)"
    assert await screen.by("chart").locator("canvas").evaluate(drawn)
    await screen.shot("chart")
    await screen.page.get_by_text("Show the values as a table").click()
    await screen.page.get_by_role("button", name=re.compile("^Open the record of")).first.click()
    await expect(screen.page.get_by_role("dialog").get_by_role("heading", name="Blood pressure")).to_be_visible()


async def test_a_range_of_the_record_stands_beside_the_chart(visit: Visit) -> None:
    screen = await visit("maria")
    await screen.open("record/trends")
    await screen.by("measurement-select").select_option("4548-4")
    await expect(screen.page.get_by_text("Reference range: 4 to 5.6%")).to_be_visible()
    await expect(screen.by("chart")).to_have_attribute("aria-label", re.compile("outside the reference range"))
