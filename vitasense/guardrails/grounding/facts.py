"""Fact: one thing that a finding says, and all facts of a set of findings, found by their words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vitasense.deterministic.platform.findings import Finding
from vitasense.guardrails.grounding.amounts import Amount
from vitasense.guardrails.grounding.dates import Moment
from vitasense.guardrails.grounding.statements import ABSOLUTE, Act, Name

Day = tuple[frozenset[str], Moment]
NONE: frozenset[str] = frozenset()


class Fact:
    """One thing that finding number `finding` says.

    `words` are all words a reply may use of it (claims with "=" before them), `own` those that it does not take from
    the sentence before, `subject` the words of its subject that are no names, and `inherited` those of them that it has
    from another statement, `keeps` the qualifications it must use, `required` the words without which its number would
    be another's (systolic or diastolic), `context` the amounts of the statements before it, `matter` those of which a sentence must use one (an allergy is told as such, or
    with what it does), `denied` and `denied_days` what a "no" is about: without one of them it would deny more.
    `chained` is True where it goes on with the statement before. The defaults are shared: whoever changes a fact sets a new value.
    """

    names: frozenset[Name] = frozenset()
    order: tuple[Name, ...] = ()
    keeps: frozenset[str] = NONE
    required: frozenset[str] = NONE
    own: frozenset[str] = NONE
    subject: frozenset[str] = NONE
    inherited: frozenset[str] = NONE
    matter: frozenset[str] = NONE
    denied: frozenset[str] = NONE
    denied_days: tuple[Moment, ...] = ()
    noes = 0
    unknowns = 0
    strength = ABSOLUTE
    amounts: tuple[Amount, ...] = ()
    basis: tuple[Amount, ...] = ()
    context: tuple[Amount, ...] = ()
    dates: tuple[Day, ...] = ()
    clocks: frozenset[str] = NONE
    often: frozenset[str] = NONE
    acts: tuple[Act, ...] = ()
    heads: tuple[tuple[frozenset[str], str], ...] = ()
    predicates: frozenset[str] = NONE
    generic = False
    listed = False
    personal = False
    owned = False
    titled = False
    joint = False
    joined = False
    directed = False
    chained = False
    caveat = False

    def __init__(self, finding: int, words: frozenset[str]) -> None:
        self.finding = finding
        self.words = words


@dataclass(slots=True)
class Facts:
    """All facts; in each mask a bit is set for each fact that has the word, or that the finding gives or is linked to."""

    findings: Sequence[Finding]
    facts: list[Fact] = field(default_factory=list[Fact])
    index: dict[str, int] = field(default_factory=dict[str, int])
    names: list[frozenset[Name]] = field(default_factory=list[frozenset[Name]])
    of_finding: list[int] = field(default_factory=list[int])

    def add(self, own: Sequence[Fact]) -> None:
        """Take in the facts of the next finding."""
        mask, index = 0, self.index
        for fact in own:
            bit = 1 << len(self.facts)
            mask |= bit
            for word in fact.words:
                index[word] = index.get(word, 0) | bit
            self.facts.append(fact)
        self.names.append(frozenset[Name]().union(*(fact.names for fact in own)))
        self.of_finding.append(mask)

    def linked(self, mask: int, names: frozenset[Name]) -> int:
        """The facts of the findings in the mask and of those that have one of the names or share a record with them."""
        own = [number for number, facts in enumerate(self.of_finding) if facts & mask]
        records = set[str]().union(*(_records(self.findings[number]) for number in own))
        return sum(
            facts
            for number, facts in enumerate(self.of_finding)
            if number in own or names & self.names[number] or records & _records(self.findings[number])
        )


def _records(finding: Finding) -> set[str]:
    return {evidence.ref for evidence in finding.evidence if evidence.kind == "record"}


def as_words(names: Iterable[Name]) -> frozenset[str]:
    """Names as they stand among words."""
    return frozenset(f"{kind}:{key}" for kind, key in names)
