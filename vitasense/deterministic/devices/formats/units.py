"""Units of device files as UCUM codes, and values in the unit that the catalogue keeps."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import cast

import yaml

from vitasense.deterministic.devices.formats.limits import LONGEST_UNIT, quoted
from vitasense.deterministic.devices.formats.metrics import BLOOD_GLUCOSE, SENSOR_GLUCOSE, metric_of
from vitasense.deterministic.devices.formats.numerals import finite
from vitasense.deterministic.devices.formats.parsed import Measured
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import DeviceMetric
from vitasense.deterministic.units import canonical_unit, comparable, convert, is_valid

ANALYTE = {BLOOD_GLUCOSE: "glucose", SENSOR_GLUCOSE: "glucose"}  # the keys of units' rules/analytes.yaml


def normalised(measured: Measured) -> Measured:
    """The same measurement with the catalogue's code and in the catalogue's unit; moles by what is measured.

    Raises InvalidInput with the reason: a measure that is not taken, a unit that is unknown or of another quantity,
    a value that is not finite.
    """
    metric = metric_of(measured.metric)
    finite(measured.value)
    if measured.unit == metric.unit and measured.metric == metric.code:
        return measured
    unit = unit_code(measured.unit, measured.metric)
    value = (
        measured.value if unit == metric.unit else convert(measured.value, unit, metric.unit, ANALYTE.get(metric.code))
    )
    return replace(measured, metric=metric.code, value=value, unit=metric.unit)


def unit_code(word: str, metric: str) -> str:
    """The UCUM code that `word` is for this metric ("count/min" of a pulse is "/min", "C" of a temperature is "Cel").

    Raises InvalidInput when it is unknown or measures something else.
    """
    if len(word) > LONGEST_UNIT:
        raise InvalidInput(f"The unit {quoted(word)} is not known.")
    return _unit_code(word, metric)


@lru_cache(maxsize=4096)
def _unit_code(word: str, metric: str) -> str:
    kept = metric_of(metric)
    if why := _words("doubtful").get(word.strip()):
        raise InvalidInput(why)
    known = [code for code in _readings(word.strip(), kept) if code and is_valid(code)]
    for code in known:
        if code == kept.unit or comparable(code, kept.unit, ANALYTE.get(kept.code)):
            return code
    if not word.strip():
        raise InvalidInput(f"The unit is missing: {kept.name} is kept in {kept.unit}.")
    if known:
        raise InvalidInput(f"{quoted(word)} is no unit for {kept.name}, which is kept in {kept.unit}.")
    raise InvalidInput(f"The unit {quoted(word)} is not known.")


def _readings(word: str, metric: DeviceMetric) -> list[str | None]:
    """What the word may mean, the surest first: a UCUM code, a word of devices, a word of people, a bare count."""
    counts = _words("counted").get(metric.code) if word in _words("counts") else None
    return [word, _words("words").get(word), canonical_unit(word), counts]


def _words(part: str) -> Mapping[str, str]:
    return _book()[part]


@cache
def _book() -> Mapping[str, Mapping[str, str]]:
    text = files("vitasense.deterministic.devices").joinpath("rules/units.yaml").read_text(encoding="utf-8")
    return cast("Mapping[str, Mapping[str, str]]", yaml.load(text, Loader=yaml.CSafeLoader))
