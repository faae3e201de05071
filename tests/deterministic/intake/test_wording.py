"""What is read before the cues: shorthand, whose record is meant, typing errors, drug classes, one sentence at a time."""

from datetime import UTC, datetime

import pytest

from vitasense.deterministic.intake import EntityType, Reading, read
from vitasense.deterministic.intake.wording import plain

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
SURE = 0.5


def sure(text: str) -> list[str]:
    return [intent.name.value for intent in read(text, now=NOW).intents if intent.confidence >= SURE]


def drugs(reading: Reading) -> list[str]:
    return [entity.name for entity in reading.of_type(EntityType.DRUG)]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("whats my <vital> rn", "what is my <vital> now"),
        ("what s my <lab> level", "what is my <lab>"),
        ("could you please note that i ate <food>", "note that i ate <food>"),
        ("is the patient on <drug>", "am i on <drug>"),
        ("pt s last <vital>", "my last <vital>"),
        ("does she take <drug>", "do i take <drug>"),
        ("my <person> takes <drug> can she have <drug>", "my <person> takes <drug> can <person> have <drug>"),
        ("what the heck is <lab>", "what is <lab>"),
        ("give me a summary of this patient", "give me a summary of me"),
    ],
)
def test_words_are_written_out_and_the_owner_of_the_record_is_the_first_person(said: str, meant: str) -> None:
    assert " ".join(plain(said.split())) == meant


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("can i take ibuprofin", "ibuprofen"),
        ("side effects of metformine", "metformin"),
        ("is atorvastatine safe", "atorvastatin"),
        ("are statins bad for you", "statin"),
        ("what do blood thinners do", "blood thinner"),
        ("can i have nsaids", "NSAID"),
        ("which blood pressure pills are best", "blood pressure medicine"),
    ],
)
def test_a_misspelt_medicine_and_a_class_of_medicines_are_known(text: str, name: str) -> None:
    assert drugs(read(text, now=NOW)) == [name]


@pytest.mark.parametrize(
    "text",
    [
        *("the train station", "a planet", "the president", "my printer is static", "an instance of the service"),
        *("my friend lives alive", "the ability to wait", "zzyprexolin", "hydroxyalazine"),
    ],
)
def test_ordinary_and_unknown_words_are_no_medicines(text: str) -> None:
    assert drugs(read(text, now=NOW)) == []


@pytest.mark.parametrize(
    "text", ["I feel dizzy", "my head hurts", "sore throat", "I have had a cough for a week", "my mother has a rash"]
)
def test_a_complaint_is_no_question_about_a_word(text: str) -> None:
    assert sure(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("BP was 150/92 this morning. is my potassium ok?", {"measurement.log", "lab.latest"}),
        ("my allergies, meds and conditions", {"allergies.list", "medications.list", "conditions.list"}),
        ("What am I allergic to, and what is eGFR?", {"allergies.list", "knowledge.explain"}),
        ("I am on sertraline. Is it ok if I take tramadol?", {"knowledge.interaction"}),
        ("My mother takes warfarin, can she have St John's wort?", {"knowledge.interaction"}),
        ("can I eat grapefruit with simvastatin", {"knowledge.interaction"}),
    ],
)
def test_each_wish_of_a_message_is_found_and_a_statement_is_the_background_of_the_next_question(
    text: str, names: set[str]
) -> None:
    assert names <= set(sure(text))


@pytest.mark.parametrize(("text", "inches"), [("im 5'11\"", 71), ("height 5' 11", 71), ("I am 6'2” tall", 74)])
def test_feet_and_inches_are_a_height(text: str, inches: float) -> None:
    (height,) = read(text, now=NOW).of_type(EntityType.VITAL)
    assert (height.name, height.value, height.unit) == ("body height", inches, "[in_i]")


def test_a_fever_of_a_number_is_a_symptom_and_a_temperature() -> None:
    reading = read("I have a fever of 101", now=NOW)
    assert [(e.type.value, e.name, e.value, e.unit) for e in reading.entities] == [
        ("symptom", "fever", None, None),
        ("vital", "body temperature", 101.0, "[degF]"),
    ]
    assert not read("fever for 3 days", now=NOW).of_type(EntityType.VITAL)


def test_a_year_is_no_value() -> None:
    (cholesterol,) = read("compare my cholesterol before and after 2024", now=NOW).of_type(EntityType.LAB)
    assert cholesterol.value is None
