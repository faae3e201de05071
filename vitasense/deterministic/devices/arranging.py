"""From rows to columns: one block for each device and metric in the catalogue's unit, and what cannot be taken.

The rows of a block are looked at together. Only a row that one of these looks objects to is looked at alone, for its
reason. A unit is converted once for each different value, so that every number is the one that `convert` gives.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from vitasense.deterministic.devices.formats.limits import kept
from vitasense.deterministic.devices.formats.metrics import metric_of
from vitasense.deterministic.devices.formats.parsed import BadRow, Measured, Parsed, SourceDevice, Workout
from vitasense.deterministic.devices.formats.units import ANALYTE, normalised, unit_code
from vitasense.deterministic.devices.quality import bits
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import LONGEST_INTERVAL, NO_END, DeviceMetric, Flag, SampleBlock, microseconds
from vitasense.deterministic.units import convert

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)  # what lies further in the future is no measurement; up to there it is a clock that is off
SELF_REPORTED = bits([Flag.SELF_REPORTED])
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Moments = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Arranged:
    """`blocks` in the order in which their streams first came, `workouts`, `bad` rows, and the `sources` of them all."""

    blocks: Sequence[SampleBlock]
    workouts: Sequence[Workout]
    bad: Sequence[BadRow]
    sources: Mapping[SourceDevice, UUID]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of one device that name the metric and the unit alike, and where each stood."""

    places: list[int] = field(default_factory=list[int])
    rows: list[Measured] = field(default_factory=list[Measured])


@dataclass(frozen=True, slots=True)
class _Columns:
    """The numbers of rows: times in microseconds, values in the metric's unit."""

    metric: DeviceMetric
    at: Moments
    until: Moments | None
    value: Floats


_Key = tuple[UUID, str, str]


def arranged(rows: Sequence[Parsed], id_of: Callable[[SourceDevice], UUID], now: datetime) -> Arranged:
    """The rows as columns; of one device and metric they keep their order."""
    sources: dict[SourceDevice, UUID] = {}
    bad = [each for each in rows if isinstance(each, BadRow)]
    workouts = [each for each in rows if isinstance(each, Workout)]
    streams: dict[tuple[UUID, str], list[tuple[list[int], SampleBlock]]] = {}
    for (device_id, _, _), same in _grouped(rows, sources, id_of).items():
        good, columns, reasons = _sifted(same, now)
        bad += reasons
        if columns is not None:
            block = _block(good.rows, columns, device_id)
            streams.setdefault((device_id, block.metric), []).append((good.places, block))
    for each in workouts:
        sources.setdefault(each.device, id_of(each.device))
    return Arranged([_joined(parts) for parts in streams.values()], workouts, bad, sources)


def _grouped(
    rows: Sequence[Parsed], sources: dict[SourceDevice, UUID], id_of: Callable[[SourceDevice], UUID]
) -> dict[_Key, _Rows]:
    """By device, metric and unit. Most rows share the object that names their device, so it is looked up by that."""
    known: dict[int, UUID] = {}
    found: defaultdict[_Key, _Rows] = defaultdict(_Rows)
    for place, row in enumerate(rows):
        if not isinstance(row, Measured):
            continue
        device_id = known.get(id(row.device))
        if device_id is None:
            device_id = sources.get(row.device) or sources.setdefault(row.device, id_of(row.device))
            known[id(row.device)] = device_id
        same = found[device_id, row.metric, row.unit]
        same.places.append(place)
        same.rows.append(row)
    return found


def _sifted(same: _Rows, now: datetime) -> tuple[_Rows, _Columns | None, list[BadRow]]:
    """The rows that can be taken with their columns, and why the others cannot."""
    columns = _columns(same.rows)
    suspects = None if columns is None else _suspects(same.rows, columns, now)
    if suspects is not None and not suspects.any():
        return same, columns, []
    good, bad = _Rows(), list[BadRow]()
    looks = [True] * len(same.rows) if suspects is None else suspects.tolist()
    for place, row, suspect in zip(same.places, same.rows, looks, strict=True):
        reason = _objection(row, now) if suspect else None
        if reason is None:
            good.places.append(place)
            good.rows.append(row)
        else:
            bad.append(BadRow(row.place, reason, _words(row)))
    return good, _columns(good.rows) if good.rows else None, bad


def _columns(rows: Sequence[Measured]) -> _Columns | None:
    """None when one of the rows has to be taken out before: an unknown unit, a time without its zone."""
    try:
        metric, unit = _unit_of(rows[0])
        at = np.array([(row.at - EPOCH) // MICROSECOND for row in rows], np.int64)
        until = _ends([row.until for row in rows])
    except (InvalidInput, TypeError):
        return None
    return _Columns(metric, at, until, _converted(np.array([row.value for row in rows], np.float64), unit, metric))


def _ends(ends: Sequence[datetime | None]) -> Moments | None:
    if not any(ends):
        return None
    return np.array([NO_END if end is None else (end - EPOCH) // MICROSECOND for end in ends], np.int64)


def _unit_of(row: Measured) -> tuple[DeviceMetric, str]:
    """The metric, and the UCUM code of the unit that the row is in. Raises InvalidInput."""
    metric = metric_of(row.metric)
    return metric, row.unit if row.unit == metric.unit else unit_code(row.unit, row.metric)


def _converted(values: Floats, unit: str, metric: DeviceMetric) -> Floats:
    """NaN for what does not convert."""
    if unit == metric.unit:
        return values
    different, which = np.unique(values, return_inverse=True)
    return np.array([_convert(value, unit, metric) for value in different.tolist()])[which]


def _convert(value: float, unit: str, metric: DeviceMetric) -> float:
    try:
        return convert(value, unit, metric.unit, ANALYTE.get(metric.code))
    except InvalidInput:
        return math.nan


def _suspects(rows: Sequence[Measured], columns: _Columns, now: datetime) -> Bools:
    """Which rows have to be looked at alone: never too few."""
    at, until = columns.at, columns.until
    off = ~np.isfinite(columns.value) | (at > microseconds(now + AHEAD)) | (at < microseconds(EARLIEST))
    if until is not None:
        lasting = np.where(until == NO_END, 0, until - at)
        off |= (lasting < 0) | (lasting > LONGEST_INTERVAL // MICROSECOND)
    return off | np.array([row.note is not None and "\0" in row.note for row in rows])


def _objection(row: Measured, now: datetime) -> str | None:
    """Why the row cannot be taken, in words."""
    try:
        normalised(row)
    except InvalidInput as problem:
        return problem.detail
    if row.at.tzinfo is None or (row.until is not None and row.until.tzinfo is None):
        return "Its time has no zone: it could be any of 24 hours."
    if row.at - now > AHEAD:
        return "Its time is in the future: set the device's clock, then send it again with the right time."
    if row.at < EARLIEST:
        return "Its time is before 1900."
    if row.until is not None and row.until < row.at:
        return "It ends before it begins."
    if row.until is not None and row.until - row.at > LONGEST_INTERVAL:
        return "It lasts longer than 48 hours, which no day has room for."
    return "Its note holds a character that is no text." if row.note and "\0" in row.note else None


def _words(row: Measured) -> str:
    """A row that another reader can take again once it is mended."""
    ends = row.until.isoformat() if row.until else ""
    return kept(f"{row.at.isoformat()},{row.metric},{row.value},{row.unit},{ends}")


def _block(rows: Sequence[Measured], columns: _Columns, device_id: UUID) -> SampleBlock:
    reported, notes = [row.self_reported for row in rows], [row.note for row in rows]
    return SampleBlock(
        metric=columns.metric.code,
        device_id=device_id,
        at=columns.at,
        value=columns.value,
        until=columns.until,
        flags=np.where(reported, SELF_REPORTED, 0).astype(np.int32) if any(reported) else None,
        notes=notes if any(notes) else None,
    )


def _joined(parts: Sequence[tuple[list[int], SampleBlock]]) -> SampleBlock:
    """Parts that were written in several units as one block, in the order in which the rows came."""
    if len(parts) == 1:
        return parts[0][1]
    order = np.argsort(np.concatenate([np.array(stood) for stood, _ in parts]))
    blocks = [block for _, block in parts]
    notes = [note for block in blocks for note in _notes(block)]
    places: list[int] = order.tolist()
    return SampleBlock(
        metric=blocks[0].metric,
        device_id=blocks[0].device_id,
        at=np.concatenate([block.at for block in blocks])[order],
        value=np.concatenate([block.value for block in blocks])[order],
        until=np.concatenate([_or(block.until, block, NO_END) for block in blocks])[order],
        flags=np.concatenate([_or(block.flags, block, 0) for block in blocks]).astype(np.int32)[order],
        notes=[notes[place] for place in places] if any(notes) else None,
    )


def _or(column: NDArray[Any] | None, block: SampleBlock, value: int) -> NDArray[Any]:
    return np.full(block.at.size, value, np.int64) if column is None else column


def _notes(block: SampleBlock) -> Sequence[str | None]:
    return [None] * block.at.size if block.notes is None else block.notes
