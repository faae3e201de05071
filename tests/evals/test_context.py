"""The context suite compares what is said of a finding with what its annotator meant."""

from collections.abc import Callable
from pathlib import Path

from vitasense.evals.suite import Answer, Case
from vitasense.evals.suites.context import OWNER, PRECISION, RECALL, SUITE, TIME, UNREAD

MEANT = {
    "finding": "pain",
    "sentence": "NO PAIN.",
    "place": [3, 7],
    "negated": True,
    "time": "recent",
    "owner": "patient",
}
SAID = {"negated": True, "time": "recent", "owner": "patient"}


def test_a_negation_counts_for_precision_when_said_and_for_recall_when_meant() -> None:
    findings = [{**MEANT, "unread": False}, {**MEANT, "unread": True}]
    said = Answer("", {"said": [SAID, {**SAID, "negated": False, "time": "historical"}]})
    verdict = SUITE.judge(Case("findings-001", "", facts={"findings": findings}), said)
    marks = {mark.measure: (mark.hits, mark.total) for mark in verdict.marks}
    assert (marks[PRECISION], marks[RECALL]) == ((1, 1), (1, 2))
    assert (marks[PRECISION + UNREAD], marks[RECALL + UNREAD]) == ((0, 0), (0, 1))
    assert (marks[TIME], marks[OWNER]) == ((1, 2), (2, 2))
    assert verdict.wrong == "pain: negated is False, not True | pain: time is historical, not recent"


def test_every_second_finding_was_never_read(shared_data: Callable[[str], Path]) -> None:
    cases = SUITE.cases(shared_data("07_clinical_nlp").parent)
    unread = [row["unread"] for case in cases for row in case.facts["findings"]]
    assert unread == [number % 2 == 1 for number in range(len(unread))]
    assert len(unread) > 1000
