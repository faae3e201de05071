"""Effects that add up over several medicines."""

import pytest

from tests.deterministic.medications.factories import measured, medicine, person, subject
from vitasense.deterministic.medications.checks.loads import load_rules, loads
from vitasense.deterministic.medications.schemas import Kind, Medicine, Person
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, Urgency

OLD_WOMAN = person(age_years=80, sex="female")


def load(key: str, *names: str | Medicine, whom: Person | None = None) -> Finding | None:
    found = loads(subject(*names, whom=whom))
    return next((each for each in found if key in [value.code for value in each.values]), None)


@pytest.mark.parametrize(
    ("key", "names", "urgency"),
    [
        ("triple_whammy", ["ibuprofen", "lisinopril", "hydrochlorothiazide"], Urgency.URGENT),
        ("triple_whammy", ["Advil", "Hyzaar"], Urgency.URGENT),
        ("qt", ["methadone", "citalopram", "ondansetron"], Urgency.URGENT),
        ("serotonin", ["sertraline", "tramadol", "trazodone"], Urgency.URGENT),
        ("serotonin", ["linezolid", "sertraline", "tramadol"], Urgency.URGENT),
        ("sedation", ["oxycodone", "alprazolam", "gabapentin"], Urgency.URGENT),
        ("bleeding", ["apixaban", "Aspirin 81 mg", "ibuprofen"], Urgency.URGENT),
        ("potassium", ["lisinopril", "spironolactone", "potassium"], Urgency.URGENT),
        ("kidneys", ["gentamicin", "vancomycin"], Urgency.URGENT),
        ("anticholinergic", ["amitriptyline", "oxybutynin", "doxylamine"], Urgency.ROUTINE),
        ("low_sugar", ["insulin glargine", "glipizide", "metoprolol"], Urgency.ROUTINE),
        ("low_pressure", ["lisinopril", "amlodipine", "metoprolol", "doxazosin"], Urgency.SELF_CARE),
    ],
)
def test_a_load_names_every_member(key: str, names: list[str], urgency: Urgency) -> None:
    found = load(key, *names)
    assert found is not None
    assert (found.kind, found.status, found.urgency) == (Kind.LOAD, Status.FOUND, urgency)
    assert len([value for value in found.values if value.name == "drug"]) >= len(names)


def test_low_dose_aspirin_is_no_part_of_the_triple_whammy() -> None:
    assert load("triple_whammy", "Aspirin 81 mg", "lisinopril", "furosemide") is None
    assert load("triple_whammy", "aspirin 500 mg", "lisinopril", "furosemide") is not None


def test_what_stays_on_the_skin_or_in_the_eye_adds_nothing() -> None:
    assert load("triple_whammy", "diclofenac gel", "lisinopril", "furosemide") is None


def test_age_sex_and_potassium_make_the_heart_rhythm_worse() -> None:
    names = ("fluoxetine", "ondansetron")
    low = person(measured=measured("2823-3", 3.1, "mmol/L"), age_years=80, sex="female")
    quiet, women, salts = load("qt", *names), load("qt", *names, whom=OLD_WOMAN), load("qt", *names, whom=low)
    assert women is not None and salts is not None
    assert women.urgency is Urgency.URGENT and "age over 67" in women.text
    assert quiet is None or quiet.urgency is Urgency.ROUTINE
    assert "low potassium" in salts.text and Category.LABS in salts.categories
    assert [each.kind for each in salts.evidence] == ["knowledge", "record"]


@pytest.mark.parametrize(("value", "unit", "days"), [(3.1, "furlong", 1), (3.1, "mmol/L", 200), (4.2, "mmol/L", 1)])
def test_a_value_that_is_normal_old_or_without_a_known_unit_adds_nothing(value: float, unit: str, days: float) -> None:
    whom = person(measured=measured("2823-3", value, unit, days))
    found = load("qt", "fluoxetine", "ondansetron", "quetiapine", whom=whom)
    assert found is not None and "potassium." not in found.text.partition("What adds")[2].partition("Ask")[0]


def test_an_older_person_with_three_medicines_for_the_brain_is_told() -> None:
    names = ("sertraline", "gabapentin", "levetiracetam")
    assert load("brain_active_older", *names, whom=OLD_WOMAN) is not None
    assert load("brain_active_older", *names, whom=person(age_years=40)) is None


def test_one_pair_of_the_lists_is_left_to_the_check_of_pairs() -> None:
    assert loads(subject("oxycodone", "alprazolam")) == []


def test_with_something_asked_only_what_it_adds_to_is_told() -> None:
    asked = medicine("loratadine", origin="asked")
    assert load("triple_whammy", asked, "ibuprofen", "lisinopril", "furosemide") is None
    assert load("triple_whammy", medicine("ibuprofen", origin="asked"), "lisinopril", "furosemide") is not None


def test_nothing_that_adds_up_is_not_found_and_one_medicine_has_no_load() -> None:
    assert [each.status for each in loads(subject("loratadine", "amoxicillin"))] == [Status.NOT_FOUND]
    assert loads(subject("ibuprofen")) == []


def test_tiers_are_written_from_the_severest_down() -> None:
    order = ["contraindicated", "major", "moderate", "minor"]
    for rule in load_rules():
        told = [order.index(tier.severity) for tier in rule.tiers]
        assert told == sorted(told), rule.key
