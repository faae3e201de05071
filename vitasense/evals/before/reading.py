"""What a message meant: entities, their fields and intents, on this project's own messages."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vitasense.deterministic.intake import read
from vitasense.evals.figures import Figure, share
from vitasense.evals.before.readings import HELD_OUT, NOW, TUNED, Case, Score, Wish, cases, score, wishes

_GOAL, _CALIBRATED, _SURE = 0.95, 0.05, 0.5
_ENOUGH = 20  # fewer entities of a type say too little for a goal of their own
_BINS = 10
# Scored once, before any rule was changed for these messages; the messages were written before the rules.
_FIRST = {
    "found": "first look 95.8%",
    "right": "first look 97.8%",
    "fields": "first look 99.1%",
    "intents": "first look",
}
_NOTES = {HELD_OUT: "untouched but for the unit of one label", TUNED: "read while the rules were written"}


def figures(data: Path) -> Iterator[Figure]:  # noqa: ARG001 - only own messages are measured
    """Precision, recall and fields of entities by part and type, intents, and how well their confidence is calibrated."""
    every = list(cases())
    for part in (HELD_OUT, TUNED):
        yield from _of_part(part, [case for case in every if case.part == part])
    yield from _of_types(every)
    yield from _intents(list(wishes()))


def _of_part(part: str, chosen: Sequence[Case]) -> Iterator[Figure]:
    scored = _scored(chosen)
    name, note = f"own messages, {part}, {len(chosen)}", _NOTES[part]
    first = (
        {key: f"{note}; {words}" for key, words in _FIRST.items()} if part == HELD_OUT else dict.fromkeys(_FIRST, note)
    )
    found, missed, made_up = len(scored.found), len(scored.missed), len(scored.made_up)
    yield share("Entities, precision", name, found, found + made_up, goal=_GOAL, note=first["right"])
    yield share("Entities, recall", name, found, found + missed, goal=_GOAL, note=first["found"])
    right = sum(right for _, right in scored.fields)
    yield share("Fields that were said", name, right, len(scored.fields), goal=_GOAL, note=first["fields"])
    empty = sum(right for _, right in scored.silent)
    yield share("Fields that were not said, left empty", name, empty, len(scored.silent), goal=_GOAL, note=note)


def _of_types(every: Sequence[Case]) -> Iterator[Figure]:
    scored = _scored(every)
    found, missed, made_up = Counter(scored.found), Counter(scored.missed), Counter(scored.made_up)
    for kind in sorted(found | missed | made_up):
        name, goal = f"own messages, {len(every)}", _GOAL if found[kind] + missed[kind] >= _ENOUGH else None
        yield share(f"{kind}, precision", name, found[kind], found[kind] + made_up[kind], goal=goal)
        yield share(f"{kind}, recall", name, found[kind], found[kind] + missed[kind], goal=goal)


def _scored(chosen: Sequence[Case]) -> Score:
    scored = Score()
    for case in chosen:
        score(case, scored)
    return scored


@dataclass(slots=True)
class _Wished:
    """How often the intents of messages were right, and each confidence with whether its intent was wanted."""

    right: int = 0
    said: list[tuple[float, bool]] = field(default_factory=list[tuple[float, bool]])


def _intents(every: Sequence[Wish]) -> Iterator[Figure]:
    for part in (HELD_OUT, TUNED):
        chosen = [wish for wish in every if wish.part == part]
        wished = _wished(chosen)
        note = "first look, untouched" if part == HELD_OUT else "mended after a first look of 96.7%"
        name = f"own utterances, {part}, {len(chosen)}"
        yield share("Intents of a message", name, wished.right, len(chosen), note=note)
        fitted = "the map was fitted on the other half" if part == HELD_OUT else "the map was fitted on these"
        yield Figure(
            measure="Confidence of intents, expected calibration error",
            data=f"{name}, {len(wished.said)} intents",
            value=calibration_error(wished.said),
            unit="",
            goal=_CALIBRATED if part == HELD_OUT else None,
            goal_is="at most",
            note=fitted,
        )


def _wished(chosen: Sequence[Wish]) -> _Wished:
    wished = _Wished()
    for wish in chosen:
        intents = read(wish.say, now=NOW).intents
        wished.said += [(intent.confidence, intent.name.value in wish.wanted) for intent in intents]
        wished.right += _understood(wish, [intent.name.value for intent in intents if intent.confidence >= _SURE])
    return wished


def _understood(wish: Wish, sure: Sequence[str]) -> bool:
    if wish.each:
        return wish.wanted <= set(sure)
    return sure[0] in wish.wanted if sure and wish.wanted else not sure and not wish.wanted


def calibration_error(said: Sequence[tuple[float, bool]]) -> float:
    """The expected calibration error of confidences over ten bins of equal width, from 0 to 1.

    Source: Naeini MP, Cooper GF, Hauskrecht M, AAAI 2015:2901-2907.
    """
    off = [0.0] * _BINS
    for confidence, right in said:
        off[min(int(confidence * _BINS), _BINS - 1)] += confidence - right
    return sum(map(abs, off)) / len(said) if said else 0.0
