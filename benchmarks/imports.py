"""Import of FHIR bundles through every check, beside COPY of the very rows that it wrote."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import psycopg
from psycopg import sql

from benchmarks.figures import Figure
from benchmarks.place import DEMO, Place, demo_bundle, own_access, somebody
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import system_clock
from vitasense.deterministic.records import import_bundle

DATA = Path(os.environ.get("VITASENSE_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
BUNDLES = "01_fhir_records/fhir_r4_bundles"
TABLES = ("phi.resource", "phi.resource_version", "phi.sample")
ENGINE = "COPY of the rows it wrote"

Bundle = dict[str, object]


@dataclass(slots=True)
class _Rate:
    """Resources and the seconds they took."""

    resources: int = 0
    seconds: float = 0.0

    def per_second(self) -> float:
        return self.resources / self.seconds


async def measure(place: Place, *, quick: bool) -> list[Figure]:
    """Resources per second the first time and again unchanged; public bundles too where they are."""
    rounds = 3 if quick else 15
    figures = await _set("demo bundles", [demo_bundle(name) for name in DEMO], place, rounds)
    if public := sorted((DATA / BUNDLES).glob("*.json")):
        bundles = [json.loads(file.read_bytes()) for file in public]
        figures += await _set("public bundles", bundles, place, max(1, rounds // 3))
    return figures


async def _set(name: str, bundles: Sequence[Bundle], place: Place, rounds: int) -> list[Figure]:
    new, again, copied = _Rate(), _Rate(), _Rate()
    await _both(place, bundles[0], _Rate(), _Rate())  # rule files are read and statements are prepared
    for _ in range(rounds):
        for bundle in bundles:
            person = await _both(place, bundle, new, again)
            _copy(place, person, copied)
    return [
        Figure(f"import of {name}", new.per_second(), "resources/s", copied.per_second(), ENGINE),
        Figure(f"import of {name} again", again.per_second(), "resources/s", copied.per_second(), ENGINE),
    ]


async def _both(place: Place, bundle: Bundle, new: _Rate, again: _Rate) -> Principal:
    """Import into the record of somebody new, twice."""
    person = somebody()
    for rate in (new, again):
        began = perf_counter()
        async with place.database.transaction(own_access(person)) as tx:
            report = await import_bundle(tx, person.account_id, bundle, now=system_clock())
        rate.seconds += perf_counter() - began
        rate.resources += report.imported + report.updated + report.unchanged
    return person


def _copy(place: Place, person: Principal, rate: _Rate) -> None:
    """The person's rows once more into tables with the same columns and keys, without policies and triggers."""
    with psycopg.connect(place.dsn) as connection:
        for table in TABLES:
            source, target = sql.SQL(table), sql.Identifier("copied_" + table.replace(".", "_"))  # pyright: ignore[reportArgumentType]
            connection.execute(sql.SQL("create table if not exists {} (like {} including all)").format(target, source))
            connection.commit()
            rows = _binary(connection, source, person)
            began = perf_counter()
            with connection.cursor() as cursor:
                with cursor.copy(sql.SQL("copy {} from stdin (format binary)").format(target)) as copy:
                    copy.write(rows)
            connection.commit()
            rate.seconds += perf_counter() - began
        counted = connection.execute("select count(*) from phi.resource where patient_id = %s", [person.account_id])
        rate.resources += (counted.fetchone() or (0,))[0]


def _binary(connection: psycopg.Connection, source: sql.SQL, person: Principal) -> bytes:
    rows = sql.SQL("copy (select * from {} where patient_id = {}) to stdout (format binary)")
    with connection.cursor() as cursor:
        with cursor.copy(rows.format(source, sql.Literal(person.account_id))) as copy:
            return b"".join(copy)
