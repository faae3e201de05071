"""Names of people who are neither the person asking nor a relative: whose record is it?"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import cast

from vitasense.deterministic.intake.cues import cue_words
from vitasense.deterministic.intake.lexicon import Meaning, load
from vitasense.deterministic.intake.mentions import Mention
from vitasense.deterministic.intake.schemas import EntityType
from vitasense.deterministic.intake.tokens import Token

OTHER_PATIENT = "other patient"
_CAPITAL = re.compile(r"[A-Z][a-zà-ÿ'’-]+")
_POSSESSIVE = frozenset({EntityType.CATEGORY, EntityType.VITAL, EntityType.LAB})


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(cast("Sequence[str]", load("people")[name]))


@cache
def relatives() -> frozenset[str]:
    """The canonical names of people who are related to the person asking, or known to them."""
    terms = cast("Mapping[str, Mapping[str, Sequence[str]]]", load("terms")["entries"])
    return frozenset(terms["person"]) - {OTHER_PATIENT}


@cache
def _not_names() -> frozenset[str]:
    rows = cast("Sequence[Mapping[str, Sequence[str]]]", load("people")["entries"])
    common = cast("Sequence[str]", load("spelling")["entries"])
    return frozenset(word for row in rows for word in row["not_names"]) | frozenset(
        (*common, *cue_words(), *_words("always"))
    )


def find_names(text: str, tokens: Sequence[Token], mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Names said as an owner ("James Okafor's labs", "okafor's record"), with a title, or after of, for, about."""
    taken = {place for mention in mentions for place in range(mention.first, mention.last)}
    starts = {mention.first: mention for mention in mentions}
    at = 0
    while at < len(tokens):
        last = _name_end(tokens, taken, at)
        if last > at and _names_owner(text, tokens, starts, at, last):
            yield Mention(Meaning(EntityType.PERSON, text[tokens[at].start : tokens[last - 1].end]), at, last)
        at = max(last, at + 1)


def _name_end(tokens: Sequence[Token], taken: set[int], at: int) -> int:
    last = at
    while last < min(at + 4, len(tokens)) and last not in taken and _may_be_name(tokens[last]):
        last += 1
    return last


def _may_be_name(token: Token) -> bool:
    return token.raw[0].isalpha() and len(token.raw) > 1 and token.raw not in _not_names()


def _names_owner(text: str, tokens: Sequence[Token], starts: Mapping[int, Mention], first: int, last: int) -> bool:
    capital = sum(bool(_CAPITAL.fullmatch(text[token.start : token.end])) for token in tokens[first:last])
    before = tokens[first - 1].raw if first else ""
    if before in _words("titles"):
        return capital > 0 or before in _words("always")
    if _owns(tokens, starts, last):
        return True
    title_case = last < len(tokens) and text[tokens[last].start].isupper()
    return capital == last - first >= 2 and before in _words("introduces") and not title_case


def _owns(tokens: Sequence[Token], starts: Mapping[int, Mention], last: int) -> bool:
    if last + 1 >= len(tokens) or tokens[last].raw != "s":
        return False
    owned = starts.get(last + 1)
    return tokens[last + 1].raw in _words("owned") or (owned is not None and owned.type in _POSSESSIVE)
