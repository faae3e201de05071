"""The whole service with a clock that tests turn, and somebody whom it watches."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import text

from tests.api.draining import drain, let_go
from tests.people import KEY, access_of, new_principal
from vitasense.api.bootstrap import Services, assemble
from vitasense.api.timekeeping import Timekeeper
from vitasense.deterministic import alarms, consent, decisions, records, tracking
from vitasense.deterministic.alarms import Alarm, Task, TaskKind
from vitasense.deterministic.auth import SYSTEM, system_access
from vitasense.deterministic.devices import Delivery, Measured, Report, SourceDevice
from vitasense.deterministic.platform.access import Category, Principal, Role
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database, EmbeddedPostgres
from vitasense.deterministic.platform.events import Event, append
from vitasense.deterministic.platform.settings import Settings
from vitasense.deterministic.platform.telemetry import Metrics
from vitasense.deterministic.tracking import PersonSettings

CUFF = SourceDevice("Cuff in the kitchen", kind="cuff", maker="Omron", external_id="77")
WATCH = SourceDevice("Watch", kind="watch", maker="Acme", external_id="1")
OXIMETER = SourceDevice("Oximeter", kind="oximeter", maker="Acme", external_id="2")


def at_hour(hour: int) -> datetime:
    """Today at that hour of UTC."""
    return datetime.combine(system_clock().date(), time(hour), UTC)


def pressure(at: datetime, systolic: float, diastolic: float) -> list[Measured]:
    """One blood pressure of the cuff."""
    return [Measured(CUFF, "8480-6", at, systolic, "mm[Hg]"), Measured(CUFF, "8462-4", at, diastolic, "mm[Hg]")]


def heart_rate(at: datetime, value: float) -> Measured:
    """One heart rate of the watch."""
    return Measured(WATCH, "8867-4", at, value, "/min")


def oxygen(at: datetime, value: float) -> Measured:
    """One oxygen saturation."""
    return Measured(OXIMETER, "59408-5", at, value, "%")


def sex_and_age(year: int) -> dict[str, Any]:
    """The record of a man born in that year."""
    return {
        "resourceType": "Patient",
        "id": "p",
        "birthDate": f"{year}-02-03",
        "gender": "male",
        "name": [{"family": "A"}],
    }


@dataclass
class Clocked:
    """A patient with an account, and the service at `moment`."""

    database: Database
    admin_url: str
    server: EmbeddedPostgres
    home: Path
    moment: datetime = field(default_factory=system_clock)
    hosts: frozenset[str] = frozenset({"127.0.0.1"})
    services: Services = field(init=False)
    patient: Principal = field(init=False)

    def __post_init__(self) -> None:
        settings = Settings(home=self.home, secret=SecretStr(KEY.decode()), webhook_hosts=self.hosts)
        self.services = assemble(
            settings,
            self.database,
            self.admin_url,
            postgres=self.server,
            metrics=Metrics(),
            clock=lambda: self.moment,
        )
        self.timekeeper = Timekeeper(self.services)
        let_go(self.admin_url)

    async def person(self, role: Role = Role.PATIENT) -> Principal:
        """Somebody new with an account."""
        email = f"{new_id()}@example.org"
        account = await self.services.accounts.create(SYSTEM, email, "A person", role, "correct horse battery")
        made = new_principal(role)
        return Principal(account.id, role, made.session_id, email, account.name)

    async def open(self, year: int = 1970) -> None:
        """The patient and their record."""
        self.patient = await self.person()
        async with self.database.transaction(access_of(self.patient)) as tx:
            await records.import_bundle(tx, self.patient.account_id, sex_and_age(year), now=self.moment)
        await self.drain()

    async def wants(self, **wishes: Any) -> None:
        """Save the settings of the patient."""
        async with self.database.transaction(access_of(self.patient)) as tx:
            await tracking.save_settings(
                tx, self.patient.account_id, PersonSettings(**wishes), by=self.patient, now=self.moment, new_id=new_id
            )

    async def allows(self, allowed: bool) -> None:
        """Switch the watching on or off."""
        async with self.database.transaction(access_of(self.patient)) as tx:
            await tracking.allow_monitoring(
                tx, self.patient.account_id, allowed, by=self.patient, now=self.moment, new_id=new_id
            )

    async def shares_with(self, provider: Principal) -> UUID:
        """Let a provider read the vitals."""
        async with self.database.transaction(access_of(self.patient)) as tx:
            terms = consent.Terms(provider.account_id, frozenset({Category.VITALS}))
            return (await consent.grant(tx, self.patient, terms, new_id)).id

    async def revokes(self, grant_id: UUID) -> None:
        """End the sharing."""
        async with self.database.transaction(access_of(self.patient)) as tx:
            await consent.revoke(tx, self.patient, grant_id, new_id)

    async def take(self, rows: Sequence[Measured], *, drain: bool = True) -> Report:
        """Take what a device sent, and see to it."""
        report = await self.services.ingest.take(access_of(self.patient), rows, Delivery(new_id().hex, "api"))
        if drain:
            await self.drain()
        return report

    async def drain(self) -> None:
        """Give every event to its consumers."""
        await drain(self.services)

    async def later(self, **duration: float) -> None:
        """Turn the clock, ring what is due and see to what that tells."""
        self.moment += timedelta(**duration)
        while await self.timekeeper.ring():
            pass
        await self.drain()

    async def day_ends(self) -> None:
        """What the worker tells of a patient once a day, and what follows."""
        event = Event(new_id(), "day.ended", 1, self.patient.account_id, None, self.moment, self.moment)
        async with self.database.transaction(system_access("test")) as tx:
            await append(tx, event)
        await self.drain()

    async def alarms(self, *, only_open: bool = True) -> list[Alarm]:
        async with self.database.transaction(access_of(self.patient)) as tx:
            return await alarms.alarms(tx, self.patient.account_id, only_open=only_open)

    async def checks(self) -> list[Task]:
        """The tasks to measure again."""
        return [task for task in await self.tasks() if task.kind is TaskKind.MEASURE_AGAIN]

    async def tasks(self) -> list[Task]:
        async with self.database.transaction(access_of(self.patient)) as tx:
            return await alarms.tasks(tx, self.patient.account_id)

    async def decisions(self) -> list[decisions.Decision]:
        async with self.database.transaction(access_of(self.patient)) as tx:
            return await decisions.decisions(tx, self.patient.account_id, limit=500)

    async def mails(self, to: Principal | None = None) -> list[tuple[str, str]]:
        """Subject and body of what waits for the person, or somebody else."""
        query = text(
            "select subject, body from app.mail where recipient = :to and subject like '%waiting%' order by id"
        )
        async with self.database.transaction(system_access("test")) as tx:
            found = (await tx.execute(query, {"to": (to or self.patient).email})).all()
        return [(row.subject, row.body) for row in found]

    async def hooks(self) -> list[str]:
        """Bodies of the webhooks that wait or left."""
        query = text("select body from app.outgoing_hook where patient_id = :p order by created_at, id")
        async with self.database.transaction(system_access("test")) as tx:
            return list((await tx.execute(query, {"p": self.patient.account_id})).scalars())
