"""What comes in over HTTP: good rows land, bad ones are told with line and reason, and nothing is taken twice."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.conftest import Person, Rows, SignIn
from tests.api.measuring import (
    CSV,
    DAY,
    HOUR,
    MINUTE,
    NDJSON,
    PULSE,
    STEPS,
    ago,
    lines,
    new_device,
    pressure,
    row,
    send,
    send_text,
    share,
)
from tests.api.test_shell import problem
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id

STORED = "select metric, value, unit from phi.device_sample where patient_id = :p order by metric, at"
EVENTS = "select type from app.event where patient_id = :p and type = 'samples.received'"
TABLE = "time,metric,value,unit\n{at},8867-4,61,/min\n{at},8867-4,much,/min\n"


@pytest.fixture
async def patient_of(sign_in: SignIn) -> Person:
    return await sign_in(Role.PATIENT)


async def test_rows_come_as_json_ndjson_and_csv(patient_of: Person, rows: Rows) -> None:
    at = ago(HOUR)
    report = (await send(patient_of, row(61, at), pressure(128, 81, at))).json()
    assert (report["new"], report["rejected"], report["repeated"]) == (3, 0, False)
    assert report["by_metric"] == {"8462-4": 1, "8480-6": 1, PULSE: 1} and len(report["devices"]) == 1
    told = await send_text(patient_of, lines([row(62, at + MINUTE), row(63, at + 2 * MINUTE)]), NDJSON)
    assert told.json()["new"] == 2
    table = f"time,metric,value,unit\n{(at + 3 * MINUTE).isoformat()},{PULSE},64,/min\n"
    assert (await send_text(patient_of, table, f"{CSV}; charset=utf-8")).json()["new"] == 1
    stored = [value for metric, value, _ in rows(STORED, p=patient_of.id) if metric == PULSE]
    assert stored == [61, 62, 63, 64]


async def test_bad_rows_are_told_with_place_and_reason_while_the_good_land(patient_of: Person, rows: Rows) -> None:
    at = ago(HOUR)
    bad: list[dict[str, Any]] = [
        row(metric="88-x"),
        row(unit="mg/dL"),
        row(value="much"),
        row(at=None) | {"at": "yesterday"},
        row(at=ago(-3 * DAY)),
        row(until=(at - 2 * HOUR).isoformat()),
        row(value=None),
        row(colour="red"),
    ]
    body = lines([row(61, at), *bad, row(62, at + MINUTE)]) + "{half a row\n[]\n"
    report = (await send_text(patient_of, body, NDJSON)).json()
    assert (report["new"], report["rejected"]) == (2, len(bad) + 2)
    assert [each["place"] for each in report["examples"]][:2] == ["line 2", "line 3"]
    assert all(each["reason"] for each in report["examples"])
    assert len({each["reason"] for each in report["examples"]}) > 5
    kept = (await patient_of.client.get("/v1/observations/rejected")).json()
    assert {each["id"] for each in kept["items"]} == {each["id"] for each in report["examples"]}
    assert len(rows(STORED, p=patient_of.id)) == 2


async def test_the_same_again_changes_nothing_and_gets_the_same_answer(patient_of: Person, rows: Rows) -> None:
    sent = [row(61, ago(HOUR)), row(value="much")]
    first = (await send(patient_of, *sent)).json()
    again = (await send(patient_of, *sent)).json()
    assert again == first | {"repeated": True} and first["examples"]
    assert len(rows(STORED, p=patient_of.id)) == 1 and len(rows(EVENTS, p=patient_of.id)) == 1
    assert len((await patient_of.client.get("/v1/observations/rejected")).json()["items"]) == 1


async def test_the_idempotency_key_names_one_delivery_and_nothing_else(patient_of: Person, rows: Rows) -> None:
    body, other = lines([row(61, ago(HOUR))]), lines([row(99, ago(2 * HOUR))])
    key = {"Idempotency-Key": "morning"}
    first = (await send_text(patient_of, body, NDJSON, **key)).json()
    assert (await send_text(patient_of, body, NDJSON, **key)).json() == first | {"repeated": True}
    refused = problem(await send_text(patient_of, other, NDJSON, **key), 422)
    assert "under an id of its own" in str(refused["detail"])
    assert [value for _, value, _ in rows(STORED, p=patient_of.id)] == [61]
    assert problem(await send_text(patient_of, body, NDJSON, **{"Idempotency-Key": "k" * 201}), 422)


async def test_one_key_of_two_people_is_two_deliveries(sign_in: SignIn) -> None:
    for person in (await sign_in(Role.PATIENT), await sign_in(Role.PATIENT)):
        answer = await send_text(person, lines([row()]), NDJSON, **{"Idempotency-Key": "same"})
        assert (answer.json()["new"], answer.json()["repeated"]) == (1, False)


async def test_a_value_sent_anew_under_another_key_replaces_and_is_not_doubled(patient_of: Person, rows: Rows) -> None:
    at = ago(HOUR)
    await send(patient_of, row(61, at))
    assert (await send(patient_of, row(61, at), row(70, at + MINUTE))).json()["unchanged"] == 1
    assert (await send(patient_of, row(66, at))).json()["changed"] == 1
    assert [value for _, value, _ in rows(STORED, p=patient_of.id)] == [66, 70]


async def test_ten_thousand_rows_come_in_one_body(patient_of: Person, rows: Rows) -> None:
    begin = ago(9 * DAY)
    many = [row(60 + place % 40, begin + place * MINUTE) for place in range(10_000)]
    report = (await send_text(patient_of, lines(many), NDJSON)).json()
    assert (report["new"], report["rejected"]) == (10_000, 0)
    assert rows("select count(*) from phi.device_sample where patient_id = :p", p=patient_of.id) == [(10_000,)]


async def test_a_file_is_read_by_what_it_is_and_the_same_file_changes_nothing(patient_of: Person, rows: Rows) -> None:
    content = TABLE.format(at=ago(HOUR).isoformat()).encode()
    parts = {"file": ("mine.csv", content, "text/csv")}
    first = (await patient_of.client.post("/v1/observations/files", files=parts)).json()
    assert (first["new"], first["rejected"]) == (1, 1) and first["examples"][0]["place"]
    again = (await patient_of.client.post("/v1/observations/files", files=parts)).json()
    assert again == first | {"repeated": True}
    assert len(rows(STORED, p=patient_of.id)) == 1
    named = await patient_of.client.post("/v1/observations/files", files=parts, params={"format": "csv"})
    assert (named.json()["new"], named.json()["unchanged"]) == (0, 1)


@pytest.mark.parametrize(
    ("content", "name", "params"),
    [
        (b"", "nothing.csv", {}),
        (b"\x00\xff\xfe" * 500, "noise.bin", {}),
        (b"PK\x03\x04" + b"\x00" * 100, "export.zip", {"format": "apple"}),
        (b"%PDF-1.7 and so on", "letter.pdf", {}),
        (b"time,metric,value,unit\n", "mine.csv", {"format": "nonsense"}),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><gpx>&b;</gpx>', "walk.gpx", {}),
    ],
)
async def test_a_file_that_is_none_is_refused_in_words(
    patient_of: Person, rows: Rows, content: bytes, name: str, params: dict[str, str]
) -> None:
    parts = {"file": (name, content, "application/octet-stream")}
    answer = await patient_of.client.post("/v1/observations/files", files=parts, params=params)
    assert problem(answer, 422)["detail"]
    assert rows(STORED, p=patient_of.id) == []


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 422),
        (b" \n", NDJSON, 422),
        (b"{not json", "application/json", 422),
        (b'"a text"', "application/json", 422),
        (b"[" * 100_000, "application/json", 422),
        (b'{"observations": 5}', "application/json", 422),
        (b"<xml/>", "application/xml", 422),
        (b"anything", "", 422),
        (b"x" * 5_000_000, NDJSON, 413),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused_in_words(
    patient_of: Person, rows: Rows, body: bytes, kind: str, status: int
) -> None:
    assert problem(await send_text(patient_of, body, kind), status)["detail"]
    assert rows("select 1 from phi.delivery where patient_id = :p", p=patient_of.id) == []


@pytest.mark.parametrize("kind", [NDJSON, CSV])
async def test_binary_noise_never_fails_on_our_side(patient_of: Person, rows: Rows, kind: str) -> None:
    answer = await send_text(patient_of, bytes(range(256)) * 20, kind)
    assert answer.status_code in (200, 422), answer.text
    assert rows(STORED, p=patient_of.id) == []


async def test_a_patient_names_no_other_record_and_nobody_without_a_session(
    sign_in: SignIn, patient_of: Person, rows: Rows
) -> None:
    other, admin = await sign_in(Role.PATIENT), await sign_in(Role.ADMIN)
    assert problem(await send(other, row(), whose=patient_of), 403)
    assert problem(await send(admin, row(), whose=patient_of), 403)
    del other.client.headers["Authorization"]
    assert problem(await send(other, row()), 401)
    assert rows(STORED, p=patient_of.id) == []


async def test_a_provider_writes_with_a_grant_to_write_and_not_without(
    sign_in: SignIn, patient_of: Person, rows: Rows
) -> None:
    provider = await sign_in(Role.PROVIDER)
    assert problem(await send(provider, row()), 422)
    assert problem(await send(provider, row(), whose=patient_of), 403)
    await share(patient_of, provider, "vitals")
    assert problem(await send(provider, row(), whose=patient_of), 403)
    assert problem(await send(provider, row(value="much"), whose=patient_of), 403)
    assert rows("select 1 from phi.delivery where patient_id = :p", p=patient_of.id) == []
    await share(patient_of, provider, "vitals", write=True)
    assert (await send(provider, row(), whose=patient_of)).json()["new"] == 1
    found = rows("select actor_id from app.event where patient_id = :p and type = 'samples.received'", p=patient_of.id)
    assert found == [(provider.id,)]


async def test_a_device_must_be_the_persons_own(sign_in: SignIn, patient_of: Person, rows: Rows) -> None:
    other = await sign_in(Role.PATIENT)
    theirs, own = await new_device(other, "Theirs"), await new_device(patient_of, "Mine")
    assert problem(await send(patient_of, row(), device_id=theirs), 404)
    assert problem(await send(patient_of, row(), device_id=str(new_id())), 404)
    assert rows(STORED, p=patient_of.id) == []
    assert (await send(patient_of, row(), device_id=own)).json()["devices"] == [own]


async def test_two_devices_that_count_the_same_steps_are_kept_apart_and_counted_once(
    patient_of: Person, rows: Rows
) -> None:
    begin = ago(3 * HOUR)

    def walked(value: float) -> dict[str, Any]:
        return row(value, begin, metric=STEPS, unit="{steps}", until=(begin + 10 * MINUTE).isoformat())

    for name, value in (("Watch", 1000), ("Phone", 900)):
        device = await new_device(patient_of, name, kind=name.lower())
        assert (await send(patient_of, walked(value), device_id=device)).json()["new"] == 1
    assert len(rows(STORED, p=patient_of.id)) == 2
    params = {"since": (begin - HOUR).isoformat()}
    series = (await patient_of.client.get(f"/v1/tracking/series/{STEPS}", params=params)).json()
    assert sum(each["value"] for each in series["points"]) in (900, 1000)


async def test_late_data_lands_and_the_event_tells_of_its_own_time(patient_of: Person, rows: Rows) -> None:
    await send(patient_of, row(61, ago(MINUTE)))
    late = ago(timedelta(days=20))
    assert (await send(patient_of, row(55, late))).json()["new"] == 1
    told = rows(
        "select payload->'streams'->0->>'since' from app.event where patient_id = :p and type = 'samples.received' "
        "order by seq desc limit 1",
        p=patient_of.id,
    )
    assert str(told[0][0]).startswith(f"{late:%Y-%m-%dT%H:%M:%S}")
    device = (await patient_of.client.get("/v1/devices")).json()["items"][0]
    assert device["last_seen_at"] > late.isoformat()


async def test_a_rejected_row_is_mended_into_the_device_that_sent_it(patient_of: Person, rows: Rows) -> None:
    device, at = await new_device(patient_of), ago(HOUR)
    report = (await send(patient_of, row(value="much", at=at), device_id=device)).json()
    [bad] = report["examples"]
    place = f"/v1/observations/rejected/{bad['id']}/mend"
    still = (await patient_of.client.post(place, json=row(value="more", at=at))).json()
    assert (still["rejected"], still["new"]) == (1, 0) and still["examples"][0]["reason"]
    assert len((await patient_of.client.get("/v1/observations/rejected")).json()["items"]) == 1
    told_again = (await patient_of.client.post(place, json=row(value="more", at=at))).json()
    assert told_again["examples"][0]["reason"] == still["examples"][0]["reason"]
    assert len((await patient_of.client.get("/v1/observations/rejected")).json()["items"]) == 1
    mended = (await patient_of.client.post(place, json=row(61, at))).json()
    assert (mended["new"], mended["rejected"], mended["devices"]) == (1, 0, [device])
    assert (await patient_of.client.get("/v1/observations/rejected")).json() == {"items": [], "next": None}
    assert problem(await patient_of.client.post(place, json=row(61, at)), 404)
    held = "select settled_as, max(content), count(*) from phi.rejected_row where patient_id = :p group by 1 order by 1"
    assert rows(held, p=patient_of.id) == [("dropped", "", 2), ("mended", "", 1)]


async def test_a_rejected_row_is_dropped_once_and_only_by_who_may(
    sign_in: SignIn, patient_of: Person, rows: Rows
) -> None:
    other, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    [bad] = (await send(patient_of, row(value="much"))).json()["examples"]
    place, whose = f"/v1/observations/rejected/{bad['id']}", {"patient_id": str(patient_of.id)}
    assert problem(await other.client.delete(place), 404)
    assert problem(await provider.client.get("/v1/observations/rejected", params=whose), 403)
    await share(patient_of, provider, "vitals")
    seen = await provider.client.get("/v1/observations/rejected", params=whose)
    assert [each["id"] for each in seen.json()["items"]] == [bad["id"]]
    assert problem(await provider.client.delete(place, params=whose), 403)
    assert problem(await provider.client.post(f"{place}/mend", params=whose, json=row()), 403)
    assert (await patient_of.client.delete(place)).status_code == 204
    assert problem(await patient_of.client.delete(place), 404)


async def test_rejected_rows_come_in_pages(patient_of: Person) -> None:
    await send(patient_of, *(row(value=f"much {place}") for place in range(5)))
    seen: list[str] = []
    params: dict[str, Any] = {"limit": 2}
    while True:
        page = (await patient_of.client.get("/v1/observations/rejected", params=params)).json()
        seen += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        params["after"] = page["next"]
    assert len(seen) == len(set(seen)) == 5


async def test_hostile_texts_are_kept_harmless(patient_of: Person) -> None:
    hostile = '{"metric": "8867-4\\u0000\\ud800", "at": "x", "value": 1, "unit": "/min"}\n{"metric": 5}\n'
    report = (await send_text(patient_of, hostile, NDJSON)).json()
    assert report["rejected"] == 2
    assert len((await patient_of.client.get("/v1/observations/rejected")).json()["items"]) == 2
