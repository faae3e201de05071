"""What is probably wanted when no cue is sure: the usual wish for what was named, if it was asked or named alone."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import cast

from vitasense.deterministic.intake.cues import cue_words, load_intents
from vitasense.deterministic.intake.schemas import IntentName
from vitasense.deterministic.intake.wording import shorthand_words

USUAL = 0.6
_ALONE, _FOREIGN = 5, 1
_OWN = frozenset({"i", "my", "me", "mine"})


@cache
def _rows(name: str) -> Mapping[str, str]:
    return cast("Mapping[str, Mapping[str, str]]", load_intents()["defaults"])[name]


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(cast("Mapping[str, Sequence[str]]", load_intents()["defaults"])[name])


def usual_wish(sentence: str) -> IntentName | None:
    """The usual intent for the first thing named in a sentence that asks, or that is little more than a name.

    None for statements, for what is not ours ("how do I cook rice") and when nothing of health is named.
    """
    words = [word.replace("#", "") for word in sentence.split()]
    if not words or not _words("other_topics").isdisjoint(words) or _foreign(words) > _FOREIGN:
        return None
    if words[0] in _words("asking"):
        return _wish(words, "own" if not _OWN.isdisjoint(words) else "general")
    alone = len(words) <= _ALONE and _words("telling").isdisjoint(words)
    return _wish(words, "alone") if alone else None


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset((*cue_words(), *shorthand_words()))


def _foreign(words: Sequence[str]) -> int:
    """How many words no cue has: two of them and the sentence is likely about something else."""
    return sum(word.isalpha() and len(word) > 1 and word not in _vocabulary() for word in words)


def _wish(words: Sequence[str], name: str) -> IntentName | None:
    if name != "own" and words.count("<drug>") + words.count("<class>") > 1:
        return IntentName.KNOWLEDGE_INTERACTION
    found = next((wish for tag, wish in _rows(name).items() if tag in words), None)
    return IntentName(found) if found else None
