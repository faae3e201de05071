""" "Can I take it with ibuprofen?", "and how is mine?", "do they go together?": what the words before stand for.

A thing that is taken over has `text` "" and `start` = `end` = 0: it was not said in this text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vitasense.deterministic.intake.intents import find_intents
from vitasense.deterministic.intake.schemas import Entity, EntityType, IntentName, Reading

_VERBS = "take|taking|took|use|using|have|mix|combine|stop|stopping|skip|of|does|do|is|are|with|about"
_DRUG = re.compile(
    rf"\b(?P<before>(?:{_VERBS}) )(?P<word>it|this|that|them|these|those|both)(?: (?:one|medicine|drug|pill|tablet)s?)?"
    r"(?= (?:\.|$|with|and|together|for|if|when|while|before|after|at|now|then|today|safely|do|does|is|am|have|safe|ok|okay|bad|harmful|good|"
    r"interact|interacts|work|cause|affect|too|again|every|in|during|as|on))"
)
_LIST = re.compile(
    r"\b(?P<before>(?:do|are|can|will|would|could|is|of) )(?P<word>they|these|those|them|all of them|any of them|i take them)"
    r"(?= .*\b(?:together|interact|interacts|mix|compatible|clash|conflict|safe with)\b)"
)
_MINE = re.compile(r"\b(?P<before>)(?P<word>mine)\b(?! (?:is|was|were|are) [^\s.])")
_EMPTY = re.compile(
    r"\bit (?:safe|ok|okay|fine|bad|good|dangerous|harmful|better|best|true) (?:for \w+ )?(?:to|if|that)\b"
    r"(?! (?:take|use|have|combine|mix|drink|stop) (?:with|and|together|at|in|before|after|\.|$))"
)
_MANY = frozenset({"them", "these", "those", "both"})


@dataclass(frozen=True, slots=True)
class _Meant:
    """What a pronoun stands for: the things, and the words that may be put in its place."""

    things: Sequence[Entity]
    words: str


def resolved(reading: Reading, previous: Reading, tagged: str) -> Reading:
    """The reading with what its pronoun stands for, and what is then wished for; else as it is."""
    for pattern, meant in ((_DRUG, _medicines), (_LIST, _whole_list), (_MINE, _own_value)):
        found = pattern.search(f"{tagged} ")
        stands_for = meant(previous, found["word"]) if found else None
        if found is None or stands_for is None or "<" in tagged[: found.start()] or _is_empty(pattern, reading, tagged):
            continue
        said = f"{tagged[: found.start()]}{found['before']}{stands_for.words}{tagged[found.end() :]}"
        intents = find_intents(said)
        if intents:
            things = tuple(map(_carried, stands_for.things))
            return reading.model_copy(update={"intents": intents, "entities": (*things, *reading.entities)})
    return reading


def _is_empty(pattern: re.Pattern[str], reading: Reading, tagged: str) -> bool:
    """Whether "it" stands for nothing: "is it safe to drive on cetirizine?" names its own medicine."""
    return pattern is _DRUG and bool(reading.of_type(EntityType.DRUG) and _EMPTY.search(tagged))


def _medicines(previous: Reading, word: str) -> _Meant | None:
    drugs = [drug for drug in previous.of_type(EntityType.DRUG) if not drug.negated]
    drugs = drugs if word in _MANY else drugs[:1]
    return _Meant(drugs, " and ".join(["<drug>"] * len(drugs))) if drugs else None


def _whole_list(previous: Reading, _: str) -> _Meant | None:
    listed = previous.top is not None and previous.top.name is IntentName.MEDICATIONS_LIST
    return _Meant([], "my <medications>") if listed else None


def _own_value(previous: Reading, _: str) -> _Meant | None:
    values = previous.of_type(EntityType.LAB, EntityType.VITAL)[:1]
    return _Meant(values, f"my <{values[0].type.value}>") if values else None


def _carried(entity: Entity) -> Entity:
    return entity.model_copy(
        update={"text": "", "start": 0, "end": 0, "value": None, "second_value": None, "doubt": None, "range": None}
    )
