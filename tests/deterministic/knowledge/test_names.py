"""Names of medicines resolve to ingredients, or stay unknown."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.knowledge import drug, drug_names, ingredients, normalise


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("simvastatin", "simvastatin"),
        ("Simvastatin 20 MG Oral Tablet", "simvastatin"),
        ("ZOCOR", "simvastatin"),
        ("Acetylsalicylic acid", "aspirin"),
        ("losartan potassium", "losartan"),
        ("potassium chloride", "potassium"),
        ("St. John’s wort", "st_johns_wort"),
        ("24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet [Glucophage]", "metformin"),
        ("0.65 ML medroxyprogesterone acetate 160 MG/ML Prefilled Syringe", "medroxyprogesterone"),
        ("Product containing anastrozole (medicinal product)", "anastrozole"),
        ("Black Cohosh Extract herbal supplement", "black_cohosh"),
    ],
)
def test_a_name_with_dose_form_and_salt_gives_its_ingredient(name: str, key: str) -> None:
    found = drug(name)
    assert found is not None
    assert found.key == key


def test_a_product_with_several_ingredients_gives_each_and_is_not_one_drug() -> None:
    name = "Hydrochlorothiazide 12.5 MG / Lisinopril 10 MG Oral Tablet"
    assert [part.drug.key for part in ingredients(name) if part.drug] == ["hydrochlorothiazide", "lisinopril"]
    assert drug(name) is None
    assert [part.drug.key for part in ingredients("Augmentin") if part.drug] == ["amoxicillin", "clavulanate"]


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("co-amoxiclav 500/125", ["amoxicillin", "clavulanate"]),
        ("coamoxiclav", ["amoxicillin", "clavulanate"]),
        ("Zestoretic 20/12.5", ["lisinopril", "hydrochlorothiazide"]),
        ("losartan-HCTZ 50/12.5", ["losartan", "hydrochlorothiazide"]),
        ("amlodipine-benazepril 5-20 mg", ["amlodipine", "benazepril"]),
        ("lisinopril + HCTZ", ["lisinopril", "hydrochlorothiazide"]),
        ("hydrocodone/acetaminophen 5/325", ["hydrocodone", "acetaminophen"]),
        ("Lopressor HCT", ["metoprolol", "hydrochlorothiazide"]),
        ("Claritin-D 24 hour", ["loratadine", "pseudoephedrine"]),
        ("Micardis Plus 80/12.5", ["telmisartan", "hydrochlorothiazide"]),
        ("Tylenol 3", ["acetaminophen", "codeine"]),
    ],
)
def test_a_product_is_read_however_its_parts_are_joined(name: str, keys: list[str]) -> None:
    assert [part.drug.key for part in ingredients(name) if part.drug] == keys


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("sodium alendronate", "alendronate"),
        ("diclofenac (as sodium) 50 mg", "diclofenac"),
        ("levothyroxine as sodium", "levothyroxine"),
        ("magnesium sulfate", "magnesium"),
    ],
)
def test_a_salt_may_stand_in_front_behind_or_in_brackets(name: str, key: str) -> None:
    found = drug(name)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("sulphasalazine", "sulfasalazine"),
        ("cefalexin", "cephalexin"),
        ("oestradiol", "estradiol"),
        ("beclometasone", "beclomethasone"),
        ("amoxycillin", "amoxicillin"),
        ("amlodipin", "amlodipine"),
        ("metformine", "metformin"),
        ("atorvastatina", "atorvastatin"),
        ("omeprazolum", "omeprazole"),
    ],
)
def test_the_generic_names_of_other_countries_are_the_same_medicine(name: str, key: str) -> None:
    found = drug(name)
    assert found is not None
    assert found.key == key


def test_a_word_adds_an_ingredient_only_after_the_names_that_are_sold_so() -> None:
    for name in ("warfarin HCT", "warfarin D", "Lipitor Plus", "insulin PM"):
        assert not any(part.drug for part in ingredients(name))


def test_a_mineral_behind_a_vitamin_is_no_salt_of_it() -> None:
    assert drug("vitamin D calcium") is None


def test_a_hyphen_parts_a_name_only_when_each_part_is_known() -> None:
    assert [part.drug for part in ingredients("warfarin-blorbix")] == [None]


def test_an_unknown_part_of_a_product_stays_visible() -> None:
    parts = ingredients("lisinopril 10 mg / blorbixol 5 mg")
    assert [(part.written, part.drug is not None) for part in parts] == [("lisinopril", True), ("blorbixol", False)]


@pytest.mark.parametrize("name", ["", "  ", "tablet", "sodium", "10 mg", "simvastatin forte plus", "warfarinol"])
def test_what_is_not_a_known_name_is_not_guessed(name: str) -> None:
    assert drug(name) is None


@given(st.text(alphabet=string.ascii_letters + string.digits + " -/'", max_size=40))
def test_a_made_up_name_never_resolves(name: str) -> None:
    words = set(normalise(name).split())
    if not words & {word for known in drug_names() for word in known.split()}:
        assert not any(part.drug for part in ingredients(name))


@given(st.sampled_from(sorted(drug_names())), st.sampled_from(("x", "q", "zz", "forte", "ol")))
def test_a_known_name_with_letters_added_is_another_name(name: str, tail: str) -> None:
    if (name + tail).replace(" ", "") not in {known.replace(" ", "") for known in drug_names()}:
        assert not all(part.drug for part in ingredients(name + tail))
