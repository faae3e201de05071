"""Context: negation, time and owner of clinical findings, against the annotations that come with NegEx."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from vitasense.deterministic.intake import assertions
from vitasense.evals.flags import listed
from vitasense.evals.suite import Answer, Case, Mark, Measure, Suite, Verdict
from vitasense.evals.system import System

ANNOTATIONS = "07_clinical_nlp/negex_context/rsAnnotations-1-120-random.txt"
PRECISION, RECALL, UNREAD = "Negation, precision", "Negation, recall", ", unread half"
TIME, OWNER = "Time of findings", "Owner of findings"
_TIMES = {"Recent": "recent", "Historical": "historical", "Not particular": "hypothetical"}
_TOGETHER = 10

Annotated = Mapping[str, Any]


def cases(data: Path) -> Iterator[Case]:
    """The findings whose words stand in their sentence, ten in a case; every second one was never read."""
    rows = [row for row in _rows(data / ANNOTATIONS) if row] if (data / ANNOTATIONS).exists() else []
    for start in range(0, len(rows), _TOGETHER):
        chosen = rows[start : start + _TOGETHER]
        findings = [{**row, "unread": number % 2 == 1} for number, row in enumerate(chosen)]
        told = "\n".join(row["sentence"] for row in chosen)
        yield Case(id=f"findings-{start // _TOGETHER + 1:03}", input=told, facts={"findings": findings})


async def answer(case: Case, system: System) -> Answer:
    """What was said of each finding: negated, time, owner."""
    del system
    said = [_said(row) for row in case.facts["findings"]]
    return Answer("\n".join(f"{each['time']}, {each['owner']}, {_negated(each)}" for each in said), {"said": said})


def judge(case: Case, said: Answer) -> Verdict:
    """Whether each is as the annotator wrote."""
    pairs = list(zip(case.facts["findings"], said.facts["said"], strict=True))
    marks = [*_negation("", pairs), *_negation(UNREAD, [pair for pair in pairs if pair[0]["unread"]])]
    for measure, name in ((TIME, "time"), (OWNER, "owner")):
        marks.append(Mark(measure, sum(row[name] == told[name] for row, told in pairs), len(pairs)))
    wrong = [_difference(row, told, name) for row, told in pairs for name in ("negated", "time", "owner")]
    return Verdict(tuple(marks), listed([each for each in wrong if each]))


def _negation(part: str, pairs: Sequence[tuple[Annotated, Annotated]]) -> Iterator[Mark]:
    hits = sum(row["negated"] and told["negated"] for row, told in pairs)
    yield Mark(PRECISION + part, hits, sum(told["negated"] for _, told in pairs))
    yield Mark(RECALL + part, hits, sum(row["negated"] for row, _ in pairs))


def _difference(row: Annotated, told: Annotated, name: str) -> str:
    if row[name] == told[name]:
        return ""
    return f"{row['finding']}: {name} is {told[name]}, not {row[name]}"


def _said(row: Annotated) -> Annotated:
    (said,) = assertions(row["sentence"], [tuple(row["place"])])
    return {"negated": said.negated, "time": said.temporality, "owner": said.experiencer}


def _negated(said: Annotated) -> str:
    return "negated" if said["negated"] else "affirmed"


def _rows(file: Path) -> Iterator[Annotated | None]:
    with file.open(encoding="latin-1", newline="") as lines:
        rows = [row for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) > 5][1:]
    for row in rows:
        yield _annotated(*row[1:6])


def _annotated(finding: str, sentence: str, negation: str, time: str, owner: str) -> Annotated | None:
    place = _place(finding, sentence)
    if place is None:
        return None
    meant = {"negated": negation == "Negated", "time": _TIMES[time]}
    who = "patient" if owner == "Patient" else "other"
    return {"finding": finding, "sentence": sentence, "place": list(place), **meant, "owner": who}


def _place(finding: str, sentence: str) -> tuple[int, int] | None:
    """Where the finding stands; the file writes it in capitals, and in any case where it was not marked."""
    capitals, loose = (r"\s*".join(map(re.escape, words.split())) for words in (finding.upper(), finding))
    found = re.search(capitals, sentence) or re.search(loose, sentence, re.IGNORECASE)
    return found.span() if found else None


def _measures() -> Iterator[Measure]:
    read = "read: every other sentence; the rest was only scored; findings that do not stand in their sentence left out"
    for part, note in (("", read), (UNREAD, "never read")):
        for name in (PRECISION, RECALL):
            yield Measure(name + part, "NegEx annotations", note=note)
    chronic = "chronic illness without a cue counts as past"
    yield Measure(TIME, "NegEx annotations", note=chronic)
    yield Measure(OWNER, "NegEx annotations")


SUITE = Suite(
    name="context",
    title="Negation, time and owner",
    about="whether a clinical finding is there, when, and whose it is, in sentences of clinical notes",
    cases=cases,
    answer=answer,
    judge=judge,
    measures=tuple(_measures()),
    needs=frozenset({"data"}),
)
