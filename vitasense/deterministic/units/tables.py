"""The tables of spellings, analytes and UCUM atoms, each read once, when it is first needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

import yaml

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units.schemas import Analyte, Spelling


@cache
def _document(name: str) -> Mapping[str, object]:
    text = files("vitasense.deterministic.units").joinpath(f"rules/{name}.yaml").read_text(encoding="utf-8")
    return cast("Mapping[str, object]", yaml.load(text, Loader=yaml.CSafeLoader))


@cache
def _spellings() -> tuple[Spelling, ...]:
    rows = cast("list[dict[str, object]]", _document("units")["entries"])
    return tuple(Spelling.model_validate(row) for row in rows)


@cache
def codes() -> Mapping[str, Spelling]:
    """Every spelling of a code (case matters) → its unit."""
    return {code: unit for unit in _spellings() for code in (unit.code, *unit.codes)}


@cache
def words() -> Mapping[str, Spelling]:
    """Every spelling in lower case → its unit; the word lists win over lower-cased codes."""
    table = {unit.code.lower(): unit for unit in reversed(_spellings())}
    return table | {word.lower(): unit for unit in _spellings() for word in (*unit.words, unit.display) if word}


@cache
def counted() -> frozenset[str]:
    """Annotations, in lower case, that only name what is counted."""
    return frozenset(cast("list[str]", _document("units")["counted"]))


@cache
def indexed() -> tuple[str, ...]:
    """What annotations contain, in lower case, that divide by body surface."""
    return tuple(cast("list[str]", _document("units")["indexed"]))


@cache
def _analytes() -> Mapping[str, Analyte]:
    rows = [Analyte.model_validate(row) for row in cast("list[dict[str, object]]", _document("analytes")["entries"])]
    return {name: row for row in rows for name in (row.key, *row.names, *row.loinc)}


def analyte(name: str) -> Analyte:
    """The analyte of a name ("glucose", "LDL") or LOINC code. Raises InvalidInput when it is not in the table."""
    found = _analytes().get(" ".join(name.lower().split()))
    if found is None:
        raise InvalidInput(f"No conversion is known for the analyte {name[:40]!r}.")
    return found


@dataclass(frozen=True, slots=True)
class Atoms:
    """UCUM's terminal symbols. `defined`: atom → "value unit"; `special`: atom → "function value unit".

    `free` has no definition: the base units and the arbitrary units. Only atoms in `metric` take a prefix.
    """

    prefixes: Mapping[str, str]
    free: frozenset[str]
    defined: Mapping[str, str]
    special: Mapping[str, str]
    metric: frozenset[str]


@cache
def atoms() -> Atoms:
    """The atoms and prefixes of UCUM 2.2, from rules/ucum.yaml."""
    table = cast("Mapping[str, Mapping[str, str]]", _document("ucum"))
    return Atoms(
        prefixes=table["prefixes"],
        free=frozenset((*table["base"], *table["arbitrary_metric"], *table["arbitrary"])),
        defined={**table["metric"], **table["customary"]},
        special={**table["special_metric"], **table["special"]},
        metric=frozenset((*table["base"], *table["metric"], *table["special_metric"], *table["arbitrary_metric"])),
    )
