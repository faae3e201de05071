"""What the record knows of a person that a check of medicines needs. What may not be seen stays unknown."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import nutrition, records, tracking
from vitasense.deterministic.knowledge import Library
from vitasense.deterministic.medications.checks.check import check
from vitasense.deterministic.medications.checks.measuring import tests
from vitasense.deterministic.medications.overrides import Heard, overrides, quiet
from vitasense.deterministic.medications.regimen import medicine_of, regimen
from vitasense.deterministic.medications.schemas import Eaten, Measured, Medicine, Person, Sex, Stated
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding
from vitasense.deterministic.records import Allergy, Coding, Condition

USED = frozenset(
    {
        *(Category.PROFILE, Category.CONDITIONS, Category.ALLERGIES, Category.MEDICATIONS),
        *(Category.LABS, Category.VITALS, Category.NUTRITION),
    }
)
WEIGHT = "29463-7"  # LOINC
KNOWN_FOR = timedelta(days=365)  # our own choice: an older weight says nothing of a dose
EATEN_IN = timedelta(days=14)  # our own choice: what was eaten in these days is eaten now
# Pregnancy as it is coded: SNOMED CT concepts, and chapters of ICD-10 (Z33, Z34 and O: pregnancy and birth).
PREGNANT = frozenset({"77386006", "72892002"})
PREGNANT_BLOCKS = ("Z33", "Z34")
LONGEST = timedelta(days=301)  # 43 weeks: an older entry that nobody closed is not a pregnancy of today
DAYS_OF_YEAR = 365.25
_MIDDLE = {len("1980"): "-07-01", len("1980-05"): "-15", len("1980-05-01"): ""}


async def taken_now(tx: AsyncSession, patient_id: UUID, now: datetime, *, timezone: str = "UTC") -> list[Medicine]:
    """What is taken now, each medicine once, as the checks see it."""
    zone = (await tracking.person_settings(tx, patient_id, timezone)).zone
    entries = await regimen(tx, patient_id, now, timezone=timezone)
    return [medicine_of(entry, now, zone) for entry in entries if entry.is_taken]


async def own_findings(
    tx: AsyncSession,
    patient_id: UUID,
    *,
    now: datetime,
    readable: frozenset[Category],
    own: bool = True,
    library: Library | None = None,
) -> list[Finding]:
    """Every finding about what is taken now; see `check`. What somebody chose to live with does not interrupt."""
    person = await person_of(tx, patient_id, now=now, readable=readable, own=own)
    found = check(await taken_now(tx, patient_id, now), person=person, library=library)
    return [each.finding for each in await heard(tx, patient_id, found)]


async def heard(tx: AsyncSession, patient_id: UUID, findings: Sequence[Finding]) -> list[Heard]:
    """The findings as they are told: one that somebody chose to live with is quiet until something changes."""
    return quiet(findings, await overrides(tx, patient_id))


async def person_of(
    tx: AsyncSession, patient_id: UUID, *, now: datetime, readable: frozenset[Category], own: bool
) -> Person:
    """The person as the record has them; None for every part that may not be seen."""
    profile = await records.profile(tx, patient_id) if Category.PROFILE in readable else None
    conditions = await _conditions(tx, patient_id) if Category.CONDITIONS in readable else None
    return Person(
        now=now,
        age_years=_age(profile.birth_date, now) if profile else None,
        sex=_sex(profile.sex) if profile else None,
        weight_kg=await _weight(tx, patient_id, now) if Category.VITALS in readable else None,
        pregnant=_pregnant(conditions or (), now),
        conditions=tuple(map(_condition, conditions)) if conditions is not None else None,
        allergies=await _allergies(tx, patient_id) if Category.ALLERGIES in readable else None,
        measured=await _measured(tx, patient_id) if Category.LABS in readable else None,
        eaten=await _eaten(tx, patient_id, now) if Category.NUTRITION in readable else None,
        who="you" if own else "the patient",
    )


def _age(born: str | None, now: datetime) -> float | None:
    """Years; of a birth date that names the year or the month alone, at the middle of it."""
    if born is None or len(born) not in _MIDDLE:
        return None
    year, month, day = map(int, f"{born}{_MIDDLE[len(born)]}".split("-"))
    return (now.date() - date(year, month, day)).days / DAYS_OF_YEAR


def _sex(said: str | None) -> Sex | None:
    return said if said in ("female", "male") else None


async def _weight(tx: AsyncSession, patient_id: UUID, now: datetime) -> float | None:
    sample = (await tracking.latest(tx, patient_id, [WEIGHT])).get(WEIGHT)
    known = sample is not None and sample.unit == "kg" and now - sample.at <= KNOWN_FOR
    return sample.value if sample and known else None


async def _conditions(tx: AsyncSession, patient_id: UUID) -> list[Condition]:
    return [each for each in await records.conditions(tx, patient_id) if each.active]


def _condition(each: Condition) -> Stated:
    return Stated(each.name, _codes(each.codings), evidence=each.evidence)


def _codes(codings: Iterable[Coding]) -> Mapping[str, str]:
    return {coding.system or "": coding.code for coding in codings}


def _pregnant(conditions: Iterable[Condition], now: datetime) -> bool | None:
    """True where an entry of now says so; else it is not known."""
    return True if any(_says_pregnant(each) and _is_new(each, now) for each in conditions) else None


def _says_pregnant(each: Condition) -> bool:
    held = [coding.code for coding in each.codings]
    return any(code in PREGNANT or code.startswith(PREGNANT_BLOCKS) for code in held)


def _is_new(each: Condition, now: datetime) -> bool:
    return each.at is not None and now - each.at <= LONGEST


async def _allergies(tx: AsyncSession, patient_id: UUID) -> tuple[Stated, ...]:
    held = (await records.allergies(tx, patient_id)).allergies
    return tuple(map(_allergy, (each for each in held if each.active)))


def _allergy(each: Allergy) -> Stated:
    return Stated(each.name, _codes(each.codings), high_risk=each.criticality == "high", evidence=each.evidence)


async def _measured(tx: AsyncSession, patient_id: UUID) -> Mapping[str, Measured]:
    """The newest number of each test that a rule needs."""
    newest: dict[str, Measured] = {}
    for each in await records.labs(tx, patient_id, _codes_of_tests()):
        for part in (each, *each.components):
            if part.code is None or part.value is None or part.at is None or part.comparator:
                continue
            if part.code not in newest or part.at >= newest[part.code].at:
                newest[part.code] = Measured(part.value, part.unit or "", part.at, part.evidence)
    return newest


def _codes_of_tests() -> list[str]:
    """The LOINC codes that a rule asks for."""
    return [code for test in tests() for code in test.loinc]


async def _eaten(tx: AsyncSession, patient_id: UUID, now: datetime) -> tuple[Eaten, ...]:
    days: dict[str, set[date]] = defaultdict(set)
    latest: dict[str, Evidence] = {}
    for meal in await nutrition.meals(tx, patient_id, now - EATEN_IN, now + timedelta(minutes=1)):
        for item in meal.items:
            days[item.name].add(meal.eaten_at.astimezone(now.tzinfo).date())
            latest[item.name] = Evidence(
                kind="record", ref=f"Meal/{meal.id}", version=str(meal.version), label=item.name, at=meal.eaten_at
            )
    return tuple(Eaten(name, len(on), EATEN_IN.days, latest[name]) for name, on in days.items())
