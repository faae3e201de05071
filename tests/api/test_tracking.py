"""Series, glucose, score and settings over HTTP: what is known is told, and what is not says why."""

from typing import Any

import pytest

from tests.api.conftest import Person, SignIn
from tests.api.measuring import (
    CGM,
    DAY,
    HOUR,
    MINUTE,
    NDJSON,
    PULSE,
    STEPS,
    SYSTOLIC,
    ago,
    lines,
    pressure,
    row,
    send,
    send_text,
    share,
)
from tests.api.test_alarms import raise_one
from tests.api.test_record import files
from tests.api.test_shell import problem
from tests.deterministic.records.resources import observation, patient_resource
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Evidence


async def series(person: Person, metric: str = PULSE, **params: Any) -> dict[str, Any]:
    answer = await person.client.get(f"/v1/tracking/series/{metric}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def born(person: Person) -> None:
    """Somebody born in 1980."""
    assert (await person.client.post("/v1/imports", files=files(patient_resource()))).json()["imported"] == 1


async def test_a_series_tells_points_of_devices_and_of_the_record_and_why_there_is_nothing_else(
    sign_in: SignIn,
) -> None:
    patient = await sign_in(Role.PATIENT)
    await send(patient, row(61, ago(2 * HOUR)), row(63, ago(HOUR)))
    told = await series(patient)
    assert (told["name"], told["unit"], told["kind"], told["category"]) == ("heart rate", "/min", "instant", "vitals")
    assert (told["resolution"], [each["value"] for each in told["points"]]) == ("raw", [61, 63])
    assert all(each["by_device"] and each["count"] == 1 for each in told["points"])
    assert told["bands"] == [] and "age" in told["bands_reason"]
    assert told["usual"] is None and "14 are needed" in told["usual_reason"]
    assert (told["own_range"], told["alarms"]) == (None, [])


async def test_a_metric_that_was_never_measured_is_empty_and_an_unknown_one_is_not_found(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    told = await series(patient)
    assert (told["points"], told["usual_reason"]) == ([], "there is no earlier value")
    assert problem(await patient.client.get("/v1/tracking/series/1-1"), 404)
    for wrong in (
        {"since": "2026-01-01T00:00:00"},
        {"since": ago(HOUR).isoformat(), "until": ago(2 * HOUR).isoformat()},
        {"most": 0},
        {"most": 1501},
    ):
        assert problem(await patient.client.get(f"/v1/tracking/series/{PULSE}", params=wrong), 422)


async def test_a_number_of_the_record_has_a_series_too(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    lab = observation("l", 5.1, code="2345-7", unit="mmol/L", category="laboratory", at="2025-01-02T08:00:00Z")
    await patient.client.post("/v1/imports", files=files(lab))
    told = await series(patient, "2345-7", since="2025-01-01T00:00:00Z")
    assert (told["unit"], told["category"], [each["value"] for each in told["points"]]) == ("mmol/L", "labs", [5.1])
    assert not told["points"][0]["by_device"]
    assert (await series(patient, "2345-7"))["unit"] == "mmol/L"


async def test_each_half_of_a_blood_pressure_has_its_own_limits(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    await born(patient)
    await send(patient, pressure(128, 81))
    systolic, diastolic = await series(patient, SYSTOLIC), await series(patient, "8462-4")
    assert [(each["label"], each["low"], each["high"]) for each in systolic["bands"]] == [
        ("very low", None, 90),
        ("normal", 90, 120),
        ("elevated", 120, 130),
        ("high (stage 1)", 130, 140),
        ("high (stage 2)", 140, 180),
        ("severely high", 180, None),
    ]
    assert [(each["label"], each["low"], each["high"]) for each in diastolic["bands"]] == [
        ("low", None, 60),
        ("normal", 60, 80),
        ("high (stage 1)", 80, 90),
        ("high (stage 2)", 90, 120),
        ("severely high", 120, None),
    ]
    assert [each["urgency"] for each in systolic["bands"]][-1] == "urgent"
    assert "pregnancy" in systolic["bands_reason"]


async def test_what_is_usual_comes_with_enough_days(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    body = lines(row(60 + day % 5, ago(day * DAY + HOUR)) for day in range(60))
    assert (await send_text(patient, body, NDJSON)).json()["new"] == 60
    told = await series(patient)
    assert told["usual_reason"] is None and told["usual"]["days"] >= 40
    assert 50 < told["usual"]["low"] < 62 < told["usual"]["high"] < 75


async def test_steps_are_judged_by_whole_days_alone(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    begin = ago(2 * HOUR)
    await send(patient, row(500, begin, metric=STEPS, unit="{steps}", until=(begin + HOUR).isoformat()))
    told = await series(patient, STEPS)
    assert (told["kind"], told["usual"], told["bands"]) == ("sum", None, [])
    assert "day" in told["usual_reason"] and told["bands_reason"]


async def test_alarms_of_the_metric_in_the_time_are_marked(sign_in: SignIn, database: Database) -> None:
    patient = await sign_in(Role.PATIENT)
    mine = await raise_one(database, patient)
    sample = Evidence(kind="record", ref=f"DeviceSample/{new_id()}/{PULSE}/2026-01-01", version="1", label="Heart rate")
    pulse = await raise_one(database, patient, key="something else", evidence=(sample,))
    [mark] = (await series(patient, SYSTOLIC, until=ago(-MINUTE).isoformat()))["alarms"]
    assert (mark["id"], mark["state"], mark["urgency"]) == (str(mine.id), "raised", "routine")
    assert [each["id"] for each in (await series(patient, until=ago(-MINUTE).isoformat()))["alarms"]] == [str(pulse.id)]
    assert (await series(patient, SYSTOLIC, until=ago(HOUR).isoformat()))["alarms"] == []


async def test_a_provider_reads_the_series_that_are_shared(sign_in: SignIn) -> None:
    patient, other, provider = await sign_in(Role.PATIENT), await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    await send(patient, row(), row(110, metric=CGM, unit="mg/dL"))
    whose = {"patient_id": str(patient.id)}
    places = [f"/v1/tracking/{each}" for each in (f"series/{PULSE}", "glucose", "score", "settings", "ranges")]
    for place in (*places, "/v1/tracking/priorities", "/v1/tracking/monitoring"):
        assert problem(await other.client.get(place, params=whose), 403)
        assert problem(await provider.client.get(place, params=whose), 403)
    await share(patient, provider, "labs")
    assert len((await series(provider, CGM, **whose))["points"]) == 1
    assert problem(await provider.client.get(f"/v1/tracking/series/{PULSE}", params=whose), 403)
    assert problem(await provider.client.get("/v1/tracking/settings", params=whose), 403)
    await share(patient, provider, "vitals")
    assert len((await series(provider, PULSE, **whose))["points"]) == 1
    assert problem(await provider.client.get("/v1/tracking/monitoring", params=whose), 403)


async def test_the_glucose_report_judges_only_whose_targets_are_said(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    empty = (await patient.client.get("/v1/tracking/glucose")).json()
    assert (empty["status"], empty["count"]) == ("not_evaluated", 0) and empty["reason"]
    assert all(each["status"] == "not_evaluated" and each["reason"] for each in empty["metrics"])
    begin = ago(14 * DAY)
    readings = (row(100 + place % 60, begin + place * 5 * MINUTE, metric=CGM, unit="mg/dL") for place in range(4030))
    assert (await send_text(patient, lines(readings), NDJSON)).json()["new"] == 4030
    unknown = (await patient.client.get("/v1/tracking/glucose")).json()
    by_key = {each["key"]: each for each in unknown["metrics"]}
    assert unknown["count"] in (4029, 4030) and by_key["in_range"]["value"] == pytest.approx(100)
    assert by_key["in_range"]["status"] == "not_evaluated" and "whose targets" in by_key["in_range"]["reason"]
    told = (await patient.client.get("/v1/tracking/glucose", params={"people": "standard"})).json()
    by_key = {each["key"]: each for each in told["metrics"]}
    assert (told["status"], by_key["in_range"]["status"], by_key["in_range"]["target"]) == (
        "not_found",
        "not_found",
        "more than 70 %",
    )
    assert by_key["gmi"]["reason"] == "there is no target for this metric" and by_key["gmi"]["value"] > 5
    pregnant = (await patient.client.get("/v1/tracking/glucose", params={"people": "pregnancy_type_1"})).json()
    extra = {each["name"]: each["status"] for each in pregnant["metrics"]}
    assert extra["time in 63 to 140 mg/dL"] == "found" and told["evidence"]
    for wrong in ({"people": "me"}, {"since": ago(40 * DAY).isoformat()}, {"since": ago(-DAY).isoformat()}):
        assert problem(await patient.client.get("/v1/tracking/glucose", params=wrong), 422)


async def test_the_score_says_of_each_part_what_is_known_or_missing(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    assert (await patient.client.get("/v1/tracking/score")).json()["status"] == "not_evaluated"
    await born(patient)
    await send(patient, row(70, metric="29463-7", unit="kg"), row(175, metric="8302-2", unit="cm"))
    told = (await patient.client.get("/v1/tracking/score")).json()
    parts = {each["name"]: each for each in told["parts"]}
    assert (told["status"], told["score"]) == ("not_evaluated", None)
    assert parts["weight"]["points"] == 100 and parts["weight"]["reason"] is None
    assert parts["diet"]["points"] is None and parts["diet"]["reason"]
    assert "diet" in told["missing"] and "weight" not in told["missing"]
