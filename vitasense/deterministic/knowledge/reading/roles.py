"""What a sentence says of medicines and enzymes or transporters: cleared by it, holds it back, speeds it up, or does not."""

import re
from collections.abc import Iterator, Sequence

from vitasense.deterministic.knowledge.facts import NodeKind, Relation
from vitasense.deterministic.knowledge.reading.candidate import Candidate, Mention
from vitasense.deterministic.knowledge.reading.pairing import Subject
from vitasense.deterministic.knowledge.reading.sentences import Sentence

_REACH = 90  # characters between the word for the role and the protein
_NOUNS = r"(?:(?P<strength>strong|potent|moderate|weak|sensitive)\s+)?(?:cyp\w*\s+)?(?:{})s?(?:\s+(?:of|for))?"
_ROLES = (
    (
        Relation.SUBSTRATE,
        re.compile(
            rf"\b(?:metaboli[sz]ed|eliminated|cleared|transported|biotransformed|hydroxylated|mediated)\b|\b{_NOUNS.format('substrate')}\b",
            re.IGNORECASE,
        ),
    ),
    (Relation.INHIBITS, re.compile(rf"\binhibit(?:s|ed|ing)?\b|\b{_NOUNS.format('inhibitor')}\b", re.IGNORECASE)),
    (Relation.INDUCES, re.compile(rf"\binduc(?:e|es|ed|ing)\b|\b{_NOUNS.format('inducer')}\b", re.IGNORECASE)),
)
_DENIED = re.compile(r"\b(?:not|no|nor|neither)\b", re.IGNORECASE)
_OF_A_KIND = re.compile(
    r"\b(?:drugs?|agents?|medications?|compounds?|substances?)\s+(?:that|which|known to|\w+ed by)\b|\b\w+ers? of\b[^.]*\b(?:may|should|could|can|are)\b",
    re.IGNORECASE,
)
_IS = re.compile(r"(?:\b(?:is|are|as|and)|,) (?:an? )?(?:known )?(?:\w+ )?$", re.IGNORECASE)
_PLURAL = re.compile(r"(?:inhibitors|inducers|substrates)\b", re.IGNORECASE)
_SUBSTANCES = frozenset({NodeKind.INGREDIENT, NodeKind.DRUG, NodeKind.FOOD, NodeKind.CLASS})


def roles(
    sentence: Sentence, named: Sequence[Mention], proteins: Sequence[Mention], subject: Subject | None, ref: str
) -> Iterator[Candidate]:
    """One candidate for each protein whose role for a medicine the sentence tells; `named` are the other names in it."""
    told = set[tuple[Relation, str | None, str | None]]()
    for protein in proteins:
        found = _role(sentence, protein)
        if found is None:
            continue
        relation, word = found
        who = _who(sentence, named, word, subject)
        if who is None or (relation, who.key, protein.key) in told:
            continue
        told.add((relation, who.key, protein.key))
        before = sentence.text[: word.start()]
        yield Candidate(
            relation=relation,
            subject=who,
            object=protein,
            sentence=sentence.text,
            start=sentence.start,
            end=sentence.end,
            source=ref,
            section=sentence.heading,
            cues=tuple(filter(None, [word.group().strip(), word.groupdict().get("strength")])),
            is_absent=bool(_DENIED.search(before[before.rfind(",") + 1 :])),
            is_implicit=who.start == who.end,
            confidence=0.7 if who.end > who.start else 0.5,
        )


def _role(sentence: Sentence, protein: Mention) -> tuple[Relation, re.Match[str]] | None:
    """The word for the role nearest before the protein; else one right behind it ("a CYP3A4 inhibitor")."""
    at, end = protein.start - sentence.start, protein.end - sentence.start
    before = [
        (each.start(), relation, each)
        for relation, words in _ROLES
        for each in words.finditer(sentence.text, max(0, at - _REACH), at)
    ]
    if before:
        _, relation, word = max(before, key=lambda each: each[0])
        is_kind = bool(_PLURAL.search(word.group())) and not _IS.search(sentence.text[: word.start()])
        return (
            None
            if is_kind or _OF_A_KIND.search(sentence.text[max(0, word.start() - 40) : end + 40])
            else (relation, word)
        )
    behind = ((relation, words.match(sentence.text, end + 1)) for relation, words in _ROLES)
    article = _IS.search(sentence.text[:at])
    return next(((relation, word) for relation, word in behind if word and article), None)


def _who(sentence: Sentence, named: Sequence[Mention], word: re.Match[str], subject: Subject | None) -> Mention | None:
    """The medicine nearest before the word for the role; else the document's own."""
    before = [each for each in named if each.kind in _SUBSTANCES and each.end - sentence.start <= word.start()]
    if before:
        return max(before, key=lambda each: each.end)
    if subject is None or len(subject.keys) != 1:
        return None
    return Mention(subject.name, sentence.start, sentence.start, NodeKind.INGREDIENT, next(iter(subject.keys)))
