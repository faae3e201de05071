"""Streams of devices: taken in batches beside the bare idempotent COPY, rolled up, and a year of minutes as a chart."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from struct import pack
from time import perf_counter
from uuid import UUID

import numpy as np
import psycopg
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks.figures import Figure, percentile
from benchmarks.place import Place, own_access, somebody
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.tracking import (
    DeviceSample,
    SampleBlock,
    chart,
    measurements,
    microseconds,
    moment,
    put_columns,
    put_stream,
    roll_up,
)

BATCH = 10_000
MINUTE = 60_000_000
YEAR = 525_600  # minutes
PULSE = "8867-4"
ENGINE = "COPY to a temporary table, INSERT … ON CONFLICT"
COLUMNS = "patient_id, metric, at, device_id, until, category, value, unit, quality, flags, note, recorded_at"

Write = Callable[[int], Awaitable[None]]


async def measure(place: Place, *, quick: bool) -> list[Figure]:
    """Rows per second the first time and again unchanged; then what a day and a year of minutes cost."""
    rounds = 5 if quick else 30
    return [*await _taking(place, rounds), *await _reading(place, quick=quick)]


async def _taking(place: Place, rounds: int) -> list[Figure]:
    person, device = somebody(), new_id()
    ways = {"columns": (put_columns, _block), "samples": (put_stream, _samples)}
    with psycopg.connect(place.dsn) as connection:
        bare = _Bare(connection, person.account_id, device)
        figures: list[Figure] = []
        for name, (put, made) in ways.items():
            start = microseconds(datetime.now(UTC)) - YEAR * MINUTE * (1 if name == "columns" else 2)
            for again in ("", " again"):
                ours = theirs = 0.0
                for number in range(rounds):
                    given = made(device, start + number * BATCH * MINUTE)
                    began = perf_counter()
                    async with place.database.transaction(own_access(person)) as tx:
                        await put(tx, person.account_id, given, now=datetime.now(UTC))  # pyright: ignore[reportArgumentType]
                    ours += perf_counter() - began
                    theirs += bare.put(start + number * BATCH * MINUTE)
                rows = rounds * BATCH
                label = f"device samples taken as {name}{again}"
                figures.append(Figure(label, rows / ours, "rows/s", rows / theirs, ENGINE, "0.5 x or more"))
    return figures


def _block(device: UUID, start: int, count: int = BATCH) -> list[SampleBlock]:
    minutes = np.arange(count)
    return [SampleBlock(PULSE, device, start + minutes * MINUTE, (60 + minutes % 40).astype(np.float64))]


def _samples(device: UUID, start: int) -> list[DeviceSample]:
    return [DeviceSample(PULSE, moment(start + n * MINUTE), 60.0 + n % 40, "/min", device) for n in range(BATCH)]


class _Bare:
    """The engine alone: the same rows, ready in its own format, into a table with the same columns, key and partitions,
    without policies, triggers and checks.
    """

    def __init__(self, connection: psycopg.Connection, patient: UUID, device: UUID) -> None:
        self._connection, self._patient, self._device = connection, patient, device
        connection.execute("create table bare (like phi.device_sample including all) partition by range (at)")
        connection.execute("create table bare_rest partition of bare default")
        connection.commit()

    def put(self, start: int) -> float:
        """Seconds that one batch took."""
        rows = self._rows(start)
        began = perf_counter()
        with self._connection.cursor() as cursor:
            cursor.execute("create temp table given (like bare) on commit drop")
            with cursor.copy(f"copy given ({COLUMNS}) from stdin (format binary)") as copy:  # pyright: ignore[reportArgumentType]
                copy.write(rows)
            cursor.execute(
                f"insert into bare as kept ({COLUMNS}) select {COLUMNS} from given "  # pyright: ignore[reportArgumentType]
                "on conflict (patient_id, metric, at, device_id) do update set value = excluded.value "
                "where kept.value is distinct from excluded.value"
            )
        self._connection.commit()
        return perf_counter() - began

    def _rows(self, start: int) -> bytes:
        since_2000 = start - 946_684_800_000_000
        head, tail = self._fields(self._patient.bytes, PULSE.encode()), self._fields(self._device.bytes)
        rest = self._fields(None, b"vitals")
        end = self._fields(b"/min", pack(">f", 1), pack(">i", 0), None, pack(">q", since_2000))
        rows = (
            pack(">h", 12)
            + head
            + pack(">iq", 8, since_2000 + n * MINUTE)
            + tail
            + rest
            + pack(">id", 8, 60 + n % 40)
            + end
            for n in range(BATCH)
        )
        return b"PGCOPY\n\xff\r\n\0" + pack(">ii", 0, 0) + b"".join(rows) + pack(">h", -1)

    @staticmethod
    def _fields(*values: bytes | None) -> bytes:
        return b"".join(pack(">i", -1) if value is None else pack(">i", len(value)) + value for value in values)


async def _reading(place: Place, *, quick: bool) -> list[Figure]:
    person, device = somebody(), new_id()
    now = datetime.now(UTC)
    start = now - timedelta(minutes=YEAR)
    for first in range(0, YEAR, BATCH):
        block = _block(device, microseconds(start) + first * MINUTE, min(BATCH, YEAR - first))
        async with place.database.transaction(own_access(person)) as tx:
            await put_columns(tx, person.account_id, block, now=now)
    whose, rounds = person.account_id, 5 if quick else 30

    async def whole_year(tx: AsyncSession) -> object:
        return await roll_up(tx, whose, PULSE, start, now)

    async def one_day(tx: AsyncSession) -> object:
        return await roll_up(tx, whose, PULSE, now - timedelta(days=30), now - timedelta(days=30))

    async def by_hours(tx: AsyncSession) -> object:
        return await chart(tx, whose, PULSE, start, now, most=9000)

    async def by_days(tx: AsyncSession) -> object:
        return await chart(tx, whose, PULSE, start, now)

    async def overview(tx: AsyncSession) -> object:
        return await measurements(tx, whose)

    return [
        await _timed(place, person, "roll up a year of minutes", whole_year, 1, ""),
        await _timed(place, person, "roll up a day of minutes", one_day, rounds, "20 ms"),
        await _timed(place, person, "chart of a year of minutes by hours", by_hours, rounds, "100 ms"),
        await _timed(place, person, "chart of a year of minutes by days", by_days, rounds, "100 ms"),
        await _timed(place, person, "what there is, over a year of minutes", overview, rounds, ""),
    ]


async def _timed(
    place: Place,
    person: Principal,
    name: str,
    work: Callable[[AsyncSession], Awaitable[object]],
    rounds: int,
    budget: str,
) -> Figure:
    seconds: list[float] = []
    for _ in range(rounds):
        async with place.database.transaction(own_access(person)) as tx:
            began = perf_counter()
            await work(tx)
            seconds.append(perf_counter() - began)
    return Figure(f"{name} (median)", percentile(seconds, 0.5) * 1000, "ms", budget=budget)
