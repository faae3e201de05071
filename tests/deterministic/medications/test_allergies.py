"""Medicines are held against allergies, across kinds as far as it is known, and no further."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deterministic.medications.factories import medicine, person, record, subject
from vitasense.deterministic.knowledge import Severity, drug_names, rulebook
from vitasense.deterministic.medications.checks.allergens import allergens
from vitasense.deterministic.medications.checks.allergies import allergies, allergy_rules
from vitasense.deterministic.medications.schemas import Kind, Person, Stated
from vitasense.deterministic.platform.findings import Finding, Status, Urgency


def allergic(*names: str, high_risk: bool = False) -> Person:
    to = tuple(Stated(each, high_risk=high_risk, evidence=record(f"AllergyIntolerance/{each}", each)) for each in names)
    return person(allergies=to)


def found(drug: str, allergy: str, high_risk: bool = False) -> list[Finding]:
    results = allergies(subject(drug, whom=allergic(allergy, high_risk=high_risk)))
    return [each for each in results if each.status is Status.FOUND]


def severity(finding: Finding) -> str:
    return next(value.text or "" for value in finding.values if value.name == "severity")


@pytest.mark.parametrize(
    ("drug", "allergy", "expected"),
    [
        ("amoxicillin", "Amoxicillin", "contraindicated"),
        ("Augmentin", "Allergy to penicillin (finding)", "contraindicated"),
        ("cephalexin", "Amoxicillin", "major"),
        ("cephalexin", "Penicillin", "moderate"),
        ("ceftriaxone", "penicillin", "minor"),
        ("cefazolin", "penicillin", "minor"),
        ("cefazolin", "cephalexin", "minor"),
        ("cefazolin", "cephalosporins", "major"),
        ("ceftriaxone", "cefotaxime", "major"),
        ("ceftriaxone", "cephalexin", "moderate"),
        ("amoxicillin", "cephalexin", "major"),
        ("meropenem", "penicillin", "minor"),
        ("aztreonam", "penicillin", "minor"),
        ("aztreonam", "ceftazidime", "major"),
        ("Bactrim", "Sulfa drugs", "contraindicated"),
        ("furosemide", "sulfonamide antibiotics", "minor"),
        ("celecoxib", "sulfa", "moderate"),
        ("ibuprofen", "Aspirin", "contraindicated"),
        ("celecoxib", "NSAIDs", "moderate"),
        ("acetaminophen", "aspirin", "minor"),
        ("hydrocodone", "codeine", "major"),
        ("fentanyl", "morphine", "minor"),
        ("morphine", "opiates", "major"),
        ("lidocaine", "Novocaine", "minor"),
        ("bupivacaine", "lidocaine", "major"),
        ("phenytoin", "carbamazepine", "major"),
        ("sacubitril", "lisinopril", "contraindicated"),
        ("losartan", "lisinopril", "moderate"),
        ("enalapril", "ACE inhibitor", "contraindicated"),
        ("propofol", "Allergy to eggs", "minor"),
        ("ipratropium", "peanut allergy", "minor"),
        ("progesterone", "peanuts", "major"),
        ("enoxaparin", "heparin", "contraindicated"),
        ("cetirizine", "hydroxyzine", "major"),
        ("escitalopram", "citalopram", "contraindicated"),
        ("rosuvastatin", "statins", "moderate"),
        ("metoprolol", "atenolol", "moderate"),
        ("docetaxel", "polysorbate 80", "contraindicated"),
        ("sulfasalazine", "Bactrim", "contraindicated"),
    ],
)
def test_what_is_known_of_cross_reactions_is_found(drug: str, allergy: str, expected: str) -> None:
    assert severity(found(drug, allergy)[0]) == expected


@pytest.mark.parametrize(
    ("drug", "allergy"),
    [
        ("metformin", "Penicillin"),
        ("trimethoprim", "sulfadiazine"),
        ("morphine sulfate", "sulfa"),
        ("amoxicillin", "Grass pollen"),
        ("prednisone", "non-steroidal anti-inflammatory"),
        ("acetaminophen", "codeine"),
    ],
)
def test_what_only_sounds_alike_is_not_found(drug: str, allergy: str) -> None:
    (finding,) = allergies(subject(drug, whom=allergic(allergy)))
    assert finding.status is Status.NOT_FOUND


@pytest.mark.parametrize(
    ("drug", "allergy"), [("cefuroxime", "penicillin"), ("furosemide", "sulfa"), ("propofol", "soy")]
)
def test_what_is_feared_without_ground_does_not_interrupt(drug: str, allergy: str) -> None:
    (finding,) = found(drug, allergy)
    assert finding.urgency is Urgency.SELF_CARE


def test_a_possible_cross_reaction_interrupts_after_a_reaction_marked_as_high_risk() -> None:
    (finding,) = found("cephalexin", "penicillin", high_risk=True)
    assert severity(finding) == "major" and "high risk" in finding.text
    assert severity(found("cefazolin", "penicillin", high_risk=True)[0]) == "minor"


def test_a_finding_names_the_record_the_medicine_and_both_sources() -> None:
    (finding,) = found("amoxicillin", "Penicillin")
    assert finding.text.startswith("Your record lists an allergy or intolerance: Penicillin.")
    assert finding.kind == Kind.ALLERGY and finding.urgency is Urgency.URGENT
    assert [each.ref for each in finding.evidence] == [
        "AllergyIntolerance/Penicillin",
        "medications/allergies#penicillins",
    ]
    assert {"drug", "allergy", "severity", "basis"} == {value.name for value in finding.values}


def test_a_kind_without_a_rule_of_its_own_is_told_as_inferred() -> None:
    (finding,) = found("metoprolol", "atenolol")
    assert next(value.text for value in finding.values if value.name == "basis") == "inferred"
    assert any(each.ref.startswith("knowledge/classes") for each in finding.evidence)


def test_codes_mean_an_allergy_whatever_its_name() -> None:
    number = rulebook().drugs["amoxicillin"].rxcui or ""
    for codes in ({"snomed": "91936005"}, {"http://www.nlm.nih.gov/research/umls/rxnorm": number}):
        results = allergies(subject("ampicillin", whom=person(allergies=(Stated("Allergie", codes=codes),))))
        assert results[0].status is Status.FOUND


@pytest.mark.parametrize("words", ["No known allergies", "NKDA", "No known drug allergies", "none"])
def test_a_statement_of_no_allergy_is_no_allergy(words: str) -> None:
    (finding,) = allergies(subject("amoxicillin", whom=allergic(words)))
    assert finding.status is Status.NOT_FOUND and "none was entered" in finding.text


def test_a_statement_beside_an_allergy_hides_nothing() -> None:
    results = allergies(subject("amoxicillin", whom=allergic("No known food allergies", "Penicillin")))
    assert results[0].status is Status.FOUND


@pytest.mark.parametrize("words", ["allergies unknown", "unknown"])
def test_that_nobody_knows_is_not_evaluated(words: str) -> None:
    (finding,) = allergies(subject("amoxicillin", whom=allergic(words)))
    assert finding.status is Status.NOT_EVALUATED


def test_allergies_that_are_not_known_are_not_evaluated() -> None:
    for whom in (None, person()):
        (finding,) = allergies(subject("amoxicillin", whom=whom))
        assert finding.status is Status.NOT_EVALUATED


def test_an_allergen_that_says_too_little_is_named() -> None:
    for words in ("flurbinol", "antibiotics"):
        results = allergies(subject("amoxicillin", whom=allergic(words)))
        assert [each.status for each in results] == [Status.NOT_EVALUATED]
        assert words in results[0].text


def test_what_products_contain_beside_the_active_ingredient_is_not_evaluated() -> None:
    (finding,) = allergies(subject("metformin", whom=allergic("gelatin")))
    assert finding.status is Status.NOT_EVALUATED and "gelatin" in finding.text


def test_a_medicine_nobody_knows_by_the_name_of_the_allergy_is_found() -> None:
    results = allergies(subject("flurbinol", whom=allergic("Flurbinol")))
    assert results[0].status is Status.FOUND and results[0].urgency is Urgency.URGENT


def test_only_what_is_asked_about_is_told() -> None:
    taken = (medicine("amoxicillin", origin="prescribed"), medicine("ibuprofen", origin="asked"))
    assert all("amoxicillin" not in each.text for each in allergies(subject(*taken, whom=allergic("Penicillin"))))


@given(st.text(alphabet="bcdfgjkqvwxz ", min_size=3, max_size=20))
def test_what_nobody_knows_is_never_told_as_compared(name: str) -> None:
    results = allergies(subject("amoxicillin", whom=allergic(f"zzq{name}qzz")))
    assert [each.status for each in results] == [Status.NOT_EVALUATED]


def test_every_rule_has_a_source_known_medicines_and_plain_words() -> None:
    for rule in allergy_rules():
        assert re.search(r"(19|20)\d\d", rule.source), rule.key
        assert rule.drugs | rule.among <= rulebook().drugs.entries.keys()
        assert rule.key.startswith("same_") or rule.drugs or rule.among, rule.key
        assert not rule.among or len(rule.among) > 1, rule.key
        assert not re.search(r"\bsafe", f"{rule.what} {rule.advice}", re.IGNORECASE)
        assert rule.relation != "unlikely" or not rule.severity.interrupts, rule.key
    assert allergy_rules()["same_kind"].kinds <= rulebook().classes.entries.keys()


def test_an_allergy_to_a_medicine_is_found_for_that_medicine_whatever_it_is() -> None:
    for drug in rulebook().drugs:
        results = found(drug.name, drug.name)
        assert results and severity(results[0]) == Severity.CONTRAINDICATED, drug.key


def test_every_allergen_is_known_by_its_own_words() -> None:
    for entry in allergens():
        for word in entry.words:
            results = allergies(subject("metformin", whom=allergic(word)))
            unknown = [each for each in results if "does not say enough" in each.text]
            assert bool(unknown) == (entry.vague and word not in drug_names()), (entry.key, word)
