"""Rollups of rollups: several windows as one, and devices merged where only their rollups are left."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from uuid import UUID

from vitasense.deterministic.tracking.catalogue import Kind
from vitasense.deterministic.tracking.merging import LOW_QUALITY
from vitasense.deterministic.tracking.rollups_repository import Rollup
from vitasense.deterministic.tracking.streams_repository import MERGED


def joined(rows: Sequence[Rollup], *, starts: datetime, ends: datetime) -> Rollup:
    """The rows as one window of theirs. Exact but for `middle`, which is the middle of their middles, each counted n times."""
    last = max(rows, key=lambda row: row.last_at)
    n = sum(row.n for row in rows)
    return replace(
        last,
        starts=starts,
        ends=ends,
        n=n,
        total=sum(row.total for row in rows),
        total_squares=sum(row.total_squares for row in rows),
        least=min(row.least for row in rows),
        most=max(row.most for row in rows),
        middle=_middle(rows, n),
        quality=min(sum(row.quality * row.n for row in rows) / n, 1.0),
        closed=all(row.closed for row in rows),
    )


def merged_rollups(
    days: Sequence[Rollup], hours: Sequence[Rollup], order: Sequence[UUID], kind: Kind
) -> Iterator[Rollup]:
    """The devices' rows of each day and its hours as rows of all merged, by the rules of merging.merge for whole hours.

    Of one hour one device counts: for a moment's numbers the one of the best quality, else the first in order. Durations
    are one device's for the whole day.
    """
    ranks = {device: rank for rank, device in enumerate(dict.fromkeys([*order, *sorted({d.device_id for d in days})]))}
    for (starts, ends), group in groupby(days, key=lambda row: (row.starts, row.ends)):
        of_day = list(group)
        inside = [row for row in hours if starts <= row.starts < ends]
        if kind == "duration":
            chosen = _first(of_day, ranks, kind).device_id
            kept = [row for row in inside if row.device_id == chosen]
        else:
            kept = [_first(list(each), ranks, kind) for _, each in groupby(inside, key=lambda row: row.starts)]
        devices = {row.device_id for row in kept}
        whole = [row for row in of_day if {row.device_id} == devices]
        day = whole[0] if whole else replace(joined(kept, starts=starts, ends=ends), span="day")
        yield from (replace(row, device_id=MERGED) for row in (day, *kept))


def _first(rows: Sequence[Rollup], ranks: Mapping[UUID, int], kind: Kind) -> Rollup:
    if kind == "instant":
        return min(rows, key=lambda row: (-row.quality, ranks[row.device_id]))
    return min(rows, key=lambda row: (row.quality < LOW_QUALITY, ranks[row.device_id]))


def _middle(rows: Sequence[Rollup], n: int) -> float:
    passed = 0
    for row in sorted(rows, key=lambda row: row.middle):
        passed += row.n
        if passed * 2 >= n:
            return row.middle
    raise AssertionError("n is the sum of all")
