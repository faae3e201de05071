"""A pronoun stands for the medicine of the message before, and for nothing that was named in its own message."""

import pytest

from vitasense.deterministic.intake import EntityType, IntentName, Reading, read


def after(before: str, text: str) -> Reading:
    return read(text, previous=read(before))


@pytest.mark.parametrize(
    ("before", "text", "wish", "drugs"),
    [
        ("What is lisinopril?", "Can I take it with ibuprofen?", "knowledge.interaction", ["lisinopril", "ibuprofen"]),
        ("What is lisinopril?", "does it interact with alcohol", "knowledge.interaction", ["lisinopril"]),
        ("Should I stop my apixaban?", "How much of it do I take?", "medications.list", ["apixaban"]),
        (
            "are warfarin and aspirin safe together?",
            "what about them with ibuprofen?",
            "knowledge.interaction",
            ["warfarin", "aspirin", "ibuprofen"],
        ),
    ],
)
def test_it_is_the_medicine_of_the_message_before(before: str, text: str, wish: str, drugs: list[str]) -> None:
    reading = after(before, text)
    assert reading.top and reading.top.name.value == wish
    assert [drug.name for drug in reading.of_type(EntityType.DRUG)] == drugs


@pytest.mark.parametrize(
    "text", ["I take metformin, can I take it with ibuprofen?", "thanks, I will take it easy", "is it raining?"]
)
def test_it_is_not_the_medicine_before_where_something_else_is_meant(text: str) -> None:
    assert "lisinopril" not in [drug.name for drug in after("What is lisinopril?", text).of_type(EntityType.DRUG)]


def test_a_second_medicine_is_asked_about_in_every_way_of_the_first() -> None:
    reading = after("Can I take ibuprofen?", "And paracetamol instead?")
    assert {intent.name for intent in reading.intents} == {IntentName.KNOWLEDGE_DRUG, IntentName.KNOWLEDGE_INTERACTION}


def test_they_are_the_medicines_of_the_list_before() -> None:
    assert after("What do I take?", "Do they go together?").intents[0].name is IntentName.KNOWLEDGE_INTERACTION


def test_mine_is_the_own_value_of_the_thing_before() -> None:
    reading = after("What is LDL cholesterol?", "and how is mine?")
    assert reading.intents[0].name is IntentName.LAB_LATEST
    assert [lab.name for lab in reading.of_type(EntityType.LAB)] == ["LDL cholesterol"]


@pytest.mark.parametrize("text", ["Am I allowed to take aspirin?", "Is my mother permitted to take aspirin?"])
def test_whether_a_medicine_is_allowed_is_no_question_for_the_list(text: str) -> None:
    assert IntentName.MEDICATIONS_LIST not in {intent.name for intent in read(text).intents}


@pytest.mark.parametrize("text", ["yes, but it was two bananas", "no, two bananas", "no, it was an apple"])
def test_what_was_to_be_written_is_corrected(text: str) -> None:
    reading = after("I ate one banana", text)
    assert [intent.name for intent in reading.intents] == [IntentName.NUTRITION_LOG]
    assert reading.intents[0].confidence >= 0.5


def test_it_stands_for_nothing_where_the_question_names_its_own_medicine() -> None:
    reading = after("can I crush my metformin tablets?", "is it safe to drive on cetirizine?")
    assert [drug.name for drug in reading.of_type(EntityType.DRUG)] == ["cetirizine"]
    assert "metformin" in [
        drug.name
        for drug in after("What is metformin?", "is it safe to take with cetirizine?").of_type(EntityType.DRUG)
    ]
