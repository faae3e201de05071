"""The numbers of an Observation, for the time series; what is not plainly a number is named, never guessed."""

from collections.abc import Iterator
from uuid import UUID

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.records.fhir import Json, first, number, objects, text
from vitasense.deterministic.records.kinds import kind_of, status_of
from vitasense.deterministic.records.moments import Moment, moment
from vitasense.deterministic.tracking import Sample
from vitasense.deterministic.units import canonical_unit

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
NOT_MEASURED = frozenset({"entered-in-error", "cancelled"})


class NoNumber(Exception):
    """Why a quantity is not in the time series."""


def samples_of(observation: Json, record_id: UUID, category: Category) -> tuple[list[Sample], list[str]]:
    """The samples of an Observation and the reasons why quantities of it are none.

    A sample needs a LOINC code, a JSON number without comparator, a UCUM code and a time at least as precise as a day.
    A cancelled or withdrawn observation has neither.
    """
    if status_of(observation) in NOT_MEASURED:
        return [], []
    samples: dict[str, Sample] = {}
    reasons: list[str] = []
    at = observed_at(observation)
    for place, part in _quantified(observation):
        try:
            sample = _sample(part, at, record_id, category)
            if samples.setdefault(sample.metric, sample) != sample:
                raise NoNumber(f"{sample.metric} has two values in one observation, the first is used")
        except NoNumber as reason:
            reasons.append(f"{place}: {reason}")
    return list(samples.values()), reasons


def observed_at(observation: Json) -> Moment | None:
    """When it was observed, else issued."""
    return moment(text(observation, *kind_of("Observation").times))


def loinc_of(part: Json) -> str | None:
    """The first LOINC code of an observation or component."""
    codings = objects(part, "code.coding")
    return next((code for each in codings if text(each, "system") == LOINC and (code := text(each, "code"))), None)


def reference_range(part: Json, unit: str | None) -> tuple[float | None, float | None]:
    """Low and high in `unit`, when there is exactly one normal range and it is in that unit."""
    ranges = [each for each in objects(part, "referenceRange") if text(each, "type.coding.code") in {None, "normal"}]
    if len(ranges) != 1:
        return None, None
    return _limit(ranges[0], "low", unit), _limit(ranges[0], "high", unit)


def _quantified(observation: Json) -> Iterator[tuple[str, Json]]:
    if objects(observation, "valueQuantity"):
        yield "valueQuantity", observation
    for index, component in enumerate(objects(observation, "component")):
        if objects(component, "valueQuantity"):
            yield f"component[{index}].valueQuantity", component


def _sample(part: Json, at: Moment | None, record_id: UUID, category: Category) -> Sample:
    quantity = objects(part, "valueQuantity")[0]
    value, code, metric = number(quantity, "value"), text(quantity, "code"), loinc_of(part)
    if value is None:
        raise NoNumber("it has no value that is a number")
    if comparator := text(quantity, "comparator"):
        raise NoNumber(f"the true value is only known to be {comparator} the number")
    if code is None or text(quantity, "system") != UCUM:
        raise NoNumber("its unit is not a UCUM code")
    if metric is None:
        raise NoNumber("it has no LOINC code")
    if at is None or at.precision not in {"day", "time"}:
        raise NoNumber("it has no date that is at least as precise as a day")
    unit = canonical_unit(code) or code
    low, high = reference_range(part, code)
    return Sample(metric, at.at, value, unit, record_id, category, low, high)


def _limit(one: Json, name: str, unit: str | None) -> float | None:
    found = first(one, name)
    given = text(found, "code", "unit")
    return number(found, "value") if given is None or given == unit else None
