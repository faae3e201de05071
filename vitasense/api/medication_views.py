"""What the routes of medicines take and answer with."""

from datetime import datetime
from typing import Literal, Self, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from vitasense.deterministic import medications
from vitasense.deterministic.medications import Change, ChangeKind, Prescription, RegimenEntry, State
from vitasense.deterministic.platform.findings import Evidence

MOST_STEPS = 20
_NAME, _WORDS, _DATE = 200, 500, 40
_METFORMIN: JsonValue = {
    "name": "metformin 500 mg",
    "directions": "1 tablet twice a day with food",
    "since": "2026-11-03",
    "reason": "diabetes",
}


class NewMedicineBody(BaseModel):
    """A medicine that is taken. `directions` are in words, or `dosage` are FHIR R4 dosages; dates are FHIR dates.

    Directions that cannot be read for sure are kept as text. `id` is the client's own: the same one again is the same.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_METFORMIN]})

    id: UUID | None = None
    name: str = Field(min_length=1, max_length=_NAME)
    directions: str | None = Field(default=None, max_length=_WORDS)
    dosage: list[dict[str, JsonValue]] | None = Field(default=None, min_length=1, max_length=MOST_STEPS)
    since: str | None = Field(default=None, max_length=_DATE)
    until: str | None = Field(default=None, max_length=_DATE)
    reason: str | None = Field(default=None, max_length=_WORDS)
    note: str | None = Field(default=None, max_length=_WORDS)


class MedicineChange(BaseModel):
    """One change of the `version` that was seen.

    `dose` takes new directions (or a dosage) from the day `on`; `stop` ends it on that day, for a reason; `pause` does
    for a while; `resume` takes it up again. Without `on` it is today.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"version": "3f2a9c0d1e4b5a67", "action": "stop", "on": "2026-11-18", "reason": "dry cough"}]
        },
    )

    version: str = Field(min_length=1, max_length=64)
    action: Literal["dose", "stop", "pause", "resume"]
    directions: str | None = Field(default=None, max_length=_WORDS)
    dosage: list[dict[str, JsonValue]] | None = Field(default=None, min_length=1, max_length=MOST_STEPS)
    on: str | None = Field(default=None, max_length=_DATE)
    reason: str | None = Field(default=None, max_length=_WORDS)


class CodeView(BaseModel):
    """One code of a medicine."""

    system: str | None
    code: str
    display: str | None


class IngredientView(BaseModel):
    """One part of a product; one that nobody knows has no number and is `known` false."""

    name: str
    known: bool
    rxcui: str | None


class PrescriptionView(BaseModel):
    """One order. `refills_left` is null when it is not known, and `refills_unknown` says why."""

    id: UUID
    status: str | None
    ordered: str | None
    valid_until: str | None
    prescriber: str | None
    pharmacy: str | None
    refills_allowed: int | None
    refills_left: int | None
    refills_unknown: str | None
    dispensed: int

    @classmethod
    def of(cls, order: Prescription) -> Self:
        """The view of an order."""
        names = [name for name in cls.model_fields if name != "refills_unknown"]
        return cls(**{name: getattr(order, name) for name in names}, refills_unknown=order.unknown)


class DisagreementView(BaseModel):
    """What two entries of the record say differently."""

    kind: Literal["dose", "state"]
    text: str
    evidence: list[Evidence]


class MedicineView(BaseModel):
    """One medicine with everything that speaks of it. Dates have the source's precision.

    `directions` are in words, `dosage` the same as FHIR R4; `not_followed` says why it cannot be told when a dose is
    due. `version` is another one whenever an entry changes: send it back with a change.
    """

    id: UUID
    version: str
    name: str
    codes: list[CodeView]
    ingredients: list[IngredientView]
    route: str | None
    state: State
    state_reason: str | None
    directions: str | None
    dosage: list[dict[str, JsonValue]]
    not_followed: str | None
    begins: str | None
    since: str | None
    until: str | None
    reason: str | None
    prescriber: str | None
    pharmacy: str | None
    prescriptions: list[PrescriptionView]
    disagreements: list[DisagreementView]
    evidence: list[Evidence]

    @classmethod
    def of(cls, entry: RegimenEntry, now: datetime, zone: ZoneInfo) -> Self:
        """The view of a medicine at that time."""
        plain = ("id", "version", "name", "route", "state", "state_reason", "begins", "since", "until")
        others = ("reason", "prescriber", "pharmacy")
        return cls(
            **{name: getattr(entry, name) for name in (*plain, *others)},
            codes=[CodeView.model_validate(each, from_attributes=True) for each in entry.codings],
            ingredients=[
                IngredientView(
                    name=each.drug.name if each.drug else each.written,
                    known=each.drug is not None,
                    rxcui=each.drug.rxcui if each.drug else None,
                )
                for each in entry.ingredients
            ],
            directions=medications.schedule_words(entry.schedule) if entry.schedule else None,
            dosage=_dosage(entry),
            not_followed=medications.not_followed(entry, now, zone),
            prescriptions=[PrescriptionView.of(each) for each in entry.prescriptions],
            disagreements=[
                DisagreementView(kind=each.kind, text=each.text, evidence=list(each.evidence))
                for each in entry.conflicts
            ],
            evidence=list(entry.evidence),
        )


def _dosage(entry: RegimenEntry) -> list[dict[str, JsonValue]]:
    return cast("list[dict[str, JsonValue]]", medications.dosages_of(entry.schedule)) if entry.schedule else []


class MedicineList(BaseModel):
    """Medicines: what is taken now first, then by name."""

    items: list[MedicineView]


class ChangeView(BaseModel):
    """One thing that happened, at a date or time in the source's precision."""

    at: str
    kind: ChangeKind
    directions: str | None
    reason: str | None
    evidence: Evidence

    @classmethod
    def of(cls, change: Change) -> Self:
        """The view of a change."""
        return cls.model_validate(change, from_attributes=True)


class MedicineDetail(BaseModel):
    """A medicine with what became of it, the newest first."""

    medicine: MedicineView
    history: list[ChangeView]
