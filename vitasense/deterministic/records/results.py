"""Observations as they are read: numbers with unit and range, words where the result is no number."""

from vitasense.deterministic.records.doses import quantity_text
from vitasense.deterministic.records.fhir import Json, as_object, first, number, objects, text, values, words
from vitasense.deterministic.records.numbers import UCUM, reference_range
from vitasense.deterministic.records.reading import coded, codings_of, common
from vitasense.deterministic.records.schemas import Result, StoredResource
from vitasense.deterministic.units import canonical_unit


def result(row: StoredResource) -> Result:
    """An Observation with its components."""
    parts = tuple(_component(each, row) for each in objects(row.content, "component"))
    return Result.model_validate(common(row) | _measured(row.content) | {"components": parts})


def result_text(observation: Json) -> str | None:
    """The value in words: "120 mmHg", "positive"; of a panel its components'; None when there is none."""
    found = quantity_text(first(observation, "valueQuantity")) or _words(observation)
    if found:
        return found
    parts = ((words(first(each, "code")), result_text(each)) for each in objects(observation, "component"))
    return "; ".join(f"{name}: {value}" for name, value in parts if name and value) or None


def _component(component: Json, row: StoredResource) -> Result:
    name = words(first(component, "code")) or row.label
    codes = coded(codings_of(component, "code"))
    return Result.model_validate(common(row) | codes | {"name": name} | _measured(component))


def _measured(part: Json) -> dict[str, object]:
    quantity = first(part, "valueQuantity")
    code = text(quantity, "code") if text(quantity, "system") == UCUM else None
    unit = canonical_unit(code) or code if code else text(quantity, "unit", "code")
    integer = number(part, "valueInteger")
    low, high = reference_range(part, text(quantity, "code", "unit"))
    return {
        "value": number(quantity, "value") if integer is None else integer,
        "unit": unit,
        "comparator": text(quantity, "comparator"),
        "text": _words(part),
        "low": low,
        "high": high,
        "interpretation": text(part, "interpretation.coding.code") or words(first(part, "interpretation")),
        "absent": words(first(part, "dataAbsentReason")),
    }


def _words(part: Json) -> str | None:
    said = words(first(part, "valueCodeableConcept")) or text(part, "valueString", "valueDateTime", "valueTime")
    if said:
        return said
    for flag in values(part, "valueBoolean"):
        return "yes" if flag is True else "no"
    low, high = (quantity_text(first(part, f"valueRange.{end}")) for end in ("low", "high"))
    if low and high:
        return f"{low} to {high}"
    ratio = as_object(next(values(part, "valueRatio"), None))
    above, below = (quantity_text(first(ratio, end)) for end in ("numerator", "denominator"))
    return f"{above} : {below}" if above and below else None
