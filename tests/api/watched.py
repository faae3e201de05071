"""Somebody whom the service watches: their record, readings as they come in, and the worker that sees to events."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import httpx

from tests.api.conftest import Person
from tests.api.draining import drain, let_go
from vitasense.api.bootstrap import Services
from vitasense.deterministic.platform.clock import new_id

SYSTOLIC, DIASTOLIC, HEART_RATE = "8480-6", "8462-4", "8867-4"


def born(year: int = 1970) -> dict[str, Any]:
    """A record that holds the person and nothing else."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {
                "resource": {
                    "resourceType": "Patient",
                    "id": "p",
                    "birthDate": f"{year}-02-03",
                    "gender": "male",
                    "name": [{"family": "Vienna", "given": ["Otto"]}],
                }
            }
        ],
    }


def pressure(at: datetime, systolic: float, diastolic: float) -> dict[str, Any]:
    """One blood pressure as devices send it."""
    return {
        "metric": "blood pressure",
        "at": at.isoformat(),
        "systolic": systolic,
        "diastolic": diastolic,
        "unit": "mm[Hg]",
    }


def number(metric: str, at: datetime, value: float, unit: str) -> dict[str, Any]:
    """One value as devices send it."""
    return {"metric": metric, "at": at.isoformat(), "value": value, "unit": unit}


def calm_months(now: datetime, days: int = 120) -> list[dict[str, Any]]:
    """About 120/80, morning and evening, until the day before yesterday."""
    chance = Random(7)
    return [
        pressure(
            (now - timedelta(days=day)).replace(hour=hour, minute=chance.randrange(50)),
            120 + round(chance.gauss(0, 3)),
            80 + round(chance.gauss(0, 2)),
        )
        for day in range(days, 2, -1)
        for hour in (7, 19)
    ]


@dataclass(frozen=True)
class Hook:
    """Where a device delivers to, and its secret."""

    id: str
    secret: str

    def headers(self, delivery: str, body: bytes, at: datetime) -> dict[str, str]:
        """The signature of the Standard Webhooks specification, made without the service's own code."""
        stamp = str(int(at.timestamp()))
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        mac = hmac.new(key, f"{delivery}.{stamp}.".encode() + body, hashlib.sha256).digest()
        return {
            "content-type": "application/json",
            "webhook-id": delivery,
            "webhook-timestamp": stamp,
            "webhook-signature": "v1," + base64.b64encode(mac).decode(),
        }


@dataclass
class Watched:
    """A signed-in patient, with the service that watches."""

    person: Person
    services: Services
    stranger: httpx.AsyncClient

    def __post_init__(self) -> None:
        let_go(self.services.admin_url)

    @property
    def now(self) -> datetime:
        return self.services.clock()

    async def has(self, record: dict[str, Any]) -> None:
        """Load the record."""
        files = [("file", ("record.json", json.dumps(record).encode(), "application/json"))]
        assert (await self.person.client.post("/v1/imports", files=files)).status_code == 200

    async def cuff(self, name: str = "Cuff in the kitchen") -> tuple[UUID, Hook]:
        """A registered device with a webhook."""
        body = {"name": name, "kind": "cuff", "maker": "Omron", "external_id": str(new_id())}
        device = (await self.person.client.post("/v1/devices", json=body)).json()["id"]
        hook = (await self.person.client.post(f"/v1/devices/{device}/webhooks")).json()
        return UUID(device), Hook(hook["id"], hook["secret"])

    async def send(self, rows: Sequence[dict[str, Any]], device: UUID | None = None) -> dict[str, Any]:
        """Send rows as the person, and let the service see to them."""
        whose = {"device_id": str(device)} if device else {}
        answer = await self.person.client.post("/v1/observations", json={"observations": list(rows)}, params=whose)
        assert answer.status_code == 200, answer.text
        await self.drain()
        return answer.json()

    async def deliver(self, hook: Hook, rows: Sequence[dict[str, Any]], delivery: str = "") -> httpx.Response:
        """Deliver rows by the device's webhook, and let the service see to them."""
        body = json.dumps({"observations": list(rows)}).encode()
        headers = hook.headers(delivery or new_id().hex, body, self.now)
        answer = await self.stranger.post(f"/v1/hooks/{hook.id}", content=body, headers=headers)
        await self.drain()
        return answer

    async def drain(self) -> None:
        """Give every event to its consumers, and those that they tell of as well."""
        await drain(self.services)

    async def get(self, path: str, **params: Any) -> Any:
        """What the service answers the person."""
        answer = await self.person.client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def alarms(self, state: str = "open") -> list[dict[str, Any]]:
        """The alarms, the one that changed last first."""
        return (await self.get("/v1/alarms", state=state))["items"]
