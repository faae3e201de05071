"""When the medicines of a question are held against the rest, and when only what was asked of them is told."""

import pytest

from vitasense.deterministic.intake import read
from vitasense.tools.medicine_asking import are_apart, asks_foods, asks_for_check, only_asks
from vitasense.tools.medicine_taking import asks_how_to_take


@pytest.mark.parametrize(
    "text",
    [
        "Can I take ibuprofen with my lisinopril?",
        "Is naproxen all right for my sister, who is pregnant?",
        "Am I okay with 1500 mg of paracetamol four times daily?",
        "can I have three 400 mg ibuprofen tablets every six hours",
        "Is it fine to eat papaya with lisinopril?",
        "can I give my son ibuprofen",
        "can I give him ibuprofen",
        "My eGFR is 25, can I take metformin?",
        "How much ibuprofen can I take in a day?",
        "Can ibuprofen make my asthma worse?",
        "I got clarithromycin from the dentist, is that alright?",
        "the dentist wants to give me clarithromycin",
        "I'm thinking of trying melatonin",
        "Is it bad to take aspirin every day?",
        "anything I should know before taking sildenafil?",
    ],
)
def test_a_question_whether_it_may_be_taken_is_checked(text: str) -> None:
    assert asks_for_check(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "What is metformin?",
        "What is the difference between naproxen and ibuprofen?",
        "What is lisinopril for?",
        "Can lisinopril cause a cough?",
        "What are the side effects of sertraline?",
        "I have a headache",
        "What was my last blood pressure?",
    ],
)
def test_other_questions_are_not(text: str) -> None:
    assert not asks_for_check(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Which foods should I avoid?",
        "What should I not eat?",
        "What shouldn't I drink with my pills?",
        "foods to avoid",
    ],
)
def test_foods_that_go_badly_with_what_is_taken_are_asked_for(text: str) -> None:
    assert asks_foods(read(text))


@pytest.mark.parametrize(
    "text", ["Can I have a beer with my pills?", "Can I eat grapefruit?", "Which pills do I take?"]
)
def test_a_food_that_is_named_is_a_question_of_its_own(text: str) -> None:
    assert not asks_foods(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "When should I take levothyroxine?",
        "Can I crush my omeprazole?",
        "How long can I take omeprazole?",
        "Should metformin be taken with food?",
        "how long does ibuprofen take to work",
    ],
)
def test_how_a_medicine_is_used_is_asked_for(text: str) -> None:
    assert asks_how_to_take(read(text))


@pytest.mark.parametrize("text", ["What is omeprazole?", "Does omeprazole interact with clopidogrel?", "metformin"])
def test_what_it_is_and_what_it_goes_with_is_not_how_it_is_used(text: str) -> None:
    assert not asks_how_to_take(read(text))


def test_what_stands_beside_a_question_is_part_of_it_unless_it_is_to_be_written_down() -> None:
    assert only_asks(read("My eGFR is 25, can I take metformin?"))
    assert not only_asks(read("Log my eGFR of 25. Can I take metformin?"))
    assert not only_asks(read("My eGFR is 25"))


@pytest.mark.parametrize("text", ["Which is safer, cetirizine or loratadine?", "is naproxen or celecoxib better"])
def test_one_or_the_other_is_checked_apart(text: str) -> None:
    assert are_apart(read(text))


@pytest.mark.parametrize("text", ["Can I take cetirizine and loratadine?", "Can I take naproxen or ibuprofen?"])
def test_without_a_choice_they_are_checked_together(text: str) -> None:
    assert not are_apart(read(text))
