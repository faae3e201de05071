"""A dosage in words: the source's own, else made of its numbers."""

from collections.abc import Iterator, Sequence

from vitasense.deterministic.records.fhir import Json, first, number, text, values, words
from vitasense.deterministic.units import display_unit

PERIODS = {"s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}


def dose_text(dosages: Sequence[Json]) -> str | None:
    """Every dosage, one after the other; None when nothing is said."""
    return "; ".join(said for each in dosages if (said := _dosage(each))) or None


def quantity_text(quantity: Json) -> str | None:
    """A quantity as a person reads it, with its comparator: "< 5 mg"."""
    value = number(quantity, "value")
    if value is None:
        return None
    code, said = text(quantity, "code"), text(quantity, "unit")
    unit = display_unit(code) if code and said in {None, code} else said
    return " ".join(filter(None, [text(quantity, "comparator"), f"{value:.10g}", unit]))


def _dosage(dosage: Json) -> str | None:
    written = text(dosage, "text") or text(dosage, "patientInstruction")
    return written or ", ".join(_parts(dosage)) or None


def _parts(dosage: Json) -> Iterator[str]:
    amount = quantity_text(first(dosage, "doseAndRate.doseQuantity")) or _range(first(dosage, "doseAndRate.doseRange"))
    timing = words(first(dosage, "timing.code")) or _timing(first(dosage, "timing.repeat"))
    as_needed = words(first(dosage, "asNeededCodeableConcept"))
    if True in values(dosage, "asNeededBoolean") or as_needed:
        timing = " ".join(filter(None, [timing, "as needed", f"for {as_needed}" if as_needed else None]))
    yield from filter(None, [amount, timing, words(first(dosage, "route"))])


def _range(limits: Json) -> str | None:
    low, high = quantity_text(first(limits, "low")), quantity_text(first(limits, "high"))
    return f"{low} to {high}" if low and high else None


def _timing(repeat: Json) -> str | None:
    period, unit = number(repeat, "period"), PERIODS.get(text(repeat, "periodUnit") or "")
    if period is None or unit is None:
        return None
    times = number(repeat, "frequency") or 1
    often = "once" if times == 1 else f"{times:.10g} times"
    return f"{often} a {unit}" if period == 1 else f"{often} every {period:.10g} {unit}s"
