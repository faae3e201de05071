"""Where the classes of a guideline begin and end on the scale of one metric, for one person: what a chart can show."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

from vitasense.deterministic.platform.findings import Urgency
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.assessment import Measured, assess
from vitasense.deterministic.tracking.thresholds import Class, Origin, Part, Threshold, entries_of
from vitasense.deterministic.units import convert

NO_LIMIT = "there is no published limit for this measurement here"
SEVERAL = "at this age the months decide, and only the years are known"


@dataclass(frozen=True, slots=True)
class Band:
    """One class from `low` to `high` in the unit asked for; None leaves an end open."""

    label: str
    low: float | None
    high: float | None
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class Bands:
    """The classes by rising value. None of them, with the `reason`, where the guideline says nothing of this person.

    `note` says what was taken for granted.
    """

    items: tuple[Band, ...] = ()
    reason: str | None = None
    note: str | None = None


@lru_cache(maxsize=1024)
def bands_of(
    metric: str,
    unit: str,
    *,
    age_years: float | None,
    pregnant: bool | None = None,
    sex: str | None = None,
    origin: Origin = "any",
) -> Bands:
    """The classes of one LOINC metric in `unit` (UCUM), as `assess` would find them for this person.

    Of a measurement with several parts (blood pressure) they are those of this part while the others are as they should
    be: what the other part alone decides is not in them.
    """
    entries = [each for each in entries_of(metric) if each.origin in ("any", origin)]
    if not entries:
        return Bands(reason=NO_LIMIT)
    chosen = _for_person(entries, age_years, pregnant)
    probe = assess(_probe(entries[0]), age_years=age_years, pregnant=pregnant, sex=sex, origin=origin)
    if not chosen or probe is None:
        return Bands(reason=probe.reason if probe else NO_LIMIT)
    if len(chosen) > 1:
        return Bands(reason=SEVERAL)
    try:
        part = chosen[0].parts[chosen[0].part_of(metric)]
        found = tuple(_in_unit(each, part, unit) for each in _bands(chosen[0], metric))
    except InvalidInput as problem:
        return Bands(reason=problem.detail)
    note = f"taken for granted: {probe.assumption}" if probe.assumption else None
    return Bands(found, note=note) if found else Bands(reason=chosen[0].otherwise or NO_LIMIT)


def _for_person(entries: Sequence[Threshold], age: float | None, pregnant: bool | None) -> list[Threshold]:
    if pregnant:
        return [each for each in entries if each.group == "pregnancy"]
    if age is None:
        return []
    until = age + 1 if isinstance(age, int) else math.nextafter(age, math.inf)
    return [each for each in entries if each.group != "pregnancy" and each.takes(age, until)]


def _probe(entry: Threshold) -> Mapping[str, Measured]:
    """Some value of each part: only whether an answer is possible at all is asked with it."""
    return {part.codes[0]: Measured(_places(entry, name)[0], part.unit) for name, part in entry.parts.items()}


def _bands(entry: Threshold, metric: str) -> Iterator[Band]:
    part = entry.part_of(metric)
    others = _calm(entry, part)
    cuts = _cuts(entry, part)
    found = [_class(entry, {**others, part: place}) for place in _between(cuts)]
    ends = [None, *cuts, None]
    low = ends[0]
    for place, (each, following) in enumerate(pairwise([*found, None])):
        last = place == len(found) - 1
        if not last and following is each:
            continue
        if each is not None:
            yield Band(each.label, low, ends[place + 1], each.urgency)
        low = ends[place + 1]


def _calm(entry: Threshold, part: str) -> Mapping[str, float]:
    """Values of the other parts that no class but the last holds, whatever this part is."""
    names = [name for name in entry.parts if name != part]
    own = _places(entry, part)
    ways = [dict(zip(names, values, strict=True)) for values in product(*(_places(entry, name) for name in names))]
    return max(ways, key=lambda way: max(_rank(entry, {**way, part: value}) for value in own))


def _rank(entry: Threshold, values: Mapping[str, float]) -> int:
    found = _class(entry, values)
    return len(entry.classes) if found is None else entry.classes.index(found)


def _class(entry: Threshold, values: Mapping[str, float]) -> Class | None:
    return next((each for each in entry.classes if each.holds(values)), None)


def _cuts(entry: Threshold, part: str) -> list[float]:
    conditions = [each for one in entry.classes for each in (*one.any, *one.all) if each.of == part]
    limits = {limit for each in conditions for limit in (each.min, each.max, each.above, each.below)}
    return sorted(limit for limit in limits if limit is not None)


def _between(cuts: Sequence[float]) -> list[float]:
    """A value below the first cut, one between each two, and one above the last."""
    if not cuts:
        return [0.0]
    return [cuts[0] - 1, *((low + high) / 2 for low, high in pairwise(cuts)), cuts[-1] + 1]


def _places(entry: Threshold, part: str) -> list[float]:
    return _between(_cuts(entry, part))


def _in_unit(band: Band, part: Part, unit: str) -> Band:
    low, high = (
        None if end is None else end if part.unit == unit else convert(end, part.unit, unit, part.analyte)
        for end in (band.low, band.high)
    )
    return Band(band.label, low, high, band.urgency)
