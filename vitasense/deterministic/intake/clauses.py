"""The clauses of a sentence, each as it could stand alone, and what is asked of somebody else than a health record."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import cast

from vitasense.deterministic.intake.cues import Cue, compile_cue, load_intents

_MOST = 5
_OPENS = (
    "what|how|when|which|who|where|why|is|are|am|was|were|do|does|did|has|have|can|could|should|will|would|any|show|list|"
    "tell|give|explain|describe|check|find|remember|forget|keep|log|record|note|add|put|write|summarise|summarize|brief"
)
OPENERS = frozenset(_OPENS.split("|"))
_CLAUSE = re.compile(rf" (?:and|also|but|plus|then)(?: (?:also|then|please))* (?=(?:{_OPENS}) )")
_STORY = re.compile(
    r"(?:and |but |then |so )?"
    r"(?:(?:i|we|he|she|they|it|(?:my |our |the )?<person>|there (?:is|was|were)|when (?:i|we|my|<person>)|<period>|"
    r"the [^ ]+ (?:said|told|asked|says|tells|asks|wants|gave|sent|had|was|is)) "
    r"(?!(?:really )?(?:need|want|would|wish|wonder|am looking|must|have to|should) ))"
)
_REQUESTS = (
    "(?:can|could|would) you|(?:can|could|may) i|what (?:is|was|are|were|does|did|do|should|can)|how (?:much|many|is|are|was|has|does|do)|"
    "(?:do|am|did|have|should) i|when (?:was|did|is)|who (?:can|has|is)|which|show me|tell me|give me|is (?:it|that|there)"
)
_RUN_ON = re.compile(rf" (?=(?:{_REQUESTS}) )")
_SETTING = re.compile("(?:with|given|because|if|as|for|considering|knowing) ")
_SHORT = 5
_DETAILS = frozenset({"<dose>", "<often>", "<num>", "<period>"})  # how a thing is taken, and no thing
_NAMED = re.compile(r"<(?!period|person|stranger|num)\w+#?>")
_PRONOUN = re.compile(r"(?<= )(?:it|that|this|they|them|those|these)(?= )")
_AFTER = re.compile(
    r"(?<= )(?P<word>in|of|about|from) (?:it|that|this|them|those|these)(?= |$)|"
    r"(?<= )(?P<verb>is|are|does|do) (?:it|that|this|they)(?= $)"
)


def clauses(said: str) -> Sequence[str]:
    """The clauses of a sentence of tagged words, in which a pronoun is what was named before; one when it has no more."""
    if _SETTING.match(said):
        return (said,)
    return tuple(_standing_alone(_CLAUSE.split(said, maxsplit=_MOST)))


def _standing_alone(parts: Sequence[str]) -> Iterator[str]:
    meant = ""
    for part in parts:
        yield with_meant(part, meant)
        meant = "" if for_others(part) else last_named(part) or meant


def run_on(said: str) -> Sequence[str]:
    """What a sentence without any mark asks after it told something: "my pressure was up can you show me it"."""
    began = _RUN_ON.search(said)
    parts = (said[: began.start()], said[began.end() :]) if began else (said,)
    return tuple(_standing_alone(parts))[1:]


def tells(said: str) -> bool:
    """Whether a sentence tells something that happened, rather than asking for something."""
    return said.count(" ") >= _SHORT and _STORY.match(said) is not None


def last_named(part: str) -> str:
    """The tag of what was named last, "" when nothing was."""
    named = [found[0] for found in _NAMED.finditer(part) if found[0] not in _DETAILS]
    return named[-1] if named else ""


def with_meant(part: str, meant: str) -> str:
    """The clause with what its pronoun means, if it names nothing itself or asks what is in it."""
    if not meant:
        return part
    if not _NAMED.search(part):
        return _PRONOUN.sub(meant, f" {part} ", count=1).strip()
    return _AFTER.sub(lambda found: f"{found[0].split()[0]} {meant}", f" {part} ", count=1).strip()


def for_others(said: str) -> bool:
    """Whether a clause asks for what no specialist does: an errand, a price, a recipe, advice for an animal."""
    text = f" {said} "
    words = frozenset(text.split())
    return _any("cues", text, words) and not _any("unless", text, words)


def _any(name: str, text: str, words: frozenset[str]) -> bool:
    return any(cue.found(text, words) for cue in _rows(name))


@cache
def _rows(name: str) -> tuple[Cue, ...]:
    rows = cast("Mapping[str, Sequence[str]]", load_intents()["for_others"])[name]
    return tuple(compile_cue(1.0, row) for row in rows)
