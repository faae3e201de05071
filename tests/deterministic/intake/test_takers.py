"""Who is meant to take it: the writer, or another who was named, also in the messages that follow."""

import pytest

from vitasense.deterministic.intake import EntityType, IntentName, Reading, asked_about, read, taker

TAKEN = (EntityType.DRUG, EntityType.FOOD)


def whose(reading: Reading) -> dict[str, str]:
    return {each.name: each.experiencer for each in reading.of_type(*TAKEN)}


@pytest.mark.parametrize(
    "text",
    [
        "My son has asthma. Can he take ibuprofen?",
        "my wife is pregnant, can she take ibuprofen",
        "is ibuprofen safe for my pregnant wife",
        "my baby has a fever, can I give her ibuprofen",
        "My friend wants to know if she can take ibuprofen",
        "my dad has kidney disease, is ibuprofen ok for him",
        "how much ibuprofen can my baby have in a day?",
        "which dose of ibuprofen should my old mother take?",
        "My parents have the flu. Can they take ibuprofen?",
    ],
)
def test_what_is_asked_for_another_is_theirs(text: str) -> None:
    assert whose(read(text)) == {"ibuprofen": "other"}


@pytest.mark.parametrize(
    "text",
    [
        "Can I take ibuprofen?",
        "My doctor said he wants me to take ibuprofen, is that safe?",
        "My mother is diabetic, can I take ibuprofen?",
        "the nurse told me she would give me ibuprofen, is that ok?",
        "Can they be taken with ibuprofen?",
        "Is ibuprofen safe?",
        "Can I take ibuprofen if my mother has diabetes?",
    ],
)
def test_what_the_writer_asks_for_themselves_is_their_own(text: str) -> None:
    assert whose(read(text)) == {"ibuprofen": "patient"}


def test_she_is_another_only_where_the_writer_speaks_of_their_own_record() -> None:
    reading = read("Can she take ibuprofen?")
    assert taker(reading) is None
    assert taker(reading, own_record=True) == "other"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("My wife takes warfarin. Can I take ibuprofen?", ["ibuprofen"]),
        ("I take warfarin, can my wife take ibuprofen?", ["ibuprofen"]),
        ("My mother takes warfarin, can she have ibuprofen?", ["warfarin", "ibuprofen"]),
        ("can I take my wife's warfarin", ["warfarin"]),
        ("Can I take ibuprofen with my warfarin?", ["ibuprofen", "warfarin"]),
    ],
)
def test_what_only_one_of_two_people_takes_is_not_asked_about(text: str, asked: list[str]) -> None:
    assert [each.name for each in asked_about(read(text))] == asked


def test_what_was_told_of_another_counts_on_for_her() -> None:
    first = read("My mother takes warfarin, can she have St John's wort?")
    for before in (first, read("Why?", previous=first)):
        reading = read("And can she take ibuprofen?", previous=before)
        assert whose(reading)["warfarin"] == whose(reading)["ibuprofen"] == "other"
    assert "St. John's wort" not in whose(read("And can she take ibuprofen?", previous=first))


def test_a_question_that_goes_on_stays_with_the_person_it_was_about() -> None:
    first = read("My son has asthma. Can he take ibuprofen?")
    reading = read("and aspirin?", previous=first)
    assert whose(reading) == {"aspirin": "other"}
    assert [each.name for each in reading.of_type(EntityType.CONDITION)] == ["asthma"]


@pytest.mark.parametrize("text", ["what about me, can I take aspirin?", "Can I take aspirin?"])
def test_whoever_asks_for_themselves_then_is_no_longer_about_another(text: str) -> None:
    assert whose(read(text, previous=read("My son has asthma. Can he take ibuprofen?"))) == {"aspirin": "patient"}


def test_he_is_not_a_woman_who_was_named() -> None:
    before = read("his mother takes warfarin, can she have ibuprofen")
    assert whose(read("Can he take aspirin?", previous=before)) == {"aspirin": "patient"}


def test_a_food_for_another_is_asked_about_beside_what_they_take() -> None:
    reading = read("Can she drink cranberry juice?", previous=read("My mother takes warfarin."))
    assert reading.top and reading.top.name is IntentName.KNOWLEDGE_INTERACTION
    assert {"warfarin", "cranberry juice"} <= {each.name for each in reading.entities}
