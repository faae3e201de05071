"""What guideline thresholds say about the values of one measurement, by age and pregnancy."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from vitasense.deterministic.platform.findings import Evidence, Status, Urgency, most_urgent
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.thresholds import Origin, Threshold, age_words, entries_of, thresholds
from vitasense.deterministic.units import convert, display_unit

REPRODUCTIVE = (15, 50)  # years: World Health Organization, indicator of women of reproductive age, 15 to 49


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with its UCUM unit."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """`found` with label, urgency and the entry it rests on, or `not_evaluated` with the reason.

    `name` is the measurement's ("blood pressure"), `key` the class of the rules file, `people` for whom the thresholds
    are ("adults", "pregnancy"). `advice` is there where a class needs other words than its urgency's, `assumption`
    where something was taken for granted. A `not_evaluated` may carry an urgency: the highest that is still possible.
    """

    name: str
    status: Status
    evidence: Evidence
    key: str | None = None
    label: str | None = None
    urgency: Urgency = Urgency.ROUTINE
    reason: str | None = None
    people: str = "adults"
    advice: str | None = None
    assumption: str | None = None


def assessed_metrics() -> frozenset[str]:
    """The LOINC codes that `assess` has thresholds for, whatever their origin."""
    return frozenset(code for entry in thresholds() for code in entry.codes())


def assess(
    values: Mapping[str, Measured],
    *,
    age_years: float | None,
    pregnant: bool | None = None,
    sex: str | None = None,
    origin: Origin = "any",
) -> Assessment | None:
    """What the thresholds say about the values of one measurement, given by LOINC code (both of a blood pressure).

    None when there is no threshold for any of them; glucose has some only with `origin="device"`, because a
    laboratory's result is judged by its own range. Not evaluated, with the reason: an unknown age, an age or a
    pregnancy that nothing here is made for, a unit that does not convert, a part missing that decides. An `int` age is
    whole years: where the months decide, that is the reason. An unknown pregnancy of a woman (`sex` not "male") of 15
    to 49 years is taken for none, and said so. Raises InvalidInput for values of two measurements at once.
    """
    entries = _entries(values, origin)
    if not entries:
        return None
    chosen = _for_person(entries, age_years, pregnant)
    if not chosen:
        return _unanswered(entries[0], _out_of_scope(entries, age_years, pregnant))
    answer = _joined([_judged(entry, values) for entry in chosen])
    if _perhaps_pregnant(age_years, pregnant, sex) and any(entry.group == "pregnancy" for entry in entries):
        return replace(answer, assumption="no pregnancy, for the record does not tell")
    return answer


def _entries(codes: Iterable[str], origin: Origin) -> list[Threshold]:
    found = [entry for code in codes for entry in entries_of(code) if entry.origin in ("any", origin)]
    if len({entry.key for entry in found}) > 1:
        raise InvalidInput("Measurements are assessed one at a time.")
    return list({(entry.group, entry.from_age): entry for entry in found}.values())


def _for_person(entries: Sequence[Threshold], age: float | None, pregnant: bool | None) -> list[Threshold]:
    if pregnant:
        return [entry for entry in entries if entry.group == "pregnancy"]
    if age is None:
        return []
    until = age + 1 if isinstance(age, int) else math.nextafter(age, math.inf)
    return [entry for entry in entries if entry.group != "pregnancy" and entry.takes(age, until)]


def _out_of_scope(entries: Sequence[Threshold], age: float | None, pregnant: bool | None) -> str:
    if pregnant:
        return "these thresholds are not made for pregnancy"
    if age is None:
        return "the age is not known, and these thresholds depend on it"
    youngest = min(entry.from_age for entry in entries if entry.group != "pregnancy")
    if age < youngest:
        return f"these thresholds are for people of {age_words(youngest)} and older"
    return "there are no thresholds for this age here"


def _perhaps_pregnant(age: float | None, pregnant: bool | None, sex: str | None) -> bool:
    return pregnant is None and sex != "male" and age is not None and REPRODUCTIVE[0] <= age < REPRODUCTIVE[1]


def _joined(answers: Sequence[Assessment]) -> Assessment:
    """The one answer; of an age that is only known in whole years, the one on which all its months agree."""
    first = answers[0]
    if len({(each.status, each.key) for each in answers}) == 1:
        return first
    pressing = max(answers, key=lambda each: each.urgency.rank)
    possible = f"; it may be {pressing.label}" if pressing.label else ""
    return Assessment(
        pressing.name,
        Status.NOT_EVALUATED,
        pressing.evidence,
        urgency=most_urgent(*(each.urgency for each in answers)),
        reason=f"at this age the months decide, and only the years are known{possible}",
        people=pressing.people,
    )


def _judged(entry: Threshold, values: Mapping[str, Measured]) -> Assessment:
    try:
        given = {
            entry.part_of(code): _in_unit(entry, code, one) for code, one in values.items() if code in entry.codes()
        }
    except InvalidInput as problem:
        return _unanswered(entry, problem.detail)
    return _classify(entry, given)


def _in_unit(entry: Threshold, code: str, measured: Measured) -> float:
    part = entry.parts[entry.part_of(code)]
    return convert(measured.value, measured.unit, part.unit, part.analyte)


def _classify(entry: Threshold, given: Mapping[str, float]) -> Assessment:
    for each in entry.classes:
        holds = each.holds(given)
        if holds is None:
            missing = ", ".join(
                f"{name} ({display_unit(part.unit)})" for name, part in entry.parts.items() if name not in given
            )
            return _unanswered(entry, f"it takes the {missing} as well to tell")
        if holds:
            return Assessment(
                entry.name,
                Status.FOUND,
                entry.evidence(each),
                each.key,
                each.label,
                each.urgency,
                people=entry.people,
                advice=each.advice,
            )
    return _unanswered(entry, entry.otherwise or "the value is outside of every class")


def _unanswered(entry: Threshold, reason: str) -> Assessment:
    return Assessment(entry.name, Status.NOT_EVALUATED, entry.evidence(), reason=reason, people=entry.people)
