"""One plain word for each sport, whatever the vendor calls it: rules/sports.yaml, read once."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import cast

import yaml

from vitasense.deterministic.devices.formats import codes
from vitasense.deterministic.devices.formats.limits import word

OTHER = "other"
LONGEST = 60  # characters of a name that is not in the rules

_BETWEEN = re.compile(r"[\s_\-/]+")
_STAGES = {"sleep": codes.SLEEP, "light": codes.LIGHT_SLEEP, "deep": codes.DEEP_SLEEP, "rem": codes.REM_SLEEP}


def sport_of(*names: str | None) -> str:
    """The plain word for the first name that the rules know; else the first name itself; else "other"."""
    told = [key for name in names if name and (key := _key(name))]
    known = (_names()[key] for key in told if key in _names())
    found = next((sport for sport in known if sport != OTHER), None)
    return found or next((key for key in told if key not in _names()), OTHER)


def google_sport(code: int) -> str | None:
    """The plain word for a number of com.google.activity.segment; None when it is no exercise or not known."""
    return _google().get(code)


def google_sleep(code: int) -> str | None:
    """The measure of sleep (LOINC) that a number of com.google.activity.segment is."""
    found = cast("Mapping[str, list[int]]", _book()["google_sleep"])
    return next((_STAGES[stage] for stage, numbers in found.items() if code in numbers), None)


def google_is_no_exercise(code: int) -> bool:
    """Whether the number means being still, driven or awake."""
    return code in cast("list[int]", _book()["google_no_exercise"])


def _key(name: str) -> str:
    return _BETWEEN.sub(" ", word(name)).strip().lower()[:LONGEST]


@cache
def _names() -> Mapping[str, str]:
    book = cast("Mapping[str, list[str]]", _book()["names"])
    return {_key(name): sport for sport, names in book.items() for name in (sport, *names)}


@cache
def _google() -> Mapping[int, str]:
    book = cast("Mapping[str, list[int]]", _book()["google_activities"])
    return {code: sport for sport, numbers in book.items() for code in numbers}


@cache
def _book() -> Mapping[str, object]:
    text = files("vitasense.deterministic.devices").joinpath("rules/sports.yaml").read_text(encoding="utf-8")
    return cast("Mapping[str, object]", yaml.load(text, Loader=yaml.CSafeLoader))
