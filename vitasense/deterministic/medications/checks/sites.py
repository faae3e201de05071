"""Where a medicine acts: drops for the eye reach the body less than tablets do."""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Literal

from vitasense.deterministic.knowledge import normalise
from vitasense.deterministic.medications.checks.subject import Taken
from vitasense.deterministic.medications.rulebook import Rule, Rules, read_rules

Site = Literal["body", "skin", "eye", "ear", "nose", "lung", "vagina"]
BODY = frozenset[Site]({"body"})


class Place(Rule):
    """One site: the routes, words of names and ATC codes that mean it."""

    key: Site  # pyright: ignore[reportIncompatibleVariableOverride]
    routes: frozenset[str]
    words: tuple[str, ...]
    unless_words: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()
    unless_atc: tuple[str, ...] = ()


@cache
def places() -> Rules[Place]:
    """The entries of `rules/sites.yaml`."""
    return read_rules("sites", Place)


def sites(taken: Taken) -> frozenset[Site]:
    """Where this ingredient may act: one site if its route or name says so, else all that its codes allow."""
    if taken.medicine.route:
        return _by_route(taken.medicine.route)
    return _by_name(taken.medicine.name) or _by_codes(taken.drug.atc)


def reaches(taken: Taken, wanted: Iterable[Site] = BODY) -> bool:
    """Whether it may act at one of the `wanted` sites."""
    return not sites(taken).isdisjoint(wanted)


@lru_cache(maxsize=4096)
def _by_codes(codes: tuple[str, ...]) -> frozenset[Site]:
    found = [_of_code(code) for code in codes]
    return frozenset(site for sites in found for site in sites) or BODY


def _of_code(code: str) -> frozenset[Site]:
    return frozenset(p.key for p in places() if code.startswith(p.atc) and not code.startswith(p.unless_atc)) or BODY


def _by_route(route: str) -> frozenset[Site]:
    return frozenset(place.key for place in places() if route in place.routes) or BODY


@lru_cache(maxsize=4096)
def _by_name(name: str) -> frozenset[Site]:
    said = f" {normalise(name)} "
    return frozenset(p.key for p in places() if _says(said, p.words) and not _says(said, p.unless_words))


def _says(said: str, words: tuple[str, ...]) -> bool:
    return any(f" {word} " in said for word in words)
