"""The daily amount of an ingredient is added up over all medicines and held against the label's limit for adults."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deterministic.medications.factories import medicine, person, subject
from vitasense.deterministic.knowledge import rulebook
from vitasense.deterministic.medications.checks.maximum import maximum, maximum_rules
from vitasense.deterministic.medications.schemas import Dose, Kind, Medicine
from vitasense.deterministic.platform.findings import Finding, Status, Urgency
from vitasense.deterministic.units import canonical_unit, is_valid


def taken(name: str, amount: float, unit: str, often: float | None = None, **fields: object) -> Medicine:
    return medicine(name, dose=Dose(amount, unit, per_day=often), **fields)


def as_needed(name: str, amount: float, unit: str, most: float) -> Medicine:
    return medicine(name, dose=Dose(amount, unit, per_day=1, most_per_day=most))


def found(*medicines: Medicine, age: float | None = 50) -> list[Finding]:
    results = maximum(subject(*medicines, whom=person(age_years=age)))
    return [each for each in results if each.status is Status.FOUND]


def severity(finding: Finding) -> str:
    return next(value.text or "" for value in finding.values if value.name == "severity")


@pytest.mark.parametrize(
    ("name", "amount", "unit", "often", "expected"),
    [
        ("acetaminophen", 1000, "mg", 5, "major"),
        ("acetaminophen", 1, "g", 5, "major"),
        ("acetaminophen", 1000, "mg", 3.5, "minor"),
        ("Tylenol 500 mg", 2, "{tbl}", 6, "major"),
        ("ibuprofen", 800, "mg", 5, "major"),
        ("simvastatin", 80, "mg", 1, "moderate"),
        ("simvastatin", 160, "mg", 1, "major"),
        ("citalopram 20 MG Oral Tablet", 3, "{tbl}", 1, "major"),
        ("tramadol", 100, "mg", 5, "major"),
        ("metformin", 1000, "mg", 3, "moderate"),
        ("metformin ER 500 mg", 6, "{tbl}", 1, "moderate"),
        ("zolpidem", 15, "mg", 1, "major"),
        ("levothyroxine", 400, "ug", 1, "moderate"),
        ("Vitamin D3 1000 IU", 5, "{cap}", 1, "minor"),
        ("methotrexate", 2.5, "mg", 1, "contraindicated"),
        ("methotrexate", 40, "mg", 1 / 7, "major"),
    ],
)
def test_more_than_the_label_gives_is_found(name: str, amount: float, unit: str, often: float, expected: str) -> None:
    assert [severity(each) for each in found(taken(name, amount, unit, often))] == [expected]


@pytest.mark.parametrize(
    ("name", "amount", "unit", "often"),
    [
        ("acetaminophen", 1000, "mg", 3),
        ("methotrexate", 15, "mg", 1 / 7),
        ("alendronate", 70, "mg", 1 / 7),
        ("citalopram", 40, "mg", 1),
        ("simvastatin", 40, "mg", 1),
    ],
)
def test_what_is_within_the_limits_is_named_with_both_numbers(
    name: str, amount: float, unit: str, often: float
) -> None:
    (finding,) = maximum(subject(taken(name, amount, unit, often), whom=person(age_years=50)))
    assert finding.status is Status.NOT_FOUND and name in finding.text
    assert len([value for value in finding.values if value.number is not None]) == 2


def test_amounts_of_all_medicines_with_the_ingredient_are_added() -> None:
    percocet = taken("oxycodone 5 MG / acetaminophen 325 MG Oral Tablet", 2, "{tbl}", 4)
    (finding,) = found(percocet, taken("Tylenol 500 mg", 2, "{tbl}", 2))
    assert "4600 mg a day" in finding.text and "4000 mg" in finding.text
    assert "oxycodone 5 MG / acetaminophen 325 MG Oral Tablet and Tylenol 500 mg together" in finding.text
    assert finding.kind == Kind.MAXIMUM and finding.urgency is Urgency.URGENT


def test_what_is_taken_as_needed_counts_with_its_most() -> None:
    assert severity(found(as_needed("acetaminophen", 1000, "mg", 6))[0]) == "major"
    assert found(as_needed("acetaminophen", 500, "mg", 4)) == []


def test_a_limit_is_not_passed_by_reaching_it() -> None:
    assert [severity(each) for each in found(taken("acetaminophen", 1000, "mg", 4))] == ["minor"]
    assert found(taken("digoxin", 0.1, "mg", 5)) == []


def test_older_people_have_their_own_limits() -> None:
    assert severity(found(taken("citalopram", 30, "mg", 1), age=70)[0]) == "major"
    assert found(taken("citalopram", 30, "mg", 1), age=50) == []


def test_a_limit_that_depends_on_an_unknown_age_is_not_evaluated() -> None:
    for whom in (None, person()):
        (finding,) = maximum(subject(taken("citalopram", 30, "mg", 1), whom=whom))
        assert finding.status is Status.NOT_EVALUATED and "age" in finding.text
    assert found(taken("citalopram", 60, "mg", 1), age=None)


def test_self_treatment_has_the_limit_of_the_pack() -> None:
    self_treated = taken("ibuprofen", 400, "mg", 4, origin="over_the_counter")
    assert severity(found(self_treated)[0]) == "moderate"
    assert found(taken("ibuprofen", 400, "mg", 4, origin="prescribed")) == []


@pytest.mark.parametrize(
    "unknown",
    [
        medicine("ibuprofen"),
        taken("ibuprofen", 200, "mg"),
        taken("ibuprofen", 2, "{tbl}", 3),
        taken("ibuprofen 200 MG Oral Tablet", 2, "flurbs", 3),
        taken("ibuprofen 200 MG Oral Tablet", 5, "mL", 3),
        taken("oxycodone 5 MG / acetaminophen 325 MG Oral Tablet", 500, "mg", 3),
    ],
)
def test_what_cannot_be_added_up_is_not_evaluated(unknown: Medicine) -> None:
    (finding,) = maximum(subject(unknown, whom=person(age_years=50)))
    assert finding.status is Status.NOT_EVALUATED
    assert "ibuprofen" in finding.text or "acetaminophen" in finding.text


def test_an_ingredient_without_a_rule_is_not_told_of() -> None:
    assert maximum(subject(medicine("warfarin"))) == []


def test_one_taking_above_the_limit_is_found_without_knowing_how_often() -> None:
    assert severity(found(taken("acetaminophen", 5000, "mg"))[0]) == "major"


def test_what_is_known_and_too_much_is_found_beside_what_is_not_known() -> None:
    (finding,) = found(taken("acetaminophen", 1000, "mg", 5), medicine("NyQuil"))
    assert "at least 5000 mg" in finding.text


def test_a_liquid_and_an_inhaler_are_counted_through_their_strength() -> None:
    assert found(taken("dextromethorphan 3 MG/ML Oral Solution", 15, "mL", 4))
    assert found(taken("albuterol 0.09 MG/ACTUAT Metered Dose Inhaler", 2, "{puff}", 8))
    assert found(taken("albuterol 0.09 MG/ACTUAT Metered Dose Inhaler", 2, "{puff}", 4)) == []


def test_routes_are_not_added() -> None:
    gel, tablets = taken("diclofenac gel", 4000, "mg", 4, route="topical"), taken("diclofenac", 50, "mg", 3)
    assert found(gel, tablets) == []


def test_patches_give_what_they_give_by_the_hour() -> None:
    assert found(taken("nicotine 21 MG/24HR Transdermal Patch", 2, "{patch}", 1))
    assert found(taken("nicotine 21 MG/24HR Transdermal Patch", 1, "{patch}", 1)) == []


def test_limits_for_adults_are_not_held_against_a_child() -> None:
    (finding,) = maximum(subject(taken("acetaminophen", 500, "mg", 3), whom=person(age_years=8)))
    assert finding.status is Status.NOT_EVALUATED and "adults" in finding.text


def test_only_what_is_asked_about_is_told_and_everything_is_added() -> None:
    asked = taken("Tylenol 500 mg", 2, "{tbl}", 4, origin="asked")
    (finding,) = found(asked, taken("acetaminophen", 500, "mg", 4), taken("ibuprofen", 800, "mg", 6))
    assert "acetaminophen" in finding.text.lower() and "Do not take it before" in finding.text


@given(st.floats(min_value=0.01, max_value=100000), st.floats(min_value=0.1, max_value=24))
def test_more_is_never_judged_milder(amount: float, often: float) -> None:
    order = ["", "minor", "moderate", "major", "contraindicated"]
    one, two = (found(taken("acetaminophen", each, "mg", often)) for each in (amount, amount * 1.5))
    rank = [order.index(severity(each[0]) if each else "") for each in (one, two)]
    assert rank[0] <= rank[1]


@given(st.text(max_size=8), st.floats(allow_nan=False))
def test_an_unknown_unit_is_never_told_as_within_limits(unit: str, amount: float) -> None:
    if unit.strip() in ("", "1") or unit.startswith("{") or is_valid(unit) or canonical_unit(unit):
        return
    results = maximum(subject(taken("ibuprofen 200 MG Oral Tablet", amount, unit, 1), whom=person(age_years=50)))
    assert all(each.status is Status.NOT_EVALUATED for each in results)


def test_every_rule_has_a_source_a_known_medicine_and_limits_in_order() -> None:
    rules = list(maximum_rules())
    assert len({key for rule in rules for key in rule.drugs}) >= 200
    for rule in rules:
        assert re.search(r"(19|20)\d\d", rule.source), rule.key
        assert rule.drugs <= rulebook().drugs.entries.keys() and is_valid(rule.unit), rule.key
        amounts = [limit.most for limit in rule.limits]
        assert amounts == sorted(amounts, reverse=True), rule.key
        assert not any(re.search(r"\bsafe", limit.what, re.IGNORECASE) for limit in rule.limits)
