"""Clauses are wishes of their own; stories wish for nothing beside a clear wish; errands are nobody's."""

import pytest

from vitasense.deterministic.intake import IntentName, Reading, read


def sure(reading: Reading) -> set[str]:
    return {intent.name.value for intent in reading.intents if intent.confidence >= 0.5}


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("I had two eggs this morning and what does cholesterol mean", {"nutrition.log", "knowledge.explain"}),
        (
            "Show my blood pressure and does ibuprofen clash with lisinopril",
            {"measurement.latest", "knowledge.interaction"},
        ),
        ("my last LDL please, what does ferritin mean", {"lab.latest", "knowledge.explain"}),
        ("allergies + vaccinations", {"allergies.list", "immunizations.list"}),
    ],
)
def test_every_clause_that_is_a_clear_wish_counts_and_nothing_across_them(text: str, wishes: set[str]) -> None:
    assert sure(read(text)) == wishes


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("What is my TSH and what does it mean?", {"lab.latest", "knowledge.explain"}),
        ("What was my last ferritin? What does that mean?", {"lab.latest", "knowledge.explain"}),
    ],
)
def test_a_pronoun_is_what_was_named_in_the_clause_before(text: str, wishes: set[str]) -> None:
    assert sure(read(text)) == wishes


def test_a_fronted_phrase_is_no_clause() -> None:
    assert sure(read("With my DNA, does simvastatin suit me?")) == {"genomics.drug"}


def test_a_story_gives_way_to_the_wish_after_it() -> None:
    text = "I got a letter from my cardiologist and read about my operation for an hour. Which vaccinations have I had?"
    assert sure(read(text)) == {"immunizations.list"}


def test_what_is_told_to_be_written_down_stays_beside_a_wish() -> None:
    assert sure(read("I had two slices of bread for lunch today. What was my last LDL?")) == {
        "nutrition.log",
        "lab.latest",
    }


def test_a_wish_without_any_mark_is_found_behind_what_was_told() -> None:
    text = "so the nurse was a bit worried about all of this can you show me my blood pressure"
    assert "measurement.latest" in sure(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Order a refill of my lisinopril.",
        "Can you book me an appointment with Dr Lee?",
        "Remind me at eight to take my tablets.",
        "How much does Ozempic cost?",
        "Send my lab results to my wife by email.",
        "Where is the nearest pharmacy?",
        "How do I bake bread?",
        "Can dogs eat grapes?",
        "Does my insurance pay for an MRI?",
        "how do I get my prescription transferred",
    ],
)
def test_an_errand_is_nobodys_whatever_it_names(text: str) -> None:
    assert sure(read(text)) == set()


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("remind me which pills I take", "medications.list"),
        ("send me my latest labs", "lab.latest"),
        ("am I allergic to cats", "allergies.list"),
        ("forget what I told you about my dog", "memory.forget"),
        ("Order a refill of my lisinopril, and show my allergies", "allergies.list"),
    ],
)
def test_what_only_sounds_like_an_errand_is_still_answered(text: str, wish: str) -> None:
    assert wish in sure(read(text))


@pytest.mark.parametrize("text", ["and before that?", "what about before that", "and the year before?"])
def test_what_was_before_the_latest_is_asked_of_its_history(text: str) -> None:
    reading = read(text, previous=read("What was my last blood pressure?"))
    assert [intent.name for intent in reading.intents] == [IntentName.MEASUREMENT_HISTORY]
    assert [entity.name for entity in reading.entities] == ["blood pressure"]


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("who can acess my recrod", "access.who"),
        ("do i have allergys", "allergies.list"),
        ("explane creatinine", "knowledge.explain"),
    ],
)
def test_a_slip_that_looks_like_an_ending_is_a_slip(text: str, wish: str) -> None:
    assert wish in sure(read(text))


@pytest.mark.parametrize("word", ["anaphylaxis", "hyperkalemia", "angina", "rhabdomyolysis", "hypotension"])
def test_illnesses_that_can_be_explained_are_known_words(word: str) -> None:
    assert sure(read(f"what is {word}")) == {"knowledge.explain"}


def test_a_food_with_an_amount_is_asked_about_like_one_without() -> None:
    assert sure(read("What does an avocado contain?")) == {"nutrition.food"}
