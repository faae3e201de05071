"""Two stretches of time side by side: what shifted, how surely, and of how many days that is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import tracking
from vitasense.deterministic.insights.days import (
    ONE_DAY,
    Measured,
    Stretch,
    measured,
    series_evidence,
    span_words,
    stretch_of,
)
from vitasense.deterministic.insights.subject import Subject
from vitasense.deterministic.insights.wording import amount, capital, counted, number
from vitasense.deterministic.intake import Compared, Metric, metric
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Value, not_evaluated
from vitasense.deterministic.tracking import Comparison

KIND = "tracking.comparison"
USUAL_DAYS = timedelta(days=90)  # what "usual" is told of: as long as the window of a personal baseline
ENOUGH = 5  # days on each side, as tracking.compare asks for
METHOD = Evidence(
    kind="knowledge",
    ref="tracking/statistics#shift",
    version="2026.11",
    label="Shift between two periods",
    source="Hodges JL, Lehmann EL, Ann Math Stat 1963;34:598-611 (median of all differences, with its 95 % interval)",
)
POOR = "Part of the device's data was poor, so this is less sure."


@dataclass(frozen=True, slots=True)
class Sides:
    """The earlier and the later days of one measurement, and what the statistics say of them."""

    before: Measured
    after: Measured
    result: Comparison

    @property
    def confidence(self) -> float:
        """How far the data of the worse side may be trusted."""
        return min(self.before.confidence, self.after.confidence)


async def compared_measurement(
    tx: AsyncSession, patient_id: UUID, code: str, asked: Compared, subject: Subject, timezone: str
) -> list[Finding]:
    """Each part of a measurement in two stretches of time; "no clear difference" while the interval holds zero."""
    wanted = metric(code) or Metric(code=code, name=f"measurement {code}", category="vitals", codes=(code,))
    parts = [metric(member) for member in wanted.members]
    zone = (await tracking.person_settings(tx, patient_id, timezone)).zone
    findings: list[Finding] = []
    for part in [each for each in parts if each] or [wanted]:
        sides = await sides_of(tx, patient_id, part, asked, subject.now, timezone)
        findings.append(_told(part, sides, subject, zone, usual=asked.usual))
    return findings


async def sides_of(
    tx: AsyncSession, patient_id: UUID, part: Metric, asked: Compared, now: datetime, timezone: str
) -> Sides:
    """Both sides of the measurement and their comparison. No day is on both."""
    zone = (await tracking.person_settings(tx, patient_id, timezone)).zone
    before, after = stretches(asked, now, zone)
    today = now.astimezone(zone).date()
    later = await measured(tx, patient_id, part, after, today=today, timezone=timezone)
    earlier = await measured(tx, patient_id, _of_code(part, later), before, today=today, timezone=timezone)
    return Sides(earlier, later, tracking.compare(earlier.series, later.series))


def stretches(asked: Compared, now: datetime, zone: ZoneInfo) -> tuple[Stretch, Stretch]:
    """The earlier and the later days; the earlier end before the later begin."""
    until = min(asked.until, now) if asked.until else now
    after = stretch_of(asked.since, max(until, asked.since + timedelta(microseconds=1)), zone)
    if asked.before_since is None or asked.before_until is None:
        length = USUAL_DAYS if asked.usual else (after.last - after.first) + ONE_DAY
        return Stretch(after.first - length, after.first - ONE_DAY), after
    before = stretch_of(asked.before_since, asked.before_until, zone)
    return Stretch(before.first, max(before.first, min(before.last, after.first - ONE_DAY))), after


def _of_code(part: Metric, later: Measured) -> Metric:
    """The earlier days of the same code: two codes are not compared with each other."""
    return part.model_copy(update={"codes": (later.code,), "code": later.code}) if later.days else part


def _told(part: Metric, sides: Sides, subject: Subject, zone: ZoneInfo, *, usual: bool) -> Finding:
    before, after, result = sides.before, sides.after, sides.result
    if result.difference == "too few" or result.shift is None or result.low is None or result.high is None:
        return _too_few(part, sides, subject)
    text = f"{capital(subject.whose)} {part.name} {_verdict(result, after.unit or '')} {_sides(sides, usual=usual)}"
    poor = sides.confidence < tracking.LOW_QUALITY
    return Finding(
        kind=KIND,
        text=f"{text} {POOR}" if poor else text,
        status=Status.NOT_FOUND if result.difference == "no clear difference" else Status.FOUND,
        values=_values(part, sides),
        confidence=sides.confidence,
        evidence=(*(series_evidence(part.name, each, zone) for each in (before, after)), METHOD),
        categories=frozenset({Category(part.category)}),
    )


def _verdict(result: Comparison, unit: str) -> str:
    """ "was higher, by about 6 mmHg (the change lies between 2 and 9 mmHg, 95% interval)."."""
    assert result.shift is not None and result.low is not None and result.high is not None
    low, high = sorted((abs(result.low), abs(result.high)))
    if result.difference == "no clear difference":
        ends = f"{_signed(result.low)} and {_signed(result.high)} {_unit(unit)}".strip()
        return f"shows no clear difference: the change lies between {ends}, and no change at all is among that."
    return (
        f"was {result.difference}, by about {amount(abs(result.shift), unit)} "
        f"(the change lies between {number(low)} and {amount(high, unit)}, 95% interval)."
    )


def _unit(unit: str) -> str:
    return amount(0, unit).removeprefix("0").strip()


def _signed(value: float) -> str:
    return f"minus {number(-value)}" if value < 0 else number(value)


def _sides(sides: Sides, *, usual: bool) -> str:
    before, after = sides.before, sides.after
    assert before.median is not None and after.median is not None
    earlier = "in the time before, which stands for what is usual," if usual else "before,"
    return (
        f"The middle value was {amount(after.median, after.unit or '')} from {span_words(after.stretch)} "
        f"({counted(len(after.days), 'day')} with values) and {amount(before.median, before.unit or '')} {earlier} "
        f"from {span_words(before.stretch)} ({counted(len(before.days), 'day')})."
    )


def _values(part: Metric, sides: Sides) -> tuple[Value, ...]:
    before, after, result = sides.before, sides.after, sides.result
    unit = after.unit
    named = {
        f"{part.name} middle value, later": after.median,
        f"{part.name} middle value, earlier": before.median,
        f"{part.name} change": result.shift,
        f"{part.name} change, lower end": result.low,
        f"{part.name} change, upper end": result.high,
    }
    values = [Value(name=name, number=number, unit=unit, code=after.code) for name, number in named.items()]
    counts = {"days, later": len(after.days), "days, earlier": len(before.days), "interval, percent": 95}
    return (*values, *(Value(name=name, number=count) for name, count in counts.items()))


def _too_few(part: Metric, sides: Sides, subject: Subject) -> Finding:
    before, after = sides.before, sides.after
    text = (
        f"I cannot compare {subject.whose} {part.name}: it takes {ENOUGH} days with values on each side. There are "
        f"{len(after.days)} from {span_words(after.stretch)} and {len(before.days)} from {span_words(before.stretch)}."
    )
    found = not_evaluated(KIND, text, "too few days with values", Category(part.category))
    counts = {"days, later": len(after.days), "days, earlier": len(before.days), "days needed": ENOUGH}
    return found.model_copy(update={"values": tuple(Value(name=name, number=n) for name, n in counts.items())})
