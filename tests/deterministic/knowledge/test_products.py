"""A product's text says what it holds; what it does not say stays None."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.knowledge import ingredients
from vitasense.deterministic.knowledge.products import Product, product
from vitasense.deterministic.knowledge.writing import writing

UNITS = {"mg": "mg", "MG": "mg", "mcg": "ug", "µg": "ug", "g": "g", "MEQ": "meq", "units": "[iU]", "UNT": "[iU]"}
RATIOS = {"MG/ML": "mg/mL", "units/mL": "[iU]/mL", "mcg/hr": "ug/h", "MG/ACTUAT": "mg/{actuat}"}
AMOUNTS = st.decimals(min_value="0.01", max_value=9999, places=2).map(lambda amount: f"{amount.normalize():f}")
SINGLE = ("lisinopril", "Lipitor", "metformin", "warfarin sodium", "St. John's wort", "insulin glargine")


def told(found: Product) -> list[tuple[str | None, float | None, str | None]]:
    """Each ingredient's key with its amount and unit."""
    return [
        (
            part.ingredient.drug.key if part.ingredient.drug else None,
            part.strength.amount if part.strength else None,
            part.strength.unit if part.strength else None,
        )
        for part in found.parts
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Hydrochlorothiazide 12.5 MG / Lisinopril 10 MG Oral Tablet",
         [("hydrochlorothiazide", 12.5, "mg"), ("lisinopril", 10, "mg")]),
        ("lisinopril/HCTZ 20/12.5 mg", [("lisinopril", 20, "mg"), ("hydrochlorothiazide", 12.5, "mg")]),
        ("amoxicillin 875 mg-clavulanate 125 mg tab", [("amoxicillin", 875, "mg"), ("clavulanate", 125, "mg")]),
        ("Symbicort 160/4.5 inhaler", [("budesonide", 160, "ug"), ("formoterol", 4.5, "ug")]),
        ("Trelegy 100/62.5/25", [("fluticasone", 100, "ug"), ("umeclidinium", 62.5, "ug"), ("vilanterol", 25, "ug")]),
        ("Augmentin 500/125", [("amoxicillin", 500, "mg"), ("clavulanate", 125, "mg")]),
        ("co-codamol 30/500", [("acetaminophen", 500, "mg"), ("codeine", 30, "mg")]),
        ("insulin glargine 100 units/mL pen", [("insulin_glargine", 100, "[iU]/mL")]),
        ("amoxicillin 250 mg/5 mL oral suspension", [("amoxicillin", 50, "mg/mL")]),
        ("heparin 5,000 units/mL injection", [("heparin", 5000, "[iU]/mL")]),
        ("levothyroxine 0,075 mg", [("levothyroxine", 0.075, "mg")]),
        ("hydrocortisone 1% cream 30 g", [("hydrocortisone", 1, "%")]),
        ("simvastatin 20", [("simvastatin", 20, None)]),
        ("Omega 3 1000 mg capsule", [("fish_oil", 1000, "mg")]),
        ("lisinopril 10 mg / blorbixol 5 mg", [("lisinopril", 10, "mg"), (None, 5, "mg")]),
    ],
)  # fmt: skip
def test_each_ingredient_has_its_strength(text: str, parts: list[tuple[str | None, float, str | None]]) -> None:
    assert told(product(text)) == parts


@pytest.mark.parametrize(
    ("text", "form", "route", "release", "brand"),
    [
        ("24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet [Glucophage]",
         "tablet", "oral", "extended", "Glucophage"),
        ("0.65 ML medroxyprogesterone acetate 160 MG/ML Prefilled Syringe", "prefilled syringe", None, None, None),
        ("Symbicort 160/4.5 inhaler", "inhaler", "inhaled", None, "Symbicort"),
        ("Toprol XL 50 mg", None, None, "extended", "Toprol XL"),
        ("omeprazole 20 MG Delayed Release Oral Capsule", "capsule", "oral", "delayed", None),
        ("fentanyl 25 mcg/hr transdermal patch", "patch", "transdermal", None, None),
        ("latanoprost 0.005 % Ophthalmic Solution", "eye drops", "ophthalmic", None, None),
        ("fluticasone 0.05 MG/ACTUAT Metered Dose Nasal Spray", "nasal spray", "nasal", None, None),
        ("nitroglycerin 0.4 MG Sublingual Tablet", "tablet", "sublingual", None, None),
        ("warfarin 5 mg", None, None, None, None),
    ],
)  # fmt: skip
def test_form_route_release_and_brand_are_what_is_written(
    text: str, form: str | None, route: str | None, release: str | None, brand: str | None
) -> None:
    found = product(text)
    assert (found.form, found.route, found.release, found.brand) == (form, route, release, brand)


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("3 ML insulin glargine 100 UNT/ML Pen Injector [Lantus]", 3, "mL"),
        ("0.65 ML medroxyprogesterone acetate 160 MG/ML Prefilled Syringe", 0.65, "mL"),
        ("hydrocortisone 1% cream 30 g", 30, "g"),
        ("hydrocortisone cream 30 g", 30, "g"),
    ],
)
def test_the_size_of_a_pack_is_no_strength(text: str, amount: float, unit: str) -> None:
    found = product(text).quantity
    assert found is not None
    assert (found.amount, found.unit) == (amount, unit)


@pytest.mark.parametrize(
    "text", ["metoprolol 25 mg 50 mg", "metoprolol 25/50", "Symbicort 160", "co-trimoxazole 80/400", "warfarin"]
)
def test_numbers_whose_order_is_not_sure_are_given_to_nothing(text: str) -> None:
    assert all(part.strength is None for part in product(text).parts)


def test_what_the_rules_say_of_a_products_numbers_names_its_own_ingredients() -> None:
    for row in writing().strengths:
        for name in row.names:
            assert sorted(part.drug.key for part in ingredients(name) if part.drug) == sorted(row.order), name


@given(st.sampled_from(SINGLE), AMOUNTS, st.sampled_from(sorted({**UNITS, **RATIOS})), st.booleans())
def test_a_strength_behind_a_name_is_read_as_written(name: str, amount: str, unit: str, space: bool) -> None:
    found = product(f"{name} {amount}{' ' if space else ''}{unit} tablet")
    strength = found.parts[0].strength
    assert strength is not None
    assert (strength.amount, strength.unit) == (float(amount), {**UNITS, **RATIOS}[unit])
    assert found.form == "tablet"


@given(AMOUNTS, AMOUNTS, st.sampled_from((" / ", " + ", "; ", " and ")), st.sampled_from(sorted(UNITS)))
def test_two_names_keep_their_own_strengths(one: str, other: str, between: str, unit: str) -> None:
    found = product(f"amlodipine {one} {unit}{between}valsartan {other} {unit} Oral Tablet")
    assert told(found) == [("amlodipine", float(one), UNITS[unit]), ("valsartan", float(other), UNITS[unit])]


@given(st.text(max_size=80) | st.text(alphabet="05.,/-+ mgML%[]()\x02", max_size=40))
def test_any_text_is_read_without_error(text: str) -> None:
    found = product(text)
    assert found.written == text.strip()
    assert all(part.strength is None or part.strength.amount >= 0 for part in found.parts)
