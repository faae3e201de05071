"""Alarms over HTTP: listed, explained, answered once, streamed, and only for who may."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from tests.api.conftest import Person, SignIn
from tests.api.measuring import HOUR, share
from tests.api.streams import EVENT_STREAM, events_of, serving
from tests.api.test_shell import problem
from tests.deterministic.alarms.raising import asked, raised
from tests.deterministic.decisions.made import watching
from vitasense.api import alarm_feed
from vitasense.api.bootstrap import Services
from vitasense.api.tracked import WATCHED
from vitasense.deterministic import decisions
from vitasense.deterministic.alarms import Alarm, Task
from vitasense.deterministic.decisions import Action, ActionKind, Details
from vitasense.deterministic.platform.access import Access, Category, Principal, Role, own_purpose
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Urgency


def principal(person: Person, role: Role = Role.PATIENT) -> Principal:
    return Principal(person.id, role, None, person.email, person.name)


async def raise_one(database: Database, person: Person, urgency: Urgency = Urgency.ROUTINE, **given: Any) -> Alarm:
    whose = principal(person)
    async with database.transaction(watching(whose)) as tx:
        return (await raised(tx, whose, system_clock(), urgency, **given)).alarm


async def ask_one(database: Database, person: Person, **given: Any) -> Task:
    whose = principal(person)
    async with database.transaction(watching(whose)) as tx:
        return (await asked(tx, whose, system_clock(), **given)).task


async def test_open_alarms_are_listed_in_pages_the_last_changed_first(sign_in: SignIn, database: Database) -> None:
    patient = await sign_in(Role.PATIENT)
    made = [await raise_one(database, patient, key=f"kind {place}") for place in range(5)]
    first = (await patient.client.get("/v1/alarms", params={"limit": 3})).json()
    rest = (await patient.client.get("/v1/alarms", params={"limit": 3, "cursor": first["next"]})).json()
    seen = [each["id"] for each in (*first["items"], *rest["items"])]
    assert seen == [str(each.id) for each in reversed(made)] and rest["next"] is None
    one = first["items"][0]
    assert (one["state"], one["urgency"], one["category"], one["version"]) == ("raised", "routine", "vitals", 1)
    assert (one["seen"], one["snoozed_until"], one["evidence"]) == (1, None, [])
    for wrong in ({"cursor": "?"}, {"cursor": "bm8"}, {"limit": 0}, {"state": "some"}):
        assert problem(await patient.client.get("/v1/alarms", params=wrong), 422)


async def test_an_alarm_tells_its_history_its_decision_and_what_was_done(sign_in: SignIn, services: Services) -> None:
    patient = await sign_in(Role.PATIENT)
    alarm = await raise_one(services.database, patient, Urgency.URGENT)
    whose = principal(patient)
    async with services.database.transaction(watching(whose)) as tx:
        made = await decisions.decision(tx, patient.id, alarm.decision_id)
        actions = [Action(ActionKind.RECOMMEND, None, Details(text="Sit down and measure again."))]
        await decisions.act(tx, patient.id, made, actions, ids=new_id)
    body = {"version": 1, "note": "seen"}
    assert (await patient.client.post(f"/v1/alarms/{alarm.id}/acknowledge", json=body)).status_code == 200
    told = (await patient.client.get(f"/v1/alarms/{alarm.id}")).json()
    assert told["alarm"]["id"] == str(alarm.id)
    assert [(step["state"], step["actor_role"], step["note"]) for step in told["history"]] == [
        ("raised", "monitor", "Blood pressure urgent"),
        ("acknowledged", "patient", "seen"),
    ]
    decision = told["decision"]
    assert (decision["rule"], decision["outcome"], decision["withheld"]) == (
        "blood_pressure",
        "blood pressure elevated",
        0,
    )
    assert decision["inputs"][0]["values"][0]["number"] == 145 and decision["findings"]
    assert told["actions"] == [{"kind": "recommend", "text": "Sit down and measure again.", "ref": None}]
    assert problem(await patient.client.get(f"/v1/alarms/{new_id()}"), 404)


async def test_an_answer_is_to_the_version_that_was_seen(sign_in: SignIn, database: Database) -> None:
    patient = await sign_in(Role.PATIENT)
    alarm = await raise_one(database, patient)
    place = f"/v1/alarms/{alarm.id}"
    assert problem(await patient.client.post(f"{place}/acknowledge", json={"version": 2}), 409)
    seen = (await patient.client.post(f"{place}/acknowledge", json={"version": 1})).json()
    assert (seen["state"], seen["version"]) == ("acknowledged", 2)
    assert problem(await patient.client.post(f"{place}/clear", json={"version": 1}), 409)
    until = (system_clock() + HOUR).isoformat()
    later = (await patient.client.post(f"{place}/snooze", json={"version": 2, "until": until})).json()
    assert (later["state"], later["version"]) == ("snoozed", 3) and later["snoozed_until"]
    cleared = (await patient.client.post(f"{place}/clear", json={"version": 3, "note": "over"})).json()
    assert (cleared["state"], cleared["version"]) == ("cleared", 4)
    assert problem(await patient.client.post(f"{place}/acknowledge", json={"version": 4}), 409)
    assert (await patient.client.get("/v1/alarms")).json()["items"] == []
    every = (await patient.client.get("/v1/alarms", params={"state": "all"})).json()["items"]
    assert [each["id"] for each in every] == [str(alarm.id)]


@pytest.mark.parametrize(
    ("move", "body"),
    [
        ("snooze", {"version": 1}),
        ("snooze", {"version": 1, "until": "2026-01-01T00:00:00"}),
        ("snooze", {"version": 1, "until": "2020-01-01T00:00:00Z"}),
        ("snooze", {"version": 1, "until": "2999-01-01T00:00:00Z"}),
        ("acknowledge", {}),
        ("acknowledge", {"version": 0}),
        ("acknowledge", {"version": 1, "note": "n" * 501}),
        ("clear", {"version": "one"}),
    ],
)
async def test_an_answer_that_is_none_changes_nothing(
    sign_in: SignIn, database: Database, move: str, body: dict[str, Any]
) -> None:
    patient = await sign_in(Role.PATIENT)
    alarm = await raise_one(database, patient)
    assert problem(await patient.client.post(f"/v1/alarms/{alarm.id}/{move}", json=body), 422)
    [kept] = (await patient.client.get("/v1/alarms")).json()["items"]
    assert (kept["state"], kept["version"]) == ("raised", 1)


async def test_a_provider_sees_what_is_shared_and_answers_with_leave_to_write(
    sign_in: SignIn, database: Database
) -> None:
    patient, other, provider = await sign_in(Role.PATIENT), await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    vital = await raise_one(database, patient)
    lab = await raise_one(database, patient, key="glucose", category=Category.LABS)
    whose = {"patient_id": str(patient.id)}
    for reader in (other, provider):
        assert problem(await reader.client.get("/v1/alarms", params=whose), 403)
        assert problem(await reader.client.get("/v1/alarms/stream", params=whose), 403)
    assert problem(await other.client.get(f"/v1/alarms/{vital.id}"), 404)
    assert problem(await other.client.post(f"/v1/alarms/{vital.id}/clear", json={"version": 1}), 404)
    await share(patient, provider, "vitals")
    seen = (await provider.client.get("/v1/alarms", params=whose)).json()["items"]
    assert [each["id"] for each in seen] == [str(vital.id)]
    assert problem(await provider.client.get(f"/v1/alarms/{lab.id}", params=whose), 404)
    place = f"/v1/alarms/{vital.id}/acknowledge"
    assert problem(await provider.client.post(place, params=whose, json={"version": 1}), 403)
    await share(patient, provider, "labs", write=True)
    assert problem(await provider.client.post(place, params=whose, json={"version": 1}), 403)
    await share(patient, provider, "vitals", write=True)
    assert (await provider.client.post(place, params=whose, json={"version": 1})).json()["state"] == "acknowledged"


async def collect(feed: AsyncIterator[str]) -> list[tuple[str, dict[str, Any]]]:
    """The events of a feed until it ends; heartbeats are left out."""
    found: list[tuple[str, dict[str, Any]]] = []
    async for piece in feed:
        if piece.startswith("event: "):
            name, _, data = piece.removeprefix("event: ").partition("\n")
            found.append((name, json.loads(data.removeprefix("data: "))))
    return found


Step = Callable[[], Awaitable[object]]


def pausing(*steps: Step) -> Callable[[float], Awaitable[None]]:
    """In place of waiting something happens, and at the end the listener goes."""
    waiting = list(steps)

    async def pause(_: float) -> None:
        await waiting.pop(0)()

    return pause


def reader(person: Person, whose: Person, role: Role) -> Access:
    by = principal(person, role)
    return Access(by, own_purpose(by), "test", whose.id, WATCHED | {Category.PROFILE}, frozenset())


async def log_out(person: Person) -> None:
    assert (await person.client.post("/v1/auth/logout")).status_code in (200, 204)


async def test_the_stream_begins_with_what_is_open_and_tells_each_change_once(
    sign_in: SignIn, services: Services
) -> None:
    patient, database = await sign_in(Role.PATIENT), services.database
    old = await raise_one(database, patient, key="old")
    await patient.client.post(f"/v1/alarms/{old.id}/clear", json={"version": 1})
    first = await raise_one(database, patient)
    task = await ask_one(database, patient)

    async def nothing() -> None:
        pass

    async def answered() -> None:
        await patient.client.post(f"/v1/alarms/{first.id}/acknowledge", json={"version": 1})
        await patient.client.post(f"/v1/tasks/{task.id}/done")

    async def another() -> None:
        await raise_one(database, patient, Urgency.URGENT, key="new")

    steps = pausing(nothing, answered, nothing, another, nothing, lambda: log_out(patient))
    token = patient.client.headers["Authorization"].removeprefix("Bearer ")
    told = await collect(alarm_feed.stream(services, reader(patient, patient, Role.PATIENT), token, "/x", steps))
    assert [(name, each.get("state")) for name, each in told] == [
        ("alarm", "raised"),
        ("task", "open"),
        ("alarm", "acknowledged"),
        ("task", "done"),
        ("alarm", "raised"),
        ("error", None),
    ]
    assert told[0][1]["id"] == str(first.id) and told[-1][1]["status"] == 401


async def test_the_stream_of_a_provider_ends_with_the_grant(sign_in: SignIn, services: Services) -> None:
    patient, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    grant = await share(patient, provider, "vitals")
    await raise_one(services.database, patient)
    hidden = await raise_one(services.database, patient, key="glucose", category=Category.LABS)

    async def revoke() -> None:
        assert (await patient.client.post(f"/v1/consents/{grant}/revoke")).status_code == 200
        await raise_one(services.database, patient, key="after")

    token = provider.client.headers["Authorization"].removeprefix("Bearer ")
    access = reader(provider, patient, Role.PROVIDER)
    told = await collect(alarm_feed.stream(services, access, token, "/x", pausing(revoke)))
    assert [(name, each.get("status")) for name, each in told] == [("alarm", None), ("error", 403)]
    assert told[0][1]["id"] != str(hidden.id)


async def test_the_stream_says_that_it_is_alive_and_holds_no_connection_while_it_waits(
    sign_in: SignIn, services: Services
) -> None:
    patient, waits = await sign_in(Role.PATIENT), 0
    token = patient.client.headers["Authorization"].removeprefix("Bearer ")

    async def pause(seconds: float) -> None:
        nonlocal waits
        waits += 1
        pool: Any = services.database._engine.pool  # pyright: ignore[reportPrivateUsage]
        assert pool.checkedout() == 0
        if waits * seconds > 2 * alarm_feed.HEARTBEAT_SECONDS + seconds:
            await log_out(patient)

    feed = alarm_feed.stream(services, reader(patient, patient, Role.PATIENT), token, "/x", pause)
    pieces = [piece async for piece in feed]
    assert pieces.count(alarm_feed.HEARTBEAT) == 3 and pieces[-1].startswith("event: error")


async def test_the_stream_comes_over_a_real_socket(sign_in: SignIn, services: Services, app: Any) -> None:
    patient = await sign_in(Role.PATIENT)
    alarm = await raise_one(services.database, patient)
    assert problem(await (await sign_in(Role.ADMIN)).client.get("/v1/alarms/stream"), 403)
    async with serving(app) as address:
        headers = EVENT_STREAM | {"Authorization": patient.client.headers["Authorization"]}
        async with patient.client.__class__(base_url=address, headers=headers) as client:
            async with client.stream("GET", "/v1/alarms/stream") as answer:
                assert answer.headers["content-type"].startswith("text/event-stream")
                async for name, told in events_of(answer):
                    assert (name, UUID(told["id"])) == ("alarm", alarm.id)
                    break
