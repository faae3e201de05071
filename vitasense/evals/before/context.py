"""Negation, time and owner of clinical findings, against the annotations that come with NegEx."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vitasense.deterministic.intake import Context, assertions
from vitasense.evals.figures import Figure, share

_FILE = "07_clinical_nlp/negex_context/rsAnnotations-1-120-random.txt"
_TIMES = {"Recent": "recent", "Historical": "historical", "Not particular": "hypothetical"}
_PRECISION, _RECALL = 0.95, 0.96
_NOTE = "read: every other sentence; the rest was only scored"


@dataclass(frozen=True, slots=True)
class Case:
    """One annotated finding: what was said of it, and what was meant."""

    said: Context
    negated: bool
    time: str
    owner: str


def figures(data: Path) -> Iterator[Figure]:
    """Precision and recall of negation, accuracy of time and owner; nothing without the public data."""
    file = data / _FILE
    if not file.exists():
        return
    cases, lost = _cases(file)
    yield from _negation("", cases, note=f"{_NOTE}; {lost} findings do not stand in their sentence", goals=True)
    yield from _negation(", unread half", cases[1::2], note="never read", goals=False)
    right = sum(case.said.temporality == case.time for case in cases)
    yield share(
        "Time of findings", _named(cases), right, len(cases), note="chronic illness without a cue counts as past"
    )
    owned = sum(case.said.experiencer == case.owner for case in cases)
    yield share("Owner of findings", _named(cases), owned, len(cases))


def _negation(part: str, cases: Sequence[Case], *, note: str, goals: bool) -> Iterator[Figure]:
    hits = sum(case.said.negated and case.negated for case in cases)
    said, meant = sum(case.said.negated for case in cases), sum(case.negated for case in cases)
    precise, found = (_PRECISION, _RECALL) if goals else (None, None)
    yield share(f"Negation, precision{part}", _named(cases), hits, said, goal=precise, note=note)
    yield share(f"Negation, recall{part}", _named(cases), hits, meant, goal=found, note=note)


def _named(cases: Sequence[Case]) -> str:
    return f"NegEx annotations, {len(cases)} findings"


def _cases(file: Path) -> tuple[list[Case], int]:
    """The findings whose words stand in their sentence, and how many do not."""
    with file.open(encoding="latin-1", newline="") as lines:
        rows = [row for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) > 5][1:]
    found = [_case(*row[1:6]) for row in rows]
    return [case for case in found if case], sum(case is None for case in found)


def _case(finding: str, sentence: str, negation: str, time: str, owner: str) -> Case | None:
    place = _place(finding, sentence)
    if place is None:
        return None
    (said,) = assertions(sentence, [place])
    return Case(said, negation == "Negated", _TIMES[time], "patient" if owner == "Patient" else "other")


def _place(finding: str, sentence: str) -> tuple[int, int] | None:
    """Where the finding stands; the file writes it in capitals, and in any case where it was not marked."""
    capitals, loose = (r"\s*".join(map(re.escape, words.split())) for words in (finding.upper(), finding))
    found = re.search(capitals, sentence) or re.search(loose, sentence, re.IGNORECASE)
    return found.span() if found else None
