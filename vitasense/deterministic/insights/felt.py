"""Symptoms that a person logged, and the readings of the same hours beside them; no cause is claimed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import records, tracking
from vitasense.deterministic.insights.moments import at_words
from vitasense.deterministic.insights.sources import evidence_of, trust, with_doubt
from vitasense.deterministic.insights.subject import Subject
from vitasense.deterministic.insights.wording import amount, capital, counted, day, listed, number
from vitasense.deterministic.intake import metric
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value, not_evaluated
from vitasense.deterministic.records import Symptom
from vitasense.deterministic.tracking import Assessment, Measured, Sample
from vitasense.deterministic.units import display_unit

NOTES = frozenset({Category.NOTES})
MOST_TOLD = 12
SAME_HOURS = timedelta(hours=2)  # before it began and after it was last known to be there; our own choice
LONGEST = timedelta(hours=24)  # a symptom of days has readings of every kind; beyond a day nothing is set beside it
YEAR = timedelta(days=365)
BESIDE = ("85354-9", "8867-4", "8310-5", "59408-5", "2339-0")  # blood pressure, heart rate, temperature, SpO2, glucose


@dataclass(frozen=True, slots=True)
class Taken:
    """The values of one measurement at one moment, and what the thresholds say of them."""

    at: datetime
    parts: Sequence[Sample]
    assessment: Assessment | None

    @property
    def side(self) -> str | None:
        """ "high", "low" or "in range" by the thresholds; None when they say nothing."""
        found = self.assessment
        if found is None or found.status is not Status.FOUND or found.key is None:
            return None
        if found.urgency is Urgency.SELF_CARE:
            return "in range"
        return "low" if "low" in found.key or found.key == "underweight" else "high"


def symptom_findings(found: Sequence[Symptom], subject: Subject, what: str) -> list[Finding]:
    """Each logged symptom with its score and time, the newest first."""
    if not found:
        text = f"No {what} is logged for that time. That says nothing about what was felt and not logged."
        return [Finding(kind="symptom.list", text=text, status=Status.NOT_FOUND, categories=NOTES)]
    told = [_told(each, subject) for each in found[:MOST_TOLD]]
    if len(found) > MOST_TOLD:
        left = len(found) - MOST_TOLD
        text = f"There are {left} more that were logged before."
        told.append(_finding("symptom.more", text, [Value(name="more", number=left)], found[-1].evidence))
    return told


def _told(each: Symptom, subject: Subject) -> Finding:
    text = f"{capital(each.name)}{score_words(each)}, since {at_words(each.since, subject)}"
    text += f" until {at_words(each.until, subject)}." if each.until else "."
    return _finding("symptom.list", text, _values(each), each.evidence)


def _finding(kind: str, text: str, values: Sequence[Value], *evidence: Evidence) -> Finding:
    return Finding(kind=kind, text=text, status=Status.FOUND, values=tuple(values), evidence=evidence, categories=NOTES)


def score_words(each: Symptom) -> str:
    """ ", 6 out of 10" or ", severe"."""
    if each.score is not None:
        return f", {number(each.score)} out of 10"
    return f", {each.severity}" if each.severity else ""


def _values(each: Symptom) -> list[Value]:
    named = {"since": each.since, "until": each.until, "told": each.told_at}
    values = [Value(name=name, at=at) for name, at in named.items() if at]
    if each.score is not None:
        values += [Value(name=each.name, number=each.score, unit="{score}"), Value(name="of", number=10)]
    return values


async def beside(
    tx: AsyncSession, patient_id: UUID, told: Symptom, subject: Subject, *, codes: Sequence[str] = BESIDE
) -> list[Finding]:
    """The reading of each measurement that is nearest to the symptom, of the same hours."""
    found: list[Finding] = []
    for code in codes:
        readings = await _readings(tx, patient_id, code, *_hours(told), subject)
        if readings:
            nearest = min(readings, key=lambda each: abs(each.at - told.since))
            evidence = await evidence_of(tx, patient_id, _name(code), nearest.parts)
            found.append(_reading(code, nearest, told, evidence, subject))
    return found


def _hours(told: Symptom) -> tuple[datetime, datetime]:
    """The hours of a symptom: it was there from when it began until it ended, or was told."""
    last = min(told.until or told.told_at, told.since + LONGEST)
    return told.since - SAME_HOURS, last + SAME_HOURS


async def _readings(
    tx: AsyncSession, patient_id: UUID, code: str, since: datetime, until: datetime, subject: Subject
) -> list[Taken]:
    """The readings of a measurement; parts of one source and one moment are one reading."""
    wanted = metric(code)
    taken: dict[tuple[UUID, datetime], dict[str, Sample]] = {}
    for part in wanted.members if wanted and wanted.members else (code,):
        for sample in await tracking.series(tx, patient_id, part, since, until):
            taken.setdefault((sample.record_id, sample.at), {})[part] = sample
    return [_taken(at, parts, subject) for (_, at), parts in sorted(taken.items(), key=lambda each: each[0][1])]


def _taken(at: datetime, parts: Mapping[str, Sample], subject: Subject) -> Taken:
    values = {code: Measured(sample.value, sample.unit) for code, sample in parts.items()}
    return Taken(at, list(parts.values()), tracking.assess(values, age_years=subject.age, sex=subject.sex))


def _reading(code: str, taken: Taken, told: Symptom, evidence: tuple[Evidence, ...], subject: Subject) -> Finding:
    name = _name(code)
    said = f"{_together(taken.parts)}, on {at_words(taken.at, subject)}"
    text = with_doubt(f"Of the same hours as the {told.name} there is a {name}: {said}.", taken.parts)
    return Finding(
        kind="symptom.beside",
        text=text,
        status=Status.FOUND,
        values=tuple(_value(sample) for sample in taken.parts),
        confidence=trust(taken.parts),
        evidence=(told.evidence, *evidence),
        categories=frozenset({Category.NOTES, taken.parts[0].category}),
    )


def _together(samples: Sequence[Sample]) -> str:
    units = {sample.unit for sample in samples}
    if len(samples) > 1 and len(units) == 1:
        return f"{'/'.join(number(sample.value) for sample in samples)} {display_unit(units.pop())}"
    return listed([amount(sample.value, sample.unit) for sample in samples])


def _name(code: str) -> str:
    found = metric(code)
    return found.name if found else code


def _value(sample: Sample) -> Value:
    return Value(name=_name(sample.metric), number=sample.value, unit=sample.unit, at=sample.at, code=sample.metric)


async def together(
    tx: AsyncSession,
    patient_id: UUID,
    symptom: str,
    code: str,
    since: datetime | None,
    until: datetime | None,
    subject: Subject,
) -> list[Finding]:
    """How often a symptom was logged in the hours of high, low and ordinary readings; counts, and no cause."""
    first, last = since or subject.now - YEAR, until or subject.now
    name = _name(code)
    told = [each for each in await records.symptoms(tx, patient_id, first, last) if each.name.casefold() == symptom]
    readings = await _readings(tx, patient_id, code, first, last, subject)
    if not told:
        return symptom_findings((), subject, symptom)
    if not readings:
        text = f"There is no {name} of that time, so nothing can be set beside the {symptom}."
        return [not_evaluated("symptom.together", text, "no reading of that time", Category.VITALS)]
    if all(each.side is None for each in readings):
        text = f"I have no limits to say which {name} was high or low, so I cannot count that."
        return [not_evaluated("symptom.together", text, "no threshold for it", Category.VITALS)]
    counted_ones = _counted(told, readings)
    beside_it = [sample for each in counted_ones for taken in each for sample in taken.parts]
    evidence = await evidence_of(tx, patient_id, name, beside_it)
    return [_counts(told, readings, counted_ones, symptom, name, first, evidence)]


def _counted(told: Sequence[Symptom], readings: Sequence[Taken]) -> list[list[Taken]]:
    """For each symptom that has some, the readings of its hours."""
    hours = [_hours(one) for one in told]
    inside = [[each for each in readings if first <= each.at <= last] for first, last in hours]
    return [each for each in inside if each]


def _counts(
    told: Sequence[Symptom],
    readings: Sequence[Taken],
    known: Sequence[Sequence[Taken]],
    symptom: str,
    name: str,
    first: datetime,
    evidence: tuple[Evidence, ...],
) -> Finding:
    during = {side: sum(any(each.side == side for each in one) for one in known) for side in ("high", "low")}
    of_all = {side: [each for each in readings if each.side == side] for side in ("high", "low")}
    inside = {id(each) for one in known for each in one}
    without = {side: sum(id(each) not in inside for each in taken) for side, taken in of_all.items()}
    text = (
        f"Since {day(first)}, {counted(len(told), symptom)} {'was' if len(told) == 1 else 'were'} logged; for "
        f"{len(known)} of them there is a {name} of the same hours: {during['high']} with a high one, {during['low']} "
        f"with a low one. In all there are {counted(len(readings), 'reading')} of {name}, {len(of_all['high'])} high "
        f"({without['high']} of those without a logged {symptom}) and {len(of_all['low'])} low "
        f"({without['low']} without). These are counts: they do not say that one causes the other."
    )
    counts = {
        "logged": len(told),
        "with a reading": len(known),
        "readings": len(readings),
        **{f"{side} with it": count for side, count in during.items()},
        **{f"{side} readings": len(taken) for side, taken in of_all.items()},
        **{f"{side} without it": count for side, count in without.items()},
    }
    sources = {each.assessment.evidence.ref: each.assessment.evidence for each in readings if each.assessment}
    return Finding(
        kind="symptom.together",
        text=text,
        status=Status.FOUND,
        values=(*(Value(name=key, number=count) for key, count in counts.items()), Value(name="since", at=first)),
        evidence=(*(each.evidence for each in told), *evidence, *sources.values()),
        categories=frozenset({Category.NOTES, Category.VITALS}),
    )
