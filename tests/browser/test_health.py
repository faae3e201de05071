"""Readings of devices on the page: alarms as they come, why they are there, tasks, goals, charts and the timeline."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import httpx
from playwright.async_api import expect

from tests.api.command import Served
from tests.browser.conftest import Visit
from tests.browser.screen import Screen
from tests.browser.test_accessibility import EVERY_SIZE

DAYS = 40
BEGAN = datetime.now(UTC).replace(microsecond=0)
Row = dict[str, object]


def now() -> datetime:
    """The moment, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def pressure(at: datetime, systolic: int, diastolic: int) -> Row:
    return {
        "metric": "blood pressure",
        "at": at.isoformat(),
        "systolic": systolic,
        "diastolic": diastolic,
        "unit": "mm[Hg]",
    }


def usual(days: int = DAYS) -> list[Row]:
    """Calm days: about 120/80 at the same time of day; the same rows whenever they are sent."""
    return [pressure(BEGAN - timedelta(days=day, hours=2), 118 + day % 5, 78 + day % 3) for day in range(days, 0, -1)]


def steps(days: int = 10) -> list[Row]:
    """Steps of every hour of the day."""
    hours = [BEGAN.replace(minute=0, second=0) - timedelta(hours=hour) for hour in range(1, 24 * days)]
    return [
        {
            "metric": "55423-8",
            "at": at.isoformat(),
            "until": (at + timedelta(hours=1)).isoformat(),
            "value": 300 + at.hour * 10,
            "unit": "{steps}",
        }
        for at in hours
    ]


class Sender:
    """Sends as a person's devices do, past the page."""

    def __init__(self, served: Served, who: str) -> None:
        self._client = httpx.AsyncClient(base_url=served.url, timeout=60)
        self._login = {"email": f"{who}@example.org", "password": served.passwords[f"{who}@example.org"]}

    async def call(self, method: str, path: str, **call: Any) -> Any:
        if "authorization" not in self._client.headers:
            found = await self._client.post("/v1/auth/login", json=self._login)
            self._client.headers["authorization"] = f"Bearer {found.raise_for_status().json()['access_token']}"
        answer = (await self._client.request(method, path, **call)).raise_for_status()
        return answer.json() if answer.content else None

    async def device(self, name: str, kind: str) -> str:
        found = await self.call("POST", "/v1/devices", json={"name": name, "kind": kind})
        return cast("str", found["id"])

    async def send(self, device: str, rows: Sequence[Row]) -> None:
        await self.call("POST", "/v1/observations", params={"device_id": device}, json={"observations": list(rows)})

    async def clear(self) -> None:
        """Nothing stands open any more."""
        for alarm in (await self.call("GET", "/v1/alarms"))["items"]:
            await self.call("POST", f"/v1/alarms/{alarm['id']}/clear", json={"version": alarm["version"]})


async def test_a_reading_raises_an_alarm_that_is_told_explained_and_answered(visit: Visit, served: Served) -> None:
    sender = Sender(served, "james")
    await sender.clear()
    cuff = await sender.device("Cuff", "cuff")
    await sender.send(cuff, usual())
    screen = await visit("james")
    await expect(screen.by("nav-health")).to_be_visible()
    await sender.send(cuff, [pressure(now(), 146, 96)])
    notice = screen.by("alarm-notice")
    await expect(notice).to_contain_text("Blood pressure elevated")
    await expect(notice).to_contain_text("Look into it")
    await expect(screen.page.locator("[aria-live=polite]").filter(has=notice)).to_be_visible()
    await expect(screen.by("nav-badge")).to_contain_text("1")
    await screen.check("health-notice")
    await notice.get_by_role("link", name="See this alarm").click()
    panel = screen.by("why-panel")
    await expect(panel).to_contain_text("146")
    await expect(panel).to_contain_text("What was measured")
    await expect(panel).to_contain_text("What it was compared with")
    await expect(panel).to_contain_text("How sure")
    await expect(panel).to_contain_text("reactions/watch#blood_pressure")
    await panel.get_by_text("Adult blood pressure").first.click()
    await expect(panel).to_contain_text("Whelton PK")
    await screen.check("health-why")
    await screen.page.keyboard.press("Escape")
    await screen.button(re.compile("^I have seen it: Blood pressure")).click()
    await expect(screen.by("alarm")).to_have_attribute("data-state", "acknowledged")
    await expect(screen.by("nav-badge")).to_have_count(0)
    await screen.button(re.compile("^Put off: Blood pressure")).click()
    await screen.button("For 1 hour").click()
    await expect(screen.by("alarm")).to_contain_text("Put off until")
    await screen.button(re.compile("^It is over: Blood pressure")).click()
    await expect(screen.page.get_by_text("No open alarms")).to_be_visible()


async def test_an_emergency_interrupts_on_every_view(visit: Visit, served: Served) -> None:
    sender = Sender(served, "james")
    watch = await sender.device("Finger clip", "oximeter")
    screen = await visit("james")
    await screen.by("nav-memory").click()
    row: Row = {"metric": "59408-5", "at": now().isoformat(), "value": 84, "unit": "%"}
    await sender.send(watch, [row])
    await expect(screen.page.get_by_role("alert")).to_contain_text("Emergency")
    await screen.check("health-emergency")
    await screen.page.reload()
    await expect(screen.by("alarm-notice")).to_contain_text("Emergency")
    await screen.button(re.compile("^Hide this message")).click()
    await screen.by("nav-health").click()
    await screen.button(re.compile("^Put off: ")).click()
    await expect(screen.page.get_by_role("group", name="Put off").get_by_role("button")).to_have_count(1)
    await screen.button("For 15 minutes").click()
    await expect(screen.by("alarm")).to_have_attribute("data-state", "snoozed")
    await sender.clear()


async def test_what_is_asked_for_is_done_and_the_timeline_tells_it_in_order(visit: Visit, served: Served) -> None:
    sender = Sender(served, "james")
    cuff = await sender.device("Cuff", "cuff")
    await sender.send(cuff, [*usual(), pressure(now(), 151, 97)])
    screen = await visit("james")
    await screen.by("nav-health").click()
    task = screen.by("task").filter(has_text="Measure your blood pressure again")
    await expect(task).to_be_visible()
    await task.get_by_role("button", name=re.compile("^Done: ")).click()
    await expect(task).to_have_count(0)
    await screen.page.get_by_role("tab", name="Timeline").click()
    entries = screen.by("timeline-entry")
    await expect(entries.first).to_be_visible()
    await screen.page.get_by_role("button", name=re.compile("^What belongs to it: ")).first.click()
    await expect(screen.page.get_by_text("Only what belongs together")).to_be_visible()
    kinds = [await each.get_attribute("data-kind") for each in await entries.all()]
    assert len(kinds) > 1
    await screen.button("Show everything").click()
    await screen.button("Decisions").click()
    shown = {await each.get_attribute("data-kind") for each in await entries.all()}
    assert shown == {"decision"}
    await screen.button("Decisions").click()
    await screen.page.get_by_role("button", name=re.compile(r"^Why\? ")).first.click()
    await expect(screen.by("why-panel")).to_contain_text("What happened to the alarm")
    await sender.clear()


async def test_a_goal_is_set_followed_and_ended(visit: Visit, served: Served) -> None:
    sender = Sender(served, "james")
    await sender.send(await sender.device("Watch", "watch"), steps())
    screen = await visit("james")
    await screen.by("nav-health").click()
    await screen.button("Set a goal").first.click()
    dialog = screen.page.get_by_role("dialog")
    await dialog.get_by_label(re.compile("^Target")).fill("8000")
    await screen.check("health-goal-form")
    await dialog.get_by_role("button", name="Set the goal").click()
    goal = screen.by("goal")
    await expect(goal).to_contain_text("Steps: at least 8,000 a day")
    await screen.shot("health-goal")
    await goal.get_by_role("button", name=re.compile("^End: ")).click()
    await expect(goal).to_have_count(0)


async def test_a_chart_zooms_with_the_pointer_and_the_keyboard_and_is_a_table_too(visit: Visit, served: Served) -> None:
    sender = Sender(served, "james")
    await sender.send(await sender.device("Cuff", "cuff"), usual())
    screen = await visit("james")
    await screen.open("health/8480-6?days=30")
    chart = screen.by("chart")
    await expect(chart).to_have_attribute("aria-label", re.compile(r"Systolic blood pressure: \d\d values"))
    month = await chart.get_attribute("aria-label")
    await chart.focus()
    last = await chart.get_attribute("aria-valuetext")
    await screen.page.keyboard.press("ArrowLeft")
    assert await chart.get_attribute("aria-valuetext") != last
    await screen.page.keyboard.press("Home")
    await expect(chart).to_have_attribute("aria-valuenow", "0")
    await screen.page.keyboard.press("+")
    await expect(screen.page).to_have_url(re.compile("since="))
    await screen.button("Month").click()
    await expect(screen.page).to_have_url(re.compile("days=30"))
    assert month
    await expect(chart).to_have_attribute("aria-label", month)
    drawn = chart.locator(".u-over")
    await expect(drawn).to_be_visible()
    box = await drawn.bounding_box()
    assert box
    await screen.page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 90)
    await screen.page.mouse.down()
    await screen.page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 90, steps=5)
    await screen.page.mouse.up()
    await expect(screen.page).to_have_url(re.compile("since="))
    await screen.page.get_by_text(re.compile("^Show the values as a table")).click()
    rows = screen.page.get_by_role("region", name="Values").get_by_role("row")
    await expect(rows.filter(has_text="A device").first).to_be_visible()
    await screen.open("health/8480-6?since=2001-01-01&until=2001-02-01")
    await expect(screen.page.get_by_text("Nothing was measured in this time")).to_be_visible()


async def test_a_range_of_ones_own_is_drawn_and_ended(visit: Visit, served: Served) -> None:
    sender = Sender(served, "james")
    await sender.send(await sender.device("Cuff", "cuff"), usual())
    screen = await visit("james")
    await screen.open("health/8480-6")
    await screen.button("Set an own range").click()
    await screen.page.get_by_label(re.compile("^To ")).fill("121")
    await screen.button("Keep").click()
    await expect(screen.page.get_by_text("Dashed lines: own range, 121 mmHg or less")).to_be_visible()
    await expect(screen.by("chart")).to_have_attribute("aria-label", re.compile(r"\d+ outside your own range"))
    await screen.check("health-own-range")
    await screen.button("Change the own range").click()
    await screen.button("End the range").click()
    await expect(screen.button("Set an own range")).to_be_visible()


async def test_sensor_glucose_has_a_report_with_targets_and_reasons(visit: Visit, served: Served) -> None:
    sender = Sender(served, "james")
    sensor = await sender.device("Sensor", "glucose sensor")
    readings = range(12 * 24 * 2)
    await sender.send(
        sensor,
        [
            {
                "metric": "99504-3",
                "at": (BEGAN - timedelta(minutes=5 * each)).isoformat(),
                "value": 110 + each % 30,
                "unit": "mg/dL",
            }
            for each in readings
        ],
    )
    screen = await visit("james")
    await screen.open("health/99504-3?days=7")
    await expect(screen.by("glucose")).to_contain_text("Not evaluated")
    await expect(screen.by("glucose").get_by_role("columnheader", name="Target")).to_be_visible()
    await screen.page.get_by_label("Targets of").select_option("standard")
    await expect(screen.by("glucose").get_by_role("columnheader", name="Target")).to_be_visible()
    await expect(screen.by("glucose")).to_contain_text("Adults with type 1 or type 2 diabetes")
    await screen.by("glucose").scroll_into_view_if_needed()
    await screen.check("health-glucose")


async def test_settings_are_kept_and_monitoring_is_switched_off_and_on(visit: Visit) -> None:
    screen = await visit("lena")
    await screen.open("health/monitoring")
    form = screen.by("tracking-settings")
    await form.get_by_label("Time zone").select_option("Europe/Vienna")
    await form.get_by_label(re.compile("^Only emergencies")).check()
    await form.get_by_role("button", name="Keep").click()
    await expect(screen.page.get_by_text("Settings kept", exact=True).first).to_be_visible()
    await screen.page.reload()
    await expect(form.get_by_label("Time zone")).to_have_value("Europe/Vienna")
    await expect(form.get_by_label("From")).to_have_value("22:00")
    await screen.button("Switch monitoring off").click()
    await expect(screen.by("monitoring")).to_contain_text("no alarm will be raised")
    await screen.check("health-monitoring-off")
    await screen.page.get_by_role("tab", name="Now").click()
    await expect(screen.page.get_by_text("New readings: not evaluated.")).to_be_visible()
    await expect(screen.page.get_by_text("No open alarms")).to_have_count(0)
    await screen.check("health-not-watched")
    await screen.page.get_by_role("tab", name="Monitoring").click()
    await screen.button("Switch monitoring on").click()
    await expect(screen.by("monitoring")).to_contain_text("Monitoring is on")
    await form.get_by_label("Time zone").select_option("UTC")
    await form.get_by_label(re.compile("^Only emergencies")).uncheck()
    await form.get_by_role("button", name="Keep").click()
    await expect(screen.page.get_by_text("Settings kept", exact=True).first).to_be_visible()


async def test_a_provider_looks_and_is_offered_nothing_to_change(visit: Visit, served: Served) -> None:
    sender = Sender(served, "maria")
    fever: Row = {"metric": "8310-5", "at": now().isoformat(), "value": 39.4, "unit": "Cel"}
    await sender.send(await sender.device("Thermometer", "thermometer"), [fever])
    patient = await visit("maria")
    await patient.by("nav-health").click()
    await expect(patient.by("alarm").filter(has_text="39.4 °C")).to_be_visible()
    screen = await visit("provider")
    await screen.by("patient-list").get_by_role("link", name=re.compile("Maria")).click()
    await screen.by("nav-health").click()
    await expect(screen.by("alarm").filter(has_text="39.4 °C")).to_be_visible()
    await expect(screen.page.get_by_text("You may look at this and not change it")).to_be_visible()
    await expect(screen.button(re.compile("^I have seen it"))).to_have_count(0)
    await expect(screen.page.get_by_role("tab", name="Monitoring")).to_have_count(0)
    await screen.check("provider-health")
    await screen.by("nav-devices").click()
    await expect(screen.by("device").first).to_contain_text("Thermometer")
    await expect(screen.button("Add a device")).to_have_count(0)
    await screen.check("provider-devices")
    await sender.clear()


async def test_values_over_time_in_a_reply_lead_to_their_chart(visit: Visit) -> None:
    screen = await visit("maria")
    reply = await screen.ask("Show me all my blood pressure values")
    await reply.get_by_test_id("chart-link").first.click()
    await expect(screen.by("chart")).to_be_visible()
    await expect(screen.page).to_have_url(re.compile(r"health/8480-6\?since="))


@EVERY_SIZE
async def test_empty(visit: Visit, size: str) -> None:
    screen = await visit("lena", size)
    await screen.by("nav-health").click()
    await expect(screen.page.get_by_text("No open alarms")).to_be_visible()
    await expect(screen.page.get_by_text("No goals yet")).to_be_visible()
    await expect(screen.by("score")).to_contain_text("Not evaluated")
    await screen.check("health-empty")
    await screen.page.get_by_role("tab", name="Timeline").click()
    await expect(screen.page.get_by_text("Nothing has happened yet")).to_be_visible()
    await screen.check("health-timeline-empty")


@EVERY_SIZE
async def test_health(visit: Visit, served: Served, size: str) -> None:
    sender = Sender(served, "james")
    cuff, watch = await sender.device("Cuff", "cuff"), await sender.device("Watch", "watch")
    await sender.send(cuff, [*usual(), pressure(now(), 147, 96)])
    await sender.send(watch, steps())
    screen = await visit("james", size)
    await screen.by("nav-health").click()
    await expect(screen.by("alarm")).to_be_visible()
    await screen.check("health-now")
    await everywhere(screen)
    await sender.clear()


async def everywhere(screen: Screen) -> None:
    """Charts of both kinds, the timeline and the settings."""
    await screen.page.get_by_role("tab", name="Charts").click()
    await expect(screen.by("chart").locator("canvas")).to_be_visible()
    await expect(screen.by("alarm-marks").first).to_be_visible()
    await screen.check("health-chart")
    await screen.page.get_by_text(re.compile("^Show the values as a table")).click()
    await screen.check("health-table")
    await screen.by("alarm-marks").get_by_role("button").first.click()
    await expect(screen.by("why-panel").get_by_role("heading", level=3)).to_be_visible()
    await screen.check("health-why-from-chart")
    await screen.page.keyboard.press("Escape")
    await screen.by("measurement-select").select_option("55423-8")
    await expect(screen.by("chart")).to_have_attribute("aria-label", re.compile("^Steps"))
    await screen.check("health-bars")
    await screen.page.get_by_role("tab", name="Timeline").click()
    await expect(screen.by("timeline-entry").first).to_be_visible()
    await screen.check("health-timeline")
    await screen.page.get_by_role("tab", name="Monitoring").click()
    await expect(screen.by("monitoring")).to_contain_text("Monitoring is on")
    await screen.check("health-monitoring")
