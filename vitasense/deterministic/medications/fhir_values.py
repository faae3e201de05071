"""Members of a FHIR JSON object, each taken out of it when it has the form that FHIR gives it; else it stays."""

import math
from datetime import time
from typing import cast

from vitasense.deterministic.medications.schedules import DAYS, WEEK, Day, Json, Quantity, Ratio, Span, Unit

_QUANTITY = ("value", "comparator", "unit", "system", "code")


def quantity_json(quantity: Quantity) -> dict[str, object]:
    """The quantity as FHIR Quantity."""
    return {name: value for name in _QUANTITY if (value := getattr(quantity, name)) is not None}


def span_json(span: Span) -> dict[str, object]:
    """The span as FHIR Range."""
    ends = {"low": span.low, "high": span.high}
    return {name: quantity_json(end) for name, end in ends.items() if end}


def ratio_json(ratio: Ratio) -> dict[str, object]:
    """The ratio as FHIR Ratio."""
    parts = {"numerator": ratio.numerator, "denominator": ratio.denominator}
    return {name: quantity_json(part) for name, part in parts.items() if part}


def quantity_of(said: object) -> Quantity | None:
    """A FHIR Quantity; None for one without a number or with members that are not understood."""
    if not isinstance(said, dict):
        return None
    left = dict(cast("Json", said))
    value = take_decimal(left, "value")
    words = {name: take_words(left, name) for name in _QUANTITY[1:]}
    return None if value is None or left else Quantity(value, **words)


def words_of_concept(concept: Json) -> str | None:
    """A CodeableConcept as a person reads it: its text, else the first display, else the first code."""
    listed = cast("list[object]", concept["coding"]) if isinstance(concept.get("coding"), list) else []
    codings = [cast("Json", each) for each in listed if isinstance(each, dict)]
    said = (concept.get("text"), *(one.get("display") for one in codings), *(one.get("code") for one in codings))
    return next((each for each in said if isinstance(each, str) and each.strip()), None)


def take_quantity(left: dict[str, object], name: str) -> Quantity | None:
    """The Quantity of that name."""
    found = quantity_of(left.get(name))
    if found:
        del left[name]
    return found


def take_span(left: dict[str, object], name: str) -> Span | None:
    """The Range of that name."""
    pair = _pair(left, name, ("low", "high"))
    return Span(*pair) if pair else None


def take_ratio(left: dict[str, object], name: str) -> Ratio | None:
    """The Ratio of that name."""
    pair = _pair(left, name, ("numerator", "denominator"))
    return Ratio(*pair) if pair else None


def _pair(left: dict[str, object], name: str, ends: tuple[str, str]) -> tuple[Quantity | None, Quantity | None] | None:
    said = left.get(name)
    if not isinstance(said, dict):
        return None
    inner = dict(cast("Json", said))
    one, other = take_quantity(inner, ends[0]), take_quantity(inner, ends[1])
    if inner or (one is None and other is None):
        return None
    del left[name]
    return one, other


def take_whole(left: dict[str, object], name: str) -> int | None:
    """The whole number of that name."""
    value = left.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    del left[name]
    return value


def take_decimal(left: dict[str, object], name: str) -> float | None:
    """The number of that name."""
    value = left.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    del left[name]
    return value


def take_words(left: dict[str, object], name: str) -> str | None:
    """The text of that name."""
    value = left.get(name)
    if not isinstance(value, str) or not value:
        return None
    del left[name]
    return value


def take_flag(left: dict[str, object], name: str) -> bool | None:
    """The boolean of that name."""
    value = left.get(name)
    if not isinstance(value, bool):
        return None
    del left[name]
    return value


def take_object(left: dict[str, object], name: str) -> Json | None:
    """The object of that name."""
    value = left.get(name)
    if not isinstance(value, dict):
        return None
    del left[name]
    return cast("Json", value)


def take_objects(left: dict[str, object], name: str) -> tuple[Json, ...]:
    """The objects of that name."""
    found = _all(left, name, dict)
    return tuple(cast("list[Json]", found))


def take_texts(left: dict[str, object], name: str) -> tuple[str, ...]:
    """The texts of that name."""
    return tuple(cast("list[str]", _all(left, name, str)))


def _all(left: dict[str, object], name: str, kind: type) -> list[object]:
    """The list, when every element is of the kind; else it stays where it is."""
    said = left.get(name)
    listed = cast("list[object]", said) if isinstance(said, list) else []
    if not listed or not all(isinstance(each, kind) for each in listed):
        return []
    del left[name]
    return listed


def take_unit(left: dict[str, object], name: str) -> Unit | None:
    """The unit of time of that name."""
    value = left.get(name)
    if not isinstance(value, str) or value not in DAYS:
        return None
    del left[name]
    return cast("Unit", value)


def take_days(left: dict[str, object]) -> tuple[Day, ...]:
    """The days of the week."""
    said = left.get("dayOfWeek")
    listed = cast("list[object]", said) if isinstance(said, list) else []
    if not listed or not all(day in WEEK for day in listed):
        return ()
    del left["dayOfWeek"]
    return tuple(cast("list[Day]", listed))


def take_times(left: dict[str, object]) -> tuple[time, ...]:
    """Times that are written as FHIR does, so that they come back as they were."""
    said = left.get("timeOfDay")
    listed = cast("list[object]", said) if isinstance(said, list) else []
    try:
        found = tuple(time.fromisoformat(str(each)) for each in listed)
    except ValueError:
        return ()
    if not found or [each.isoformat() for each in found] != listed:
        return ()
    del left["timeOfDay"]
    return found
