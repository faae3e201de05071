"""Medicines are held against illnesses: what is found, what was compared, and what could not be."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deterministic.medications.factories import medicine, person, stated, subject
from vitasense.deterministic.knowledge import Severity, rulebook
from vitasense.deterministic.medications.checks.conditions import condition_rules, conditions
from vitasense.deterministic.medications.checks.naming import condition_names
from vitasense.deterministic.medications.schemas import Kind, Stated
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, Urgency


def found(drug: str, condition: str, age_years: float | None = None) -> list[Finding]:
    whom = person(conditions=stated(condition), age_years=age_years)
    return [each for each in conditions(subject(drug, whom=whom)) if each.status is Status.FOUND]


def severity(finding: Finding) -> str:
    return next(value.text or "" for value in finding.values if value.name == "severity")


@pytest.mark.parametrize(
    ("drug", "condition", "expected"),
    [
        ("ibuprofen", "Chronic congestive heart failure (disorder)", "major"),
        ("pioglitazone", "heart failure", "major"),
        ("verapamil", "HFrEF", "major"),
        ("cilostazol", "CHF", "contraindicated"),
        ("propranolol", "Childhood asthma", "contraindicated"),
        ("timolol eye drops", "asthma", "contraindicated"),
        ("metoprolol", "asthma", "moderate"),
        ("aspirin", "Aspirin-exacerbated respiratory disease", "contraindicated"),
        ("naproxen", "peptic ulcer disease", "major"),
        ("ketorolac", "GI bleed", "contraindicated"),
        ("diclofenac", "CKD stage 3", "major"),
        ("bupropion", "Epilepsy", "contraindicated"),
        ("tramadol", "seizure disorder", "major"),
        ("oxybutynin", "Narrow-angle glaucoma", "contraindicated"),
        ("diphenhydramine", "BPH", "moderate"),
        ("citalopram", "congenital long QT syndrome", "major"),
        ("ciprofloxacin", "Myasthenia gravis", "major"),
        ("metoclopramide", "Parkinson's disease", "major"),
        ("hydrochlorothiazide", "gout", "moderate"),
        ("rasburicase", "G6PD deficiency", "contraindicated"),
        ("phenobarbital", "acute intermittent porphyria", "contraindicated"),
        ("valproate", "hepatitis C", "contraindicated"),
        ("sertraline", "bipolar disorder", "major"),
        ("haloperidol", "Alzheimer's disease", "major"),
        ("prednisone", "Type 2 diabetes mellitus", "moderate"),
        ("spironolactone", "hyperkalaemia", "contraindicated"),
        ("hydrochlorothiazide", "hyponatremia", "moderate"),
        ("diltiazem", "second degree AV block", "contraindicated"),
        ("verapamil", "Wolff-Parkinson-White syndrome", "contraindicated"),
        ("pseudoephedrine", "pheochromocytoma", "contraindicated"),
        ("conjugated estrogens", "history of stroke", "contraindicated"),
        ("raloxifene", "DVT", "contraindicated"),
        ("ethinylestradiol", "migraine with aura", "contraindicated"),
        ("estradiol", "Malignant tumor of breast", "contraindicated"),
        ("pseudoephedrine", "uncontrolled hypertension", "contraindicated"),
        ("pseudoephedrine", "Hypertension", "moderate"),
        ("lithium", "plaque psoriasis", "moderate"),
        ("st johns wort", "kidney transplant", "major"),
        ("lisinopril", "hereditary angioedema", "contraindicated"),
        ("semaglutide", "MEN 2", "contraindicated"),
        ("dabigatran", "mechanical aortic valve", "contraindicated"),
        ("zolpidem", "sleepwalking", "contraindicated"),
    ],
)
def test_what_guidelines_and_labels_name_is_found(drug: str, condition: str, expected: str) -> None:
    (finding,) = found(drug, condition)
    assert severity(finding) == expected
    assert (finding.urgency is Urgency.URGENT) == Severity(expected).interrupts


@pytest.mark.parametrize(
    ("drug", "condition"),
    [
        ("ibuprofen", "pulmonary hypertension"),
        ("verapamil", "heart failure with preserved ejection fraction"),
        ("prednisone", "diabetes insipidus"),
        ("diphenhydramine", "primary open-angle glaucoma"),
        ("metoclopramide", "Wolff-Parkinson-White syndrome"),
        ("estradiol", "family history of breast cancer"),
        ("hydrocortisone cream", "Type 2 diabetes mellitus"),
        ("metformin", "hay fever"),
        ("haloperidol", "depression"),
    ],
)
def test_what_only_sounds_alike_is_not_found(drug: str, condition: str) -> None:
    assert found(drug, condition) == []


def test_codes_mean_a_condition_whatever_its_name() -> None:
    for codes in ({"icd10": "I50.22"}, {"http://hl7.org/fhir/sid/icd-10-cm": "I50.9"}, {"snomed": "84114007"}):
        whom = person(conditions=(Stated("Herzschwäche", codes=codes),))
        (finding,) = conditions(subject("ibuprofen", whom=whom))
        assert finding.status is Status.FOUND


def test_a_finding_names_the_medicine_the_illness_its_severity_and_both_sources() -> None:
    (finding,) = found("Ibuprofen 200 MG Oral Tablet", "heart failure")
    assert finding.kind == Kind.CONDITION
    assert {value.name: value.text for value in finding.values} == {
        "drug": "ibuprofen",
        "condition": "heart failure",
        "severity": "major",
        "basis": "documented",
    }
    assert [each.kind for each in finding.evidence] == ["knowledge", "record"]
    assert finding.evidence[0].ref == "medications/conditions#heart_failure_nsaid"
    assert Category.CONDITIONS in finding.categories


def test_the_severest_rule_speaks_for_one_medicine_and_illness() -> None:
    (finding,) = found("oxybutynin", "acute angle closure glaucoma")
    assert severity(finding) == "contraindicated"


def test_an_illness_recorded_twice_is_told_once_with_both_records() -> None:
    whom = person(conditions=stated("heart failure", "CHF"))
    (finding,) = [each for each in conditions(subject("ibuprofen", whom=whom)) if each.status is Status.FOUND]
    assert len(finding.evidence) == 3


def test_an_antidepressant_beside_a_mood_steadying_medicine_is_not_warned_of() -> None:
    whom = person(conditions=stated("bipolar disorder"))
    assert all(each.status is not Status.FOUND for each in conditions(subject("sertraline", "lithium", whom=whom)))


def test_age_matters_where_the_rule_says_so_and_an_unknown_age_is_not_young() -> None:
    assert found("ethinylestradiol", "smoker", age_years=28) == []
    assert found("ethinylestradiol", "smoker", age_years=40)
    assert found("ethinylestradiol", "smoker")


def test_illnesses_that_are_not_known_are_not_evaluated_where_rules_concern_the_medicine() -> None:
    for whom in (None, person(), person(conditions=None, who="the patient")):
        (finding,) = conditions(subject("ibuprofen", whom=whom))
        assert finding.status is Status.NOT_EVALUATED
    assert conditions(subject("cetirizine")) == []


def test_an_illness_that_nobody_knows_is_named_as_not_evaluated() -> None:
    whom = person(conditions=stated("Flurbitis", "gout"))
    results = conditions(subject("ibuprofen", whom=whom))
    (skipped,) = [each for each in results if each.status is Status.NOT_EVALUATED]
    assert "Flurbitis" in skipped.text and "gout" not in skipped.text
    (nothing,) = [each for each in results if each.status is Status.NOT_FOUND]
    assert "gout" in nothing.text and "Flurbitis" not in nothing.text


def test_not_found_names_medicines_and_illnesses() -> None:
    (finding,) = conditions(subject("cetirizine", whom=person(conditions=stated("gout", "migraine"))))
    assert finding.status is Status.NOT_FOUND
    assert all(word in finding.text for word in ("cetirizine", "gout", "migraine"))


def test_no_recorded_illness_is_told_as_such() -> None:
    (finding,) = conditions(subject("ibuprofen", whom=person(conditions=())))
    assert finding.status is Status.NOT_FOUND and "none was entered" in finding.text


def test_only_what_is_asked_about_is_told() -> None:
    whom = person(conditions=stated("heart failure"))
    taken = (medicine("pioglitazone", origin="prescribed"), medicine("ibuprofen", origin="asked"))
    (finding,) = conditions(subject(*taken, whom=whom))
    assert finding.values[0].text == "ibuprofen" and "Do not take it before" in finding.text


@given(st.text(min_size=1, max_size=30))
def test_what_nobody_knows_is_never_told_as_compared(name: str) -> None:
    whom = person(conditions=(Stated(f"zzq {name} qzz"),))
    for each in conditions(subject("ibuprofen", whom=whom)):
        if each.status is Status.NOT_FOUND:
            assert condition_names() and "zzq" in each.text.lower()
            assert any(value.name == "condition" for value in each.values)


def test_every_rule_has_a_source_known_medicines_and_plain_words() -> None:
    rules = list(condition_rules())
    assert len(rules) >= 200
    for rule in rules:
        assert re.search(r"\d{4}", rule.source), rule.key
        assert rule.drugs <= rulebook().drugs.entries.keys()
        assert not re.search(r"\bsafe", f"{rule.what} {rule.advice}", re.IGNORECASE)
        assert rule.what[0].islower() and not rule.what.endswith("."), rule.key
        assert not rule.advice or rule.advice.endswith("."), rule.key


def test_every_condition_name_means_itself_and_widens_to_what_it_is_a_kind_of() -> None:
    names = condition_names()
    for entry in names:
        assert set(entry.is_a) <= names.entries.keys(), entry.key
        for word in entry.words:
            whom = person(conditions=(Stated(word),))
            unknown = [e for e in conditions(subject("ibuprofen", whom=whom)) if e.status is Status.NOT_EVALUATED]
            assert unknown == [], (entry.key, word)


def test_codes_have_their_form_and_no_snomed_code_is_misspelt() -> None:
    for entry in condition_names():
        assert all(re.fullmatch(r"[A-Z](\d[\dA-Z](\.[\dA-Z]{1,4})?)?", code) for code in entry.icd10), entry.key
        assert all(_verhoeff(code) for code in entry.snomed), entry.key


def _verhoeff(code: str) -> bool:
    """Whether the check digit fits (SNOMED CT Release File Specification, Verhoeff 1969)."""
    d = ["0123456789", "1234067895", "2340178956", "3401289567", "4012395678"]
    d += ["5987604321", "6598710432", "7659821043", "8765932104", "9876543210"]
    p = ["0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"]
    check = 0
    for at, digit in enumerate(reversed(code)):
        check = int(d[check][int(p[at % 8][int(digit)])])
    return check == 0
