"""What a sentence says of the document's own medicine and illnesses or measurements."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from vitasense.deterministic.knowledge.facts import NodeKind, Relation
from vitasense.deterministic.knowledge.names import normalise
from vitasense.deterministic.knowledge.reading.candidate import Candidate, Effect, Mention
from vitasense.deterministic.knowledge.reading.cues import Clause
from vitasense.deterministic.knowledge.reading.pairing import Subject
from vitasense.deterministic.knowledge.reading.sentences import Part, Sentence
from vitasense.deterministic.knowledge.rulebook import rulebook
from vitasense.deterministic.knowledge.schemas import Severity

_WORD = re.compile(r"[^\W_]+")
_KINDS = {"condition": NodeKind.CONDITION, "lab": NodeKind.LAB, "vital": NodeKind.LAB}
_LONGEST = 4  # words of a term
_ALLERGY = re.compile(r"\bhypersensitiv|\ballerg", re.IGNORECASE)
_CAUSE = re.compile(
    r"\b(?:may |can |could )?(?:cause[sd]?|induce[sd]?|produce[sd]?|precipitate[sd]?|lead(?:s)? to|result(?:s|ed)? in)\b[^.;,]{0,40}$",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?P<up>increas|elevat|rais)?(?(up)|(?:decreas|reduc|lower))\w*\b(?: in)?(?: [\w-]+){0,3} $", re.IGNORECASE
)


def conditions(
    sentence: Sentence, named: Sequence[Mention], said: Sequence[Clause], subject: Subject | None, ref: str
) -> Iterator[Candidate]:
    """Candidates `contraindicated`, `causes` and `changes` between the own medicine and the terms in the sentence."""
    if subject is None or len(subject.keys) != 1:
        return
    own = next((each for each in named if subject.is_named_by(each)), None)
    who = own or Mention(subject.name, sentence.start, sentence.start, NodeKind.INGREDIENT, next(iter(subject.keys)))
    for clause in said:
        for term in _terms(sentence, clause):
            relation = _relation(sentence, clause, term, own)
            if relation is None:
                continue
            severity = Severity.CONTRAINDICATED if relation is Relation.CONTRAINDICATED else None
            effect = _effect(sentence, term) if relation is Relation.CHANGES else None
            yield Candidate(
                relation=relation,
                subject=who,
                object=term,
                sentence=sentence.text,
                start=sentence.start,
                end=sentence.end,
                source=ref,
                section=sentence.heading,
                effect=effect,
                severity=severity,
                cues=clause.cautions or clause.changes or clause.outcomes,
                is_implicit=own is None,
                confidence=0.7 if relation is Relation.CONTRAINDICATED else 0.5,
            )


def _relation(sentence: Sentence, clause: Clause, term: Mention, own: Mention | None) -> Relation | None:
    if clause.is_absent:
        return None
    before = sentence.text[clause.start : term.start - sentence.start]
    if term.kind == NodeKind.CONDITION and clause.severity is Severity.CONTRAINDICATED and not _ALLERGY.search(before):
        return Relation.CONTRAINDICATED if own or sentence.part is Part.CONTRAINDICATIONS else None
    if own is None or own.start >= term.start:
        return None
    if term.kind == NodeKind.LAB:
        return Relation.CHANGES if _CHANGE.search(before) else None
    return Relation.CAUSES if _CAUSE.search(before) else None


def _effect(sentence: Sentence, term: Mention) -> Effect:
    found = _CHANGE.search(sentence.text[: term.start - sentence.start])
    return Effect.RAISES if found and found.group("up") else Effect.LOWERS


def _terms(sentence: Sentence, clause: Clause) -> Iterator[Mention]:
    tokens = [each for each in _WORD.finditer(sentence.text) if clause.start <= each.start() < clause.end]
    at = 0
    while at < len(tokens):
        size, found = next(_longest(sentence, tokens[at : at + _LONGEST]), (1, None))
        at += size
        if found:
            yield found


def _longest(sentence: Sentence, tokens: Sequence[re.Match[str]]) -> Iterator[tuple[int, Mention]]:
    for size in range(len(tokens), 0, -1):
        start, end = tokens[0].start(), tokens[size - 1].end()
        key = _names().get(normalise(sentence.text[start:end]))
        if key:
            kind = key.partition(":")[0]
            yield size, Mention(sentence.text[start:end], sentence.start + start, sentence.start + end, kind, key)


@cache
def _names() -> dict[str, str]:
    """Names of illnesses and measurements in compared form, with the keys of their nodes."""
    return {
        normalise(name): f"{_KINDS[term.kind]}:{term.key}"
        for term in rulebook().terms
        if term.kind in _KINDS
        for name in (term.name, *term.names)
        if len(normalise(name)) > 2
    }
