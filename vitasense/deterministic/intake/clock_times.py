"""Times of the clock at which something is done: "at 8 am and 8 pm", "08:00, 20:00"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

_TIME = r"(?P<hour{0}>\d{{1,2}})(?:[:.](?P<minute{0}>\d\d))?(?P<half{0}> ?[ap]\.? ?m\b\.?)?(?![\d:.]\d|[\w%])"
_ONE = re.compile(_TIME.format(""), re.IGNORECASE)
_LINK = re.compile(r"(?: ?, ?and | ?, ?| and | & )(?:at )?", re.IGNORECASE)
_LEAD = re.compile(r"\bat $", re.IGNORECASE)
_NOON, _LAST_HOUR, _LAST_MINUTE = 12, 23, 59


@dataclass(frozen=True, slots=True)
class ClockTimes:
    """Times at characters `[start, end)`."""

    start: int
    end: int
    times: tuple[time, ...]


def clock_times(text: str) -> Iterator[ClockTimes]:
    """Every list of times that can mean only one: with am or pm, or on a clock of 24 hours ("08:00", "20:00").

    "8:00" by itself may be of the evening; beside 20:00 it is not.
    """
    place = 0
    while found := _ONE.search(text, place):
        run = _run(text, found)
        place = run[-1].end()
        times = _times(run)
        if times:
            lead = _LEAD.search(text[: found.start()])
            yield ClockTimes(lead.start() if lead else found.start(), place, times)


def _run(text: str, first: re.Match[str]) -> list[re.Match[str]]:
    """The time and those that follow it in a list."""
    run = [first]
    while (link := _LINK.match(text, run[-1].end())) and (more := _ONE.match(text, link.end())):
        if more["minute"] is None and more["half"] is None:
            break
        run.append(more)
    return run


def _times(run: list[re.Match[str]]) -> tuple[time, ...]:
    full_day = any(int(each["hour"]) > _NOON or (each["minute"] and len(each["hour"]) == len("08")) for each in run)
    read = [_time(each, full_day) for each in run]
    return tuple(sorted({each for each in read if each})) if all(read) else ()


def _time(found: re.Match[str], full_day: bool) -> time | None:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if minute > _LAST_MINUTE:
        return None
    if found["half"]:
        late = found["half"].strip().lower().startswith("p")
        return time(hour % _NOON + (_NOON if late else 0), minute) if 0 < hour <= _NOON else None
    told = found["minute"] is not None and ":" in found.group() and full_day
    return time(hour, minute) if told and hour <= _LAST_HOUR else None
