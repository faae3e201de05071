"""A name that no list knows is asked about too where a medicine stands, so that it is told to be unchecked."""

import pytest

from vitasense.deterministic.intake import EntityType, IntentName, read


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Is it safe to take zorbflanamine with warfarin?", "zorbflanamine"),
        ("does warfarin interact with blorptrazine?", "blorptrazine"),
        ("can I take Velozurin with my medicines?", "Velozurin"),
        ("Can I take warfarin and blorptrazine together", "blorptrazine"),
        ("is there an interaction between xylofexor and lisinopril", "xylofexor"),
        ("can my husband take midol with warfarin", "midol"),
        ("is blorbix ok with warfarin", "blorbix"),
        ("I take warfarin, may I add blorbix?", "blorbix"),
        ("can i take alka seltzer with warfarin", "alka seltzer"),
        ("can i take tyl and advil together", "tyl"),
        ("warfarin and frobazine ok?", "frobazine"),
        ("I want to start shilajit with my lisinopril", "shilajit"),
    ],
)
def test_an_unknown_name_in_a_medicine_s_place_is_asked_about(text: str, name: str) -> None:
    reading = read(text)
    assert reading.top and reading.top.name is IntentName.KNOWLEDGE_INTERACTION
    assert name in [drug.name for drug in reading.of_type(EntityType.DRUG)]


@pytest.mark.parametrize(
    "text",
    [
        "I took ibuprofen with breakfast",
        "take warfarin with care",
        "I take warfarin and yesterday my nose bled",
        "does exercise interact with my medicines",
        "Can I take warfarin and stay healthy?",
        "I use lisinopril with my doctor's advice",
        "can I take it with warfarin?",
        "Can I take my son to school while on warfarin",
        "can I take warfarin while jogging",
        "I take warfarin and it is fine",
    ],
)
def test_an_everyday_word_is_no_medicine(text: str) -> None:
    assert len(read(text).of_type(EntityType.DRUG)) <= 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Is it fine to eat papaya with lisinopril?", "papaya"),
        ("is it ok to drink some kombucha with warfarin", "kombucha"),
        ("can I eat a durian and lisinopril", "durian"),
    ],
)
def test_an_unknown_food_beside_a_medicine_is_asked_about(text: str, name: str) -> None:
    assert name in [food.name for food in read(text).of_type(EntityType.FOOD)]


@pytest.mark.parametrize(
    "text", ["I eat breakfast with my family", "I eat little and warfarin works", "drink water with it"]
)
def test_what_is_no_question_of_a_food_beside_a_medicine_names_none(text: str) -> None:
    assert "little" not in [food.name for food in read(text).of_type(EntityType.FOOD)]
