"""A model may choose and join what was found; it may not add to it, and may not touch what is urgent or unknown."""

import re
from collections.abc import Iterator, Sequence

from vitasense.deterministic.platform.findings import Finding, Status, Urgency

_WORD = re.compile(r"[^\W_]+(?:[/.,:'’-][^\W_]+)*%?")
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.](?=\d)[^.!?\n]+)*[.!?\n]*")
_BULLET = re.compile(r"^[\s\-*•]+")
# Words that join and point, and say nothing of a person's health. No negation, no advice, no degree, no modal verb.
_NEUTRAL = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "also",
        "as",
        "of",
        "in",
        "on",
        "at",
        "for",
        "to",
        "from",
        "by",
        "with",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "it",
        "its",
        "this",
        "that",
        "these",
        "those",
        "there",
        "here",
        "you",
        "your",
        "yours",
        "i",
        "we",
        "me",
        "what",
        "which",
        "found",
        "find",
        "looked",
        "look",
        "checked",
        "has",
        "have",
        "had",
        "their",
        "they",
        "patient",
        "patient's",
        "record",
        "records",
        "says",
        "say",
        "shows",
        "show",
        "lists",
        "list",
        "listed",
        "tells",
        "according",
        "last",
        "latest",
        "most",
        "recent",
        "date",
        "dated",
        "value",
        "values",
        "result",
        "results",
        "measured",
        "reading",
        "test",
        "about",
        "so",
        "then",
        "first",
        "next",
        "finally",
    ]
)


def foreign(text: str, findings: Sequence[Finding]) -> list[str]:
    """The sentences of `text` that no single finding carries; a finding's own text counts as it stands.

    What is urgent, was not found or not evaluated is carried only by its own words: half of it would say something else.
    """
    rest = text
    for finding in sorted(findings, key=lambda one: len(one.text), reverse=True):
        rest = rest.replace(finding.text.strip(), "\n")
    carriers = [_words(finding.text) for finding in findings if _may_be_retold(finding)]
    return [sentence for sentence in _sentences(rest) if not _carried(_words(sentence), carriers)]


def opens_with_what_is_urgent(text: str, findings: Sequence[Finding]) -> bool:
    """Whether every urgent finding stands, as it is, before anything else."""
    left = [finding.text.strip() for finding in findings if finding.urgency.rank >= Urgency.URGENT.rank]
    rest = text
    while left:
        rest = _BULLET.sub("", rest.lstrip())
        opening = next((each for each in left if rest.startswith(each)), None)
        if opening is None:
            return False
        left.remove(opening)
        rest = rest[len(opening) :]
    return True


def _may_be_retold(finding: Finding) -> bool:
    return finding.status is Status.FOUND and finding.urgency.rank < Urgency.URGENT.rank


def _carried(said: frozenset[str], carriers: Sequence[frozenset[str]]) -> bool:
    own = said - _NEUTRAL
    return not own or any(own <= carrier for carrier in carriers)


def _sentences(text: str) -> Iterator[str]:
    return (found.group().strip() for found in _SENTENCE.finditer(text) if found.group().strip(" \t\n.-*•"))


def _words(text: str) -> frozenset[str]:
    return frozenset(_stem(found.group().casefold().replace("’", "'")) for found in _WORD.finditer(text))


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.isalpha() and word.endswith("s") and not word.endswith("ss") else word
