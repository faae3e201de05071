"""Which of the things that a sentence names belong together, by what its clauses say."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vitasense.deterministic.knowledge.facts import NodeKind
from vitasense.deterministic.knowledge.names import normalise
from vitasense.deterministic.knowledge.reading.candidate import Mention
from vitasense.deterministic.knowledge.reading.cues import Clause, cues
from vitasense.deterministic.knowledge.reading.lexicon import kinds_of, lexicon
from vitasense.deterministic.knowledge.reading.mentions import DESCRIBED
from vitasense.deterministic.knowledge.reading.sentences import Part, Sentence

_PARTNERS = frozenset({NodeKind.INGREDIENT, NodeKind.DRUG, NodeKind.CLASS, NodeKind.FOOD, NodeKind.NUTRIENT, DESCRIBED})
_IS_A = re.compile(r"(?:\b(?:is|are|was)|,) (?:an?|the) (?:[\w-]+ ){0,3}$", re.IGNORECASE)
_SUCH_AS = re.compile(r"\s?[(,]?\s?(?:including|such as|e\.g\.,?|like)?\s?", re.IGNORECASE)
_ANOTHER = re.compile(r"\b(?:other|another|additional)(?: [\w-]+)? $", re.IGNORECASE)
_BEFORE = 90  # characters before a mention in which it may be called an alternative


@dataclass(frozen=True, slots=True)
class Subject:
    """What a document is about: its medicines by key, their names in compared form, and what to call them."""

    name: str
    keys: frozenset[str]
    names: frozenset[str]

    @property
    def kinds(self) -> frozenset[str]:
        """The keys of the kinds that its medicines belong to."""
        return frozenset(kind for key in self.keys for kind in kinds_of(key))

    def is_named_by(self, mention: Mention) -> bool:
        """Whether the mention is one of its medicines."""
        words = f" {normalise(mention.text)} "
        return mention.key in self.keys or any(words.startswith(f" {name} ") for name in self.names)

    def is_kind_of(self, mention: Mention) -> bool:
        """Whether the mention is a kind that one of its medicines belongs to."""
        if mention.kind != NodeKind.CLASS:
            return False
        named = lexicon().find(normalise(mention.text))
        return mention.key in self.kinds or bool(named and named.within & self.kinds)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two mentions and the clause that joins them; `own` is None when only the document names it."""

    own: Mention | None
    other: Mention
    clause: Clause
    example_of: str | None = None


def pairs(
    sentence: Sentence, named: Sequence[Mention], said: Sequence[Clause], subject: Subject | None
) -> Iterator[Pair]:
    """The pairs that the clauses state or deny. Without a subject: pairs of any two that no list joins."""
    able = [each for each in named if each.kind in _PARTNERS and not _is_adjective(sentence, each)]
    if subject is None:
        yield from _pairs_of_any(sentence, able, said)
        return
    owns = [each for each in able if subject.is_named_by(each)]
    kinds = [each for each in able if subject.is_kind_of(each) and not _is_another(sentence, each)]
    same = [each for each in kinds if not _is_kept_apart(sentence, each, owns, said)] if owns else kinds
    others = [
        each for each in able if each not in owns and each not in same and not _is_said_of_another(sentence, each)
    ]
    owns = owns or same
    for clause in said:
        if not clause.states and not clause.is_absent:
            continue
        for other in _in_clause(sentence, clause, others, said):
            own = _nearest(owns, other)
            if _joins(sentence, clause, own) and not _is_instead(sentence, other):
                yield Pair(own, other, clause, _example_of(sentence, other, others))


def _joins(sentence: Sentence, clause: Clause, own: Mention | None) -> bool:
    """Whether the clause speaks of both: that both are given, or that one changes the other.

    In a section on interactions the label's own medicine is meant where it is not named.
    """
    if sentence.part in (Part.INTERACTIONS, Part.CONTRAINDICATIONS):
        return True
    if own is None:
        keeps_apart = clause.severity is not None and clause.severity.interrupts
        states = bool(clause.cautions or clause.outcomes or clause.changes)
        return sentence.part is Part.WARNINGS and (keeps_apart or (clause.together and states))
    if not _is_within(sentence, own, clause):
        return clause.together
    return clause.together or clause.interacts or (clause.given and bool(clause.cautions)) or bool(clause.changes)


def _is_adjective(sentence: Sentence, kind: Mention) -> bool:
    return kind.kind == NodeKind.CLASS and bool(cues().adjective.search(sentence.text[kind.end - sentence.start :]))


def _is_another(sentence: Sentence, kind: Mention) -> bool:
    """Whether others of the label's own kind are meant: "other beta blockers"."""
    return bool(_ANOTHER.search(sentence.text[: kind.start - sentence.start]))


def _is_kept_apart(sentence: Sentence, kind: Mention, owns: Sequence[Mention], said: Sequence[Clause]) -> bool:
    """Whether the label's own medicine is to be kept apart from its own kind, and is not itself called one of it."""
    before = sentence.text[: kind.start - sentence.start]
    after = [
        sentence.text[kind.end - sentence.start : own.start - sentence.start] for own in owns if own.start > kind.end
    ]
    if _IS_A.search(before) or any(_SUCH_AS.fullmatch(between) for between in after):
        return False
    inside = [clause for clause in said if _is_within(sentence, kind, clause)]
    return any(clause.together and clause.severity and clause.severity.interrupts for clause in inside)


def _is_said_of_another(sentence: Sentence, described: Mention) -> bool:
    """Whether words describe a medicine that stands before them: "rifampin is an inducer of CYP3A4"."""
    return described.kind == DESCRIBED and bool(_IS_A.search(sentence.text[: described.start - sentence.start]))


def _in_clause(
    sentence: Sentence, clause: Clause, others: Sequence[Mention], said: Sequence[Clause]
) -> Sequence[Mention]:
    """The partners in a clause; when it names none, those of the clause before it."""
    inside = [each for each in others if _is_within(sentence, each, clause)]
    if inside:
        return inside
    before = [each for each in said if each.end <= clause.start]
    return [each for each in others if before and _is_within(sentence, each, before[-1])]


def _is_within(sentence: Sentence, mention: Mention, clause: Clause) -> bool:
    return clause.start <= mention.start - sentence.start < clause.end


def _nearest(owns: Sequence[Mention], other: Mention) -> Mention | None:
    return min(owns, key=lambda own: min(abs(own.start - other.end), abs(other.start - own.end)), default=None)


def _is_instead(sentence: Sentence, mention: Mention) -> bool:
    at = mention.start - sentence.start
    return bool(cues().instead.search(sentence.text[max(0, at - _BEFORE) : at]))


def _example_of(sentence: Sentence, mention: Mention, others: Sequence[Mention]) -> str | None:
    """The kind for which a mention stands in brackets or after "such as", or that comes later as "these …"."""
    for kind in (
        each for each in others if each.start >= mention.end and each.key and each.key in kinds_of(mention.key or "")
    ):
        if re.search(r"\b(?:these|those|both|such) $", sentence.text[: kind.start - sentence.start], re.IGNORECASE):
            return kind.text
    for kind in reversed([each for each in others if each.end <= mention.start]):
        between = sentence.text[kind.end - sentence.start : mention.start - sentence.start]
        opened = between.find("(")
        if kind.kind in (NodeKind.CLASS, DESCRIBED) and (
            (opened >= 0 and ")" not in between and len(between[:opened].strip()) == 0)
            or between.lstrip(" ,").startswith(("such as", "including", "like ", "e.g"))
        ):
            return kind.text
    return None


def _pairs_of_any(sentence: Sentence, able: Sequence[Mention], said: Sequence[Clause]) -> Iterator[Pair]:
    groups = _lists(sentence, able)
    for clause in said:
        if not clause.states and not clause.is_absent:
            continue
        inside = [[each for each in group if _is_within(sentence, each, clause)] for group in groups]
        inside = [group for group in inside if group]
        for one, other in pairwise(inside):
            yield from (Pair(a, b, clause) for a in one for b in other if a.key != b.key or a.key is None)


def _lists(sentence: Sentence, able: Sequence[Mention]) -> list[list[Mention]]:
    """Mentions that commas, "and" or "or" join are one list."""
    groups = list[list[Mention]]()
    for each in able:
        between = sentence.text[groups[-1][-1].end - sentence.start : each.start - sentence.start] if groups else "x"
        if between.strip(" ,/").lower() in ("", "and", "or", "and/or", "either", "or other"):
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups
