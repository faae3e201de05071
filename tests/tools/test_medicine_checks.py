"""When the medicines of a question are held against the rest, and when only what was asked of them is told."""

import pytest

from vitasense.deterministic.intake import read
from vitasense.tools.medicine_checks import asks_for_check


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
