"""Rows of devices taken in (checked, converted, graded, stored, told and audited), beside a bare idempotent COPY of them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from time import perf_counter
from uuid import UUID

import numpy as np
import psycopg
from psycopg import sql

from benchmarks.figures import Figure
from benchmarks.place import Place, own_access, somebody
from vitasense.deterministic.devices import Delivery, Ingest, Measured, SourceDevice
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id, system_clock

FULL, QUICK = 100_000, 20_000
ROUNDS = 5
WATCH = SourceDevice("A watch", "Maker", "Watch", external_id="watch-1", kind="watch")
SENSOR = SourceDevice("A sensor", "Maker", "Sensor", external_id="sensor-1", kind="cgm")
BARE = "binary COPY of the same rows into a temporary table, then INSERT … ON CONFLICT, as superuser"
BUDGET = ">= 0.5 x"
_COLUMNS = sql.SQL("patient_id, metric, at, device_id, until, category, value, unit, quality, flags, note, recorded_at")
_VALUES = ("until", "category", "value", "unit", "quality", "flags", "note")
_MERGE = sql.SQL(
    "insert into public.benchmark_sample as kept ({names}) select {names} from incoming "
    "on conflict (patient_id, metric, at, device_id) do update set {changes} "
    "where ({old}) is distinct from ({new})"
).format(
    names=_COLUMNS,
    changes=sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in _VALUES),
    old=sql.SQL(", ").join(sql.Identifier("kept", name) for name in _VALUES),
    new=sql.SQL(", ").join(sql.Identifier("excluded", name) for name in _VALUES),
)


async def measure(place: Place, *, quick: bool) -> list[Figure]:
    """Samples of five metrics of two devices: new ones, and the same ones again under another key; by turns with the engine."""
    count, rounds = (QUICK, 2) if quick else (FULL, ROUNDS)
    rows = list(islice(measured(count), count))
    turns: list[tuple[float, ...]] = []
    for _ in range(rounds):
        person = somebody()
        ours = [await _taken(place, person, rows, key) for key in ("first", "second")]
        turns.append((*ours, *_bare(place.dsn, person.account_id)))
    first, again, bare, bare_again = (count * rounds / sum(seconds) for seconds in zip(*turns, strict=True))
    return [
        Figure(f"ingest of {count:,} samples", first, "/s", bare, BARE, BUDGET),
        Figure(f"ingest of {count:,} samples again", again, "/s", bare_again, BARE),
    ]


def measured(count: int) -> Iterator[Measured]:
    """So many rows as a file gives them: by time, heart rate and steps most often, glucose in mmol/L, distance in km."""
    numbers = np.random.default_rng(7)
    begins = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=count // 3 + 60)
    for minute in range(count // 3 + 1):
        at = begins + timedelta(minutes=minute)
        until = at + timedelta(minutes=1)
        yield Measured(WATCH, "8867-4", at, float(numbers.integers(55, 120)), "count/min", place=f"line {minute}")
        yield Measured(WATCH, "55423-8", at, float(numbers.integers(0, 90)), "count", until)
        if minute % 5 < 2:
            yield Measured(SENSOR, "99504-3", at, round(float(numbers.uniform(4.5, 9)), 1), "mmol/L")
            yield Measured(WATCH, "55430-3", at, round(float(numbers.uniform(0, 0.09)), 3), "km", until)
        elif minute % 5 == 2:
            yield Measured(WATCH, "59408-5", at, float(numbers.integers(94, 100)), "%")


async def _taken(place: Place, person: Principal, rows: Sequence[Measured], key: str) -> float:
    ingest = Ingest(place.database, system_clock, new_id)
    began = perf_counter()
    report = await ingest.take(own_access(person), iter(rows), Delivery(key, "file"))
    seconds = perf_counter() - began
    assert report.new + report.unchanged == len(rows), report
    return seconds


def _bare(dsn: str, patient_id: UUID) -> tuple[float, float]:
    """Copy what was stored into a table with the same columns and key, twice, without policies, partitions and triggers."""
    with psycopg.connect(dsn) as connection:
        connection.execute("create table public.benchmark_sample (like phi.device_sample including all)")
        data = _stored(connection, patient_id)
        connection.commit()
        seconds = [_copied(connection, data) for _ in range(2)]
        connection.execute("drop table public.benchmark_sample")
    return seconds[0], seconds[1]


def _stored(connection: psycopg.Connection, patient_id: UUID) -> bytes:
    statement = sql.SQL("copy (select {} from phi.device_sample where patient_id = {}) to stdout (format binary)")
    with connection.cursor() as cursor, cursor.copy(statement.format(_COLUMNS, sql.Literal(patient_id))) as copy:
        return b"".join(copy)


def _copied(connection: psycopg.Connection, data: bytes) -> float:
    began = perf_counter()
    connection.execute("create temp table incoming (like phi.device_sample) on commit drop")
    statement = sql.SQL("copy incoming ({}) from stdin (format binary)").format(_COLUMNS)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(data)
    connection.execute(_MERGE)
    connection.commit()
    return perf_counter() - began
