"""What adult thresholds say about the values of one measurement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vitasense.deterministic.platform.findings import Evidence, Status, Urgency
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.thresholds import Threshold, by_metric
from vitasense.deterministic.units import convert, display_unit


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with its UCUM unit."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """`found` with label, urgency and the entry it rests on, or `not_evaluated` with the reason.

    `name` is the measurement's ("blood pressure"), `key` the class of rules/thresholds.yaml.
    """

    name: str
    status: Status
    evidence: Evidence
    key: str | None = None
    label: str | None = None
    urgency: Urgency = Urgency.ROUTINE
    reason: str | None = None


def assessed_metrics() -> frozenset[str]:
    """The LOINC codes that `assess` has thresholds for."""
    return frozenset(by_metric())


def assess(
    values: Mapping[str, Measured], *, age_years: float | None, pregnant: bool | None = None
) -> Assessment | None:
    """What the thresholds say about the values of one measurement, given by LOINC code (both of a blood pressure).

    None when there is no threshold for any of them. Not evaluated, with the reason: a child, an unknown age,
    a pregnancy, a unit that does not convert, a part missing that decides. Raises InvalidInput for values of
    two measurements at once.
    """
    entry = _entry(values)
    if entry is None:
        return None
    reason = _out_of_scope(entry, age_years, pregnant)
    if reason:
        return _unanswered(entry, reason)
    try:
        given = {
            by_metric()[code][1]: _in_unit(entry, code, one) for code, one in values.items() if code in by_metric()
        }
    except InvalidInput as problem:
        return _unanswered(entry, problem.detail)
    return _classify(entry, given)


def _entry(codes: Iterable[str]) -> Threshold | None:
    entries = {entry.key: entry for code in codes if code in by_metric() for entry, _ in [by_metric()[code]]}
    if len(entries) > 1:
        raise InvalidInput("Measurements are assessed one at a time.")
    return next(iter(entries.values()), None)


def _out_of_scope(entry: Threshold, age_years: float | None, pregnant: bool | None) -> str | None:
    if age_years is None:
        return "the age is not known, and these thresholds are for adults only"
    if age_years < entry.adult_from:
        return f"these thresholds are for people of {entry.adult_from} years and older"
    if pregnant:
        return "these thresholds are not made for pregnancy"
    return None


def _in_unit(entry: Threshold, code: str, measured: Measured) -> float:
    return convert(measured.value, measured.unit, entry.parts[by_metric()[code][1]].unit)


def _classify(entry: Threshold, given: Mapping[str, float]) -> Assessment:
    for each in entry.classes:
        holds = each.holds(given)
        if holds is None:
            missing = ", ".join(
                f"{name} ({display_unit(part.unit)})" for name, part in entry.parts.items() if name not in given
            )
            return _unanswered(entry, f"it takes the {missing} as well to tell")
        if holds:
            return Assessment(entry.name, Status.FOUND, entry.evidence(each), each.key, each.label, each.urgency)
    return _unanswered(entry, "the value is outside of every class")


def _unanswered(entry: Threshold, reason: str) -> Assessment:
    return Assessment(entry.name, Status.NOT_EVALUATED, entry.evidence(), reason=reason)
