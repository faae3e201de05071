"""What devices send, and people who share: small factories for the routes of tracking."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.api.conftest import Person
from vitasense.deterministic.platform.clock import system_clock

PULSE, STEPS, SYSTOLIC, CGM = "8867-4", "55423-8", "8480-6", "99504-3"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NDJSON, CSV = "application/x-ndjson", "text/csv"


def ago(time: timedelta) -> datetime:
    """That long before now, to the second."""
    return (system_clock() - time).replace(microsecond=0)


def row(value: Any = 61, at: datetime | None = None, **changes: Any) -> dict[str, Any]:
    """One heart rate; None leaves a member out."""
    usual = {"metric": PULSE, "at": (at or ago(HOUR)).isoformat(), "value": value, "unit": "/min"} | changes
    return {name: each for name, each in usual.items() if each is not None}


def pressure(systolic: float, diastolic: float, at: datetime | None = None, **changes: Any) -> dict[str, Any]:
    """One blood pressure."""
    pair = {"metric": "blood pressure", "systolic": systolic, "diastolic": diastolic, "unit": "mm[Hg]"} | changes
    return {name: each for name, each in row(at=at, **pair).items() if name != "value"}


async def send(person: Person, *rows: Mapping[str, Any], whose: Person | None = None, **params: Any) -> httpx.Response:
    """POST /v1/observations as JSON."""
    named = {"patient_id": str(whose.id)} if whose else {}
    return await person.client.post("/v1/observations", json={"observations": list(rows)}, params=named | params)


async def send_text(person: Person, content: bytes | str, kind: str, **headers: str) -> httpx.Response:
    """POST /v1/observations as it is."""
    body = content.encode() if isinstance(content, str) else content
    return await person.client.post("/v1/observations", content=body, headers={"Content-Type": kind, **headers})


def lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as NDJSON."""
    return "".join(json.dumps(each) + "\n" for each in rows)


async def share(patient: Person, provider: Person, *categories: str, write: bool = False) -> str:
    """Grant these parts; the id of the grant."""
    actions = ["read", "write"] if write else ["read"]
    terms = {"categories": categories, "actions": actions, "purposes": ["treatment"]}
    answer = await patient.client.post("/v1/consents", json={"grantee_email": provider.email, **terms})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def new_device(person: Person, name: str = "Cuff", **given: Any) -> str:
    """The id of a registered device."""
    answer = await person.client.post("/v1/devices", json={"name": name, **given})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def utc(moment: str) -> datetime:
    """A time of an answer."""
    return datetime.fromisoformat(moment).astimezone(UTC)
