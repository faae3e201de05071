"""Candidate: an edge that a text seems to state, for a person to accept, mend or refuse; with the sentence it is from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from vitasense.deterministic.knowledge.facts import Relation
from vitasense.deterministic.knowledge.schemas import Severity


class Effect(StrEnum):
    """What happens to what `Candidate.object` names: to its level or its effect."""

    RAISES = "raises"
    LOWERS = "lowers"


class Mechanism(StrEnum):
    """Whether one changes how the body handles the other, or what the other does in the body."""

    PHARMACOKINETIC = "pharmacokinetic"
    PHARMACODYNAMIC = "pharmacodynamic"


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing that is named in a text, at characters `start` to `end` of the whole text.

    `key` is the node that we know by this name; None for a class that the text only describes ("drugs that prolong the QT
    interval"), which a reviewer has to name. `kind` is that of the node, or "described".
    """

    text: str
    start: int
    end: int
    kind: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One proposed edge. `start` and `end` are the characters of `sentence` in the text.

    `is_absent`: the text says that there is no such thing. `is_implicit`: one of the two is not named in the sentence, since
    the whole document is about it. `example_of`: the words of the class for which it was given as an example.
    `confidence` is between 0 and 1 and only orders candidates: it is no probability.
    """

    relation: Relation
    subject: Mention
    object: Mention
    sentence: str
    start: int
    end: int
    source: str
    section: str | None = None
    effect: Effect | None = None
    mechanism: Mechanism | None = None
    severity: Severity | None = None
    cues: tuple[str, ...] = field(default_factory=tuple[str, ...])
    is_absent: bool = False
    is_implicit: bool = False
    example_of: str | None = None
    confidence: float = 0.5

    def as_json(self) -> dict[str, Any]:
        """The candidate as JSON values."""
        return asdict(self) | {"cues": list(self.cues)}

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Self:
        """The candidate of what `as_json` gave. Raises KeyError, TypeError or ValueError for anything else."""
        values = dict(told)
        values |= {name: Mention(**told[name]) for name in ("subject", "object")}
        values |= {"relation": Relation(told["relation"]), "cues": tuple(told.get("cues", ()))}
        for name, kind in (("effect", Effect), ("mechanism", Mechanism), ("severity", Severity)):
            values[name] = kind(told[name]) if told.get(name) else None
        return cls(**values)
