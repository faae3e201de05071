"""Ranges that a person or their provider sets: whether one may be set, what it says of a value, and what goes before what.

A provider's range goes before the person's, and both before the guideline. An emergency of the guideline is never
silenced, and a range that would hide one cannot be set. A person's own range silences what a guideline calls routine,
not what it calls urgent: only a provider's range does that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vitasense.deterministic.platform.findings import Status, Urgency, most_urgent
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.assessment import Assessment, Measured, assess
from vitasense.deterministic.tracking.catalogue import DeviceMetric, device_metrics
from vitasense.deterministic.units import convert, display_unit

Role = Literal["patient", "provider"]
Place = Literal["below", "within", "above"]
GLUCOSE = ("2339-0", "99504-3")  # LOINC codes whose mmol/L convert by the molar mass of the first
MOST_REASON = 500  # characters
ASSUMED_AGE = 18.0  # years


@dataclass(frozen=True, slots=True)
class PersonalRange:
    """The usual values of one LOINC metric for one person, both ends included; None leaves an end open.

    `unit` is a UCUM code, `since` aware: it holds for values from then on.
    """

    metric: str
    low: float | None
    high: float | None
    unit: str
    set_by_role: Role
    reason: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class RangeJudgement:
    """Where a value is: `found` outside, `not_found` within, `not_evaluated` with the reason."""

    status: Status
    place: Place | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What counts for a value: `by` whom, its status and urgency, and the range or the assessment it rests on."""

    status: Status
    by: Literal["guideline", "patient", "provider", "nobody"]
    urgency: Urgency
    place: Place | None = None
    range: PersonalRange | None = None
    guideline: Assessment | None = None
    reason: str | None = None


def validate_range(wanted: PersonalRange, *, age_years: float | None, pregnant: bool | None = None) -> None:
    """Nothing when the range may be set. Raises InvalidInput, with what to change, when it may not.

    It must be of a metric of the catalogue, in a unit that converts, with an end, low under high, inside what is
    possible, and without a value that a guideline calls an emergency at this age.
    """
    metric = device_metrics().get(wanted.metric)
    if metric is None:
        raise InvalidInput("No range can be set for this measurement.")
    if wanted.since.tzinfo is None:
        raise InvalidInput("A range needs a time with its zone.")
    if len(wanted.reason or "") > MOST_REASON:
        raise InvalidInput(f"The reason of a range has up to {MOST_REASON} characters.")
    low, high = _ends(wanted, metric)
    if low is None and high is None:
        raise InvalidInput("A range needs a lower or an upper end.")
    least, most = metric.possible
    bottom, top = least if low is None else low, most if high is None else high
    if not bottom < top:
        raise InvalidInput("The lower end must be under the upper end.")
    if bottom < least or top > most:
        raise InvalidInput(f"The ends must be between {least:g} and {most:g} {display_unit(metric.unit)}.")
    _refuse_hidden_emergency(metric, (bottom, top), age_years, pregnant)


def judge(value: float, unit: str, wanted: PersonalRange) -> RangeJudgement:
    """Where a value is in the range; not evaluated when its unit does not convert."""
    try:
        number = convert(value, unit, wanted.unit, _analyte(wanted.metric))
    except InvalidInput as problem:
        return RangeJudgement(Status.NOT_EVALUATED, reason=problem.detail)
    if wanted.low is not None and number < wanted.low:
        return RangeJudgement(Status.FOUND, "below")
    if wanted.high is not None and number > wanted.high:
        return RangeJudgement(Status.FOUND, "above")
    return RangeJudgement(Status.NOT_FOUND, "within")


def decide(
    metric: str,
    measured: Measured,
    at: datetime,
    *,
    ranges: Sequence[PersonalRange],
    guideline: Assessment | None,
) -> Verdict:
    """What counts for a value of one LOINC metric: the guideline's answer, or the newest range of whom goes first.

    `guideline` is what `assess` says of it, None when there is none. Outside of a range the urgency is at least routine,
    and the guideline's when that is higher.
    """
    said = guideline.urgency if guideline and guideline.status is Status.FOUND else None
    if (
        guideline and guideline.urgency is Urgency.EMERGENCY
    ):  # also one that is only possible: not evaluated, not silenced
        return _by_guideline(guideline)
    for role in ("provider", "patient"):
        held = [each for each in ranges if (each.metric, each.set_by_role) == (metric, role) and each.since <= at]
        if not held:
            continue
        newest = max(held, key=lambda each: each.since)
        found = judge(measured.value, measured.unit, newest)
        if found.status is Status.NOT_EVALUATED:
            continue
        if found.place == "within":
            if guideline and role == "patient" and said is Urgency.URGENT:
                return _by_guideline(guideline)
            return Verdict(found.status, role, Urgency.SELF_CARE, found.place, newest, guideline)
        urgency = most_urgent(Urgency.ROUTINE, said or Urgency.ROUTINE)
        return Verdict(found.status, role, urgency, found.place, newest, guideline)
    return _by_guideline(guideline)


def _by_guideline(guideline: Assessment | None) -> Verdict:
    if guideline is None:
        reason = "there is neither a threshold nor a personal range for it"
        return Verdict(Status.NOT_EVALUATED, "nobody", Urgency.ROUTINE, reason=reason)
    return Verdict(guideline.status, "guideline", guideline.urgency, guideline=guideline, reason=guideline.reason)


def _analyte(metric: str) -> str | None:
    return GLUCOSE[0] if metric in GLUCOSE else None


def _ends(wanted: PersonalRange, metric: DeviceMetric) -> tuple[float | None, float | None]:
    low, high = (
        None if end is None else convert(end, wanted.unit, metric.unit, _analyte(wanted.metric))
        for end in (wanted.low, wanted.high)
    )
    return low, high


def _refuse_hidden_emergency(
    metric: DeviceMetric, ends: tuple[float, float], age_years: float | None, pregnant: bool | None
) -> None:
    """Emergencies are at the two sides of every metric, so the ends tell; an unknown age is taken for an adult's."""
    age = ASSUMED_AGE if age_years is None else age_years
    for end in ends:
        values = {metric.code: Measured(end, metric.unit)}
        found = assess(values, age_years=age, pregnant=pregnant, origin="device")
        if found and found.urgency is Urgency.EMERGENCY:
            text = f"{end:g} {display_unit(metric.unit)} can be an emergency and cannot be inside of a range."
            raise InvalidInput(f"{text} Set an end that leaves it out.")
