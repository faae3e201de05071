"""A person with medicines: what was ordered elsewhere, what they say here, and the clock."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.deterministic.records.resources import about, bundle, coded
from tests.people import access_of
from vitasense.deterministic.medications import service
from vitasense.deterministic.medications.adherence import Adherence, adherence
from vitasense.deterministic.medications.directions import schedule_from_words
from vitasense.deterministic.medications.doses import DoseSaid, Logged, correct_dose, doses_of, log_dose
from vitasense.deterministic.medications.history import Change, changes, told
from vitasense.deterministic.medications.log import Count, DoseStatus, LoggedDose
from vitasense.deterministic.medications.refills import Forecast, forecast
from vitasense.deterministic.medications.regimen import RegimenEntry, regimen
from vitasense.deterministic.medications.service import NewMedicine
from vitasense.deterministic.medications.stock import count_supply
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.records import ImportReport, import_bundle

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SIMVASTATIN = "Simvastatin 20 MG Oral Tablet"


def ordered(own_id: str = "r1", name: str = SIMVASTATIN, status: str = "active", **more: object) -> dict[str, Any]:
    """A MedicationRequest."""
    usual = {
        "status": status,
        "intent": "order",
        "authoredOn": "2026-01-10",
        "medicationCodeableConcept": coded("1", name, RXNORM),
    }
    return about("MedicationRequest", own_id, **{**usual, **more})


def stated(own_id: str = "s1", name: str = "simvastatin", status: str = "active", **more: object) -> dict[str, Any]:
    """A MedicationStatement from elsewhere."""
    usual = {"status": status, "dateAsserted": "2026-02-10", "medicationCodeableConcept": {"text": name}}
    return about("MedicationStatement", own_id, **{**usual, **more})


def dispensed(own_id: str, on: str, days: float | None = 30, **more: object) -> dict[str, Any]:
    """A MedicationDispense."""
    usual: dict[str, object] = {
        "status": "completed",
        "whenHandedOver": on,
        "medicationCodeableConcept": coded("1", SIMVASTATIN, RXNORM),
    }
    if days is not None:
        usual["daysSupply"] = {"value": days, "unit": "days"}
    return about("MedicationDispense", own_id, **{**usual, **more})


def directions(text: str) -> list[dict[str, object]]:
    """Directions that are words alone."""
    return [{"text": text}]


@dataclass
class Takes:
    """Somebody who takes medicines."""

    database: Database
    person: Principal
    now: datetime = NOW
    timezone: str = "UTC"
    seen: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def id(self) -> UUID:
        return self.person.account_id

    @asynccontextmanager
    async def tx(self, by: Principal | None = None) -> AsyncGenerator[AsyncSession]:
        async with self.database.transaction(access_of(by or self.person, self.id)) as tx:
            yield tx

    async def has(self, *resources: Mapping[str, object], by: Principal | None = None) -> ImportReport:
        """Take these resources into the record."""
        own = [{**each, "subject": {"reference": f"Patient/{self.id}"}} for each in resources]
        async with self.tx(by) as tx:
            report = await import_bundle(tx, self.id, bundle(*own), now=self.now)
        assert report.skipped == 0, report.problems
        return report

    async def regimen(self, by: Principal | None = None) -> list[RegimenEntry]:
        async with self.tx(by) as tx:
            return await regimen(tx, self.id, self.now, timezone=self.timezone)

    async def only(self) -> RegimenEntry:
        (found,) = await self.regimen()
        return found

    async def begins(
        self,
        name: str,
        words: str | None = None,
        *,
        by: Principal | None = None,
        statement: UUID | None = None,
        **more: Any,
    ) -> RegimenEntry:
        """Tell of a medicine."""
        async with self.tx(by) as tx:
            return await service.add_medicine(
                tx,
                self.id,
                NewMedicine(name, words, **more),
                statement_id=statement or new_id(),
                actor=by or self.person,
                now=self.now,
                timezone=self.timezone,
            )

    async def changes(self, entry: RegimenEntry, words: str, *, since: str | None = None, **more: Any) -> RegimenEntry:
        async with self.tx() as tx:
            return await service.change_dose(
                tx, self.id, entry.id, schedule=schedule_from_words(words), since=since, **self._doing(more)
            )

    async def stops(
        self, entry: RegimenEntry, on: str | None = None, reason: str | None = None, **more: Any
    ) -> RegimenEntry:
        async with self.tx() as tx:
            return await service.stop(tx, self.id, entry.id, on=on, reason=reason, **self._doing(more))

    async def pauses(self, entry: RegimenEntry, reason: str | None = None) -> RegimenEntry:
        async with self.tx() as tx:
            return await service.pause(tx, self.id, entry.id, reason=reason, **self._doing({}))

    async def resumes(self, entry: RegimenEntry, on: str | None = None) -> RegimenEntry:
        async with self.tx() as tx:
            return await service.resume(tx, self.id, entry.id, on=on, **self._doing({}))

    async def logs(
        self,
        entry: RegimenEntry,
        at: datetime,
        status: DoseStatus = DoseStatus.TAKEN,
        *,
        dose: UUID | None = None,
        by: Principal | None = None,
        **said: Any,
    ) -> Logged:
        """Tell of a dose."""
        async with self.tx(by) as tx:
            return await log_dose(
                tx,
                self.id,
                entry.id,
                DoseSaid(status, at, **said),
                dose_id=dose or new_id(),
                actor=by or self.person,
                now=self.now,
                ids=new_id,
                timezone=self.timezone,
            )

    async def log(self, entry: RegimenEntry, by: Principal | None = None) -> list[LoggedDose]:
        async with self.tx(by) as tx:
            return await doses_of(tx, self.id, entry)

    async def corrects(self, dose_id: UUID, at: datetime, status: DoseStatus, **said: Any) -> Logged:
        async with self.tx() as tx:
            return await correct_dose(
                tx,
                self.id,
                dose_id,
                DoseSaid(status, at, **said),
                actor=self.person,
                now=self.now,
                ids=new_id,
                timezone=self.timezone,
            )

    async def adheres(self, entry: RegimenEntry, **between: datetime) -> Adherence:
        async with self.tx() as tx:
            return await adherence(tx, self.id, entry, now=self.now, zone=ZoneInfo(self.timezone), **between)

    async def counts(self, entry: RegimenEntry, quantity: float, unit: str | None = None, **more: Any) -> Count:
        usual: dict[str, Any] = {"count_id": new_id(), "at": None, "actor": self.person, "now": self.now}
        async with self.tx() as tx:
            return await count_supply(
                tx, self.id, entry.id, quantity=quantity, unit=unit, timezone=self.timezone, **{**usual, **more}
            )

    async def lasts(self, entry: RegimenEntry) -> Forecast:
        async with self.tx() as tx:
            return await forecast(tx, self.id, entry, now=self.now, zone=ZoneInfo(self.timezone))

    async def happened(self, entry: RegimenEntry) -> list[Change]:
        async with self.tx() as tx:
            return changes(await told(tx, self.id, entry, self.now, ZoneInfo(self.timezone)), entry)

    def _doing(self, more: Mapping[str, Any]) -> dict[str, Any]:
        usual = {"version": None, "actor": self.person, "now": self.now, "ids": new_id, "timezone": self.timezone}
        return {**usual, **more}


@pytest.fixture
def takes(database: Database, patient: Principal) -> Takes:
    return Takes(database, patient)
