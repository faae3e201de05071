"""A kind of medicine by the words of people is the medicines of it that are at hand."""

import pytest

from vitasense.deterministic.knowledge import of_kind

TAKEN = ["Lisinopril 10 mg tablet", "atorvastatin", "apixaban", "blorbixol"]


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("statin", ["atorvastatin"]),
        ("ACE inhibitors", ["Lisinopril 10 mg tablet"]),
        ("beta blocker", []),
    ],
)
def test_those_of_the_kind_are_found(kind: str, members: list[str]) -> None:
    assert of_kind(kind, TAKEN) == members


@pytest.mark.parametrize("name", ["atorvastatin", "insulin", "blorbixol", "grapefruit"])
def test_what_is_a_medicine_or_nothing_is_no_kind(name: str) -> None:
    assert of_kind(name, TAKEN) is None
