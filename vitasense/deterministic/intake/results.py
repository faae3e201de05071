"""What a laboratory prints beside a result: its flag and its reference range."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from vitasense.deterministic.intake.attach import nearest
from vitasense.deterministic.intake.details import Flag, Range
from vitasense.deterministic.intake.durations import places
from vitasense.deterministic.intake.lexicon import load
from vitasense.deterministic.intake.numbers import written
from vitasense.deterministic.intake.phrases import Found, Phrases
from vitasense.deterministic.intake.scene import Scene
from vitasense.deterministic.intake.values import Valued

_NEAR, _LETTER_NEAR = 5, 2
_BELOW = frozenset({"<", "≤", "up to", "below", "under", "less than"})
# After "normal" these speak of the range, not of the result.
_OF_RANGE = frozenset(
    {"is", "range", "ranges", "value", "values", "limit", "limits", "up", "for", "between", "from", "interval"}
)
_NUMBER = r"\d{1,6}(?:[.,]\d{1,4})?"


@dataclass(frozen=True, slots=True)
class Result:
    """The flag and the reference range of one result."""

    flag: Flag | None = None
    reference: Range | None = None


@dataclass(frozen=True, slots=True)
class _Printed:
    """A reference range at tokens `[first, last)`."""

    limits: Range
    first: int
    last: int


@cache
def _flags() -> Phrases[Flag]:
    rows = cast("Mapping[Flag, Sequence[str]]", load("results")["flags"])
    return Phrases((word, flag) for flag, words in rows.items() for word in words)


@cache
def _letters() -> frozenset[str]:
    return frozenset(cast("Sequence[str]", load("results")["letters"]))


@cache
def _pattern() -> re.Pattern[str]:
    cues = "|".join(cast("Sequence[str]", load("results")["reference"]))
    flag = r"(?:[(\[]?\*?(?:h|l|hh|ll|high|low)\*?[)\]]?[\s,;:]+)?"
    cue = rf"(?P<cue>(?:(?:{cues})\b[.:]?\s?(?:(?:range|interval|values?|limits?|is|of|from|between)\b\s?)*)?)"
    sign = rf"(?P<sign>[<>≤≥]|up to|below|under|less than|above|over|more than)\s?(?P<limit>{_NUMBER})"
    pair = rf"(?P<low>{_NUMBER})\s?(?:-|–|to|and)\s?(?P<high>{_NUMBER})"
    return re.compile(rf"[\s,;:]{{0,3}}{flag}(?P<open>[(\[]?)\s?{cue}[:=]?\s?(?:{sign}|{pair})(?![\d/:])")


def results_of(scene: Scene, valued: Sequence[Valued]) -> Mapping[int, Result]:
    """Place of a lab in `valued` → its flag and range, where one was said; nothing of what is only asked."""
    labs = sorted(
        (place for place, one in enumerate(valued) if one.measure.category == "labs" and one.said),
        key=lambda place: valued[place].first,
    )
    printed = {place: _reference(scene, valued[place]) for place in labs}
    flags = _flagged(scene, [valued[place] for place in labs], [one for one in printed.values() if one])
    found: dict[int, Result] = {}
    for index, place in enumerate(labs):
        limits = printed[place]
        if limits or index in flags:
            found[place] = Result(flags.get(index), limits.limits if limits else None)
    return found


def _reference(scene: Scene, one: Valued) -> _Printed | None:
    end = scene.tokens[one.last - 1].end
    # The sign of a value ("<5 (<3)") is before its number, so that what follows is not its own.
    match = _pattern().match(scene.text.lower() if len(scene.text.lower()) == len(scene.text) else scene.text, end)
    if not match or not (match["open"] or match["cue"]):
        return None
    first, last = places(scene.tokens, match.end("cue"), match.end())
    decimal = scene.conventions.decimal
    if match["sign"]:
        limit = written(match["limit"], decimal)
        below = match["sign"] in _BELOW
        return _Printed(Range(low=None if below else limit, high=limit if below else None), first, last)
    low, high = written(match["low"], decimal), written(match["high"], decimal)
    return _Printed(Range(low=low, high=high), first, last) if low <= high else None


def _flagged(scene: Scene, labs: Sequence[Valued], printed: Sequence[_Printed]) -> Mapping[int, Flag]:
    named = {place for mention in scene.mentions for place in range(mention.first, mention.last)}
    ranges = {place for one in printed for place in range(one.first - 2, one.first)}
    found: dict[int, Flag] = {}
    for hit in _flags().find(scene):
        of_range = hit.meaning == "normal" and (hit.first in ranges or scene.word(hit.last) in _OF_RANGE)
        if hit.first in named or scene.asks(hit.first) or of_range:
            continue
        near = nearest(scene, hit, labs, _NEAR)
        if near is not None and _says(scene, hit, labs[near], printed):
            found.setdefault(near, hit.meaning)
    return found


def _says(scene: Scene, hit: Found[Flag], lab: Valued, printed: Sequence[_Printed]) -> bool:
    """A letter is a flag only as a capital, right after the result or its range."""
    if scene.tokens[hit.first].raw not in _letters():
        return True
    ends = [lab.last, *(one.last for one in printed if one.first >= lab.last)]
    return scene.said(hit.first, hit.last).isupper() and any(0 <= hit.first - end <= _LETTER_NEAR - 1 for end in ends)
