"""Suite units: what UCUM allows and how its units convert, against UCUM's own definitions (ucum-essence.xml)."""

import csv
import math
import random
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any, cast

import yaml

from vitasense.deterministic.units import NotComparable, canonical_unit, comparable, convert, is_valid
from vitasense.evals.figures import Figure, share

_ESSENCE, _FLOWSHEET = "13_terminology/ucum/ucum-essence.xml", "13_terminology/nlm_flowsheet_loinc_ranges.csv"
_SEED, _RANDOM_TERMS, _RANDOM_PAIRS = 20261201, 2000, 2000
# UCUM counts both as numbers, we do not: in products they stand for themselves.
_OWN = {"mol", "eq"}


@dataclass(frozen=True, slots=True)
class Essence:
    """UCUM's symbols. `defined`: atom → (value, unit); special and base atoms and arbitrary ones have none."""

    prefixes: dict[str, Fraction]
    atoms: frozenset[str]
    metric: frozenset[str]
    special: frozenset[str]
    arbitrary: frozenset[str]
    defined: dict[str, tuple[Fraction, str]]

    @property
    def symbols(self) -> frozenset[str]:
        """Every atom, with every prefix that it may take."""
        return self.atoms | {prefix + atom for prefix, atom in product(self.prefixes, self.metric)}


def figures(data: Path) -> Iterator[Figure]:
    """Shares of UCUM's units read and converted as UCUM says (all of them are the goal), and of our own cases."""
    if (data / _ESSENCE).exists():
        essence = _essence(data / _ESSENCE)
        yield from _validity(essence)
        yield from _conversions(essence)
    yield from _own_cases()
    if (data / _FLOWSHEET).exists():
        yield from _flowsheet(data / _FLOWSHEET)


def _all(measure: str, data: str, cases: Iterable[bool]) -> Figure:
    held = list(cases)
    return share(measure, data, sum(held), len(held), goal=1.0)


def _validity(essence: Essence) -> Iterator[Figure]:
    proper = sorted(essence.atoms - essence.special)
    other = sorted(essence.atoms - essence.metric)
    prefixed = {prefix + atom for prefix, atom in product(essence.prefixes, other)} - essence.symbols
    yield _all("atoms valid", "UCUM", map(is_valid, sorted(essence.atoms)))
    yield _all("prefix on a metric atom valid", "UCUM", map(is_valid, sorted(essence.symbols - essence.atoms)))
    yield _all("prefix on another atom refused", "UCUM", (not is_valid(text) for text in sorted(prefixed)))
    yield _all("annotated atoms valid", "UCUM", (is_valid(atom + "{of_it}") for atom in sorted(essence.atoms)))
    yield _all("powers valid", "UCUM", (is_valid(atom + n) for atom in proper for n in ("2", "+3", "-1", "-12")))
    yield _all("wrong case refused", "UCUM", (not is_valid(text) for text in sorted(_miscased(essence))))
    terms = list(_terms(essence))
    yield _all("random terms valid", f"UCUM, seed {_SEED}", map(is_valid, terms))
    yield _all("the same, broken, refused", f"UCUM, seed {_SEED}", (not is_valid(text) for text in _broken(terms)))


def _conversions(essence: Essence) -> Iterator[Figure]:
    yield _all("unit to its definition exact", "UCUM", _definitions(essence))
    yield _all("prefix factor exact", "UCUM", _prefixes(essence))
    yield _all("products and quotients exact", f"UCUM, seed {_SEED}", _products(essence))
    yield _all("arbitrary unit only into itself", "UCUM", _arbitrary(essence))


def _own_cases() -> Iterator[Figure]:
    own = _cases()
    yield _all("garbage refused", "own", (not is_valid(text) for text in own["garbage"]))
    yield _all("special unit refused in a term", "own", (not is_valid(text) for text in own["special_refused"]))
    yield _all("special unit scaled valid", "own", map(is_valid, own["special_valid"]))
    yield _all("special unit exact, both ways", "own", _special(own["special_values"]))
    yield _all("not comparable refused", "own", (_refuses(*pair) for pair in own["refused"]))
    yield _all("published factor met", "AMA, NGSP, KDIGO", (_printed(*row) for row in own["published"]))


def _flowsheet(path: Path) -> Iterator[Figure]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for column in ("ucum_example", "equiv_class_ucum", "units_norm_range"):
        seen = [row[column] for row in rows if row[column] not in {"", "NULL"}]
        for measure, holds in (("valid UCUM", is_valid), ("valid or a known spelling", _known)):
            yield share(f"{column}: {measure}", "NLM flowsheet", sum(map(holds, seen)), len(seen), note="reported only")


def _known(text: str) -> bool:
    return is_valid(text) or canonical_unit(text) is not None


def _miscased(essence: Essence) -> set[str]:
    changed = {way(text) for text in essence.symbols for way in (str.upper, str.lower, str.swapcase)}
    return changed - essence.symbols


def _terms(essence: Essence) -> Iterator[str]:
    rng = random.Random(_SEED)  # noqa: S311
    proper, metric = sorted(essence.atoms - essence.special), sorted(essence.metric - essence.special)
    prefixes = sorted(essence.prefixes)

    def component(depth: int) -> str:
        kind = rng.random()
        if depth and kind < 0.15:
            return f"({term(depth - 1)})"
        if kind < 0.2:
            return rng.choice(("{cells}", "{1.73_m2}", "24", "100"))
        atom = rng.choice(prefixes) + rng.choice(metric) if kind < 0.6 else rng.choice(proper)
        return atom + rng.choice(("", "", "", "2", "-1", "+3")) + rng.choice(("", "", "", "{dry}"))

    def term(depth: int) -> str:
        text = component(depth)
        for _ in range(rng.randrange(4)):
            text += rng.choice("./") + component(depth)
        return text

    for _ in range(_RANDOM_TERMS):
        yield rng.choice(("", "", "", "/")) + term(1)


def _broken(terms: Iterable[str]) -> Iterator[str]:
    rng = random.Random(_SEED)  # noqa: S311
    ways: tuple[Callable[[str], str], ...] = (
        lambda text: text + rng.choice("./({[+-="),
        lambda text: rng.choice(").]}-+ .") + text,
        lambda text: text + "..m",
        lambda text: f"{text}(m)",
        lambda text: f"{text}.0",
        lambda text: f"{text}.zzz",
        lambda text: f"({text}",
        lambda text: text + rng.choice("µ²°\u00a0\n\t "),
    )
    return (rng.choice(ways)(text) for text in terms)


def _definitions(essence: Essence) -> Iterator[bool]:
    for atom, (value, unit) in sorted(essence.defined.items()):
        # An equivalent is a mole of charges: it takes the analyte, here one of a single charge.
        analyte = "sodium" if atom == "eq" else None
        yield _exact(value, atom, unit, analyte) and _exact(1 / value, unit, atom, analyte)


def _prefixes(essence: Essence) -> Iterator[bool]:
    for (prefix, factor), atom in product(essence.prefixes.items(), sorted(essence.metric)):
        yield _exact(factor, prefix + atom, atom) and _exact(1 / factor, atom, prefix + atom)


def _products(essence: Essence) -> Iterator[bool]:
    rng = random.Random(_SEED)  # noqa: S311
    defined = {atom: (Fraction(1), atom) if atom in _OWN else found for atom, found in essence.defined.items()}
    atoms = sorted(defined)
    for _ in range(_RANDOM_PAIRS):
        one, other = rng.choice(atoms), rng.choice(atoms)
        (value, unit), (second, second_unit) = defined[one], defined[other]
        left, right = (text if text[0] != "/" else f"1{text}" for text in (unit, second_unit))
        yield _exact(value * second, f"{one}.{other}", f"({left}).({right})")
        yield _exact(value / second, f"{one}/{other}", f"({left})/({right})")


def _arbitrary(essence: Essence) -> Iterator[bool]:
    own = sorted(essence.arbitrary)
    for one, other in product(own, [*own, "1", "U", "mol", "g"]):
        same = one == other or {one, other} == {"[iU]", "[IU]"}
        yield _exact(Fraction(1), one, other) if same else _refuses(one, other) and _refuses(f"{one}/L", f"{other}/L")


def _exact(expected: Fraction, from_unit: str, to_unit: str, analyte: str | None = None) -> bool:
    return comparable(from_unit, to_unit, analyte) and convert(1, from_unit, to_unit, analyte) == float(expected)


def _refuses(from_unit: str, to_unit: str, analyte: str | None = None) -> bool:
    for pair in ((from_unit, to_unit), (to_unit, from_unit)):
        if comparable(*pair, analyte):
            return False
    try:
        convert(1, from_unit, to_unit)
    except NotComparable:
        return True
    return False


def _special(rows: Iterable[tuple[float, str, float, str]]) -> Iterator[bool]:
    for value, unit, proper, base in rows:
        yield convert(value, unit, base) == proper
        yield convert(proper, base, unit) == value


def _printed(value: float, from_unit: str, to_unit: str, analyte: str, result: float, decimals: int) -> bool:
    return math.isclose(round(convert(value, from_unit, to_unit, analyte), decimals), result, rel_tol=1e-12)


@cache
def _cases() -> dict[str, list[Any]]:
    text = files("vitasense.evals").joinpath("datasets/units/cases.yaml").read_text(encoding="utf-8")
    return cast("dict[str, list[Any]]", yaml.load(text, Loader=yaml.CSafeLoader))


def _essence(path: Path) -> Essence:
    space = {"u": "http://unitsofmeasure.org/ucum-essence"}
    root = ET.parse(path).getroot()  # noqa: S314
    units, base = root.findall("u:unit", space), [unit.attrib["Code"] for unit in root.findall("u:base-unit", space)]
    values = {unit.attrib["Code"]: unit.find("u:value", space) for unit in units}

    def having(name: str) -> frozenset[str]:
        return frozenset(unit.attrib["Code"] for unit in units if unit.attrib.get(name) == "yes")

    plain = {code: found.attrib for code, found in values.items() if found is not None and "value" in found.attrib}
    return Essence(
        prefixes={
            prefix.attrib["Code"]: Fraction(value.attrib["value"])
            for prefix in root.findall("u:prefix", space)
            if (value := prefix.find("u:value", space)) is not None
        },
        atoms=frozenset((*values, *base)),
        metric=having("isMetric") | frozenset(base),
        special=having("isSpecial"),
        arbitrary=having("isArbitrary"),
        defined={
            code: (Fraction(found["value"]), found["Unit"])
            for code, found in plain.items()
            if code not in having("isArbitrary") - {"[IU]"}
        },
    )
