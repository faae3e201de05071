"""Questions about units with the answers that are wanted, as JSON values."""

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any, cast

import yaml

from vitasense.deterministic.units import NotComparable, canonical_unit, comparable, convert, is_valid
from vitasense.evals.ucum import SEED, Essence

# A row is right when each of its questions has its answer: (question, wanted), (question, wanted), …
Row = list[tuple[list[Any], object]]
_RANDOM_PAIRS = 2000
# UCUM counts both as numbers, we do not: in products they stand for themselves.
_OWN = {"mol", "eq"}
_SAME = {"[iU]", "[IU]"}


def ask(question: list[Any]) -> object:
    """What the units room says: whether a text is valid or known, a number converted, whether two are kept apart."""
    kind, *told = question
    if kind == "valid":
        return is_valid(told[0])
    if kind == "known":
        return is_valid(told[0]) or canonical_unit(told[0]) is not None
    if kind == "apart":
        return _kept_apart(told[0], told[1], told[2])
    value, from_unit, to_unit, analyte, *decimals = told
    if not comparable(from_unit, to_unit, analyte):
        return None
    converted = convert(value, from_unit, to_unit, analyte)
    return round(converted, decimals[0]) if decimals else converted


def valid(text: str, wanted: bool) -> Row:
    """Whether the text is a unit."""
    return [(["valid", text], wanted)]


def apart(*pairs: tuple[str, str], analyte: str | None = None) -> Row:
    """The units of each pair are not comparable, in both directions."""
    return [(["apart", *pair, analyte], True) for pair in pairs]


def definitions(essence: Essence) -> Iterator[Row]:
    """Each atom into its definition and back."""
    for atom, (value, unit) in sorted(essence.defined.items()):
        # An equivalent is a mole of charges: it takes the analyte, here one of a single charge.
        yield _both_ways(value, atom, unit, "sodium" if atom == "eq" else None)


def prefixes(essence: Essence) -> Iterator[Row]:
    """Each prefixed atom into the atom and back."""
    for (prefix, factor), atom in product(essence.prefixes.items(), sorted(essence.metric)):
        yield _both_ways(factor, prefix + atom, atom)


def products(essence: Essence) -> Iterator[Row]:
    """Products and quotients of random atoms into those of their definitions; the same each time."""
    rng = random.Random(SEED)  # noqa: S311
    defined = {atom: (Fraction(1), atom) if atom in _OWN else found for atom, found in essence.defined.items()}
    atoms = sorted(defined)
    for _ in range(_RANDOM_PAIRS):
        one, other = rng.choice(atoms), rng.choice(atoms)
        (value, unit), (second, second_unit) = defined[one], defined[other]
        left, right = (text if text[0] != "/" else f"1{text}" for text in (unit, second_unit))
        yield [_exact(value * second, f"{one}.{other}", f"({left}).({right})")]
        yield [_exact(value / second, f"{one}/{other}", f"({left})/({right})")]


def arbitrary(essence: Essence) -> Iterator[Row]:
    """Each arbitrary unit into itself, and into no other one."""
    own = sorted(essence.arbitrary)
    for one, other in product(own, [*own, "1", "U", "mol", "g"]):
        is_same = one == other or {one, other} == _SAME
        yield [_exact(Fraction(1), one, other)] if is_same else apart((one, other), (f"{one}/L", f"{other}/L"))


def special() -> Iterator[Row]:
    """Values in special units into proper ones and back."""
    for value, unit, proper, base in own_cases()["special_values"]:
        yield [(["convert", value, unit, base, None], proper)]
        yield [(["convert", proper, base, unit, None], value)]


def published() -> Iterator[Row]:
    """Values converted as publications print them, to their decimals."""
    for value, from_unit, to_unit, analyte, result, decimals in own_cases()["published"]:
        yield [(["convert", value, from_unit, to_unit, analyte, decimals], result)]


@cache
def own_cases() -> Mapping[str, list[Any]]:
    """The project's own cases by kind."""
    text = files("vitasense.evals").joinpath("datasets/units/cases.yaml").read_text(encoding="utf-8")
    return cast("dict[str, list[Any]]", yaml.load(text, Loader=yaml.CSafeLoader))


def _both_ways(factor: Fraction, unit: str, base: str, analyte: str | None = None) -> Row:
    return [_exact(factor, unit, base, analyte), _exact(1 / factor, base, unit, analyte)]


def _exact(factor: Fraction, from_unit: str, to_unit: str, analyte: str | None = None) -> tuple[list[Any], object]:
    return ["convert", 1, from_unit, to_unit, analyte], float(factor)


def _kept_apart(from_unit: str, to_unit: str, analyte: str | None) -> bool:
    if comparable(from_unit, to_unit, analyte) or comparable(to_unit, from_unit, analyte):
        return False
    try:
        convert(1, from_unit, to_unit)
    except NotComparable:
        return True
    return False
