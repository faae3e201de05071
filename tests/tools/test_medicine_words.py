"""The dose that was said: how much each time and how often, with pieces counted; nothing where nothing was said."""

import pytest

from vitasense.deterministic.intake import EntityType, read
from vitasense.deterministic.medications import Dose
from vitasense.tools.medicine_limits import asks_the_most
from vitasense.tools.medicine_words import called, directions, dose


@pytest.mark.parametrize(
    ("text", "name", "said", "amounts"),
    [
        ("can I take 1000 mg of paracetamol 5 times a day", "paracetamol", "1000 mg 5 times a day", (1000, "mg", 5)),
        ("is 5 g of paracetamol in 24 hours too much", "paracetamol", "5 g in 24 hours", (5, "g", 1)),
        ("two paracetamol 500 mg every 4 hours", "paracetamol 500 mg", "2 pills every 4 hours", (2, "{tbl}", 6)),
        ("is it ok to take 3 ibuprofen 400 mg a day", "ibuprofen 400 mg", "3 pills a day", (3, "{tbl}", 1)),
        ("I take 1 lisinopril 10 mg daily", "lisinopril 10 mg", "1 pill daily", (1, "{tbl}", 1)),
        (
            "can I take 2 tablets of naproxen 500 mg twice a day",
            "naproxen 500 mg",
            "2 tablets twice a day",
            (2, "{tbl}", 2),
        ),
    ],
)
def test_a_dose_is_read_from_the_words(text: str, name: str, said: str, amounts: tuple[float, str, float]) -> None:
    (medicine,) = read(text).of_type(EntityType.DRUG)
    assert (called(medicine), directions(medicine)) == (name, said)
    amount, unit, often = amounts
    assert dose(medicine) == Dose(amount, unit, per_day=often)


def test_how_long_it_is_taken_is_kept() -> None:
    (medicine,) = read("I take amoxicillin 500 mg three times a day for 7 days").of_type(EntityType.DRUG)
    assert directions(medicine) == "500 mg three times a day for 7 days"


@pytest.mark.parametrize("text", ["can I take two ibuprofen", "can I take ibuprofen", "I take 8 tylenol a day"])
def test_pieces_without_a_strength_are_no_amount(text: str) -> None:
    (medicine,) = read(text).of_type(EntityType.DRUG)
    assert dose(medicine) is None


@pytest.mark.parametrize(
    "text",
    [
        "how much paracetamol can I take in a day",
        "what is the maximum dose of ibuprofen",
        "what's the max daily dose of tylenol",
        "how many ibuprofen can I take in 24 hours",
        "how much ibuprofen is too much",
        "what's the most paracetamol I can take",
    ],
)
def test_the_most_is_asked_for(text: str) -> None:
    assert asks_the_most(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "how much does ibuprofen cost",
        "how many times a day can I take ibuprofen",
        "how much is too much",
        "what is ibuprofen",
    ],
)
def test_other_questions_ask_for_no_limit(text: str) -> None:
    assert not asks_the_most(read(text))
