"""Small factories for streams of devices: who may, which device, what it measured."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.people import access_of
from vitasense.deterministic import consent
from vitasense.deterministic.consent import Terms
from vitasense.deterministic.platform.access import Action, Category, Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.tracking import DeviceSample, device_metrics, put_stream

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
START = datetime(2026, 6, 1, tzinfo=UTC)
WATCH, PHONE = UUID(int=11), UUID(int=12)
PULSE, STEPS, SLEEP, GLUCOSE = "8867-4", "55423-8", "93832-4", "99504-3"


def measured(
    value: float,
    minutes: float = 0,
    *,
    lasts: float | None = None,
    metric: str = PULSE,
    device: UUID = WATCH,
    start: datetime = START,
    quality: float = 1.0,
) -> DeviceSample:
    """One number of a device, so many minutes after the start; `lasts` minutes when it is an interval."""
    at = start + timedelta(minutes=minutes)
    until = None if lasts is None else at + timedelta(minutes=lasts)
    return DeviceSample(metric, at, value, device_metrics()[metric].unit, device, until, quality)


async def put_as(database: Database, who: Principal, samples: Sequence[DeviceSample], now: datetime = NOW) -> None:
    """Store the samples in a transaction of the person's own."""
    async with database.transaction(access_of(who)) as tx:
        await put_stream(tx, who.account_id, samples, now=now)


async def count_of(tx: AsyncSession, table: str) -> int:
    """How many rows may be seen."""
    return (await tx.execute(text(f"select count(*) from {table}"))).scalar_one()


async def register(
    tx: AsyncSession, patient_id: UUID, device: UUID, kind: str | None, seen: datetime | None = NOW
) -> None:
    """A row of a device."""
    row = {"patient_id": patient_id, "id": device, "kind": kind, "seen": seen, "now": NOW}
    await tx.execute(
        text(
            "insert into phi.device (patient_id, id, name, kind, registered_at, last_seen_at) "
            "values (:patient_id, :id, 'a device', :kind, :now, :seen)"
        ),
        row,
    )


async def share(
    database: Database,
    patient: Principal,
    provider: Principal,
    *,
    actions: frozenset[Action] = frozenset({Action.READ}),
    categories: frozenset[Category] = frozenset({Category.VITALS}),
) -> None:
    """Let the provider see, or change, those parts."""
    async with database.transaction(access_of(patient)) as tx:
        await consent.grant(tx, patient, Terms(provider.account_id, categories, actions), new_id)
