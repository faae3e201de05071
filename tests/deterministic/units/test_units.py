"""Units are understood as they are written and said, convert exactly, and refuse what cannot be compared."""

import math

import pytest

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units import (
    NotComparable,
    UnknownUnit,
    canonical_unit,
    comparable,
    convert,
    display_unit,
    is_valid,
    unit_words,
)
from vitasense.deterministic.units.grammar import parse
from vitasense.deterministic.units.tables import codes

# Spellings of records that are UCUM for something else, or that stand for a unit of ours by habit.
_BY_HABIT = {"u/L", "u/l", "mL/min/1.73.m2", "mL/min{1.73_m2}", "mL/min/1.73{m2}", "mL/min/{1.73m2}"} | {
    "mL/min/{1.73.m2}",
    "{#}",
    "{inr}",
}


@pytest.mark.parametrize(
    ("value", "source", "target", "analyte", "expected"),
    [
        (98.6, "[degF]", "Cel", None, 37.0),
        (37, "Cel", "[degF]", None, 98.6),
        (101.3, "[degF]", "Cel", None, 38.5),
        (180, "[lb_av]", "kg", None, 81.6466266),
        (70, "[in_i]", "cm", None, 177.8),
        (0.25, "mg", "ug", None, 250),
        (100, "kcal", "kJ", None, 418.4),
        (250, "10*3/uL", "10*9/L", None, 250),
        (2.5, "u[IU]/mL", "m[IU]/L", None, 2.5),
        (0.97, "1", "%", None, 97),
        (1, "m[Hg]", "kPa", None, 133.322),
        (1, "[in_i'H2O]", "Pa", None, 249.08891),
        (1, "[LPF]", "[HPF]", None, 100),
        (1, "mol", "10*23", None, 6.02214076),
        (290, "mosm/kg", "mmol/kg", None, 290),
        (4.1, "meq/L", "mmol/L", "potassium", 4.1),
        (5, "meq/L", "mmol/L", "calcium", 2.5),
        (5, "meq/L", "mg/dL", "calcium", 10.0195),
    ],
)
def test_a_conversion_is_exact_to_the_last_digit(
    value: float, source: str, target: str, analyte: str | None, expected: float
) -> None:
    assert convert(value, source, target, analyte) == expected


@pytest.mark.parametrize(
    ("value", "source", "target", "analyte", "shown"),
    [
        (126, "mg/dL", "mmol/L", "glucose", "6.99"),
        (200, "mg/dL", "mmol/L", "cholesterol", "5.17"),
        (200, "mg/dL", "mmol/L", "LDL", "5.17"),
        (1.0, "mg/dL", "umol/L", "creatinine", "88.40"),
        (1.0, "mg/dL", "umol/L", "2160-0", "88.40"),
        (20, "mg/dL", "mmol/L", "BUN", "7.14"),
        (14.5, "g/dL", "mmol/L", "Hemoglobin", "9.00"),
        (30, "mg/g{creat}", "mg/mmol{creat}", "ACR", "3.39"),
        # NGSP conversion table: 6.5 % is 48 mmol/mol, 7.0 % is 53 mmol/mol
        (6.5, "%", "mmol/mol", "A1c", "47.53"),
        (7, "%{Hb}", "mmol/mol{Hb}", "HbA1c", "53.00"),
        (53, "mmol/mol", "%", "4548-4", "7.00"),
    ],
)
def test_analytes_go_by_name_and_by_loinc_code(
    value: float, source: str, target: str, analyte: str, shown: str
) -> None:
    assert f"{convert(value, source, target, analyte):.2f}" == shown


@pytest.mark.parametrize(
    ("source", "target", "analyte", "reason"),
    [
        ("kg", "cm", None, "quantity"),
        ("kg", "cm", "2160-0", "quantity"),
        ("U/L", "m[IU]/L", None, "arbitrary"),
        ("[IU]", "[arb'U]", None, "arbitrary"),
        ("[IU]", "1", None, "arbitrary"),
        ("mL/min", "mL/min/{1.73_m2}", None, "annotation"),
        ("mL/min", "mL/min{1.73_m2}", None, "annotation"),
        ("{score}", "1", None, "annotation"),
        ("{INR}", "{score}", None, "annotation"),
        ("{steps}", "{INR}", None, "annotation"),
        ("{Log_copies}/mL", "{copies}/mL", None, "annotation"),
        ("mg/g{creat}", "%", None, "annotation"),
        ("U{25Cel}/L", "U{37Cel}/L", None, "annotation"),
        ("%", "mmol/mol", None, "amount"),
        ("%", "mmol/mol", "glucose", "amount"),
        ("10*9/L", "mmol/L", None, "amount"),
        ("/min", "U", None, "amount"),
        ("mg/dL", "mmol/L", None, "analyte"),
        ("mg/dL", "mmol/L", "hba1c", "analyte"),
        ("meq/L", "mmol/L", None, "analyte"),
        ("meq/L", "mmol/L", "glucose", "analyte"),
        ("mg/mmol", "mg/g", "albumin", "analyte"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_reason(
    source: str, target: str, analyte: str | None, reason: str
) -> None:
    for pair in ((source, target), (target, source)):
        with pytest.raises(NotComparable) as refused:
            convert(1, *pair, analyte)
        assert refused.value.reason == reason
        assert not comparable(*pair, analyte)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("{copies}/mL", "/L"),
        ("mg/g{creat}", "mg/g"),
        ("%{vol}", "mL/dL"),
        ("kg{body_wt}", "[lb_av]"),
        ("mL/min/{1.73_m2}", "L/min/{1.73_m2}"),
        ("{steps}", "{steps}"),
    ],
)
def test_an_annotation_that_changes_nothing_is_not_in_the_way(source: str, target: str) -> None:
    assert comparable(source, target)


def test_an_unknown_unit_or_analyte_is_refused() -> None:
    with pytest.raises(UnknownUnit):
        convert(1, "mg/dL", "furlong")
    with pytest.raises(InvalidInput, match="analyte"):
        convert(1, "mg/dL", "mmol/L", "unobtainium")
    assert not comparable("mg/dL", "furlong")
    assert not comparable("mg/dL", "mmol/L", "unobtainium")


def test_an_analyte_that_is_not_needed_need_not_be_known() -> None:
    assert convert(5, "mg/dL", "mg/L", "unobtainium") == 50


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_not_a_number_is_refused(value: float) -> None:
    with pytest.raises(InvalidInput):
        convert(value, "mg", "g")


@pytest.mark.parametrize(("source", "target"), [("Ym", "ym"), ("10*-30.ym", "10*9.Ym")])
def test_a_result_beyond_what_a_number_can_hold_is_refused(source: str, target: str) -> None:
    value = 1e300 if source == "Ym" else 1e-300
    with pytest.raises(InvalidInput, match="beyond"):
        convert(value, source, target)


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
        ("mL/min{1.73_m2}", "mL/min/{1.73_m2}", "mL/min/1.73 m²"),
    ],
)
def test_spellings_lead_to_one_code_and_one_word(seen: str, code: str, read: str) -> None:
    assert canonical_unit(seen) == code
    assert display_unit(code) == read


def test_a_spelling_that_is_not_ucum_converts_too() -> None:
    assert convert(10, "lbs", "kg") == 4.5359237


def test_an_unknown_unit_is_none_and_displays_as_it_is() -> None:
    assert canonical_unit("furlong") is None
    assert display_unit("{furlong}") == "{furlong}"


def test_every_word_is_understood() -> None:
    assert all(canonical_unit(word) for word in unit_words())


def test_every_canonical_code_is_ucum() -> None:
    assert [unit.code for unit in codes().values() if not is_valid(unit.code)] == []


def test_every_other_spelling_of_a_code_means_the_same_in_ucum() -> None:
    for seen, unit in codes().items():
        if is_valid(seen) and seen not in _BY_HABIT:
            one, other = parse(seen), parse(unit.code)
            assert (one.factor, one.dimension) == (other.factor, other.dimension), seen
