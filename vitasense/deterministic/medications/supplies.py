"""What was ordered and handed over: prescriptions with their refills, and dispenses with how long they last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from vitasense.deterministic.knowledge import ingredients
from vitasense.deterministic.medications.courses import begin_of
from vitasense.deterministic.medications.fhir_values import (
    quantity_of,
    take_object,
    take_whole,
    take_words,
)
from vitasense.deterministic.medications.schedules import DAYS, Quantity
from vitasense.deterministic.medications.sources import Source, identity_of
from vitasense.deterministic.medications.strengths import Strength, strengths_in, strengths_of
from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.records import Treatment, evidence_of, moment, reference_to

# FHIR R4, value set medicationdispense-status: only this one says that it was handed over.
HANDED_OVER = "completed"


@dataclass(frozen=True, slots=True)
class Dispense:
    """What was handed over at `at`: so much, for so many days, as the source says. `orders` are `MedicationRequest/id`."""

    id: UUID
    name: str
    identity: tuple[str, ...]
    strengths: tuple[Strength, ...]
    at: datetime | None
    quantity: Quantity | None
    days: float | None
    pharmacy: str | None
    orders: frozenset[str]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Prescription:
    """One order. `refills_left` is None when it is not known how many were used, and `unknown` says why.

    `quantity` and `days` are what one dispense is to hold; dates are in the source's words.
    """

    id: UUID
    status: str | None
    ordered: str | None
    valid_until: str | None
    prescriber: str | None
    pharmacy: str | None
    refills_allowed: int | None
    refills_left: int | None
    unknown: str | None
    dispensed: int
    quantity: Quantity | None
    days: float | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Administration:
    """A dose that was given or left out by somebody else, as the record has it; `orders` are `MedicationRequest/id`."""

    id: UUID
    name: str
    identity: tuple[str, ...]
    strengths: tuple[Strength, ...]
    at: datetime | None
    given: bool
    orders: frozenset[str]
    evidence: Evidence


def administration_in(treatment: Treatment) -> Administration | None:
    """The administration; None for one that is neither done nor left out."""
    done = {"completed": True, "not-done": False}.get(treatment.row.status or "")
    if treatment.row.type != "MedicationAdministration" or done is None:
        return None
    content = dict(treatment.content)
    period = dict(take_object(content, "effectivePeriod") or {})
    when = moment(take_words(content, "effectiveDateTime") or take_words(period, "start"))
    return Administration(
        id=treatment.row.id,
        name=treatment.name,
        identity=identity_of(treatment.name, ingredients(treatment.name)),
        strengths=tuple(sorted(strengths_in(treatment.medicine) or strengths_of(treatment.name))),
        at=when.at if when and when.precision == "time" else None,
        given=done,
        orders=frozenset(reference_to(content, "request")),
        evidence=evidence_of(treatment.row),
    )


def dispense_of(treatment: Treatment, zone: ZoneInfo) -> Dispense | None:
    """The dispense; None for one that was not handed over."""
    if treatment.row.type != "MedicationDispense" or treatment.row.status != HANDED_OVER:
        return None
    content = dict(treatment.content)
    handed = begin_of(take_words(content, "whenHandedOver") or take_words(content, "whenPrepared"), zone)
    supply = quantity_of(content.get("daysSupply"))
    return Dispense(
        id=treatment.row.id,
        name=treatment.name,
        identity=identity_of(treatment.name, ingredients(treatment.name)),
        strengths=tuple(sorted(strengths_in(treatment.medicine) or strengths_of(treatment.name))),
        at=handed.at if handed and handed.day else None,
        quantity=quantity_of(content.get("quantity")),
        days=_days(supply),
        pharmacy=treatment.named.get("location") or treatment.named.get("performer.actor"),
        orders=frozenset(reference_to(content, "authorizingPrescription")),
        evidence=evidence_of(treatment.row),
    )


def _days(supply: Quantity | None) -> float | None:
    """A supply in days; FHIR writes the unit of time in words or in UCUM."""
    if supply is None or supply.comparator or supply.value <= 0:
        return None
    said = (supply.ucum or supply.unit or supply.code or "").casefold().rstrip("s")
    named = {"day": "d", "week": "wk", "month": "mo", "": ""}
    unit = named.get(said, said)
    return supply.value * DAYS[unit] if unit in DAYS else None


def prescription_of(source: Source, dispenses: Sequence[Dispense]) -> Prescription:
    """The order with the dispenses that name it.

    FHIR R4, dispenseRequest.numberOfRepeatsAllowed: the times in addition to the first dispense.
    """
    ask = dict(take_object(dict(source.content), "dispenseRequest") or {})
    validity = dict(take_object(ask, "validityPeriod") or {})
    allowed = take_whole(ask, "numberOfRepeatsAllowed")
    made = sum(source.ref in each.orders for each in dispenses)
    left = max(0, allowed - max(0, made - 1)) if allowed is not None and made else None
    unknown = None if left is not None else _why(allowed)
    return Prescription(
        id=source.id,
        status=take_words(dict(source.content), "status"),
        ordered=take_words(dict(source.content), "authoredOn"),
        valid_until=take_words(validity, "end"),
        prescriber=source.prescriber,
        pharmacy=source.pharmacy or next((each.pharmacy for each in dispenses if source.ref in each.orders), None),
        refills_allowed=allowed,
        refills_left=left,
        unknown=unknown,
        dispensed=made,
        quantity=quantity_of(ask.get("quantity")),
        days=_days(quantity_of(ask.get("expectedSupplyDuration"))),
        evidence=source.evidence,
    )


def _why(allowed: int | None) -> str:
    if allowed is None:
        return "the prescription does not say how many refills it allows"
    return "the record does not show what was handed over for it"
