"""Reads a text into candidates."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vitasense.deterministic.knowledge.facts import NodeKind, Relation, key_of
from vitasense.deterministic.knowledge.names import normalise
from vitasense.deterministic.knowledge.reading.candidate import Candidate, Mention
from vitasense.deterministic.knowledge.reading.conditions import conditions
from vitasense.deterministic.knowledge.reading.cues import clauses
from vitasense.deterministic.knowledge.reading.mentions import DESCRIBED, mentions, proteins
from vitasense.deterministic.knowledge.reading.pairing import Pair, Subject, pairs
from vitasense.deterministic.knowledge.reading.roles import roles
from vitasense.deterministic.knowledge.reading.sentences import Part, Sentence, sentences
from vitasense.deterministic.knowledge.substances import ingredients

_OPENING = 3000  # characters at the beginning in which a label says whose it is
_OWN_NAMES = (
    re.compile(r"needed to use ([A-Z][\w® ™-]{2,60}?) safely and effectively", re.IGNORECASE),
    re.compile(
        r"\bdrug label for (?:the )?(?:drug )?(?:brand )?([A-Z][^,\n]{2,60}), containing ([^\n]{2,300}?)\.\s",
        re.IGNORECASE,
    ),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A document: `ref` is what candidates carry, `names` are the medicines that it is about (brand, then generics).

    Without names it is about no one medicine, and both sides of a pair must stand in the sentence.
    """

    ref: str
    names: tuple[str, ...] = ()
    part: Part = Part.OTHER


def candidates(text: str, *, source: Source) -> list[Candidate]:
    """The edges that the text seems to state or to deny, in its order; one for each pair of a sentence and relation.

    Only rules are used, and nothing is added to what is known: a person decides on each candidate.
    """
    subject = subject_of(source.names or _names_in(text))
    found = list[Candidate]()
    for sentence in sentences(text, source.part):
        if sentence.part is Part.OVERDOSE:  # what is given there is an antidote
            continue
        named = mentions(sentence.text, sentence.start, subject.names if subject else ())
        found += read(sentence, named, subject, source.ref)
        found += roles(sentence, named, proteins(sentence.text, sentence.start), subject, source.ref)
        found += conditions(sentence, named, clauses(sentence.text), subject, source.ref)
    return found


def read(sentence: Sentence, named: Sequence[Mention], subject: Subject | None, ref: str) -> list[Candidate]:
    """The interactions that one sentence states or denies, in which these things are named."""
    places = [(each.start - sentence.start, each.end - sentence.start) for each in named]
    said = clauses(sentence.text, places)
    best = dict[tuple[str, str], Candidate]()
    for pair in pairs(sentence, named, said, subject):
        made = _interaction(sentence, pair, subject, ref)
        key = (_identity(made.subject), _identity(made.object))
        held = best.get(key)
        if held is None or (held.is_absent, -held.confidence) > (made.is_absent, -made.confidence):
            best[key] = made
    return list(best.values())


def subject_of(names: Iterable[str]) -> Subject | None:
    """What a document with these names is about; None without names."""
    told = [name for name in names if normalise(name)]
    if not told:
        return None
    drugs = [part.drug for name in told for part in ingredients(name) if part.drug]
    every = {
        *told,
        *(part for name in told for part in re.split(r",|/|\band\b|\+", name)),
        *(drug.name for drug in drugs),
    }
    return Subject(told[0], frozenset(map(key_of, drugs)), frozenset(filter(None, map(normalise, every))))


def _names_in(text: str) -> tuple[str, ...]:
    """The names by which a label says at its beginning whose it is; empty for another text."""
    found = next((each for words in _OWN_NAMES if (each := words.search(text[:_OPENING]))), None)
    return tuple(name.replace("®", "").replace("™", "").strip() for name in found.groups()) if found else ()


def _identity(mention: Mention) -> str:
    return mention.key or normalise(mention.text).removesuffix("s")


def _interaction(sentence: Sentence, pair: Pair, subject: Subject | None, ref: str) -> Candidate:
    clause = pair.clause
    own = pair.own or Mention(
        subject.name if subject else "", sentence.start, sentence.start, NodeKind.DRUG, _only(subject)
    )
    first, second = _directed(sentence, own, pair)
    return Candidate(
        relation=Relation.INTERACTS,
        subject=first,
        object=second,
        sentence=sentence.text,
        start=sentence.start,
        end=sentence.end,
        source=ref,
        section=sentence.heading,
        effect=None if clause.is_absent else clause.effect,
        mechanism=clause.mechanism,
        severity=None if clause.is_absent else clause.severity,
        cues=(*clause.cautions, *clause.changes, *clause.outcomes),
        is_absent=clause.is_absent,
        is_implicit=pair.own is None,
        example_of=pair.example_of,
        confidence=_confidence(sentence, pair),
    )


def _only(subject: Subject | None) -> str | None:
    return next(iter(subject.keys)) if subject and len(subject.keys) == 1 else None


_AFFECTED_BEFORE = re.compile(
    r"\b(?:levels?|concentrations?|exposures?|auc|c\s?max|clearances?|half-?life|bioavailability|absorption|metabolism|elimination"
    r"|excretion|effects?|action|activity|efficacy|toxicity|pharmacokinetics)\b(?: \w+){0,2} of (?:\w+ ){0,3}$",
    re.IGNORECASE,
)
_AFFECTED_AFTER = re.compile(
    r"^(?:'s)?(?: (?:plasma|serum|blood|peak|trough|mean|systemic|steady|state|steady-state|total|exposure)){0,3}"
    r" (?:levels?|concentrations?|exposures?|auc|c\s?max|clearances?|half-?life|toxicity|effects?)\b",
    re.IGNORECASE,
)


def _directed(sentence: Sentence, own: Mention, pair: Pair) -> tuple[Mention, Mention]:
    """Which of the two changes the other, as far as the words say; else the document's own comes first."""
    if _is_affected(sentence, own):
        return pair.other, own
    return own, pair.other


def _is_affected(sentence: Sentence, mention: Mention) -> bool:
    before = sentence.text[: max(0, mention.start - sentence.start)]
    after = sentence.text[mention.end - sentence.start :] if mention.end > mention.start else ""
    return bool(_AFFECTED_BEFORE.search(before) or _AFFECTED_AFTER.search(after))


def _confidence(sentence: Sentence, pair: Pair) -> float:
    """Our own order of candidates: what is asked for before what was seen, named before implied, known before described."""
    clause = pair.clause
    sure = 0.9 if clause.cautions and clause.together else 0.8 if clause.cautions or clause.changes else 0.6
    sure += 0.05 if sentence.part is Part.INTERACTIONS else 0
    sure -= 0.1 * (pair.own is None) + 0.1 * (pair.other.kind == DESCRIBED) + 0.1 * bool(pair.example_of)
    sure -= 0.05 * clause.is_hedged
    return round(sure, 2)
