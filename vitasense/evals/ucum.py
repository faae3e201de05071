"""UCUM's own definitions (ucum-essence.xml), and texts made of its symbols that are units or are none."""

import random
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from pathlib import Path

SEED = 20261201
_RANDOM_TERMS = 2000


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

    @property
    def proper(self) -> list[str]:
        """The atoms that are not special, in order."""
        return sorted(self.atoms - self.special)


def miscased(essence: Essence) -> list[str]:
    """Symbols in another case that are no symbols."""
    changed = {way(text) for text in essence.symbols for way in (str.upper, str.lower, str.swapcase)}
    return sorted(changed - essence.symbols)


def misplaced_prefixes(essence: Essence) -> list[str]:
    """Prefixes on atoms that take none."""
    other = sorted(essence.atoms - essence.metric)
    return sorted({prefix + atom for prefix, atom in product(essence.prefixes, other)} - essence.symbols)


def terms(essence: Essence) -> Iterator[str]:
    """Random terms of products, quotients, powers, brackets and annotations; the same each time."""
    rng = random.Random(SEED)  # noqa: S311
    proper, metric = essence.proper, sorted(essence.metric - essence.special)
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


def broken(whole: Iterable[str]) -> Iterator[str]:
    """Each of the terms with a fault put in; the same each time."""
    rng = random.Random(SEED)  # noqa: S311
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
    return (rng.choice(ways)(text) for text in whole)


def read_essence(path: Path) -> Essence:
    """The symbols of the file as UCUM publishes it."""
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
