"""The timeline and the risk profile over HTTP: in order, in pages, and only what is shared."""

from datetime import timedelta
from typing import Any

from tests.api.conftest import Person, SignIn
from tests.api.measuring import DAY, share
from tests.api.test_alarms import ask_one, principal, raise_one
from tests.api.test_shell import problem
from tests.deterministic.decisions.made import stored, watching
from vitasense.deterministic import decisions
from vitasense.deterministic.decisions import Risk
from vitasense.deterministic.platform.access import Category, Role
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database


async def page(person: Person, **params: Any) -> dict[str, Any]:
    answer = await person.client.get("/v1/timeline", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_one_chain_of_events_reads_from_the_reading_to_the_task(sign_in: SignIn, database: Database) -> None:
    patient = await sign_in(Role.PATIENT)
    assert await page(patient) == {"items": [], "next": None}
    await raise_one(database, patient)
    told = (await page(patient, since="2026-01-01T00:00:00Z"))["items"]
    assert [each["kind"] for each in told] == ["alarm", "decision", "reading"]
    assert len({each["correlation_id"] for each in told}) == 1
    assert told[0]["title"] == "Alert: Blood pressure routine" and told[1]["urgency"] == "routine"
    assert "145" in told[2]["text"] and all(each["ref"] and each["category"] == "vitals" for each in told)


async def test_pages_follow_each_other_without_a_gap(sign_in: SignIn, database: Database) -> None:
    patient = await sign_in(Role.PATIENT)
    for place in range(3):
        await raise_one(database, patient, key=f"kind {place}")
        await ask_one(database, patient, key=f"task {place}")
    until = (system_clock() + DAY).isoformat()
    span = {"since": (system_clock() - 400 * DAY).isoformat(), "until": until}
    whole = (await page(patient, limit=200, **span))["items"]
    walked: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        part = await page(patient, limit=4, **span, **cursor)
        walked += part["items"]
        if part["next"] is None:
            break
        cursor = {"cursor": part["next"]}
    assert walked == whole and len(whole) > 8
    assert [each["at"] for each in whole] == sorted((each["at"] for each in whole), reverse=True)


async def test_a_period_and_a_cursor_that_are_none_are_refused(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    for wrong in (
        {"since": "2026-01-01T00:00:00"},
        {"until": "now"},
        {"limit": 201},
        {"cursor": "?"},
        {"cursor": "W10"},
    ):
        assert problem(await patient.client.get("/v1/timeline", params=wrong), 422)


async def test_the_newest_risk_of_each_respect_stands(sign_in: SignIn, database: Database) -> None:
    patient = await sign_in(Role.PATIENT)
    whose, now = principal(patient), system_clock()
    made = await stored(database, whose)
    for hours, label in ((2, "Elevated reading, to be confirmed"), (1, "High")):
        risk = Risk(
            key="blood_pressure",
            label=label,
            text=f"Blood pressure: {label}.",
            evidence=(),
            at=now - timedelta(hours=hours),
            category=Category.VITALS,
        )
        async with database.transaction(watching(whose)) as tx:
            by = watching(whose).principal
            assert await decisions.update_risk(tx, patient.id, risk, made.id, actor=by, ids=new_id)
    [stands] = (await patient.client.get("/v1/risks")).json()["items"]
    assert (stands["key"], stands["label"]) == ("blood_pressure", "High")


async def test_a_provider_sees_what_is_shared_and_no_patient_another(sign_in: SignIn, database: Database) -> None:
    patient, other, provider = await sign_in(Role.PATIENT), await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    await raise_one(database, patient)
    await raise_one(database, patient, key="glucose", category=Category.LABS)
    whose = {"patient_id": str(patient.id)}
    for place in ("/v1/timeline", "/v1/risks"):
        assert problem(await other.client.get(place, params=whose), 403)
        assert problem(await provider.client.get(place, params=whose), 403)
    await share(patient, provider, "labs")
    seen = (await page(provider, since="2026-01-01T00:00:00Z", **whose))["items"]
    assert seen and {each["category"] for each in seen if each["kind"] != "reading"} == {"labs"}
    assert (await provider.client.get("/v1/risks", params=whose)).json() == {"items": []}
