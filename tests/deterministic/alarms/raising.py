"""Small factories: alarms and tasks of a patient on the real database."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from tests.deterministic.decisions.made import NOW, decided, watching
from vitasense.deterministic.alarms import Asked, Raised, TaskKind, ask, raise_alarm
from vitasense.deterministic.decisions import record
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.clock import NewId, new_id
from vitasense.deterministic.platform.findings import Urgency

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class By:
    """Who acts, when, and where ids come from: `**by.all` ends a call of the room."""

    actor: Principal
    now: datetime = NOW
    ids: NewId = field(default=new_id)

    @property
    def all(self) -> dict[str, Any]:
        return {"actor": self.actor, "now": self.now, "ids": self.ids}


def service(patient: Principal, at: datetime = NOW) -> By:
    """The service that watches."""
    return By(watching(patient).principal, at)


async def raised(
    tx: AsyncSession,
    patient: Principal,
    at: datetime = NOW,
    urgency: Urgency = Urgency.ROUTINE,
    by: By | None = None,
    **given: Any,
) -> Raised:
    """What a reaction does: decide, then raise; by the service unless somebody else is named."""
    by, made = by or service(patient, at), decided(at, urgency=urgency, category=given.get("category", Category.VITALS))
    await record(tx, patient.account_id, made, actor=by.actor, ids=new_id)
    usual: dict[str, Any] = {
        "key": "blood_pressure",
        "title": f"Blood pressure {urgency.value}",
        "text": "145/95 is above your usual 120/80.",
        "category": Category.VITALS,
        "decision_id": made.id,
        "evidence": (),
    }
    return await raise_alarm(tx, patient.account_id, urgency=urgency, **(usual | given), **by.all)


async def asked(tx: AsyncSession, patient: Principal, at: datetime = NOW, **given: Any) -> Asked:
    """A task to measure blood pressure again in an hour."""
    by, made = service(patient, at), decided(at)
    await record(tx, patient.account_id, made, actor=by.actor, ids=new_id)
    usual: dict[str, Any] = {
        "kind": TaskKind.MEASURE_AGAIN,
        "key": "measure blood pressure",
        "text": "Measure your blood pressure again.",
        "due_at": at + 60 * MINUTE,
        "category": Category.VITALS,
        "decision_id": made.id,
        "metric": "8480-6",
    }
    return await ask(tx, patient.account_id, **(usual | given), **by.all)
