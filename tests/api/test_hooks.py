"""Signed deliveries: the whole check of the Standard Webhooks specification, and nothing of the record behind it."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from tests.api.conftest import NewClient, Person, Rows, SignIn
from tests.api.measuring import HOUR, MINUTE, PULSE, ago, new_device, row
from tests.api.test_shell import problem
from vitasense.api.backpressure import Backpressure
from vitasense.api.bootstrap import Services
from vitasense.deterministic import devices, records, tracking
from vitasense.deterministic.auth import SYSTEM, stream_access
from vitasense.deterministic.platform.access import Category, Role
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events import Event

OTHER_SECRET = "whsec_" + base64.b64encode(b"another key of 32 bytes, no more").decode()


@dataclass
class Hook:
    """A webhook with its secret, and a sender that has no account."""

    id: str
    secret: str
    device: str
    person: Person
    client: httpx.AsyncClient

    def headers(self, body: bytes, delivery: str, ahead: timedelta, *secrets: str) -> dict[str, str]:
        """What a sender signs with these secrets, its own when there are none."""
        stamp = int((system_clock() + ahead).timestamp())
        signed = [devices.signature(each, delivery, stamp, body) for each in secrets or (self.secret,)]
        return {"webhook-id": delivery, "webhook-timestamp": str(stamp), "webhook-signature": " ".join(signed)}

    async def send(
        self,
        content: object,
        delivery: str | None = None,
        ahead: timedelta = timedelta(0),
        secrets: tuple[str, ...] = (),
        **changes: str,
    ) -> httpx.Response:
        """Deliver what was signed; `changes` are headers that somebody altered on the way."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        headers = self.headers(body, delivery or str(new_id()), ahead, *secrets)
        changed = {name.replace("_", "-"): value for name, value in changes.items()}
        return await self.client.post(f"/v1/hooks/{self.id}", content=body, headers=headers | changed)


@pytest.fixture
async def hook(sign_in: SignIn, new_client: NewClient) -> Hook:
    person = await sign_in(Role.PATIENT)
    device = await new_device(person)
    made = (await person.client.post(f"/v1/devices/{device}/webhooks")).json()
    assert made["url"].endswith(f"/v1/hooks/{made['id']}")
    return Hook(made["id"], made["secret"], device, person, new_client())


def delivery(*rows: Mapping[str, Any], **members: object) -> dict[str, object]:
    return {"observations": list(rows or (row(),)), **members}


def stored(rows: Rows, hook: Hook) -> int:
    return len(rows("select 1 from phi.device_sample where patient_id = :p", p=hook.person.id))


def told(rows: Rows, hook: Hook) -> int:
    query = "select 1 from app.event where patient_id = :p and type in ('samples.received', 'device.reported')"
    return len(rows(query, p=hook.person.id))


async def test_a_signed_delivery_lands_with_the_state_of_the_device(hook: Hook) -> None:
    sent = delivery(row(61, ago(HOUR)), row(62, ago(MINUTE)), device={"battery": 0.82, "firmware": "2.4"})
    report = (await hook.send(sent)).json()
    assert (report["new"], report["rejected"], report["devices"]) == (2, 0, [hook.device])
    [device] = (await hook.person.client.get("/v1/devices")).json()["items"]
    assert (device["battery"], device["firmware"]) == (pytest.approx(0.82), "2.4")
    assert device["reported_at"] and device["last_seen_at"]


async def test_only_the_state_or_only_a_list_of_rows_is_a_delivery_too(hook: Hook, rows: Rows) -> None:
    assert (await hook.send({"device": {"battery": 0.1}})).json()["new"] == 0
    assert (await hook.send([row()])).json()["new"] == 1
    [device] = (await hook.person.client.get("/v1/devices")).json()["items"]
    assert [each["kind"] for each in device["suggestions"]] == ["charge"]
    assert stored(rows, hook) == 1


async def test_the_same_delivery_again_changes_nothing_and_gets_the_same_answer(hook: Hook, rows: Rows) -> None:
    sent = delivery(row(61, ago(HOUR)), row(value="much"), device={"battery": 0.5})
    first = (await hook.send(sent, "one")).json()
    before = stored(rows, hook), told(rows, hook)
    again = (await hook.send(sent, "one")).json()
    assert again == first | {"repeated": True} and (first["new"], first["rejected"]) == (1, 1)
    assert problem(await hook.send(delivery(row(99, ago(2 * HOUR)), device={"battery": 0.9}), "one"), 422)
    assert (stored(rows, hook), told(rows, hook)) == before
    [device] = (await hook.person.client.get("/v1/devices")).json()["items"]
    assert device["battery"] == pytest.approx(0.5)


async def test_what_is_not_signed_with_the_secret_is_refused_and_nothing_is_kept(hook: Hook, rows: Rows) -> None:
    sent = delivery()
    refused = [
        await hook.send(sent, secrets=(OTHER_SECRET,)),
        await hook.send(sent, webhook_id="of another delivery"),
        await hook.send(sent, webhook_timestamp=str(int(system_clock().timestamp()) + 1)),
        await hook.send(sent, webhook_signature="v1,AAAA"),
        await hook.send(sent, webhook_signature="v1a," + "A" * 44),
        await hook.send(sent, webhook_signature="  "),
    ]
    changed = hook.headers(json.dumps(sent).encode(), "x", timedelta(0))
    body = json.dumps(delivery(row(200))).encode()
    refused.append(await hook.client.post(f"/v1/hooks/{hook.id}", content=body, headers=changed))
    details = {str(problem(answer, 401)["detail"]) for answer in refused}
    assert len(details) == 1
    hook_of_nobody = Hook(str(new_id()), hook.secret, hook.device, hook.person, hook.client)
    assert problem(await hook_of_nobody.send(sent), 401)["detail"] in details
    assert problem(await hook.client.post(f"/v1/hooks/{hook.id}", json=sent), 422)
    assert stored(rows, hook) == 0 and told(rows, hook) == 0


@pytest.mark.parametrize("ahead", [timedelta(minutes=-6), timedelta(minutes=6)])
async def test_an_old_or_future_timestamp_is_refused(hook: Hook, rows: Rows, ahead: timedelta) -> None:
    assert "clock" in str(problem(await hook.send(delivery(), ahead=ahead), 422)["detail"])
    assert stored(rows, hook) == 0


@pytest.mark.parametrize("stamp", ["", "soon", "-5", "1.5", "999999999999", "9" * 19])
async def test_a_timestamp_that_is_none_is_refused_even_when_it_is_signed(hook: Hook, stamp: str) -> None:
    body = json.dumps(delivery()).encode()
    key = base64.b64decode(hook.secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"a.{stamp}.".encode() + body, hashlib.sha256).digest()
    signed = "v1," + base64.b64encode(mac).decode()
    headers = {"webhook-id": "a", "webhook-timestamp": stamp, "webhook-signature": signed}
    answer = await hook.client.post(f"/v1/hooks/{hook.id}", content=body, headers=headers)
    assert problem(answer, 422)


async def test_while_a_secret_changes_one_right_signature_of_several_is_enough(hook: Hook) -> None:
    assert (await hook.send(delivery(), secrets=(OTHER_SECRET, hook.secret))).json()["new"] == 1
    assert problem(await hook.send(delivery(), secrets=(OTHER_SECRET, OTHER_SECRET)), 401)


async def test_a_revoked_hook_takes_nothing_more(hook: Hook, rows: Rows, sign_in: SignIn) -> None:
    other = await sign_in(Role.PATIENT)
    assert problem(await other.client.delete(f"/v1/devices/webhooks/{hook.id}"), 404)
    assert (await hook.send(delivery())).status_code == 200
    assert (await hook.person.client.delete(f"/v1/devices/webhooks/{hook.id}")).status_code == 204
    assert problem(await hook.send(delivery(row(70, ago(2 * HOUR)))), 401)
    assert problem(await hook.person.client.delete(f"/v1/devices/webhooks/{hook.id}"), 404)
    assert stored(rows, hook) == 1


async def test_a_device_that_is_not_used_any_more_delivers_nothing_more(hook: Hook, rows: Rows) -> None:
    assert (await hook.send(delivery())).status_code == 200
    retired = await hook.person.client.patch(f"/v1/devices/{hook.device}", json={"retired": True})
    assert retired.status_code == 200 and retired.json()["retired_at"]
    assert problem(await hook.send(delivery(row(70, ago(2 * HOUR)))), 401)
    assert stored(rows, hook) == 1


async def test_a_closed_account_takes_no_deliveries(hook: Hook, rows: Rows, services: Services) -> None:
    await services.accounts.disable(SYSTEM, hook.person.id)
    assert problem(await hook.send(delivery()), 401)
    assert stored(rows, hook) == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{half",
        b"[" * 50_000,
        b'"a text"',
        b"17",
        b'{"observations": {"metric": 1}}',
        b'{"device": 5}',
        b'{"device": {"battery": 7}}',
        b'{"device": {"battery": NaN}}',
        b'{"device": {"firmware": "a\\u0000b"}}',
        b'{"device": {"firmware": "\\ud800"}}',
        b"\xff\xfe\x00",
    ],
)
async def test_hostile_json_is_refused_in_words_though_it_is_signed(hook: Hook, rows: Rows, body: bytes) -> None:
    assert problem(await hook.send(body), 422)["detail"]
    assert stored(rows, hook) == 0 and told(rows, hook) == 0


async def test_a_delivery_has_at_most_one_megabyte(hook: Hook, rows: Rows) -> None:
    assert problem(await hook.send(b'{"observations": []}' + b" " * (1 << 20)), 413)
    assert stored(rows, hook) == 0


async def test_bad_rows_are_kept_for_repair_and_good_ones_land(hook: Hook) -> None:
    report = (await hook.send(delivery(row(61), row(metric="nothing"), {"observations": []}))).json()
    assert (report["new"], report["rejected"]) == (1, 2)
    kept = (await hook.person.client.get("/v1/observations/rejected")).json()["items"]
    assert {each["id"] for each in kept} == {each["id"] for each in report["examples"]}


async def test_a_hook_is_opened_for_the_own_device_by_the_person_alone(sign_in: SignIn, hook: Hook) -> None:
    other, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    place = f"/v1/devices/{hook.device}/webhooks"
    assert problem(await other.client.post(place), 404)
    assert problem(await provider.client.post(place), 403)
    assert problem(await provider.client.get("/v1/devices/webhooks/all"), 403)
    assert (await other.client.get("/v1/devices/webhooks/all")).json() == {"items": []}
    [seen] = (await hook.person.client.get("/v1/devices/webhooks/all")).json()["items"]
    assert (seen["id"], seen["secret"]) == (hook.id, None)


async def test_a_secret_is_kept_sealed(hook: Hook, rows: Rows) -> None:
    [(sealed,)] = rows("select sealed_secret from app.webhook where id = :id", id=UUID(hook.id))
    assert isinstance(sealed, bytes)
    assert base64.b64decode(hook.secret.removeprefix("whsec_")) not in sealed


async def test_the_context_of_a_hook_reads_and_writes_nothing_of_the_record(hook: Hook, database: Database) -> None:
    whose = hook.person.id
    await hook.person.client.put(f"/v1/tracking/ranges/{PULSE}", json={"low": 50, "high": 90, "unit": "/min"})
    access = stream_access("test", whose, UUID(hook.device))
    async with database.transaction(access) as tx:
        assert await records.readable(tx) == frozenset()
        assert await records.writable(tx) == frozenset()
        for table in ("resource", "sample", "decision", "alarm", "task", "goal", "risk", "personal_memory"):
            known = await tx.scalar(text("select to_regclass(:name)"), {"name": f"phi.{table}"})
            if known:
                assert (await tx.execute(text(f"select count(*) from phi.{table}"))).scalar_one() == 0, table
        assert [each.id for each in await devices.devices(tx, whose)] == [UUID(hook.device)]
    with pytest.raises(DBAPIError):
        async with database.transaction(access) as tx:
            await tx.execute(
                text(
                    "insert into phi.sample (patient_id, record_id, metric, at, value, unit, category, recorded_at) "
                    "values (:p, :r, '8867-4', now(), 60, '/min', 'vitals', now())"
                ),
                {"p": whose, "r": new_id()},
            )
    other = stream_access("test", new_id(), UUID(hook.device))
    async with database.transaction(other) as tx:
        assert await devices.devices(tx, whose) == []
        assert await tracking.series(tx, whose, PULSE) == []
    assert Category.VITALS in access.reads


async def test_while_the_worker_is_behind_every_way_in_says_when_to_come_again(
    hook: Hook, rows: Rows, app: FastAPI, services: Services
) -> None:
    app.dependency_overrides.clear()
    app.state.backpressure = Backpressure(
        services.database, {"device.registered": {new_id().hex: _never}}, most_waiting=0
    )
    parts = {"file": ("a.csv", b"time,metric,value,unit\n", "text/csv")}
    for answer in (
        await hook.send(delivery()),
        await hook.person.client.post("/v1/observations", json=delivery()),
        await hook.person.client.post("/v1/observations/files", files=parts),
    ):
        assert problem(answer, 429) and int(answer.headers["retry-after"]) > 0
    assert stored(rows, hook) == 0


async def _never(tx: AsyncSession, event: Event) -> None:
    raise AssertionError("nothing is consumed here")
