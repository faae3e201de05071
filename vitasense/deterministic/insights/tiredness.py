"""Whether something speaks for unusual tiredness: there is no sensor of it, so it is told what was looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import records, tracking
from vitasense.deterministic.insights.comparisons import METHOD, POOR, Sides, sides_of, stretches
from vitasense.deterministic.insights.days import series_evidence, span_words
from vitasense.deterministic.insights.subject import Subject
from vitasense.deterministic.insights.wording import amount, capital, counted, day, listed, number
from vitasense.deterministic.intake import Compared, Metric
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, Value, not_evaluated
from vitasense.deterministic.records import Symptom

KIND = "tracking.tiredness"
WEEK = timedelta(days=7)
TIRED = frozenset(
    {"fatigue", "sleepiness", "insomnia", "weakness", "trouble concentrating"}
)  # names of intake's lexicon
NO_SENSOR = (
    "No device measures tiredness. I looked at what goes with it for many people: {looked}. "
    "None of it says why, and none of it is a diagnosis."
)


@dataclass(frozen=True, slots=True)
class Sign:
    """One measurement that often changes with tiredness, and which way."""

    code: str
    name: str
    tired: Literal["higher", "lower"]


# Which way each goes after short sleep or strain; looked at one by one, never added up to a score.
SIGNS = (
    Sign("93832-4", "sleep duration", "lower"),
    Sign("40443-4", "resting heart rate", "higher"),
    Sign("80404-7", "heart rate variability", "lower"),
    Sign("55423-8", "steps a day", "lower"),
)


async def tiredness(
    tx: AsyncSession,
    patient_id: UUID,
    asked: Compared | None,
    subject: Subject,
    timezone: str,
    *,
    symptoms_readable: bool,
) -> list[Finding]:
    """Each sign found, not found or not evaluated against the 90 days before, and the symptoms that were logged."""
    asked = asked or Compared(since=subject.now - WEEK, usual=True)
    asked = asked.model_copy(update={"usual": True, "before_since": None, "before_until": None})
    found = [await _sign(tx, patient_id, sign, asked, subject, timezone) for sign in SIGNS]
    found.append(await _symptoms(tx, patient_id, asked, subject, timezone, readable=symptoms_readable))
    return [_summary(found), *found]


def _summary(found: Sequence[Finding]) -> Finding:
    looked = listed([*(sign.name for sign in SIGNS), "logged symptoms of tiredness"])
    changed = sum(each.status is Status.FOUND for each in found)
    open_ones = sum(each.status is Status.NOT_EVALUATED for each in found)
    said = f"{_of(changed)} of them {'was' if changed == 1 else 'were'} different in that direction"
    said += f", and {_of(open_ones)} could not be judged." if open_ones else "."
    if not changed and all(each.status is Status.NOT_EVALUATED for each in found[: len(SIGNS)]):
        text = NO_SENSOR.format(looked=looked) + " There is too little data to say anything."
        return not_evaluated(KIND, text, "no measurement could be judged", Category.VITALS)
    evidence = tuple(evidence for each in found for evidence in each.evidence if evidence.kind == "record")
    return Finding(
        kind=KIND,
        text=f"{NO_SENSOR.format(looked=looked)} {capital(said)}",
        status=Status.FOUND if changed else Status.NOT_FOUND,
        values=(Value(name="signs changed", number=changed), Value(name="signs not judged", number=open_ones)),
        evidence=evidence,
        categories=frozenset({Category.VITALS}),
    )


def _of(count: int) -> str:
    return "none" if count == 0 else str(count)


async def _sign(
    tx: AsyncSession, patient_id: UUID, sign: Sign, asked: Compared, subject: Subject, timezone: str
) -> Finding:
    part = Metric(code=sign.code, name=sign.name, category="vitals", codes=(sign.code,))
    sides = await sides_of(tx, patient_id, part, asked, subject.now, timezone)
    if sides.result.shift is None:
        return _too_few(sign, sides)
    zone = (await tracking.person_settings(tx, patient_id, timezone)).zone
    evidence = tuple(series_evidence(sign.name, each, zone) for each in (sides.before, sides.after))
    poor = f" {POOR}" if sides.confidence < tracking.LOW_QUALITY else ""
    return Finding(
        kind=f"{KIND}.sign",
        text=f"{_words(sign, sides)}{poor}",
        status=Status.FOUND if sides.result.difference == sign.tired else Status.NOT_FOUND,
        values=_values(sides),
        confidence=sides.confidence,
        evidence=(*evidence, METHOD),
        categories=frozenset({Category.VITALS}),
    )


def _words(sign: Sign, sides: Sides) -> str:
    after, before = sides.after, sides.before
    assert after.median is not None and before.median is not None
    unit = after.unit or ""
    middles = f"middle value {amount(after.median, unit)}, usual {amount(before.median, unit)}"
    days = f"{counted(len(after.days), 'day')} against {len(before.days)} before"
    difference = sides.result.difference
    verdict = "no clear difference from usual" if difference == "no clear difference" else f"{difference} than usual"
    return f"{capital(sign.name)}: {verdict} ({middles}; {days})."


def _values(sides: Sides) -> tuple[Value, ...]:
    unit, code = sides.after.unit, sides.after.code
    named = {"middle value": sides.after.median, "usual": sides.before.median, "change": sides.result.shift}
    values = [Value(name=name, number=number, unit=unit, code=code) for name, number in named.items()]
    counts = {"days": len(sides.after.days), "days before": len(sides.before.days)}
    return (*values, *(Value(name=name, number=count) for name, count in counts.items()))


def _too_few(sign: Sign, sides: Sides) -> Finding:
    after, before = len(sides.after.days), len(sides.before.days)
    text = (
        f"{capital(sign.name)}: not judged, there are values of {counted(after, 'day')} in that time and of "
        f"{before} in the 90 days before."
    )
    found = not_evaluated(f"{KIND}.sign", text, "too few days with values", Category.VITALS)
    values = (("days", after), ("days before", before), ("days of the usual time", 90))
    return found.model_copy(update={"values": tuple(Value(name=name, number=n) for name, n in values)})


async def _symptoms(
    tx: AsyncSession, patient_id: UUID, asked: Compared, subject: Subject, timezone: str, *, readable: bool
) -> Finding:
    kind = f"{KIND}.symptoms"
    if not readable:
        text = "Logged symptoms: not looked at, they are not shared with you."
        return not_evaluated(kind, text, "no permission", Category.NOTES)
    zone = (await tracking.person_settings(tx, patient_id, timezone)).zone
    _, after = stretches(asked, subject.now, zone)
    told = await records.symptoms(tx, patient_id, asked.since, asked.until or subject.now)
    tired = [each for each in told if each.name.casefold() in TIRED]
    if not tired:
        text = (
            f"Logged symptoms of tiredness: none from {span_words(after)}. That is what was logged, not what was felt."
        )
        return Finding(kind=kind, text=text, status=Status.NOT_FOUND, categories=frozenset({Category.NOTES}))
    return Finding(
        kind=kind,
        text=f"Logged symptoms of tiredness: {listed([_symptom(each) for each in tired])}.",
        status=Status.FOUND,
        values=tuple(Value(name=each.name, number=each.score, at=each.since) for each in tired),
        evidence=tuple(each.evidence for each in tired),
        categories=frozenset({Category.NOTES}),
    )


def _symptom(told: Symptom) -> str:
    score = f" ({number(told.score)} of 10)" if told.score is not None else ""
    return f"{told.name}{score} on {day(told.since)}"
