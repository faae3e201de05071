"""What one tablet or millilitre holds, as product names and Medications say it, and amounts by way of it."""

import pytest

from vitasense.deterministic.medications.dose_forms import counted, form_of, measured, route_of, route_words, unit_of
from vitasense.deterministic.medications.schedules import UCUM, Quantity
from vitasense.deterministic.medications.strengths import Strength, in_unit, strengths_in, strengths_of


@pytest.mark.parametrize(
    ("name", "strengths"),
    [
        ("Simvastatin 20 MG Oral Tablet", [Strength(20, "mg")]),
        ("24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet", [Strength(500, "mg")]),
        ("levothyroxine 75 mcg", [Strength(0.075, "mg")]),
        ("paracetamol 1 g", [Strength(1000, "mg")]),
        ("metformin 1,000 mg", [Strength(1000, "mg")]),
        ("bisoprolol 2,5 mg", [Strength(2.5, "mg")]),
        ("insulin glargine 100 UNT/ML", [Strength(100, "[iU]", "mL")]),
        ("amoxicillin 250 mg/5 ml suspension", [Strength(50, "mg", "mL")]),
        ("hydrocortisone 1% cream", [Strength(1, "%")]),
        ("Acetaminophen 325 MG / Hydrocodone 7.5 MG Oral Tablet", [Strength(325, "mg"), Strength(7.5, "mg")]),
        ("200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler", [Strength(0.09, "mg", "{puff}")]),
        ("simvastatin", []),
        ("Camila 28 Day Pack", []),
        ("vitamin B12", []),
        ("", []),
    ],
)
def test_a_name_says_its_strengths(name: str, strengths: list[Strength]) -> None:
    assert list(strengths_of(name)) == strengths


def test_a_medication_says_them_when_each_ingredient_does() -> None:
    def part(value: float) -> dict[str, object]:
        return {
            "strength": {"numerator": {"value": value, "unit": "mg"}, "denominator": {"value": 1, "unit": "tablet"}}
        }

    assert strengths_in({"ingredient": [part(20), part(10)]}) == (Strength(20, "mg"), Strength(10, "mg"))
    assert strengths_in({"ingredient": [part(20), {}]}) == ()
    assert strengths_in({}) == ()


@pytest.mark.parametrize(
    ("amount", "unit", "name", "expected"),
    [
        (counted(2, "tablet"), "mg", "simvastatin 20 mg", 40),
        (measured(40, "mg"), "{tbl}", "simvastatin 20 mg", 2),
        (measured(5, "mL"), "mg", "amoxicillin 250 mg/5 ml", 250),
        (measured(500, "mg"), "mL", "amoxicillin 250 mg/5 ml", 10),
        (counted(2, "puff"), "mg", "albuterol 0.09 mg/actuat", 0.18),
        (measured(10, "U"), "mL", "insulin glargine 100 unt/ml", 0.1),
        (measured(0.5, "g"), "mg", "anything", 500),
        (counted(2, "tablet"), "mg", "simvastatin", None),
        (counted(2, "tablet"), "mg", "acetaminophen 325 mg / hydrocodone 7.5 mg", None),
        (measured(5, "mL"), "mg", "simvastatin 20 mg", None),
        (counted(2, "tablet"), "{cap}", "simvastatin 20 mg", None),
        (Quantity(2), "mg", "simvastatin 20 mg", None),
    ],
)
def test_amounts_meet_by_the_strength_or_not_at_all(
    amount: Quantity, unit: str, name: str, expected: float | None
) -> None:
    found = in_unit(amount, unit, strengths_of(name))
    assert found == (pytest.approx(expected) if expected is not None else None)


@pytest.mark.parametrize(
    ("quantity", "unit"),
    [
        (Quantity(1, "tablet", "1", UCUM), "{tbl}"),
        (Quantity(1, "TAB"), "{tbl}"),
        (Quantity(1, "Puffs"), "{puff}"),
        (Quantity(1, "mg"), "mg"),
        (Quantity(1, "mcg"), "ug"),
        (Quantity(1, "units", "U", UCUM), "[iU]"),
        (Quantity(1, None, "no unit", UCUM), None),
        (Quantity(1), None),
    ],
)
def test_units_of_sources_are_one_unit(quantity: Quantity, unit: str | None) -> None:
    assert unit_of(quantity) == unit


def test_routes_are_plain_words_by_code_or_display() -> None:
    assert route_of({"coding": [{"system": "http://snomed.info/sct", "code": "26643006"}]}) == "oral"
    assert route_of({"coding": [{"code": "x", "display": "Subcutaneous use"}]}) == "subcutaneous"
    assert route_of({"text": "oral"}) == "oral" and route_of({"text": "by magic"}) is None and route_of(None) is None
    assert route_words("Simvastatin 20 MG Oral Tablet") == "oral" and route_words("aspirin") is None
    assert form_of(Quantity(1, "tablets")) == "tablet" and form_of(Quantity(1, "mg")) is None
