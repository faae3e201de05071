"""A situation in words: each ground of a decision as a statement of its own, with its numbers and its evidence."""

from collections.abc import Iterator

from vitasense.deterministic.insights import amount, capital, listed, number
from vitasense.deterministic.intake import metric
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, Value
from vitasense.deterministic.reactions.schemas import Reading, Situation, Usual
from vitasense.deterministic.tracking import Assessment, PersonalRange
from vitasense.deterministic.units import display_unit

TENTHS = frozenset({"Cel", "[degF]", "mmol/L", "kg", "[lb_av]", "kg/m2", "h"})  # units of which people tell one decimal


def told(situation: Situation) -> str:
    """The reading and when it was taken, as one sentence."""
    reading, at = situation.reading, situation.local_at
    return f"Your {reading.watched.name} was {together(reading)} on {at.day} {at:%B %Y} at {at:%H:%M}."


def together(reading: Reading) -> str:
    """ "145/95 mmHg" for a pair in one unit, else each amount."""
    samples = [reading.parts[code] for code in reading.watched.metrics if code in reading.parts]
    if len(samples) > 1 and len({sample.unit for sample in samples}) == 1:
        return f"{'/'.join(number(sample.value) for sample in samples)} {display_unit(samples[0].unit)}"
    return listed([amount(sample.value, sample.unit) for sample in samples])


def compared(situation: Situation) -> str:
    """What is usual for the person then, or that it is not known."""
    parts = situation.reading.parts
    words = [
        f"{name_of(code)} is usually {_limits(*limits, parts[code].unit)} {usual.basis}"
        for code, usual in situation.usual.items()
        if (limits := rounded(usual, parts[code].value, parts[code].unit))
    ]
    return f"Your {listed(words)}." if words else "What is usual for you is not known yet."


def set_limits(own: PersonalRange) -> str:
    """A range as it was set: "90 to 140 mmHg", "up to 140 mmHg"."""
    if own.low is not None and own.high is not None:
        return _limits(own.low, own.high, own.unit)
    return (
        f"from {amount(own.low, own.unit)} on" if own.low is not None else f"up to {amount(own.high or 0.0, own.unit)}"
    )


def rounded(usual: Usual, value: float, unit: str) -> tuple[float, float] | None:
    """The limits as people tell them: whole, or to a tenth where the unit is told so; None when they are not known.

    Where that would put the value on another side of a limit than it is, one more decimal tells.
    """
    if usual.low is None or usual.high is None:
        return None
    for decimals in range(1 if unit in TENTHS else 0, 4):
        low, high = round(usual.low, decimals), round(usual.high, decimals)
        if (value < low, value > high) == (value < usual.low, value > usual.high):
            return low, high
    return usual.low, usual.high


def findings(situation: Situation, assessment: Assessment | None) -> Iterator[Finding]:
    """The reading, what the guideline says of it, what is usual, and the course."""
    yield _told_finding(situation)
    if assessment is not None and assessment.status is Status.FOUND:
        yield _guideline_finding(situation.reading, assessment)
    for code, usual in situation.usual.items():
        yield _usual_finding(situation, code, usual)
    for code in situation.course:
        yield _course_finding(situation, code)


def _told_finding(situation: Situation) -> Finding:
    return Finding(
        kind="reaction.reading",
        text=told(situation),
        status=Status.FOUND,
        values=values_of(situation.reading),
        confidence=situation.reading.quality,
        evidence=situation.evidence,
        categories=_categories(situation.reading),
    )


def values_of(reading: Reading) -> tuple[Value, ...]:
    """The numbers of the reading."""
    return tuple(
        Value(name=name_of(code), number=sample.value, unit=sample.unit, at=sample.at, code=code)
        for code, sample in reading.parts.items()
    )


def _guideline_finding(reading: Reading, assessment: Assessment) -> Finding:
    assumed = f", taking for granted {assessment.assumption}" if assessment.assumption else ""
    return Finding(
        kind="reaction.guideline",
        text=capital(f"by the guideline, this {reading.watched.name} is {assessment.label}{assumed}."),
        status=Status.FOUND,
        urgency=assessment.urgency,
        evidence=(assessment.evidence,),
        categories=_categories(reading),
    )


def _usual_finding(situation: Situation, code: str, usual: Usual) -> Finding:
    sample = situation.reading.parts[code]
    limits = rounded(usual, sample.value, sample.unit)
    if usual.low is None or usual.high is None or limits is None:
        reason = usual.reason or "there are too few values"
        return Finding(
            kind="reaction.usual",
            text=f"What is usual for your {name_of(code)} is not known yet: {reason}.",
            status=Status.NOT_EVALUATED,
            reason=reason,
            categories=_categories(situation.reading),
        )
    place = "above" if sample.value > usual.high else "below" if sample.value < usual.low else "within"
    return Finding(
        kind="reaction.usual",
        text=f"Your {name_of(code)} of {amount(sample.value, sample.unit)} is {place} what is usual for you "
        f"{usual.basis}: {_limits(*limits, sample.unit)}, by your values of {usual.days} days.",
        status=Status.FOUND,
        values=(
            Value(name=name_of(code), number=sample.value, unit=sample.unit, at=sample.at, code=code),
            *(
                Value(name=name, number=limit, unit=sample.unit, code=code)
                for name, limit in zip(("usual from", "usual to"), limits, strict=True)
            ),
            Value(name="days with values", number=usual.days),
        ),
        evidence=situation.evidence,
        categories=_categories(situation.reading),
    )


def _course_finding(situation: Situation, code: str) -> Finding:
    course = situation.course[code]
    text = (
        course.words or f"The course of your {name_of(code)} over the last 30 days was not evaluated: {course.reason}."
    )
    return Finding(
        kind="reaction.course",
        text=text,
        status=Status.FOUND if course.words else Status.NOT_EVALUATED,
        reason=None if course.words else course.reason,
        values=course.values,
        evidence=situation.evidence if course.words else (),
        categories=_categories(situation.reading),
    )


def name_of(code: str) -> str:
    """The plain name of a metric."""
    found = metric(code)
    return found.name if found else code


def _categories(reading: Reading) -> frozenset[Category]:
    return frozenset(sample.category for sample in reading.parts.values())


def _limits(low: float, high: float, unit: str) -> str:
    return f"{number(low)} to {amount(high, unit)}"
