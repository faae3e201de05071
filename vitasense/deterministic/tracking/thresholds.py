"""The guideline thresholds of rules/thresholds.yaml, children.yaml and pregnancy.yaml, read once."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, cast

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.platform.findings import Evidence, Urgency

Group = Literal["adult", "child", "pregnancy"]
Origin = Literal["any", "device"]
BOOKS = ("thresholds", "children", "pregnancy")
MONTHS_BELOW = 2  # ages under this many years are told in months
LIMITS = ("min", "max", "above", "below")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(_Frozen):
    """One part compared with one or two numbers."""

    of: str
    min: float | None = None
    max: float | None = None
    above: float | None = None
    below: float | None = None

    def holds(self, values: Mapping[str, float]) -> bool | None:
        """Whether it holds; None when the part is not among the values."""
        value = values.get(self.of)
        if value is None:
            return None
        return not (
            (self.min is not None and value < self.min)
            or (self.max is not None and value > self.max)
            or (self.above is not None and value <= self.above)
            or (self.below is not None and value >= self.below)
        )


class Class(_Frozen):
    """One answer: its words, its urgency, what to do where that is special, and when it holds."""

    key: str
    label: str
    urgency: Urgency
    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()
    source: str | None = None
    advice: str | None = None

    def holds(self, values: Mapping[str, float]) -> bool | None:
        """Three-valued: None when a missing part decides."""
        given = [condition.holds(values) for condition in self.any or self.all]
        decides = bool(self.any)
        if decides in given:
            return decides
        return None if None in given else not decides


class Part(_Frozen):
    """One value of a threshold: the LOINC codes that mean it and the UCUM unit it is compared in.

    `analyte` is the LOINC code whose molar mass converts between mass and moles, where that is needed.
    """

    codes: tuple[str, ...]
    unit: str
    analyte: str | None = None


class Threshold(_Frozen):
    """One measurement of one group of people with its classes, most pressing first.

    Ages are in years, `from_age` included, `below_age` not. `otherwise` is why nothing is said of a value that no
    class holds; None where the classes cover every value.
    """

    key: str
    name: str
    book: str
    group: Group = "adult"
    from_age: float = 0
    below_age: float | None = None
    origin: Origin = "any"
    parts: Mapping[str, Part]
    classes: tuple[Class, ...]
    otherwise: str | None = None
    source: str
    version: str

    @property
    def people(self) -> str:
        """For whom it is, as in "the thresholds for adults"."""
        if self.group == "pregnancy":
            return "pregnancy"
        if self.group == "adult" or self.below_age is None:
            return "adults"
        return f"children from {age_words(self.from_age)} to under {age_words(self.below_age)}"

    def codes(self) -> frozenset[str]:
        """Every LOINC code that it takes."""
        return frozenset(code for part in self.parts.values() for code in part.codes)

    def part_of(self, code: str) -> str:
        """The name of the part that a LOINC code of `codes` means."""
        return next(name for name, part in self.parts.items() if code in part.codes)

    def takes(self, from_age: float, below_age: float) -> bool:
        """Whether some age between the two is in its range."""
        return below_age > self.from_age and (self.below_age is None or from_age < self.below_age)

    def evidence(self, found: Class | None = None) -> Evidence:
        """The entry as evidence, with the source of the class that was found."""
        source = (found.source if found else None) or self.source
        label = f"Adult {self.name}" if self.group == "adult" else f"{self.name.capitalize()}, {self.people}"
        ref = f"tracking/{self.book}#{self.key}"
        return Evidence(kind="knowledge", ref=ref, version=self.version, label=label, source=source)


@cache
def thresholds() -> tuple[Threshold, ...]:
    """Every entry of the three files; a table is one entry for each of its rows."""
    return tuple(entry for book in BOOKS for entry in _book(book))


@cache
def entries_of(code: str) -> tuple[Threshold, ...]:
    """The entries that take a LOINC code, adults' first."""
    return tuple(entry for entry in thresholds() if code in entry.codes())


def _book(name: str) -> list[Threshold]:
    text = files("vitasense.deterministic.tracking").joinpath(f"rules/{name}.yaml").read_text(encoding="utf-8")
    book = cast("dict[str, object]", yaml.load(text, Loader=yaml.CSafeLoader))
    entries = cast("list[dict[str, object]]", book.pop("entries"))
    return [Threshold.model_validate({"book": name} | book | row) for entry in entries for row in _rows(entry)]


def _rows(entry: dict[str, object]) -> list[dict[str, object]]:
    columns = cast("Sequence[str]", entry.get("columns", ()))
    rows = cast("Sequence[Sequence[float]]", entry.get("rows", ()))
    plain = {key: value for key, value in entry.items() if key not in ("columns", "rows")}
    if not rows:
        return [plain]
    return [
        plain
        | {"from_age": row[0], "below_age": row[1]}
        | {"classes": _filled(plain["classes"], dict(zip(columns, row[2:], strict=True)))}
        for row in rows
    ]


def _filled(classes: object, numbers: Mapping[str, float]) -> list[dict[str, object]]:
    """The classes with the names of columns replaced by the row's numbers."""

    def condition(each: Mapping[str, object]) -> dict[str, object]:
        return {k: numbers[str(v)] if k in LIMITS and isinstance(v, str) else v for k, v in each.items()}

    def filled(each: Mapping[str, object]) -> dict[str, object]:
        conditions = {
            how: [condition(one) for one in cast("list[Mapping[str, object]]", each[how])]
            for how in ("any", "all")
            if how in each
        }
        return dict(each) | conditions

    return [filled(each) for each in cast("list[Mapping[str, object]]", classes)]


def age_words(years: float) -> str:
    """An age as it is said: "1 week", "18 months", "13 years"."""
    if 0 < years < MONTHS_BELOW and years != 1:
        return f"{round(years * 12)} months" if years * 12 >= 1 else "1 week"
    return f"{years:g} year" if years == 1 else f"{years:g} years"
