"""The suite of candidate edges counts pairs of a sentence by their ends, each once."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from vitasense.evals.label_corpus import FOLDER, labels
from vitasense.evals.suite import Answer, Case, Mark
from vitasense.evals.suites.label_edges import SUITE, TUNED, UNREAD

TEXT = "Avoid use of Coumadin with miconazole or NSAIDs."
LABEL = """<document setID="a"><labelDrug name="Coumadin"/><generic name="warfarin"/>
<sentence id="s.1" text="Avoid use of Coumadin with miconazole or NSAIDs. " type="regular">
<entity charOffset="13:21" id="e.0" text="Coumadin" type="Drug"/><entity charOffset="27:37" id="e.1" text="miconazole" type="Drug"/>
<entity charOffset="41:47" id="e.2" text="NSAIDs" type="Drug_Class"/><entity charOffset="0:5" id="e.3" text="Avoid" type="Caution_Interaction"/>
<pair ddi="true" e1="e.1" e2="e.0"/><pair ddi="true" e1="labelDrug" e2="e.1"/><pair ddi="false" e1="e.1" e2="e.2"/>
</sentence></document>"""


@pytest.fixture
def label(tmp_path: Path) -> Mapping[str, Any]:
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    (folder / "a.xml").write_text(LABEL)
    (folder / "a.txt").write_text(f"DRUG INTERACTIONS\n\n{TEXT}\n")
    (found,) = labels(tmp_path)
    return found


def verdict(label: Mapping[str, Any], *partners: str) -> Mapping[str, Mark]:
    """What is right when these are proposed with the label's own medicine."""
    start = label["sentences"][0]["start"] + TEXT.index("Coumadin")
    places = [label["sentences"][0]["start"] + TEXT.index(name) for name in partners]
    pairs = [
        {"ends": [[start, start + 8, "coumadin"], [at, at + len(name), name.lower()]], "example": False, "told": name}
        for at, name in zip(places, partners, strict=True)
    ]
    case = Case("a", label["text"], facts={**label, "part": UNREAD})
    said = SUITE.judge(case, Answer("", {"own": [pairs], "given": [[]], "beside": 0}))
    return {mark.measure: mark for mark in said.marks}


def test_a_sentence_is_found_in_the_text_with_its_entities(label: Mapping[str, Any]) -> None:
    (sentence,) = label["sentences"]
    assert label["text"][sentence["start"] : sentence["end"]] == TEXT
    assert [each["text"] for each in sentence["entities"]] == ["Coumadin", "miconazole", "NSAIDs"]
    start, end = sentence["entities"][1]["spans"][0]
    assert label["text"][start:end] == "miconazole"


def test_one_pair_marked_twice_is_one(label: Mapping[str, Any]) -> None:
    marks = verdict(label, "miconazole")
    assert marks[f"Pairs, recall, own names, {UNREAD}"] == Mark(f"Pairs, recall, own names, {UNREAD}", 1, 1)
    assert marks[f"Pairs, precision, own names, {UNREAD}"] == Mark(f"Pairs, precision, own names, {UNREAD}", 1, 1)
    assert marks[f"Pairs, recall, entities given, {UNREAD}"].hits == 0


def test_a_pair_that_is_not_marked_is_wrong(label: Mapping[str, Any]) -> None:
    marks = verdict(label, "miconazole", "NSAIDs")
    assert marks[f"Pairs, precision, own names, {UNREAD}"] == Mark(f"Pairs, precision, own names, {UNREAD}", 1, 2)
    assert marks[f"Pairs, F1, own names, {UNREAD}"] == Mark(f"Pairs, F1, own names, {UNREAD}", 2, 3)


def test_labels_that_were_worked_on_are_told_apart(shared_data: Callable[[str], Path]) -> None:
    parts = [case.facts["part"] for case in SUITE.cases(shared_data(FOLDER).parents[1])]
    assert parts.count(TUNED) == 3
    assert parts.count(UNREAD) == len(parts) - 3
