"""Entities: values with units and doubts, doses, portions, periods, negation, owner and time."""

from datetime import UTC, datetime

import pytest

from vitasense.deterministic.intake import Entity, EntityType, drug_names, gene_names, metric, read

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)  # a Monday


def entities(text: str, *types: EntityType) -> tuple[Entity, ...]:
    return read(text, now=NOW).of_type(*types)


def measured(text: str) -> Entity:
    return entities(text, EntityType.VITAL, EntityType.LAB)[0]


@pytest.mark.parametrize(
    ("text", "code", "value", "second", "unit"),
    [
        ("BP 145 over 95 this morning", "85354-9", 145, 95, "mm[Hg]"),
        ("145/95", "85354-9", 145, 95, "mm[Hg]"),
        ("one forty five over ninety five", "85354-9", 145, 95, "mm[Hg]"),
        ("blood pressure one hundred and twenty over eighty", "85354-9", 120, 80, "mm[Hg]"),
        ("it was one oh five over sixty eight mmHg", "85354-9", 105, 68, "mm[Hg]"),
        ("BP 120-80", "85354-9", 120, 80, "mm[Hg]"),
        ("sugar was 7.8 after lunch", "2345-7", 7.8, None, "mmol/L"),
        ("sugar was seven point eight", "2345-7", 7.8, None, "mmol/L"),
        ("glucose 142", "2345-7", 142, None, "mg/dL"),
        ("temp 101.3 F", "8310-5", 101.3, None, "[degF]"),
        ("my temperature is 38.5", "8310-5", 38.5, None, "Cel"),
        ("weight 82.4 kg", "29463-7", 82.4, None, "kg"),
        ("I weigh 82,4 kilos", "29463-7", 82.4, None, "kg"),
        ("82.4kg today", "29463-7", 82.4, None, "kg"),
        ("pulse 72", "8867-4", 72, None, "/min"),
        ("72 bpm", "8867-4", 72, None, "/min"),
        ("98% oxygen", "59408-5", 98, None, "%"),
        ("SpO2: 96 %", "59408-5", 96, None, "%"),
        ("my A1c came back at 6.9%", "4548-4", 6.9, None, "%"),
        ("LDL 130 mg/dL", "13457-7", 130, None, "mg/dL"),
        ("8,200 steps", "55423-8", 8200, None, "{steps}"),
        ("I am 5 feet 11 inches tall", "8302-2", 71, None, "[in_i]"),
    ],
)
def test_values_are_read_with_their_unit(text: str, code: str, value: float, second: float | None, unit: str) -> None:
    found = measured(text)
    assert (found.code, found.value, found.second_value, found.unit) == (code, value, second, unit)
    assert found.doubt is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("BP 14/9", 14),
        ("BP 85/140", 85),
        ("sugar was 950 mmol/L", 950),
        ("temperature 60 C", 60),
        ("my weight is 82.4", 82.4),
        ("my blood pressure is 145", 145),
        ("pulse 900", 900),
        ("my glucose is 30", 30),
    ],
)
def test_impossible_and_ambiguous_values_are_kept_and_doubted(text: str, value: float) -> None:
    found = measured(text)
    assert found.value == value
    assert found.doubt


@pytest.mark.parametrize(
    "text",
    [
        "Show my cholesterol over the last two years",
        "my weight 3 months ago",
        "what was my blood pressure in 2025",
        "is my LDL above 130?",
        "my blood pressure on 12/03/2024",
        "my pulse at 8 am",
    ],
)
def test_other_numbers_are_not_taken_for_values(text: str) -> None:
    assert measured(text).value is None


def test_one_message_may_carry_several_values() -> None:
    found = entities("BP 128/82, pulse 64 and weight 80.5 kg", EntityType.VITAL)
    assert [(one.name, one.value) for one in found] == [
        ("blood pressure", 128),
        ("heart rate", 64),
        ("body weight", 80.5),
    ]


def test_cholesterol_lists_its_panel_total_first() -> None:
    codes = measured("my cholesterol").codes
    assert codes[0] == "2093-3"
    assert {"13457-7", "18262-6", "2085-9", "2571-8"} <= set(codes)


def test_a_dose_belongs_to_its_drug() -> None:
    dose, drug = entities("500 mg metformin twice a day", EntityType.DOSE, EntityType.DRUG)
    assert (dose.name, dose.value, dose.unit, dose.per_day) == ("metformin", 500, "mg", 2)
    assert (drug.name, drug.value, drug.unit, drug.per_day) == ("metformin", 500, "mg", 2)


@pytest.mark.parametrize(
    ("text", "drug", "value", "unit", "count", "per_day"),
    [
        ("I take two tablets of Tylenol every 6 hours", "acetaminophen", None, None, 2, 4),
        ("Lantus 20 units at bedtime", "insulin glargine", 20, "U", None, 1),
        ("lisinopril 10mg daily", "lisinopril", 10, "mg", None, 1),
        ("levothyroxine 75 mcg", "levothyroxine", 75, "ug", None, None),
    ],
)
def test_doses_in_many_forms(
    text: str, drug: str, value: float | None, unit: str | None, count: float | None, per_day: float | None
) -> None:
    dose = entities(text, EntityType.DOSE)[0]
    assert (dose.name, dose.value, dose.unit, dose.quantity, dose.per_day) == (drug, value, unit, count, per_day)


def test_an_unknown_drug_stays_unknown() -> None:
    [asked] = entities("can I take zorbaflexin with fubaril", EntityType.DRUG, EntityType.FOOD)
    assert asked.name == "zorbaflexin"
    assert asked.name not in drug_names()
    assert entities("can I take pictures with my phone", EntityType.DRUG, EntityType.FOOD) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I had two eggs and toast for breakfast", [("egg", 2, None), ("toast", None, None)]),
        ("a bowl of oatmeal with half a banana", [("oatmeal", 1, "bowl"), ("banana", 0.5, None)]),
        ("ate 3 slices of whole wheat bread", [("whole wheat bread", 3, "slice")]),
        ("a couple of boiled eggs", [("egg", 2, None)]),
        ("1/2 cup of rice", [("rice", 0.5, "cup")]),
    ],
)
def test_foods_come_with_their_portions(text: str, expected: list[tuple[str, float | None, str | None]]) -> None:
    found = entities(text, EntityType.FOOD)
    assert [(food.name, food.quantity, food.portion) for food in found] == expected


def test_a_weighed_food_keeps_its_unit() -> None:
    food = entities("I ate 200 g of grilled chicken", EntityType.FOOD)[0]
    assert (food.name, food.value, food.unit) == ("chicken", 200, "g")


@pytest.mark.parametrize(
    ("text", "name", "negated", "experiencer", "temporality"),
    [
        ("I have chest pain", "chest pain", False, "patient", "recent"),
        ("I don't have chest pain", "chest pain", True, "patient", "recent"),
        ("no chest pain or fever", "fever", True, "patient", "recent"),
        ("no chest pain but a bad headache", "headache", False, "patient", "recent"),
        ("No fever. I have a rash", "rash", False, "patient", "recent"),
        ("not only a headache", "headache", False, "patient", "recent"),
        ("pneumonia was ruled out", "pneumonia", True, "patient", "recent"),
        ("my mother had a stroke", "stroke", False, "other", "recent"),
        ("my mother had a stroke but I have a headache", "headache", False, "patient", "recent"),
        ("diabetes in my father", "diabetes", False, "other", "recent"),
        ("I have a history of asthma", "asthma", False, "patient", "historical"),
        ("I had pneumonia three years ago", "pneumonia", False, "patient", "historical"),
        ("I am worried about cancer", "cancer", False, "patient", "hypothetical"),
        ("what if I get a migraine", "migraine", False, "patient", "hypothetical"),
    ],
)
def test_negation_owner_and_time(text: str, name: str, negated: bool, experiencer: str, temporality: str) -> None:
    found = next(entity for entity in read(text, now=NOW).entities if entity.name == name)
    assert (found.negated, found.experiencer, found.temporality) == (negated, experiencer, temporality)


def test_what_follows_allergic_to_is_an_allergen() -> None:
    found = entities("I am allergic to penicillin and peanuts", EntityType.ALLERGEN)
    assert [one.name for one in found] == ["penicillin", "peanut"]


def day(year: int, month: int, date: int) -> datetime:
    return datetime(year, month, date, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("over the last two years", datetime(2024, 11, 23, 10, 30, tzinfo=UTC), NOW),
        ("the past 30 days", datetime(2026, 10, 24, 10, 30, tzinfo=UTC), NOW),
        ("since March", day(2026, 3, 1), None),
        ("since December", day(2025, 12, 1), None),
        ("this month", day(2026, 11, 1), NOW),
        ("yesterday", day(2026, 11, 22), day(2026, 11, 23)),
        ("in 2025", day(2025, 1, 1), day(2026, 1, 1)),
        ("last week", day(2026, 11, 16), day(2026, 11, 23)),
        ("and last year?", day(2025, 1, 1), day(2026, 1, 1)),
        ("in June 2024", day(2024, 6, 1), day(2024, 7, 1)),
        ("three months ago", day(2026, 8, 1), day(2026, 9, 1)),
        ("on Friday", day(2026, 11, 20), day(2026, 11, 21)),
        ("this morning", datetime(2026, 11, 23, 5, tzinfo=UTC), datetime(2026, 11, 23, 12, tzinfo=UTC)),
        ("since 2024-02-29", day(2024, 2, 29), None),
    ],
)
def test_periods_are_computed_from_now(text: str, start: datetime | None, end: datetime | None) -> None:
    period = read(f"my weight {text}", now=NOW).period
    assert period is not None
    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize(
    "text",
    ["my last visit's labs", "today's blood pressure", "the patient's labs", "my doctor's records", "Grandma's health"],
)
def test_ordinary_owners_are_no_strangers(text: str) -> None:
    assert all(intent.name != "access.other_record" for intent in read(text, now=NOW).intents)


def test_a_date_that_does_not_exist_is_no_period() -> None:
    assert read("my weight since 2025-02-30", now=NOW).period is None


def test_lookups_for_other_rooms() -> None:
    assert drug_names()["lipitor"] == "atorvastatin"
    assert len(set(drug_names().values())) >= 150
    assert "CYP2C19" in gene_names()
    pressure, ldl = metric("85354-9"), metric("18262-6")
    assert pressure is not None and pressure.members == ("8480-6", "8462-4")
    assert ldl is not None and (ldl.code, ldl.category, ldl.unit) == ("13457-7", "labs", "mg/dL")
    assert metric("0-0") is None


@pytest.mark.parametrize(
    "text", ["#X SIMVASTATIN", "# a day ibuprofen", "take #x daily aspirin", "every # hours warfarin"]
)
def test_the_sign_that_rules_write_for_a_number_is_none_in_a_text(text: str) -> None:
    assert [each.name for each in read(text).of_type(EntityType.DRUG)]
