"""What a change of weight may mean: water in heart failure, and a loss that nobody wanted."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from statistics import median
from typing import cast

import yaml
from pydantic import BaseModel, ConfigDict, Field

from vitasense.deterministic.platform.findings import Evidence, Status, Urgency
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units import convert

SETTLED = timedelta(hours=12)  # less apart, two weights differ by meals and clothes; our own choice
SLACK = timedelta(hours=6)  # nobody weighs at the same minute each day; our own choice
LEAP = 0.15  # of the weight within a week: another person or another scale rather than water; our own choice


@dataclass(frozen=True, slots=True)
class Weighed:
    """One weight: aware time, number and UCUM unit."""

    at: datetime
    value: float
    unit: str = "kg"


@dataclass(frozen=True, slots=True)
class WeightChange:
    """One rule's answer: `found` with the label of what was exceeded, `not_found`, or `not_evaluated` with the reason.

    `change_kg` is the newest weight less the earlier one, `share` that part of the earlier; `since` and `until` are their
    times. A `not_found` has a `reason` where some of the times could not be compared.
    """

    name: str
    status: Status
    evidence: Evidence
    key: str | None = None
    label: str | None = None
    urgency: Urgency = Urgency.ROUTINE
    reason: str | None = None
    change_kg: float | None = None
    share: float | None = None
    since: datetime | None = None
    until: datetime | None = None


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Gain(_Frozen):
    key: str
    days: int
    above: float
    label: str
    source: str


class _Loss(_Frozen):
    key: str
    from_days: int = Field(alias="from")
    to_days: int = Field(alias="to")
    share: float
    inclusive: bool
    label: str
    source: str


class _HeartFailure(_Frozen):
    names: tuple[str, ...]
    unless: tuple[str, ...]
    codes: tuple[str, ...]
    newest_within: int
    rules: tuple[_Gain, ...]
    urgency: Urgency


class _Losses(_Frozen):
    from_age: int
    newest_within: int
    rules: tuple[_Loss, ...]
    urgency: Urgency


class _Book(_Frozen):
    version: str
    heart_failure: _HeartFailure
    loss: _Losses


@dataclass(frozen=True, slots=True)
class _Point:
    at: datetime
    kg: float


def fluid_gain(weights: Sequence[Weighed], *, now: datetime, conditions: Collection[str] | None) -> WeightChange:
    """Whether the weight rose as fast as heart failure guidelines warn of; each gain is over the lowest weight before.

    `conditions` are the names or codes (SNOMED CT, ICD-10) of the active conditions of the record, None when it was not
    read: the rule is for heart failure only. Not evaluated also without two weights at least 12 hours apart, with a
    newest weight older than two days, and for a leap that no water explains.
    """
    book = _book().heart_failure
    name = "weight gain with heart failure"
    if reason := _no_heart_failure(book, conditions):
        return _unanswered(name, "heart_failure", book.rules[0].source, reason)
    points = _points(weights, now)
    newest = points[-1] if points else None
    if newest is None or now - newest.at > timedelta(days=book.newest_within):
        return _unanswered(name, "heart_failure", book.rules[0].source, "there is no weight of the last two days")
    answers = [answer for rule in book.rules if (answer := _gained(name, rule, points, newest, book.urgency))]
    if not answers:
        return _unanswered(
            name, "heart_failure", book.rules[0].source, "there is no weight of the week before to compare"
        )
    answer = max(answers, key=lambda each: (Status.NOT_FOUND, Status.NOT_EVALUATED, Status.FOUND).index(each.status))
    compared = {each.key for each in answers}
    apart = [f"{rule.days} days" if rule.days > 1 else "1 day" for rule in book.rules if rule.key not in compared]
    if answer.status is Status.NOT_FOUND and apart:
        return replace(answer, reason=f"there was no weight to compare over {' and '.join(apart)}")
    return answer


def unintended_loss(
    weights: Sequence[Weighed],
    *,
    now: datetime,
    age_years: float | None,
    intended: bool | None = None,
    pregnant: bool | None = None,
) -> WeightChange:
    """Whether so much weight was lost that the cause is looked for, against the median of the months before.

    Not evaluated for a child, an unknown age, a pregnancy, a loss that was wanted, a newest weight older than 30 days
    and without a weight of the months to compare with. With `intended` unknown a `found` holds if it was not wanted.
    """
    book = _book().loss
    name = "weight loss"
    points = _points(weights, now)
    reason = _no_loss_rule(book, age_years, intended, pregnant) or _stale(points, now, book.newest_within)
    answers = [] if reason else [answer for rule in book.rules if (answer := _lost(name, rule, points, book.urgency))]
    if not answers:
        source = book.rules[-1].source
        return _unanswered(name, "loss", source, reason or "there is no weight of 3 to 12 months before to compare")
    return next((each for each in answers if each.status is Status.FOUND), answers[-1])


def _no_heart_failure(book: _HeartFailure, conditions: Collection[str] | None) -> str | None:
    if conditions is None:
        return "the conditions of the record are not known, and the rule is for heart failure"
    said = {each.strip().lower() for each in conditions}
    if any(_by_name(book, each) or _by_code(book, each) for each in said):
        return None
    return "the rule is for people with heart failure, and the record has none"


def _by_name(book: _HeartFailure, condition: str) -> bool:
    words = re.findall(r"\w+", condition)
    return not set(words) & set(book.unless) and any(f" {name} " in f" {' '.join(words)} " for name in book.names)


def _by_code(book: _HeartFailure, condition: str) -> bool:
    """ICD-10 codes with what is under them, SNOMED CT codes as they are."""
    return any(condition == code.lower() or condition.startswith(f"{code.lower()}.") for code in book.codes)


def _no_loss_rule(book: _Losses, age: float | None, intended: bool | None, pregnant: bool | None) -> str | None:
    if age is None:
        return "the age is not known, and the rule is for adults"
    if age < book.from_age:
        return f"the rule is for people of {book.from_age} years and older"
    if pregnant:
        return "the rule is not made for pregnancy"
    return "the loss was wanted" if intended else None


def _stale(points: Sequence[_Point], now: datetime, days: int) -> str | None:
    if points and now - points[-1].at <= timedelta(days=days):
        return None
    return f"there is no weight of the last {days} days"


def _points(weights: Sequence[Weighed], now: datetime) -> list[_Point]:
    if now.tzinfo is None or any(each.at.tzinfo is None for each in weights):
        raise InvalidInput("A weight needs a time with its zone.")
    found = [_Point(each.at, kg) for each in weights if each.at <= now and (kg := _kg(each)) is not None]
    return sorted(found, key=lambda point: point.at)


def _kg(weighed: Weighed) -> float | None:
    try:
        kg = convert(weighed.value, weighed.unit, "kg")
    except InvalidInput:
        return None
    return kg if kg > 0 else None


def _gained(name: str, rule: _Gain, points: Sequence[_Point], newest: _Point, urgency: Urgency) -> WeightChange | None:
    first = newest.at - timedelta(days=rule.days) - SLACK
    before = [point for point in points if first <= point.at <= newest.at - SETTLED]
    if not before:
        return None
    likely = [point for point in before if abs(newest.kg - point.kg) <= LEAP * point.kg]
    if not likely:
        reason = "the weight leaps, as of another person or another scale"
        return replace(_unanswered(name, "heart_failure", rule.source, reason), key=rule.key)
    lowest = min(likely, key=lambda point: point.kg)
    change = newest.kg - lowest.kg
    exceeded = round(change, 6) > rule.above
    return WeightChange(
        name,
        Status.FOUND if exceeded else Status.NOT_FOUND,
        _evidence("heart_failure", name, rule.source),
        key=rule.key,
        label=rule.label if exceeded else None,
        urgency=urgency if exceeded else Urgency.SELF_CARE,
        change_kg=change,
        share=change / lowest.kg,
        since=lowest.at,
        until=newest.at,
    )


def _lost(name: str, rule: _Loss, points: Sequence[_Point], urgency: Urgency) -> WeightChange | None:
    newest = points[-1]
    first, last = newest.at - timedelta(days=rule.to_days), newest.at - timedelta(days=rule.from_days)
    before = [point for point in points if first <= point.at <= last]
    if not before:
        return None
    usual = median(point.kg for point in before)
    share = round((newest.kg - usual) / usual, 9)
    exceeded = -share >= rule.share if rule.inclusive else -share > rule.share
    return WeightChange(
        name,
        Status.FOUND if exceeded else Status.NOT_FOUND,
        _evidence("loss", name, rule.source),
        key=rule.key,
        label=rule.label if exceeded else None,
        urgency=urgency if exceeded else Urgency.SELF_CARE,
        change_kg=newest.kg - usual,
        share=share,
        since=before[0].at,
        until=newest.at,
    )


def _unanswered(name: str, entry: str, source: str, reason: str) -> WeightChange:
    return WeightChange(name, Status.NOT_EVALUATED, _evidence(entry, name, source), reason=reason)


def _evidence(entry: str, name: str, source: str) -> Evidence:
    return Evidence(
        kind="knowledge",
        ref=f"tracking/weight#{entry}",
        version=_book().version,
        label=name.capitalize(),
        source=source,
    )


@cache
def _book() -> _Book:
    text = files("vitasense.deterministic.tracking").joinpath("rules/weight.yaml").read_text(encoding="utf-8")
    return _Book.model_validate(cast("dict[str, object]", yaml.load(text, Loader=yaml.CSafeLoader)))
