"""Chunks of a delivery: rows are read and put into columns in a thread while the chunk before is stored."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from vitasense.deterministic.devices.arranging import Arranged, arranged
from vitasense.deterministic.devices.formats.parsed import BadRow, Parsed, SourceDevice
from vitasense.deterministic.platform.clock import Clock
from vitasense.deterministic.platform.problems import InvalidInput


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows that are stored in one transaction; `last` says that no more follow."""

    rows: Arranged
    first: bool
    last: bool


async def chunks(
    rows: Iterable[Parsed], size: int, id_of: Callable[[SourceDevice], UUID], clock: Clock
) -> AsyncGenerator[Chunk]:
    """The delivery chunk by chunk, each of `size` rows but the last; at least one, which may be empty.

    Raises InvalidInput when the rows break off before the first one; when they do later, that is the last row. Whatever
    else the rows raise is raised when the chunks before it are done.
    """
    iterator = iter(rows)

    def read(*, first: bool) -> Chunk:
        return _next(iterator, size, id_of, clock(), first=first)

    chunk = await asyncio.to_thread(read, first=True)
    while not chunk.last:
        following = asyncio.create_task(asyncio.to_thread(read, first=False))
        try:
            yield chunk
        except BaseException:
            with suppress(Exception):  # the rows are the caller's: they are let go of before it hears of the failure
                await following
            raise
        chunk = await following
    yield chunk


def _next(
    rows: Iterator[Parsed], most: int, id_of: Callable[[SourceDevice], UUID], now: datetime, *, first: bool
) -> Chunk:
    """The next rows. A file that breaks off after its first rows has given those."""
    read: list[Parsed] = []
    broken = False
    try:
        read.extend(islice(rows, most))
    except InvalidInput as problem:
        if first and not read:
            raise
        broken = True
        read.append(BadRow("the rest of the file", problem.detail))
    return Chunk(arranged(read, id_of, now), first, broken or len(read) < most)
