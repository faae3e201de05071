"""What a request about other people's care intends: harm, deceit, evasion, contempt, inequity or greed, added up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from vitasense.guardrails.concepts import Tagger, Words
from vitasense.guardrails.rulebook import load
from vitasense.guardrails.words import Word

_FRAME = frozenset({"author", "asks_how"})
_PEOPLE = frozenset({"actor", "acted_on"})
_PLAINLY_ILL = frozenset({"deceive", "withhold", "evade", "unlawful"})
_SAID_AGAIN = 1.0
_HARDLY_ANY = 1.0


class Intent(Words):
    """`rules/intent.yaml`."""

    limit: float
    weights: Mapping[str, float]
    less: Mapping[str, float]
    kinds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Meant:
    """`kind` of help to offer instead, None when the request may be answered; `kindly` when it asks to do right."""

    kind: str | None
    kindly: bool


def meant_by(words: Sequence[Word]) -> Meant:
    """What a request intends, from classes of words and their weights in `rules/intent.yaml`."""
    rules = intent()
    spans = _tagger().find(words)
    said = {name: spans.count(name) for name in rules.weights if spans.count(name)}
    weights = {name: rules.weights[name] + _SAID_AGAIN * (count > 1) for name, count in said.items()}
    made_less = sum(weight for name, weight in rules.less.items() if spans.count(name))
    points = sum(weights.values()) - made_less
    kindly = made_less > 0 and points <= _HARDLY_ANY and _PLAINLY_ILL.isdisjoint(said)
    if points < rules.limit or not (spans.has(_FRAME) and spans.has(_PEOPLE)):
        return Meant(None, kindly)
    return Meant(rules.kinds[max(weights, key=lambda name: weights[name])], kindly)


@cache
def intent() -> Intent:
    """The classes and weights, loaded once."""
    return load("intent", Intent)


@cache
def _tagger() -> Tagger:
    return Tagger(intent(), frozenset())
