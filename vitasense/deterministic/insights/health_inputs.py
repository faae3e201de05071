"""What the record and the devices know for the health score. What they do not know stays unknown."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from statistics import fmean
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import records, tracking
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import HealthInputs, Measured, Sample
from vitasense.deterministic.units import convert

# LOINC codes.
SLEEP, BMI, WEIGHT, HEIGHT = "93832-4", "39156-5", "29463-7", "8302-2"
SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"
HBA1C, FASTING_GLUCOSE, NON_HDL = "4548-4", "1558-6", "43396-1"
# Diabetes mellitus, type 1 and type 2: SNOMED CT concepts, and the ICD-10 blocks E10 to E14.
DIABETES = frozenset({"73211009", "46635009", "44054006"})
DIABETES_BLOCKS = ("E10", "E11", "E12", "E13", "E14")
# Our own choices: how old a value may be, and of how many nights a mean night is told.
KNOWN_FOR = timedelta(days=365)
NIGHTS, LEAST_NIGHTS = timedelta(days=30), 7


async def health_inputs(tx: AsyncSession, patient_id: UUID, now: datetime, timezone: str) -> HealthInputs:
    """The values of the last year that may be seen, and the usual night of the last month."""
    asked = (BMI, WEIGHT, HEIGHT, SYSTOLIC, DIASTOLIC, HBA1C, FASTING_GLUCOSE, NON_HDL)
    newest = await tracking.latest(tx, patient_id, asked)
    held = {code: each for code, each in newest.items() if now - each.at <= KNOWN_FOR or code == HEIGHT}
    systolic, diastolic = held.get(SYSTOLIC), held.get(DIASTOLIC)
    together = systolic is not None and diastolic is not None and systolic.at == diastolic.at
    return HealthInputs(
        sleep_hours=await _night(tx, patient_id, now, timezone),
        bmi=_measured(held.get(BMI)) or _index(held),
        non_hdl=_measured(held.get(NON_HDL)),
        diabetes=await _diabetes(tx, patient_id),
        fasting_glucose=_measured(held.get(FASTING_GLUCOSE)),
        hba1c=_measured(held.get(HBA1C)),
        systolic=_measured(systolic) if together else None,
        diastolic=_measured(diastolic) if together else None,
    )


def _measured(sample: Sample | None) -> Measured | None:
    return Measured(sample.value, sample.unit) if sample else None


def _index(held: Mapping[str, Sample]) -> Measured | None:
    """Weight over the square of height."""
    weight, height = held.get(WEIGHT), held.get(HEIGHT)
    if weight is None or height is None:
        return None
    try:
        metres = convert(height.value, height.unit, "m", HEIGHT)
        kilograms = convert(weight.value, weight.unit, "kg", WEIGHT)
    except InvalidInput:
        return None
    return Measured(kilograms / metres**2, "kg/m2") if metres > 0 else None


async def _night(tx: AsyncSession, patient_id: UUID, now: datetime, timezone: str) -> float | None:
    zone = (await tracking.person_settings(tx, patient_id, timezone)).zone
    today = now.astimezone(zone).date()
    nights = await tracking.day_values(tx, patient_id, SLEEP, today - NIGHTS, today, timezone=timezone)
    return fmean(each.value for each in nights) if len(nights) >= LEAST_NIGHTS else None


async def _diabetes(tx: AsyncSession, patient_id: UUID) -> bool | None:
    """Whether a diabetes is on the list of conditions; that there is none on it does not say that there is none."""
    for each in await records.conditions(tx, patient_id):
        codes = [coding.code for coding in each.codings] or [each.code or ""]
        if each.active and any(code in DIABETES or code.startswith(DIABETES_BLOCKS) for code in codes):
            return True
    return None
