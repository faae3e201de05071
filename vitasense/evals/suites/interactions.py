"""Interactions: pairs that must interrupt, pairs that must not, and pairs that have nothing to do with each other."""

from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from itertools import islice, product
from pathlib import Path

import yaml

from vitasense.deterministic.knowledge import drug
from vitasense.deterministic.medications import check
from vitasense.deterministic.platform.findings import Finding, Status, Urgency
from vitasense.evals.flags import listed
from vitasense.evals.suite import Answer, Case, Mark, Measure, Suite, Verdict
from vitasense.evals.system import System

FOLDER = "05_drug_interactions"
HIGH, LOW, UNRELATED = "high priority", "non-interruptive", "unrelated"
INTERRUPTING = {
    HIGH: "ONC high-priority pairs that interrupt",
    LOW: "ONC non-interruptive pairs that interrupt",
    UNRELATED: "Unrelated pairs that interrupt",
}
KNOWN = {HIGH: "ONC high-priority drugs known", LOW: "ONC non-interruptive drugs known"}
FOUND_UNRELATED = "Unrelated pairs of which anything is told"
PUBLIC = {HIGH: "ONC_High_Priority_Mapped.csv", LOW: "ONC_Non_Interuptive_Mapped.csv"}
_TOGETHER = 100
Pair = tuple[str, str]


def cases(data: Path) -> Iterator[Case]:
    """A hundred pairs in a case."""
    for kind, name in PUBLIC.items():
        path = data / FOLDER / name
        if path.exists():
            yield from _cases(kind, _public(path))
    yield from _cases(UNRELATED, unrelated())


async def answer(case: Case, system: System) -> Answer:
    """Which pairs interrupt, of which anything is told, and which names are known."""
    del system
    pairs: Sequence[Pair] = case.facts["pairs"]
    told = [_told(pair) for pair in pairs]
    names = sorted({name for pair in pairs for name in pair})
    return Answer(f"{len(pairs)} pairs", {"told": told, "unknown": [name for name in names if drug(name) is None]})


def judge(case: Case, said: Answer) -> Verdict:
    """How many of the pairs interrupt, and how many of the names are known."""
    kind, pairs, told = case.facts["kind"], case.facts["pairs"], said.facts["told"]
    loud = [pair for pair, each in zip(pairs, told, strict=True) if each["interrupts"]]
    quiet = [pair for pair, each in zip(pairs, told, strict=True) if not each["interrupts"]]
    names = {name for pair in pairs for name in pair}
    marks = [Mark(INTERRUPTING[kind], len(loud), len(pairs))]
    if kind in KNOWN:
        marks.append(Mark(KNOWN[kind], len(names) - len(said.facts["unknown"]), len(names)))
    else:
        marks.append(Mark(FOUND_UNRELATED, sum(each["found"] for each in told), len(told)))
    wrong = [" with ".join(pair) for pair in (quiet if kind == HIGH else loud)]
    return Verdict(tuple(marks), listed([*wrong, *(f"unknown: {name}" for name in said.facts["unknown"])]))


def unrelated() -> Iterator[Pair]:
    """Every quiet medicine of the dataset with every other one."""
    text = files("vitasense.evals").joinpath("datasets/medicines/unrelated.yaml").read_text("utf-8")
    told = yaml.safe_load(text)
    yield from product(told["quiet"], told["others"])


def _public(path: Path) -> Iterator[Pair]:
    rows = (line.split("$") for line in path.read_text("utf-8").splitlines())
    yield from ((row[0], row[2]) for row in rows if len(row) >= 4)


def _cases(kind: str, pairs: Iterable[Pair]) -> Iterator[Case]:
    left, number = iter(pairs), 0
    while some := list(islice(left, _TOGETHER)):
        number += 1
        told = "\n".join(" with ".join(pair) for pair in some)
        yield Case(
            f"{kind.replace(' ', '-')}-{number:02}", told, facts={"kind": kind, "pairs": [list(p) for p in some]}
        )


def _told(pair: Pair) -> dict[str, bool]:
    found = [each for each in check(pair) if each.status is Status.FOUND and _of_two(each)]
    return {"found": bool(found), "interrupts": any(each.urgency.rank >= Urgency.URGENT.rank for each in found)}


def _of_two(finding: Finding) -> bool:
    """Whether it is about the two together: what is said of one medicine alone is not of the pair."""
    return len({value.text for value in finding.values if value.name == "drug"}) > 1


SUITE = Suite(
    name="interactions",
    title="Interactions",
    about="which pairs of medicines interrupt a person, and which do not",
    cases=cases,
    answer=answer,
    judge=judge,
    measures=(
        Measure(INTERRUPTING[HIGH], "ONC high priority, as mapped by Ayvaz et al. 2015"),
        Measure(KNOWN[HIGH], "the same"),
        Measure(INTERRUPTING[LOW], "ONC non-interruptive, as mapped by Ayvaz et al. 2015", goal_is="at most"),
        Measure(KNOWN[LOW], "the same"),
        Measure(INTERRUPTING[UNRELATED], "own, 300 pairs", goal_is="at most"),
        Measure(FOUND_UNRELATED, "own, 300 pairs", goal_is="at most", note="reported only"),
    ),
)
