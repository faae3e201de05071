"""The whole way of a reading: delivered, stored, decided, told, followed up; over the real API and worker."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from tests.api.conftest import NewClient, Person, Rows, SignIn
from tests.api.watched import Hook, Watched, born, calm_months, pressure
from vitasense.api.bootstrap import Services
from vitasense.deterministic.platform.access import Role

TABLES = """select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('phi', 'app', 'audit', 'consent') and c.relkind in ('r', 'p') and not c.relispartition order by 1"""
OF_RELAYING = {"app.inbox", "app.relay", "app.event_mark"}  # what a consumer has seen, also of other tests' events


@pytest.fixture
async def watched(services: Services, sign_in: SignIn, new_client: NewClient) -> Watched:
    """A man of over fifty with four calm months."""
    person = await sign_in(Role.PATIENT)
    one = Watched(person, services, new_client())
    await one.has(born(1970))
    return one


@pytest.fixture
async def hook(watched: Watched) -> Hook:
    device, hook = await watched.cuff()
    await watched.send(calm_months(watched.now), device)
    return hook


def everything(rows: Rows, person: Person) -> Mapping[str, int]:
    """How many rows each table holds; of tables that tell whose, those of the person."""
    names = [str(name) for (name,) in rows(TABLES)]
    whose = {
        str(table): str(column)
        for table, column in rows(
            "select table_schema || '.' || table_name, column_name from information_schema.columns "
            "where column_name in ('patient_id', 'subject_id') and table_schema in ('phi', 'app', 'audit', 'consent')"
        )
    }
    counts: dict[str, int] = {}
    for name in names:
        if name in OF_RELAYING:
            continue
        where = f" where {whose[name]} = :p" if name in whose else ""
        ((count,),) = rows(f"select count(*) from {name}{where}", **({"p": person.id} if where else {}))
        counts[name] = int(str(count))
    return counts


async def chain_of(watched: Watched, kind: str = "alarm") -> list[dict[str, Any]]:
    """The timeline of the newest chain of that kind, the first first."""
    items = (await watched.get("/v1/timeline", limit=200))["items"]
    newest = next(each for each in items if each["kind"] == kind)["correlation_id"]
    return [each for each in reversed(items) if each["correlation_id"] == newest]


async def checks(watched: Watched) -> list[dict[str, Any]]:
    """The open tasks to measure again."""
    return [each for each in (await watched.get("/v1/tasks"))["items"] if each["kind"] == "measure_again"]


async def test_calm_months_raise_nothing(watched: Watched, hook: Hook) -> None:
    assert await watched.alarms("all") == []
    assert (await watched.get("/v1/tasks", state="all"))["items"] == []


async def test_a_high_reading_by_webhook_is_decided_told_and_followed_up_with_evidence(
    watched: Watched, hook: Hook
) -> None:
    answer = await watched.deliver(hook, [pressure(watched.now - timedelta(minutes=2), 145, 95)])
    assert answer.status_code == 200 and answer.json()["new"] == 2
    (alarm,) = await watched.alarms()
    assert (alarm["title"], alarm["urgency"], alarm["state"]) == ("Blood pressure elevated", "routine", "raised")
    assert "145/95 mmHg" in alarm["text"] and alarm["evidence"]
    shown = await watched.get(f"/v1/alarms/{alarm['id']}")
    decision = shown["decision"]
    kinds = [finding["kind"] for finding in decision["findings"]]
    assert kinds == ["reaction.reading", "reaction.guideline", *["reaction.usual"] * 2, *["reaction.course"] * 2]
    assert all(each["status"] == "found" and each["evidence"] for each in decision["findings"])
    assert (decision["agent"], decision["model"], decision["confidence"]) == ("health", None, 1.0)
    assert [each["kind"] for each in shown["actions"]] == ["alert", "recommend", "schedule_check", "ask", "update_risk"]
    (task,) = await checks(watched)
    assert (task["metric"], task["alarm_id"]) == ("8480-6", alarm["id"])
    (asked,) = [each for each in (await watched.get("/v1/tasks"))["items"] if each["kind"] == "question"]
    assert asked["alarm_id"] == alarm["id"] and "sat quietly" in asked["text"]
    (risk,) = (await watched.get("/v1/risks"))["items"]
    assert (risk["key"], risk["label"]) == ("blood_pressure", "Elevated reading, to be confirmed")
    assert {each["kind"] for each in risk["evidence"]} == {"record", "knowledge"}


async def test_the_time_of_day_and_the_usual_values_are_said_in_whole_numbers(watched: Watched, hook: Hook) -> None:
    at = (watched.now - timedelta(days=1)).replace(hour=19, minute=10)
    await watched.deliver(hook, [pressure(at, 145, 95)])
    (alarm,) = await watched.alarms()
    shown = await watched.get(f"/v1/alarms/{alarm['id']}")
    usual = [each["text"] for each in shown["decision"]["findings"] if each["kind"] == "reaction.usual"]
    assert len(usual) == 2 and not any("." in each.rstrip(".") for each in usual)
    assert all("is above what is usual for you at this time" in each for each in usual)


async def test_the_timeline_tells_it_in_order_under_one_correlation(watched: Watched, hook: Hook) -> None:
    await watched.deliver(hook, [pressure(watched.now - timedelta(minutes=2), 145, 95)])
    chain = await chain_of(watched)
    assert [each["kind"] for each in chain] == ["reading", "decision", "alarm", "action", "task", "task", "risk"]
    reading, decision, alarm, advice, *tasks, risk = (f"{each['title']} {each['text']}" for each in chain)
    assert "145 mmHg / 95 mmHg" in reading
    assert "Blood pressure elevated" in decision and "Blood pressure elevated" in alarm
    assert "Sit quietly for five minutes" in advice and any(
        "Measure your blood pressure again" in task for task in tasks
    )
    assert "Elevated reading, to be confirmed" in risk
    assert len({each["correlation_id"] for each in chain}) == 1 and chain[0]["correlation_id"]


async def test_the_same_message_again_changes_nothing(watched: Watched, hook: Hook, rows: Rows) -> None:
    reading = [pressure(watched.now - timedelta(minutes=2), 145, 95)]
    first = await watched.deliver(hook, reading, "one")
    await watched.drain()
    before = everything(rows, watched.person)
    again = await watched.deliver(hook, reading, "one")
    assert again.json()["repeated"] and not first.json()["repeated"]
    assert everything(rows, watched.person) == before


async def test_the_same_reading_in_another_message_is_decided_once(watched: Watched, hook: Hook, rows: Rows) -> None:
    reading = [pressure(watched.now - timedelta(minutes=2), 145, 95)]
    await watched.deliver(hook, reading, "one")
    before = everything(rows, watched.person)
    answer = await watched.deliver(hook, reading, "two")
    assert (answer.json()["new"], answer.json()["unchanged"]) == (0, 2)
    after = everything(rows, watched.person)
    assert {name for name in after if after[name] != before[name]} <= {"phi.delivery", "audit.entry", "phi.device"}


async def test_a_second_high_reading_joins_the_alarm_and_two_calm_ones_end_it(watched: Watched, hook: Hook) -> None:
    for minutes, (systolic, diastolic) in ((90, (145, 95)), (60, (148, 96))):
        await watched.deliver(hook, [pressure(watched.now - timedelta(minutes=minutes), systolic, diastolic)])
    (alarm,) = await watched.alarms("all")
    assert (alarm["seen"], alarm["version"]) == (2, 1)
    await watched.deliver(hook, [pressure(watched.now - timedelta(minutes=30), 118, 76)])
    assert len(await watched.alarms()) == 1
    await watched.deliver(hook, [pressure(watched.now - timedelta(minutes=1), 119, 77)])
    assert await watched.alarms() == []
    (over,) = await watched.alarms("all")
    history = (await watched.get(f"/v1/alarms/{over['id']}"))["history"]
    assert [step["state"] for step in history] == ["raised", "cleared"]
    assert history[1]["note"] == "2 readings in range, one after another"


async def test_a_reading_after_the_check_was_asked_does_it(watched: Watched, hook: Hook) -> None:
    await watched.deliver(hook, [pressure(watched.now - timedelta(minutes=1), 145, 95)])
    (task,) = await checks(watched)
    await watched.deliver(hook, [pressure(watched.now + timedelta(seconds=30), 118, 76)])
    done = next(each for each in (await watched.get("/v1/tasks", state="all"))["items"] if each["id"] == task["id"])
    assert done["state"] == "done"


async def test_a_late_reading_of_last_month_raises_nothing(watched: Watched, hook: Hook) -> None:
    answer = await watched.deliver(hook, [pressure(watched.now - timedelta(days=31), 190, 125)])
    assert answer.json()["new"] == 2
    assert await watched.alarms("all") == []
    assert (await watched.get("/v1/tasks", state="all"))["items"] == []


async def test_a_late_reading_of_yesterday_does_not_turn_the_profile_back(watched: Watched, hook: Hook) -> None:
    await watched.deliver(hook, [pressure(watched.now - timedelta(minutes=2), 145, 95)])
    (before,) = (await watched.get("/v1/risks"))["items"]
    await watched.deliver(hook, [pressure(watched.now - timedelta(hours=20), 185, 110)])
    (after,) = (await watched.get("/v1/risks"))["items"]
    assert after == before


async def test_a_severe_reading_by_webhook_is_urgent_and_to_be_taken_again_at_once(
    watched: Watched, hook: Hook
) -> None:
    await watched.deliver(hook, [pressure(watched.now - timedelta(minutes=2), 185, 125)])
    (alarm,) = await watched.alarms()
    assert (alarm["title"], alarm["urgency"]) == ("Blood pressure very high", "urgent")
    assert "call your emergency number" in alarm["text"]
    (task,) = await checks(watched)
    assert task["due_at"] <= (watched.now + timedelta(minutes=5)).isoformat()


async def test_a_severe_reading_with_a_headache_said_in_chat_is_an_emergency(watched: Watched) -> None:
    said = {"message": "My blood pressure is 185/125 and I have a bad headache"}
    reply = (await watched.person.client.post("/v1/chat", json=said)).json()
    assert (reply["urgency"], reply["agents"]) == ("emergency", ["safety"])
    said = {"message": "185/125 with a headache"}
    assert (await watched.person.client.post("/v1/chat", json=said)).json()["urgency"] == "emergency"


async def test_a_wrong_signature_stores_nothing(watched: Watched, hook: Hook, rows: Rows) -> None:
    before = everything(rows, watched.person)
    answer = await watched.deliver(Hook(hook.id, "whsec_" + "A" * 43 + "="), [pressure(watched.now, 185, 125)])
    assert answer.status_code == 401
    assert everything(rows, watched.person) == before
