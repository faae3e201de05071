"""Sentences in the manner of labels: what they state, what they deny, and what is none of it."""

from pathlib import Path
from typing import NotRequired, TypedDict, cast

import pytest
import yaml

from vitasense.deterministic.knowledge.facts import Relation
from vitasense.deterministic.knowledge.names import normalise
from vitasense.deterministic.knowledge.reading import Candidate, Source, candidates
from vitasense.deterministic.knowledge.reading.proposing import subject_of


class Statement(TypedDict):
    about: list[str]
    section: str
    text: str
    pairs: NotRequired[list[str]]
    absent: NotRequired[list[str]]
    examples: NotRequired[list[str]]


STATEMENTS = cast(
    list[Statement], yaml.safe_load((Path(__file__).parent / "statements.yaml").read_text(encoding="utf-8"))
)


def partner(found: Candidate, about: list[str]) -> str:
    """The end of a candidate that is not the label's own medicine or its kind."""
    subject = subject_of(about)
    assert subject is not None
    is_own = subject.is_named_by(found.subject) or subject.is_kind_of(found.subject) or found.subject.text == about[0]
    return normalise((found.object if is_own else found.subject).text)


@pytest.mark.parametrize("statement", STATEMENTS, ids=[each["text"][:60] for each in STATEMENTS])
def test_a_sentence_proposes_its_pairs_and_no_other(statement: Statement) -> None:
    text = f"{statement['section']}\n\n{statement['text']}\n"
    found = candidates(text, source=Source("test", tuple(statement["about"])))
    pairs = [each for each in found if each.relation is Relation.INTERACTS]
    stated = {partner(each, statement["about"]) for each in pairs if not each.is_absent and not each.example_of}
    assert stated == set(map(normalise, statement.get("pairs", [])))
    assert {partner(each, statement["about"]) for each in pairs if each.is_absent} == set(
        map(normalise, statement.get("absent", []))
    )
    assert {partner(each, statement["about"]) for each in pairs if each.example_of} == set(
        map(normalise, statement.get("examples", []))
    )
