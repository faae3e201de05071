"""Misspelt names: every lookup keeps one contract, and nothing is guessed between two medicines."""

from collections.abc import Sequence

import pytest

from vitasense.deterministic.intake.spelling import Candidate, NearNames, Spelling, Together

NAMES = {
    "metformin": "metformin",
    "glucophage": "metformin",
    "prednisone": "prednisone",
    "prednisolone": "prednisolone",
}


class Far:
    """A lookup that knows one word."""

    def candidates(self, word: str) -> Sequence[Candidate]:
        return (Candidate("metformin", "metformin", 0.7),) if word == "mtfrmnn" else ()


def spelling() -> Spelling:
    return Spelling(frozenset({"metropolis"}), frozenset({"medicines"}), Together(NearNames(NAMES), Far()))


def test_candidates_come_by_likeness() -> None:
    found = NearNames(NAMES).candidates("prednisalone")
    assert [one.name for one in found] == ["prednisolone", "prednisone"]
    assert found[0].likeness > found[1].likeness


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("metfornin", "metformin"),
        ("prednisalone", "prednisalone"),
        ("metropolis", "metropolis"),
        ("medicnes", "medicines"),
        ("mtfrmnn", "metformin"),
        ("zzyprexolin", "zzyprexolin"),
    ],
)
def test_a_word_is_corrected_only_when_all_candidates_name_one_thing(said: str, meant: str) -> None:
    assert spelling().correct(said) == meant
