"""What the routes of doses, adherence, supplies and reminders take and answer with."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from vitasense.deterministic import medications
from vitasense.deterministic.medications import (
    Adherence,
    Count,
    DoseSaid,
    DoseStatus,
    DueDose,
    Forecast,
    Logged,
    LoggedDose,
    Reminder,
)
from vitasense.deterministic.platform.findings import Evidence, Status

REPEATED = "This dose was told of before. It is kept, and counted once."
_KEY, _UNIT, _WORDS = 60, 40, 500


class DoseBody(BaseModel):
    """A dose that was taken, missed, or left out on purpose (skipped, with the reason).

    `due` is the key of what was due, as the list of doses names it; without it the nearest is meant. `extra` was taken
    beside what was due. `amount` is in the UCUM `unit` ("mg", "{tbl}"). `id` is the client's own.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"status": "taken", "at": "2026-11-03T08:05:00+01:00"}]},
    )

    id: UUID | None = None
    status: DoseStatus = DoseStatus.TAKEN
    at: AwareDatetime
    due: str | None = Field(default=None, max_length=_KEY)
    extra: bool = False
    amount: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    unit: str | None = Field(default=None, min_length=1, max_length=_UNIT)
    reason: str | None = Field(default=None, max_length=_WORDS)

    def said(self) -> DoseSaid:
        """The dose without its id."""
        return DoseSaid(**{name: getattr(self, name) for name in type(self).model_fields if name != "id"})


class DoseView(BaseModel):
    """One entry of the log, or one version of it; a removed one has `removed_at`."""

    id: UUID
    version: int
    medicine_id: UUID
    status: DoseStatus
    at: datetime
    due: str | None
    extra: bool
    amount: float | None
    unit: str | None
    reason: str | None
    actor_role: str
    recorded_at: datetime
    removed_at: datetime | None

    @classmethod
    def of(cls, dose: LoggedDose) -> Self:
        """The view of a dose."""
        return cls(**{name: getattr(dose, name) for name in cls.model_fields})


class LoggedView(BaseModel):
    """What became of telling of a dose. `repeats` is one for the same taking; then `text` says that it counts once."""

    dose: DoseView
    is_new: bool
    repeats: DoseView | None
    text: str | None

    @classmethod
    def of(cls, logged: Logged) -> Self:
        """The view of a logged dose."""
        return cls(
            dose=DoseView.of(logged.dose),
            is_new=logged.is_new,
            repeats=DoseView.of(logged.repeats) if logged.repeats else None,
            text=REPEATED if logged.repeats else None,
        )


class DueView(BaseModel):
    """A taking that is due on `day`, at the moment `at` or in a part of the day; `last_day` when any day until then will do.

    `words` say when ("at bedtime"); `status` is what was told of it.
    """

    key: str
    day: date
    last_day: date
    at: datetime | None
    slot: str
    words: str | None
    status: DoseStatus | None

    @classmethod
    def of(cls, due: DueDose) -> Self:
        """The view of what is due."""
        each = due.due
        return cls(
            key=each.key,
            day=each.day,
            last_day=each.last_day,
            at=each.at,
            slot=each.slot,
            words=medications.slot_words(each.slot),
            status=due.status,
        )


class DoseList(BaseModel):
    """What was told of, oldest first, and what was due; `not_evaluated` says why the latter is not known."""

    items: list[DoseView]
    due: list[DueView]
    not_evaluated: str | None


class AdministrationBundle(BaseModel):
    """The log as FHIR R4: a collection of MedicationAdministration."""

    resourceType: Literal["Bundle"] = "Bundle"  # noqa: N815 - FHIR's own name
    type: Literal["collection"] = "collection"
    entry: list[dict[str, JsonValue]]


class DoseVersions(BaseModel):
    """Every version of one entry, the first first."""

    versions: list[DoseView]


class AdherenceView(BaseModel):
    """The share that was taken, by `dispensed` days or by the `log`, with its interval; or the `reason` why it is not known.

    Of `due` doses so many were taken, missed, skipped, and not told of.
    """

    status: Status
    method: Literal["dispensed", "log"] | None
    share: float | None
    low: float | None
    high: float | None
    since: date
    until: date
    days: int | None
    days_covered: int | None
    due: int | None
    taken: int | None
    missed: int | None
    skipped: int | None
    untold: int | None
    reason: str | None
    source: str | None
    evidence: list[Evidence]

    @classmethod
    def of(cls, found: Adherence) -> Self:
        """The view of how much was taken."""
        plain = {name: getattr(found, name) for name in cls.model_fields if name != "evidence"}
        return cls(**plain, evidence=list(found.evidence))


class ForecastView(BaseModel):
    """How long it lasts: to `earliest` when all is taken as directed, to `latest` as far as was told; or the `reason`.

    `least` and `most` of `unit` (UCUM) are there now. `enough` lasts to the end of the treatment.
    """

    status: Status
    basis: Literal["counted", "dispensed", "ordered"] | None
    since: datetime | None
    least: float | None
    most: float | None
    unit: str | None
    earliest: date | None
    latest: date | None
    enough: bool
    refills_left: int | None
    reason: str | None
    evidence: list[Evidence]

    @classmethod
    def of(cls, found: Forecast) -> Self:
        """The view of a forecast."""
        plain = {name: getattr(found, name) for name in cls.model_fields if name != "evidence"}
        return cls(**plain, evidence=list(found.evidence))


class CountBody(BaseModel):
    """How much there is: "I have 30 left". Without a unit it is what a dose is counted in; without a time it is now."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"quantity": 30, "unit": "tablets"}]})

    id: UUID | None = None
    quantity: float = Field(ge=0, le=100_000, allow_inf_nan=False)
    unit: str | None = Field(default=None, min_length=1, max_length=_UNIT)
    at: AwareDatetime | None = None


class CountView(BaseModel):
    """A count as it is kept; `unit` is UCUM."""

    id: UUID
    medicine_id: UUID
    quantity: float
    unit: str
    at: datetime

    @classmethod
    def of(cls, count: Count) -> Self:
        """The view of a count."""
        return cls(**{name: getattr(count, name) for name in cls.model_fields})


class ReminderBody(BaseModel):
    """Whether to be reminded. `clock` gives a time for each part of the day that has none; `days_before` is of a refill."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"is_on": True, "clock": {"MORN": "08:00", "EVE": "20:00"}}]},
    )

    is_on: bool
    clock: dict[str, str] = Field(default_factory=dict[str, str], max_length=40)
    days_before: int | None = Field(default=None, ge=1, le=60)


class ReminderView(BaseModel):
    """Of what the person is reminded; `missing` are parts of the day that have no time, of which nobody reminds."""

    kind: Literal["dose", "refill"]
    is_on: bool
    clock: dict[str, str]
    days_before: int | None
    changed_at: datetime
    missing: list[str]

    @classmethod
    def of(cls, reminder: Reminder, missing: Iterable[str] = ()) -> Self:
        """The view of a reminder."""
        plain = {name: getattr(reminder, name) for name in ("kind", "is_on", "days_before", "changed_at")}
        return cls(**plain, clock=dict(reminder.clock), missing=list(missing))


class ReminderList(BaseModel):
    """The reminders of one medicine."""

    items: list[ReminderView]
