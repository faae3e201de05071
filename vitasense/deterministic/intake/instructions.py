"""Directions for a medicine, such as "2 tablets in the morning and 1 at night", read word for word or not at all.

A message may be read in part; directions may not: a word that was passed over ("except Sundays") would change the dose.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import cast

from vitasense.deterministic.intake.details import Amount, Duration, FoodTiming, Frequency, Frozen
from vitasense.deterministic.intake.instruction_parts import (
    DoseSaid,
    Kind,
    LimitSaid,
    Measured,
    Part,
    Unread,
    find_parts,
)
from vitasense.deterministic.intake.numbers import find_numbers
from vitasense.deterministic.intake.scene import Scene
from vitasense.deterministic.intake.tokens import cut

LONGEST = 500
HOURS_OF_DAY = 24
_TWICE_SAID = re.compile(r"\b(\d+)\s*\((one|two|three|four|five|six)\)", re.IGNORECASE)
_SPELT = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6"}
_PER_PERIOD = re.compile(r"(?:an?|per|each|every|/) ?(?:day|week|month)|daily|weekly|monthly", re.IGNORECASE)
_COUNTED = re.compile(r"times?\b|x\b|×", re.IGNORECASE)
_AT_ONCE = "it is not clear whether it is taken at once or one by one"
_ONCE: tuple[Kind, ...] = ("dose", "food", "as_needed", "limit", "duration", "route", "site", "times")


class Instruction(Frozen):
    """One direction. `strength` is what one tablet holds, `site` where on the body, `reason` what it is needed for.

    `times` are of the clock; where they are said, `frequency` counts as many takings, or names days alone.
    """

    text: str
    dose: DoseSaid | None = None
    strength: Amount | None = None
    frequency: Frequency | None = None
    times: tuple[time, ...] = ()
    food: FoodTiming | None = None
    as_needed: bool = False
    reason: str | None = None
    limit: LimitSaid | None = None
    duration: Duration | None = None
    route: str | None = None
    site: str | None = None


class Instructions(Frozen):
    """Directions in their order: each step is what holds at one time, as one or several directions side by side.

    `unread` says why nothing was read; `steps` is empty then.
    """

    text: str
    steps: tuple[tuple[Instruction, ...], ...] = ()
    unread: str | None = None


@dataclass(slots=True)
class _Side:
    """The parts of one direction."""

    parts: list[Part] = field(default_factory=list[Part])

    def all(self, kind: Kind) -> list[Part]:
        return [part for part in self.parts if part.kind == kind]


def instructions(text: str) -> Instructions:
    """The directions of a text that says nothing else, such as that of a label; never raises.

    What has a word that is not understood, or that may mean two things, is not read, and `unread` says why.
    """
    said = " ".join(text.split())
    try:
        return Instructions(text=said, steps=_steps(said))
    except Unread as why:
        return Instructions(text=said, unread=str(why))


def _steps(text: str) -> tuple[tuple[Instruction, ...], ...]:
    if not 0 < len(text) <= LONGEST:
        raise Unread(f"directions have from 1 to {LONGEST} characters")
    once = _said_once(text)
    tokens = cut(once)
    scene = Scene(tokens, find_numbers(tokens), (), text=once)
    found: list[tuple[Instruction, ...]] = []
    for parts in _by_step(find_parts(scene)):
        found.append(_step(scene, parts, found[-1] if found else ()))
    if any(each.duration is None for step in found[:-1] for each in step):
        raise Unread("it is not said how long a step lasts before the next")
    return tuple(found)


def _said_once(text: str) -> str:
    """ "2 (two) times" as "2 times"."""

    def once(found: re.Match[str]) -> str:
        if _SPELT[found[2].lower()] != found[1]:
            raise Unread("a number is said in two ways that differ")
        return found[1]

    return _TWICE_SAID.sub(once, text)


def _by_step(parts: Sequence[Part]) -> Iterator[list[Part]]:
    step: list[Part] = []
    for part in parts:
        if part.kind == "then":
            yield step
            step = []
        else:
            step.append(part)
    yield step


def _step(scene: Scene, parts: Sequence[Part], before: Sequence[Instruction]) -> tuple[Instruction, ...]:
    """The directions that hold side by side; how long is said once for all of them."""
    sides = _sides(parts)
    if not any(side.parts for side in sides):
        raise Unread("nothing is said of how much or how often")
    made = [_instruction(scene, side) for side in sides]
    if before:
        made = [_continuing(each, before, alone=len(made) == 1) for each in made]
    lasting = made[-1].duration
    if any(each.duration not in (None, lasting) for each in made):
        raise Unread("it is not clear what lasts how long")
    form = next((each.dose.form for each in (*made, *before) if each.dose and each.dose.form), None)
    return tuple(_with(each, lasting, form, made[0].route) for each in made)


def _continuing(made: Instruction, before: Sequence[Instruction], *, alone: bool) -> Instruction:
    """A later step with what it shares with the one before: "40 mg once a day for 5 days, then 30 mg"."""
    if made.dose is None:
        raise Unread("it is not said how much is taken in a later step")
    if made.frequency or made.times or made.as_needed:
        return made
    if len(before) > 1 or not alone:
        raise Unread("it is not said how often in a later step")
    kept = ("frequency", "times", "as_needed", "food", "route")
    return made.model_copy(update={name: getattr(made, name) or getattr(before[0], name) for name in kept})


def _with(each: Instruction, lasting: Duration | None, form: str | None, route: str | None) -> Instruction:
    """With what was said once for all: "2 tablets in the morning and 1 at night"."""
    dose = each.dose
    if dose and dose.unit is None and dose.form is None:
        dose = dose.model_copy(update={"form": form})
    return each.model_copy(update={"dose": dose, "duration": lasting, "route": each.route or route})


def _sides(parts: Sequence[Part]) -> list[_Side]:
    """Another amount after "and" begins another direction."""
    sides = [_Side()]
    linked = stopped = False
    for part in parts:
        if part.kind == "dose" and sides[-1].all("dose"):
            if not linked or stopped or not (sides[-1].all("often") or sides[-1].all("times")):
                raise Unread("more than one amount is said")
            sides.append(_Side())
        linked, stopped = linked or part.kind == "link", stopped or part.kind == "stop"
        if part.kind not in ("link", "stop", "filler"):
            sides[-1].parts.append(part)
            linked = stopped = False
    return sides


def _instruction(scene: Scene, side: _Side) -> Instruction:
    if double := next((kind for kind in _ONCE if len({str(part.meaning) for part in side.all(kind)}) > 1), None):
        raise Unread(f"more than one {double.replace('_', ' ')} is said")
    said = {kind: side.all(kind)[0].meaning for kind in _ONCE if side.all(kind)}
    measured = cast("Measured | None", said.get("dose"))
    duration = cast("Duration | None", said.get("duration"))
    if (measured and measured.dose.low <= 0) or (duration and duration.value <= 0):
        raise Unread("an amount or a time of nothing is said")
    times = cast("tuple[time, ...]", said.get("times", ()))
    frequency = _often([cast("Frequency", part.meaning) for part in side.all("often")], times)
    _refuse_two_ways(measured, side)
    return Instruction(
        text=scene.said(side.parts[0].first, side.parts[-1].last),
        dose=measured.dose if measured else None,
        strength=measured.strength if measured else None,
        frequency=frequency,
        times=times,
        food=cast("FoodTiming | None", said.get("food")),
        as_needed="as_needed" in said,
        reason=cast("str | None", said.get("as_needed")),
        limit=_limit(measured, cast("LimitSaid | None", said.get("limit"))),
        duration=duration,
        route=cast("str | None", said.get("route")),
        site=cast("str | None", said.get("site")),
    )


def _limit(measured: Measured | None, limit: LimitSaid | None) -> LimitSaid | None:
    """A bare "up to 4 a day" counts takings, unless a taking may be several of something."""
    if limit is None or limit.unit or limit.form or limit.takings:
        return limit
    dose = measured.dose if measured else None
    if dose and not (dose.unit is None and dose.low == dose.high == 1):
        raise Unread("the limit may be of takings or of an amount")
    return limit.model_copy(update={"takings": True})


def _refuse_two_ways(measured: Measured | None, side: _Side) -> None:
    """Refuse "2 a day" and "2 tablets a day", which may be taken at once or one by one."""
    for part in side.all("often"):
        said = cast("Frequency", part.meaning)
        plain = not said.counts and not said.when and not said.days and said.count not in (None, 1)
        if plain and said.text[:1].isdigit() and not _COUNTED.search(said.text):
            raise Unread(_AT_ONCE)
        several = measured is not None and measured.dose.unit is None and measured.dose.high > 1
        if several and re.match(r"(?:an?|per|/) ?", said.text) and _PER_PERIOD.fullmatch(said.text):
            raise Unread(_AT_ONCE)


def _often(said: Sequence[Frequency], times: tuple[time, ...]) -> Frequency | None:
    """All that was said of how often as one; None when nothing was."""
    if not said:
        return None
    days = tuple(dict.fromkeys(day for each in said for day in each.days))
    when = tuple(dict.fromkeys(code for each in said for code in each.when))
    text = ", ".join(each.text for each in said)
    if times and all(each.days for each in said):
        return Frequency(text=text, days=days)  # at these times on these days
    base = _base(said, days)
    if times:
        base = _by_the_clock(base, times, bool(when))
    return base.model_copy(update={"text": text, "days": days, "when": when, "code": None})


def _base(said: Sequence[Frequency], days: tuple[str, ...]) -> Frequency:
    plain = [each for each in said if not each.days and not each.when]
    at_times = [each for each in said if each.when]
    if any(each.count is None for each in said):
        raise Unread("it is not said how many times")
    different = len({(each.count, each.period, each.period_max, each.period_unit) for each in plain}) > 1
    if different or (len(said) > 1 and any(each.counts for each in said)):
        raise Unread("how often is said in two ways")
    if plain:
        return plain[0]
    if at_times:
        return _daily(at_times[0], sum(each.count or 0 for each in at_times))
    return Frequency(text="", count=len(days), period=1, period_unit="wk")


def _daily(frequency: Frequency, count: float) -> Frequency:
    return frequency.model_copy(update={"count": count, "period": 1, "period_unit": "d"})


def _by_the_clock(base: Frequency, times: tuple[time, ...], has_when: bool) -> Frequency:
    """How often, once the times of the clock are known; they must agree."""
    if base.period_unit == "h" and base.count == 1 and (base.period or 0) * len(times) == HOURS_OF_DAY:
        return _daily(base, len(times))
    if has_when or base.period_unit == "h" or base.period_max or base.count != len(times):
        raise Unread("the times of the clock do not agree with how often")
    return base
