"""The cases of the grounding suite: findings of the dataset and of the rooms, and replies that tell them faithfully."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic import genomics, knowledge, nutrition
from vitasense.deterministic.platform.findings import Evidence, Finding, Status
from vitasense.evals.grounding.rephrasings import REPHRASINGS

SEED = 20261128
_MIXED = 150
_TOGETHER = 4
_EVIDENCE = Evidence(kind="record", ref="Observation/1", version="1", label="Record")


@dataclass(frozen=True, slots=True)
class Told:
    """A reply that tells only what its findings say; `source` is where the findings come from."""

    source: str
    findings: tuple[Finding, ...]
    reply: str


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    finding: Mapping[str, object]
    faithful: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


@cache
def written(folder: str) -> tuple[tuple[Finding, tuple[str, ...]], ...]:
    """The findings of datasets/grounding/`folder`, each with its faithful rephrasings, in the order of the files."""
    return tuple((finding, row.faithful) for finding, row in _rows(folder))


def wrong() -> Iterator[Told]:
    """Sentences that say something else than their finding, each in its own words."""
    for finding, row in _rows("wrong"):
        yield from (Told("wrong", (finding,), sentence) for sentence in row.wrong)


def _rows(folder: str) -> Iterator[tuple[Finding, _Row]]:
    root = files("vitasense.evals").joinpath("datasets/grounding")
    place = root.joinpath(folder) if folder else root
    found = sorted((file for file in place.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    for file in found:
        for number, row in enumerate(yaml.safe_load(file.read_text("utf-8"))):
            case = _Row.model_validate(row)
            yield _finding(case, f"Observation/{file.name}-{number}"), case


def _finding(row: _Row, ref: str) -> Finding:
    evidence = (_EVIDENCE.model_copy(update={"ref": ref}),)
    status = Status(str(row.finding.get("status", "found")))
    told = {"status": status, "evidence": evidence if status is Status.FOUND else (), **row.finding}
    return Finding.model_validate(told)


def single(folder: str) -> Iterator[Told]:
    """Each rephrasing of the dataset by itself."""
    for finding, replies in written(folder):
        yield from (Told(folder or "dataset", (finding,), reply) for reply in replies)


def by_rule(cases: Sequence[Told]) -> Iterator[Told]:
    """The replies of the cases written in other ways by rule: dates, units, numbers, lists, typography."""
    for case in cases:
        for rephrase in REPHRASINGS.values():
            if (reply := rephrase(case.reply)) is not None:
                yield Told("by rule", case.findings, reply)


def mixed(folder: str) -> Iterator[Told]:
    """Replies that tell several findings, in sentences, paragraphs or lists."""
    random, rows = Random(SEED), written(folder)  # noqa: S311 (repeatable, not secret)
    for _ in range(_MIXED):
        chosen = random.sample(rows, _TOGETHER)
        told = [random.choice(replies) for _, replies in chosen]
        joint = "\n\n" if any("\n" in each for each in told) else random.choice((" ", "\n\n", "\n- "))
        reply = joint.join(told)
        findings = tuple(finding for finding, _ in chosen)
        yield Told("mixed", tuple(random.sample(findings, len(findings))), reply)


def from_rooms() -> Iterator[Told]:
    """What the rooms say without a record, told by rule: every term, medicine, pair, gene and food of a sample."""
    random = Random(SEED)  # noqa: S311 (repeatable, not secret)
    for findings in _rooms(random):
        told = [finding for finding in findings if finding.status is Status.FOUND]
        if told:
            yield Told("rooms", tuple(findings), "\n".join(f"- {finding.text}" for finding in told))


def _rooms(random: Random) -> Iterator[list[Finding]]:
    book = knowledge.rulebook()
    terms, drugs = [term.name for term in book.terms], [drug.name for drug in book.drugs]
    for term in random.sample(terms, 40):
        yield knowledge.explain(term)
    for drug in random.sample(drugs, 60):
        yield knowledge.drug_facts(drug)
    for _ in range(60):
        yield knowledge.interactions(random.sample(drugs, 2))
    for symbol in sorted(genomics.gene_symbols())[:20]:
        yield genomics.gene_facts(symbol)
    for food in random.sample(sorted(nutrition.food_names()), 30):
        yield nutrition.food_facts(food)
