"""Timings and dosages that hypothesis makes: every member that FHIR knows, and some that it does not."""

from datetime import time
from typing import Any

from hypothesis import strategies as st

from vitasense.deterministic.medications.schedules import DAYS, WEEK, event_timings

WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=1000), min_size=1, max_size=12)
NUMBERS = st.one_of(st.integers(1, 5000), st.decimals("0.001", 5000, places=3).map(float))
UNITS = st.sampled_from(sorted(DAYS))


def some(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object with any of these members."""
    return st.fixed_dictionaries({}, optional=members)


def filled(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return some(**members).filter(bool)


QUANTITIES = st.fixed_dictionaries(
    {"value": NUMBERS},
    optional={"unit": WORDS, "system": WORDS, "code": WORDS, "comparator": st.sampled_from(["<", ">="])},
)
CONCEPTS = filled(text=WORDS, coding=st.lists(filled(system=WORDS, code=WORDS, display=WORDS), min_size=1, max_size=2))
RANGES = filled(low=QUANTITIES, high=QUANTITIES)
RATIOS = filled(numerator=QUANTITIES, denominator=QUANTITIES)
DATES = st.dates().map(lambda day: day.isoformat().zfill(10))
EXTENSIONS = st.lists(st.fixed_dictionaries({"url": WORDS, "valueString": WORDS}), min_size=1, max_size=2)

REPEATS = some(
    frequency=st.integers(1, 40),
    frequencyMax=st.integers(1, 40),
    period=NUMBERS,
    periodMax=NUMBERS,
    periodUnit=UNITS,
    count=st.integers(1, 99),
    countMax=st.integers(1, 99),
    duration=NUMBERS,
    durationMax=NUMBERS,
    durationUnit=UNITS,
    offset=st.integers(0, 300),
    dayOfWeek=st.lists(st.sampled_from(WEEK), min_size=1, max_size=7),
    timeOfDay=st.lists(
        st.times().map(lambda at: time(at.hour, at.minute, at.second).isoformat()), min_size=1, max_size=4
    ),
    when=st.lists(st.sampled_from(event_timings().order), min_size=1, max_size=3),
    extension=EXTENSIONS,
    somethingNew=WORDS,
).flatmap(
    lambda repeat: st.sampled_from(
        [{}, {"boundsPeriod": {"start": "2026-03-01"}}, {"boundsPeriod": {"start": "2026", "end": "2027-01"}}]
    ).map(lambda bounds: repeat | bounds)
)
BOUNDED = st.one_of(
    REPEATS,
    st.tuples(REPEATS, QUANTITIES).map(lambda both: both[0] | {"boundsDuration": both[1]}),
    st.tuples(REPEATS, RANGES).map(lambda both: both[0] | {"boundsRange": both[1]}),
)
TIMINGS = some(repeat=BOUNDED, code=CONCEPTS, event=st.lists(DATES, min_size=1, max_size=3), extension=EXTENSIONS)
DOSES = st.one_of(
    st.lists(
        st.one_of(filled(type=CONCEPTS, doseQuantity=QUANTITIES), filled(type=CONCEPTS, doseRange=RANGES)),
        min_size=1,
        max_size=1,
    ),
    st.lists(filled(rateRatio=RATIOS, doseQuantity=QUANTITIES, rateQuantity=QUANTITIES), min_size=1, max_size=2),
)
DOSAGES = some(
    sequence=st.integers(1, 9),
    text=WORDS,
    patientInstruction=WORDS,
    additionalInstruction=st.lists(CONCEPTS, min_size=1, max_size=2),
    timing=TIMINGS,
    asNeededBoolean=st.booleans(),
    asNeededCodeableConcept=CONCEPTS,
    site=CONCEPTS,
    route=CONCEPTS,
    method=CONCEPTS,
    doseAndRate=DOSES,
    maxDosePerPeriod=RATIOS,
    maxDosePerAdministration=QUANTITIES,
    maxDosePerLifetime=QUANTITIES,
    extension=EXTENSIONS,
    modifierExtension=EXTENSIONS,
    text_=WORDS,
)
