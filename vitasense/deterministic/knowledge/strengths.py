"""The strengths in a product's text: amounts with a unit, concentrations, and numbers without one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from vitasense.deterministic.knowledge.writing import writing

MARK = "\x02"
_NUMBER = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
_SECONDARY = frozenset({"mL", "L", "g", "kg", "h", "d", "{actuat}", "{dose}"})


@dataclass(frozen=True, slots=True)
class Strength:
    """An `amount` in the UCUM `unit` ("mg", "mg/mL", "[iU]/mL", "%"); the unit is None when none is written."""

    amount: float
    unit: str | None

    @property
    def concentrated(self) -> bool:
        """Whether it is a share of something: by volume, by hour, by puff, or in percent."""
        return self.unit is not None and ("/" in self.unit or self.unit == "%")

    @property
    def secondary(self) -> bool:
        """Whether it may be the size of a pack, a syringe or a tube."""
        return self.unit in _SECONDARY


@dataclass(frozen=True, slots=True)
class Marked:
    """A text in which each strength is a mark. `strengths` has the numbers of each mark: several for "20/12.5 mg"."""

    text: str
    strengths: Sequence[tuple[Strength, ...]]


def marked(text: str) -> Marked:
    """The text with its strengths as marks. A number inside a word or before an unknown unit is none."""
    found: list[tuple[Strength, ...]] = []

    def mark(match: re.Match[str]) -> str:
        found.append(_strengths(match))
        return f" {MARK} "

    return Marked(_pattern().sub(mark, text.replace(MARK, " ")), found)


def _strengths(match: re.Match[str]) -> tuple[Strength, ...]:
    unit = _unit(match["unit"])
    per = _unit(match["per"])
    share = _number(match["amount"]) if match["amount"] else 1.0
    if per and share:
        unit = f"{unit}/{per}"
    numbers = [_number(each) / (share or 1.0) for each in re.findall(_NUMBER, match["numbers"])]
    return tuple(Strength(float(f"{number:.12g}"), unit) for number in numbers)


def _number(text: str) -> float:
    """A number; a comma before three digits parts thousands, any other and that of "0,075" is a decimal mark."""
    thousands = re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", text)
    return float(text.replace(",", "" if thousands else "."))


def _unit(word: str | None) -> str | None:
    return _units()[word.casefold()] if word else None


@cache
def _units() -> Mapping[str, str]:
    return {word.casefold(): code for code, words in writing().units.items() for word in words}


@cache
def _pattern() -> re.Pattern[str]:
    words = {word for each in writing().units.values() for word in each}
    unit = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    numbers = rf"(?P<numbers>(?:{_NUMBER})(?:\s*[/-]\s*(?:{_NUMBER}))*)"
    ratio = rf"(?:\s*/\s*(?P<amount>{_NUMBER})?\s*(?P<per>{unit}))?"
    alone = r"(?![\w%]|[.,]\d|-\w)"
    return re.compile(rf"(?<![\w.,-]){numbers}(?:\s*-?(?P<unit>{unit}){ratio}(?!\w)|{alone})", re.IGNORECASE)
