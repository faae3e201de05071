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
    if name + tail not in drug_names():
        assert not any(part.drug for part in ingredients(name + tail))
