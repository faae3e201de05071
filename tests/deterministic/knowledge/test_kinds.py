"""A kind of medicine by the words of people is the medicines of it that are at hand."""

import pytest

from vitasense.deterministic.intake.lexicon import class_names
from vitasense.deterministic.knowledge import of_kind, rulebook, usual

TAKEN = ["Lisinopril 10 mg tablet", "atorvastatin", "apixaban", "blorbixol"]


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("statin", ["atorvastatin"]),
        ("ACE inhibitors", ["Lisinopril 10 mg tablet"]),
        ("beta blocker", []),
        ("blood thinner", ["apixaban"]),
        ("blood pressure medicine", ["Lisinopril 10 mg tablet"]),
        ("Painkiller", []),
    ],
)
def test_those_of_the_kind_are_found(kind: str, members: list[str]) -> None:
    assert of_kind(kind, TAKEN) == members


@pytest.mark.parametrize("name", ["atorvastatin", "insulin", "blorbixol", "grapefruit"])
def test_what_is_a_medicine_or_nothing_is_no_kind(name: str) -> None:
    assert of_kind(name, TAKEN) is None


def test_every_kind_that_is_read_in_a_message_is_known_as_one() -> None:
    assert [name for name in class_names() if of_kind(name, []) is None] == []


def test_what_is_usual_is_of_the_kind() -> None:
    for kind in rulebook().everyday:
        found = usual(kind.key)
        names = found.names if found else ()
        assert set(names) - set(of_kind(kind.key, names) or []) <= {
            *("acetaminophen", "chlorpheniramine"),  # of a cold medicine: for its pain and its sneezing
            *("diphenhydramine", "doxylamine"),  # antihistamines that are sold as sleeping tablets
        }
    painkillers = usual("painkiller")
    assert painkillers is not None
    assert painkillers.names == ("acetaminophen", "ibuprofen", "naproxen", "aspirin")
    assert painkillers.evidence.source
    assert usual("statin") is None
    assert usual("blood thinner") is None
