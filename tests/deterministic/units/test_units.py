"""Units convert exactly, there and back, and refuse what cannot be compared."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units import (
    canonical_unit,
    convert,
    display_unit,
    unit_words,
)
from vitasense.deterministic.units.tables import codes


@pytest.mark.parametrize(
    ("value", "source", "target", "analyte", "expected"),
    [
        (101.3, "[degF]", "Cel", None, 38.5),
        (37, "Cel", "[degF]", None, 98.6),
        (180, "[lb_av]", "kg", None, 81.6466266),
        (70, "[in_i]", "cm", None, 177.8),
        (500, "mg", "g", None, 0.5),
        (0.25, "mg", "ug", None, 250),
        (100, "kcal", "kJ", None, 418.4),
        (250, "10*3/uL", "10*9/L", None, 250),
        (2.5, "u[IU]/mL", "m[IU]/L", None, 2.5),
        (0.97, "1", "%", None, 97),
        (4.1, "meq/L", "mmol/L", "potassium", 4.1),
        (5, "meq/L", "mmol/L", "calcium", 2.5),
    ],
)
def test_linear_conversions_follow_ucum(
    value: float, source: str, target: str, analyte: str | None, expected: float
) -> None:
    assert convert(value, source, target, analyte) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "source", "target", "analyte", "expected", "tolerance"),
    [
        # AMA Manual of Style, 11th ed.: SI factors 0.0555, 0.0259, 0.0113 and 88.4
        (100, "mg/dL", "mmol/L", "glucose", 5.55, 0.01),
        (200, "mg/dL", "mmol/L", "cholesterol", 5.18, 0.01),
        (150, "mg/dL", "mmol/L", "triglycerides", 1.695, 0.01),
        (1.0, "mg/dL", "umol/L", "creatinine", 88.4, 0.01),
        (1.0, "mg/dL", "umol/L", "2160-0", 88.4, 0.01),
        # NGSP conversion table: 6.5 % is 48 mmol/mol, 7.0 % is 53 mmol/mol
        (6.5, "%", "mmol/mol", "hba1c", 48, 0.5),
        (53, "mmol/mol", "%", "4548-4", 7.0, 0.05),
    ],
)
def test_analyte_conversions_agree_with_the_published_factors(
    value: float,
    source: str,
    target: str,
    analyte: str,
    expected: float,
    tolerance: float,
) -> None:
    assert convert(value, source, target, analyte) == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize(
    ("source", "target", "analyte"),
    [
        ("mg/dL", "mmol/L", None),
        ("mg/dL", "mmol/L", "hba1c"),
        ("%", "mmol/mol", None),
        ("%", "mmol/mol", "glucose"),
        ("kg", "cm", None),
        ("meq/L", "mmol/L", "glucose"),
        ("U/L", "m[IU]/L", None),
        ("mL/min", "mL/min/{1.73_m2}", None),
        ("mg/dL", "furlong", None),
        ("mg/dL", "mmol/L", "unobtainium"),
    ],
)
def test_what_cannot_be_compared_is_refused(source: str, target: str, analyte: str | None) -> None:
    with pytest.raises(InvalidInput):
        convert(1, source, target, analyte)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_not_a_number_is_refused(value: float) -> None:
    with pytest.raises(InvalidInput):
        convert(value, "mg", "g")


_LINEAR = [(one.code, other.code) for one in codes().values() for other in codes().values() if one.kind == other.kind]


@given(st.floats(min_value=-1e6, max_value=1e6), st.sampled_from(_LINEAR))
def test_there_and_back_is_identity(value: float, pair: tuple[str, str]) -> None:
    there = convert(value, pair[0], pair[1])
    assert convert(there, pair[1], pair[0]) == pytest.approx(value, rel=1e-9, abs=1e-9)


@given(
    st.floats(min_value=0.01, max_value=1e4),
    st.sampled_from(["glucose", "cholesterol", "triglycerides"]),
)
def test_molar_there_and_back_is_identity(value: float, analyte: str) -> None:
    there = convert(value, "mg/dL", "mmol/L", analyte)
    assert convert(there, "mmol/L", "mg/dL", analyte) == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize(
    ("seen", "code", "read"),
    [
        ("mmHg", "mm[Hg]", "mmHg"),
        ("mm Hg", "mm[Hg]", "mmHg"),
        ("bpm", "/min", "/min"),
        ("{beats}/min", "/min", "/min"),
        ("mcg", "ug", "mcg"),
        ("lbs", "[lb_av]", "lb"),
        ("°F", "[degF]", "°F"),
        ("percent", "%", "%"),
        ("mg/dl", "mg/dL", "mg/dL"),
        ("mL/min/1.73m2", "mL/min/{1.73_m2}", "mL/min/1.73 m²"),
    ],
)
def test_spellings_lead_to_one_code_and_one_word(seen: str, code: str, read: str) -> None:
    assert canonical_unit(seen) == code
    assert display_unit(code) == read


def test_an_unknown_unit_is_none_and_displays_as_it_is() -> None:
    assert canonical_unit("furlong") is None
    assert display_unit("{furlong}") == "{furlong}"


def test_every_word_is_understood() -> None:
    assert all(canonical_unit(word) for word in unit_words())
