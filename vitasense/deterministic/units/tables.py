"""The unit and analyte tables, read once."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import cast

import yaml

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units.schemas import Analyte, Unit

Row = dict[str, object]


def _rows(name: str) -> list[Row]:
    text = files("vitasense.deterministic.units").joinpath(f"rules/{name}.yaml").read_text(encoding="utf-8")
    return cast("list[Row]", yaml.load(text, Loader=yaml.CSafeLoader)["entries"])


@cache
def _units() -> tuple[Unit, ...]:
    return tuple(Unit.model_validate(_with_fractions(row)) for row in _rows("units"))


def _with_fractions(row: Row) -> Row:
    # Fraction divides; "1/0.133322" has a decimal denominator, which Fraction("...") refuses.
    return row | {name: _fraction(str(row[name])) for name in ("factor", "offset") if name in row}


def _fraction(text: str) -> Fraction:
    above, _, below = text.partition("/")
    return Fraction(above) / Fraction(below or "1")


@cache
def codes() -> Mapping[str, Unit]:
    """Every UCUM spelling (case matters) → its unit."""
    return {code: unit for unit in _units() for code in (unit.code, *unit.codes)}


@cache
def words() -> Mapping[str, Unit]:
    """Every spelling in lower case → its unit; the word lists win over lower-cased codes."""
    table = {unit.code.lower(): unit for unit in reversed(_units())}
    return table | {word.lower(): unit for unit in _units() for word in (*unit.words, unit.display) if word}


def unit(text: str) -> Unit:
    """The unit of a UCUM code or of another spelling. Raises InvalidInput when it is not in the table."""
    found = codes().get(text) or words().get(text.strip().lower())
    if found is None:
        raise InvalidInput(f"The unit {text[:40]!r} is not known.")
    return found


@cache
def _analytes() -> Mapping[str, Analyte]:
    rows = [Analyte.model_validate(row) for row in _rows("analytes")]
    return {name: row for row in rows for name in (row.key, *row.loinc)}


def analyte(name: str) -> Analyte:
    """The analyte of a key ("glucose") or LOINC code. Raises InvalidInput when it is not in the table."""
    found = _analytes().get(name) or _analytes().get(name.strip().lower())
    if found is None:
        raise InvalidInput(f"No conversion is known for the analyte {name[:40]!r}.")
    return found
