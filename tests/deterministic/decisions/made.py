"""Small factories: decisions as a reaction would make them, events told, and monitoring switched off."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import create_engine, text

from tests.people import access_of
from vitasense.deterministic.auth import monitor_access
from vitasense.deterministic.decisions import Decision, Input, record
from vitasense.deterministic.platform.access import Access, Category, Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
RULE = Evidence(kind="knowledge", ref="tracking/thresholds#blood_pressure", version="1", label="Adult blood pressure")


def reading(at: datetime = NOW - timedelta(seconds=2), category: Category = Category.VITALS, ref: str = "r") -> Input:
    """145/95 from a cuff."""
    shown = Evidence(kind="record", ref=f"Sample/{ref}", version="1", label="Blood pressure", at=at)
    values = tuple(Value(name=name, number=number, unit="mm[Hg]") for name, number in (("sys", 145), ("dia", 95)))
    return Input(kind="reading", category=category, evidence=shown, values=values)


def finding(words: str = "145/95 is high.", *categories: Category) -> Finding:
    """A finding that draws on these parts of the record."""
    return Finding(
        kind="assessment",
        text=words,
        status=Status.FOUND,
        evidence=(RULE,),
        categories=frozenset(categories or (Category.VITALS,)),
    )


def decided(at: datetime = NOW, **changes: Any) -> Decision:
    """A decision that blood pressure is elevated, of an event of its own."""
    given: dict[str, Any] = {
        "id": new_id(),
        "category": Category.VITALS,
        "event_id": new_id(),
        "correlation_id": new_id(),
        "agent": "health",
        "rule": "blood_pressure",
        "rule_version": "2026.11",
        "outcome": "blood pressure elevated",
        "urgency": Urgency.ROUTINE,
        "confidence": 0.9,
        "decided_at": at,
        "inputs": (reading(),),
        "findings": (finding(),),
    }
    return Decision(**given | changes)


def watching(patient: Principal) -> Access:
    """The service that watches for the patient."""
    return monitor_access("test", patient.account_id)


async def stored(database: Database, patient: Principal, **changes: Any) -> Decision:
    """A decision that is in the record."""
    made, access = decided(**changes), watching(patient)
    async with database.transaction(access) as tx:
        assert await record(tx, patient.account_id, made, actor=access.principal, ids=new_id)
    return made


async def switch_off(database: Database, patient: Principal) -> None:
    """The patient says that the service may not watch."""
    off = text("insert into consent.monitoring values (:id, false, now())")
    async with database.transaction(access_of(patient)) as tx:
        await tx.execute(off, {"id": patient.account_id})


async def granted(
    database: Database, patient: Principal, provider: Principal, *categories: Category, write: bool = False
) -> None:
    """The patient shares these parts with the provider."""
    grant = text(
        "insert into consent.access_grant values (:p, :id, :g, :categories, :actions, '{treatment}', "
        "clock_timestamp() - interval '1 hour', null, now())"
    )
    values: Mapping[str, object] = {
        "p": patient.account_id,
        "id": new_id(),
        "g": provider.account_id,
        "actions": ["read", "write"] if write else ["read"],
        "categories": [each.value for each in categories],
    }
    async with database.transaction(access_of(patient)) as tx:
        await tx.execute(grant, values)


def told(admin_url: str, patient: Principal) -> list[tuple[str, dict[str, object], UUID | None]]:
    """Type, payload and correlation of every event about the patient, in order."""
    query = text("select type, payload, correlation_id from app.event where patient_id = :p order by xid, id")
    engine = create_engine(admin_url)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(query, {"p": patient.account_id})]
    engine.dispose()
    return rows  # type: ignore[return-value]
