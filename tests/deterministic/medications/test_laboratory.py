"""Medicines are held against laboratory values: limits of labels, units, age of the value, and what is missing."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deterministic.medications.factories import NOW, measured, medicine, person, stated, subject
from vitasense.deterministic.knowledge import rulebook
from vitasense.deterministic.medications.checks.bands import child_pugh_rules, laboratory_rules
from vitasense.deterministic.medications.checks.conditions import conditions
from vitasense.deterministic.medications.checks.laboratory import laboratory
from vitasense.deterministic.medications.checks.measuring import tests as measurements
from vitasense.deterministic.medications.schemas import Kind, Measured
from vitasense.deterministic.medications.telling import brief
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, Urgency
from vitasense.deterministic.units import is_valid

EGFR, CREATININE, CLEARANCE, POTASSIUM = "98979-8", "2160-0", "2164-2", "2823-3"
INR, SODIUM, QTC, ALT, LITHIUM, NEUTROPHILS = "6301-6", "2951-2", "8636-3", "1742-6", "14334-7", "751-8"
PER_AREA = "mL/min/{1.73_m2}"


def found(drug: str, values: dict[str, Measured], **fields: float) -> list[Finding]:
    whom = replace(person(values, sex="male"), **fields)
    return [each for each in laboratory(subject(drug, whom=whom)) if each.status is Status.FOUND]


def severity(finding: Finding) -> str:
    return next(value.text or "" for value in finding.values if value.name == "severity")


@pytest.mark.parametrize(
    ("drug", "loinc", "value", "unit", "expected"),
    [
        ("metformin", EGFR, 29, PER_AREA, "contraindicated"),
        ("metformin", EGFR, 30, PER_AREA, "moderate"),
        ("metformin", EGFR, 44, "mL/min", "moderate"),
        ("ibuprofen", EGFR, 25, PER_AREA, "major"),
        ("dabigatran", CLEARANCE, 14, "mL/min", "contraindicated"),
        ("dabigatran", CLEARANCE, 30, "mL/min", "major"),
        ("edoxaban", CLEARANCE, 110, "mL/min", "major"),
        ("gabapentin", CLEARANCE, 0.4, "mL/s", "moderate"),
        ("nitrofurantoin", CLEARANCE, 25, "mL/min", "contraindicated"),
        ("sitagliptin", EGFR, 28, PER_AREA, "moderate"),
        ("lisinopril", POTASSIUM, 5.2, "mmol/L", "moderate"),
        ("lisinopril", POTASSIUM, 5.8, "meq/L", "major"),
        ("spironolactone", POTASSIUM, 5.6, "mmol/L", "contraindicated"),
        ("digoxin", POTASSIUM, 3.2, "mmol/L", "major"),
        ("warfarin", INR, 3.4, "{INR}", "moderate"),
        ("warfarin", INR, 5, "1", "major"),
        ("warfarin", INR, 10.5, "{INR}", "contraindicated"),
        ("warfarin", INR, 1.3, "{INR}", "major"),
        ("citalopram", QTC, 510, "ms", "major"),
        ("citalopram", QTC, 0.48, "s", "moderate"),
        ("hydrochlorothiazide", SODIUM, 128, "mmol/L", "major"),
        ("sertraline", SODIUM, 133, "mmol/L", "moderate"),
        ("lithium", LITHIUM, 1.6, "mmol/L", "major"),
        ("methotrexate", ALT, 130, "U/L", "major"),
        ("atorvastatin", ALT, 130, "U/L", "moderate"),
        ("levothyroxine", "3016-3", 0.05, "m[IU]/L", "moderate"),
        ("enoxaparin", "777-3", 40, "10*9/L", "major"),
        ("simvastatin", "2157-6", 2000, "U/L", "major"),
        ("omeprazole", "19123-9", 1.3, "mg/dL", "moderate"),
        ("glipizide", "2345-7", 3.2, "mmol/L", "major"),
        ("allopurinol", "3084-1", 7.5, "mg/dL", "minor"),
    ],
)
def test_limits_of_labels_and_guidelines_are_kept(
    drug: str, loinc: str, value: float, unit: str, expected: str
) -> None:
    assert [severity(each) for each in found(drug, measured(loinc, value, unit))] == [expected]


@pytest.mark.parametrize(
    ("drug", "loinc", "value", "unit"),
    [
        ("metformin", EGFR, 45, PER_AREA),
        ("lisinopril", POTASSIUM, 5.0, "mmol/L"),
        ("warfarin", INR, 2.5, "{INR}"),
        ("atorvastatin", ALT, 120, "U/L"),
        ("lithium", LITHIUM, 0.9, "mmol/L"),
    ],
)
def test_what_is_within_the_limits_is_named_as_compared(drug: str, loinc: str, value: float, unit: str) -> None:
    results = laboratory(subject(drug, whom=person(measured(loinc, value, unit))))
    (quiet,) = [each for each in results if each.status is Status.NOT_FOUND]
    assert drug in quiet.text and all(each.status is not Status.FOUND for each in results)


@pytest.mark.parametrize(
    ("drug", "loinc", "value", "unit"),
    [("lisinopril", POTASSIUM, 6.6, "mmol/L"), ("clozapine", NEUTROPHILS, 0.4, "10*3/uL")],
)
def test_what_can_kill_within_hours_is_an_emergency(drug: str, loinc: str, value: float, unit: str) -> None:
    (finding,) = found(drug, measured(loinc, value, unit))
    assert finding.urgency is Urgency.EMERGENCY and "hospital now" in finding.text


def test_a_finding_gives_number_unit_date_limit_and_both_sources() -> None:
    (finding,) = found("metformin", measured(EGFR, 28, PER_AREA))
    assert finding.kind == Kind.LABORATORY and finding.urgency is Urgency.URGENT
    assert finding.text.startswith(
        "Your kidney value (eGFR) was 28 mL/min/1.73 m² on 19 November 2026, below 30: metformin"
    )
    values = {value.name: value for value in finding.values}
    value, limit = values["kidney value (eGFR)"], values["limit"]
    assert (value.number, value.unit, value.code, limit.number) == (28, PER_AREA, EGFR, 30)
    assert value.at is not None and (NOW - value.at).days == 1
    assert [each.ref for each in finding.evidence] == [
        "medications/laboratory#metformin_kidney",
        f"Observation/{EGFR}",
    ]
    assert finding.categories == {Category.LABS}


def test_the_egfr_is_worked_out_from_creatinine_where_it_is_not_recorded() -> None:
    (finding,) = found("metformin", measured(CREATININE, 200, "umol/L"), age_years=70)
    assert "worked out from creatinine 200 µmol/L (2.26 mg/dL)" in finding.text
    assert {value.name for value in finding.values} >= {"kidney value (eGFR)", "creatinine"}


def test_a_newer_creatinine_counts_more_than_an_older_egfr() -> None:
    values = measured(EGFR, 80, PER_AREA, days_ago=200) | measured(CREATININE, 3, "mg/dL", days_ago=2)
    assert found("metformin", values, age_years=70)
    assert not found("metformin", values | measured(EGFR, 80, PER_AREA, days_ago=1), age_years=70)


def test_the_clearance_needs_the_weight_and_goes_by_it() -> None:
    values = measured(CREATININE, 1.5, "mg/dL")
    assert severity(found("dabigatran", values, age_years=85, weight_kg=45)[0]) == "major"
    assert found("dabigatran", values, age_years=50, weight_kg=100) == []


def test_an_egfr_stands_for_a_clearance_to_warn_but_never_to_clear() -> None:
    (finding,) = found("dabigatran", measured(EGFR, 20, PER_AREA))
    assert finding.confidence < 1 and "creatinine clearance" in finding.text
    results = laboratory(subject("dabigatran", whom=person(measured(EGFR, 90, PER_AREA))))
    assert {each.status for each in results} == {Status.NOT_EVALUATED}


@pytest.mark.parametrize("fields", [{}, {"age_years": 70.0}, {"age_years": 12.0}])
def test_without_age_or_below_18_creatinine_says_nothing(fields: dict[str, float]) -> None:
    whom = replace(person(measured(CREATININE, 3, "mg/dL")), **fields)
    (finding,) = laboratory(subject("metformin", whom=whom))
    assert finding.status is Status.NOT_EVALUATED and "worked out from creatinine" in finding.text


def test_a_value_that_is_too_old_is_not_evaluated_with_its_date() -> None:
    (finding,) = laboratory(subject("metformin", whom=person(measured(EGFR, 28, PER_AREA, days_ago=400))))
    assert finding.status is Status.NOT_EVALUATED
    assert "16 October 2025" in finding.text and "365 days" in finding.text


@pytest.mark.parametrize(("value", "unit"), [(28, "flurbs"), (28, "mg"), (28, ""), (4000, PER_AREA), (-3, PER_AREA)])
def test_an_unknown_unit_or_an_impossible_value_is_not_evaluated(value: float, unit: str) -> None:
    (finding,) = laboratory(subject("metformin", whom=person(measured(EGFR, value, unit))))
    assert finding.status is Status.NOT_EVALUATED


def test_a_date_that_is_yet_to_come_is_not_evaluated() -> None:
    (finding,) = laboratory(subject("metformin", whom=person(measured(EGFR, 28, PER_AREA, days_ago=-30))))
    assert finding.status is Status.NOT_EVALUATED


def test_the_newest_value_counts_whatever_its_code() -> None:
    values = measured(EGFR, 80, PER_AREA, days_ago=100) | measured("62238-1", 28, PER_AREA, days_ago=1)
    assert found("metformin", values)


def test_missing_values_are_named_with_their_medicines_in_the_words_of_the_person() -> None:
    for own, words in ((True, "your record"), (False, "the patient's record")):
        (finding,) = laboratory(
            subject("metformin", "glimepiride", whom=person({}, who="you" if own else "the patient"))
        )
        assert finding.status is Status.NOT_EVALUATED and words in finding.text
        assert "kidney value (eGFR) for metformin and glimepiride" in finding.text


def test_what_is_seldom_measured_is_asked_for_only_where_nothing_else_is() -> None:
    (finding,) = laboratory(subject("warfarin", whom=person({})))
    assert "INR" in finding.text and "platelet" not in finding.text
    (finding,) = laboratory(subject("atorvastatin", whom=person({})))
    assert finding.status is Status.NOT_EVALUATED and "muscle value (CK)" in finding.text


def test_for_nobody_in_particular_only_medicines_with_rules_are_told_of() -> None:
    (finding,) = laboratory(subject("metformin", "ascorbic acid"))
    assert finding.status is Status.NOT_EVALUATED and "metformin" in finding.text
    assert laboratory(subject("simethicone")) == []


def test_the_severest_band_speaks_once_for_two_rules_about_one_value() -> None:
    assert len(found("heparin", measured("777-3", 60, "10*3/uL"))) == 1


def test_age_matters_where_the_rule_says_so() -> None:
    low = measured("4548-4", 6.1, "%")
    assert found("glipizide", low, age_years=75) and not found("glipizide", low, age_years=40)


def test_a_dose_by_child_pugh_class_is_told_as_not_computable() -> None:
    whom = person({}, conditions=stated("Cirrhosis of liver"))
    texts = [each.text for each in laboratory(subject("apixaban", whom=whom)) if each.status is Status.NOT_EVALUATED]
    assert any("Child-Pugh" in text for text in texts)


def test_a_cream_is_not_held_against_kidney_values() -> None:
    assert found("diclofenac gel", measured(EGFR, 20, PER_AREA)) == []


def test_only_what_is_asked_about_is_told() -> None:
    taken = (medicine("metformin", origin="prescribed"), medicine("lisinopril", origin="asked"))
    texts = [each.text for each in laboratory(subject(*taken, whom=person(measured(EGFR, 20, PER_AREA))))]
    assert texts and all("metformin" not in text for text in texts)


@given(st.floats(allow_nan=True, allow_infinity=True), st.text(max_size=12))
def test_no_value_and_no_unit_makes_it_fail_or_be_taken_for_normal(value: float, unit: str) -> None:
    results = laboratory(subject("metformin", whom=person({EGFR: Measured(value, unit, NOW)})))
    accepted = {PER_AREA, "mL/min", *measurements()["egfr"].units}
    if unit not in accepted and not is_valid(unit):
        assert all(each.status is Status.NOT_EVALUATED for each in results)
    if not 1 <= value <= 250:
        assert all(each.status is not Status.NOT_FOUND for each in results if unit in accepted)


def test_every_rule_has_a_source_known_medicines_a_known_value_and_plain_words() -> None:
    rules = list(laboratory_rules())
    assert len({key for rule in rules for key in rule.drugs}) >= 200
    for rule in rules:
        assert re.search(r"(19|20)\d\d", rule.source), rule.key
        assert rule.drugs <= rulebook().drugs.entries.keys()
        assert not any(re.search(r"\bsafe", f"{band.what} {band.advice}", re.IGNORECASE) for band in rule.bands)
        timed = any(band.above_times is not None for band in rule.bands)
        assert not timed or all(measurements()[key].upper for key in rule.value), rule.key
    assert child_pugh_rules()["child_pugh"].drugs


def test_bands_stand_in_an_order_in_which_each_can_speak() -> None:
    for rule in laboratory_rules():
        for words in ("below", "at_most", "above", "at_least", "above_times"):
            limits = [limit for band in rule.bands if (limit := getattr(band, words)) is not None]
            assert limits == sorted(limits, reverse=words in ("above", "at_least", "above_times")), rule.key


def test_every_value_has_a_unit_that_exists_and_a_reason_for_how_long_it_is_used() -> None:
    for entry in measurements():
        assert is_valid(entry.unit) and entry.because and entry.low < entry.high, entry.key
        assert all(re.fullmatch(r"\d{1,6}-\d", code) for code in entry.loinc), entry.key


def test_a_value_that_nobody_has_to_have_is_told_late() -> None:
    whom = person(measured(ALT, 30, "U/L"))
    (lacking,) = [
        each for each in laboratory(subject("atorvastatin", whom=whom)) if each.status is Status.NOT_EVALUATED
    ]
    assert "muscle value" in lacking.text
    assert lacking.urgency is Urgency.SELF_CARE
    told = brief([lacking, *conditions(subject("ibuprofen", whom=person(conditions=stated("asthma"))))])
    assert told[0].status is Status.FOUND
    assert lacking in told[1:]
