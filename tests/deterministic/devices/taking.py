"""What the kill test kills: `python -m tests.deterministic.devices.taking ACCOUNT ROWS STOP CHUNK`, address in TAKING_URL.

It takes so many rows and stands still before one of them, until it is killed.
"""

import asyncio
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.people import KEY, access_of
from vitasense.deterministic.devices import Delivery, Ingest, Measured, Parsed, Report, SourceDevice
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import ContextSigner, Database

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
WATCH = SourceDevice("My watch", "Maker", "W1", external_id="w-1", kind="watch")
SENSOR = SourceDevice("My sensor", "Maker", "S1", external_id="s-1", kind="cgm")
PULSE, STEPS, SENSED = "8867-4", "55423-8", "99504-3"
FILE = Delivery("file:1", "file")


def stream(count: int, start: datetime = NOW - timedelta(days=2)) -> Iterator[Measured]:
    """Two devices minute by minute: pulse, steps, and every third time glucose in mmol/L."""
    for number in range(count):
        at = start + timedelta(minutes=number // 3)
        match number % 3:
            case 0:
                yield Measured(WATCH, PULSE, at, 60.0 + number % 17, "count/min", place=f"line {number}")
            case 1:
                yield Measured(WATCH, STEPS, at, float(number % 23), "count", at + timedelta(minutes=1))
            case _:
                yield Measured(SENSOR, SENSED, at, 5.0 + number % 31 / 10, "mmol/L")


async def take(
    database: Database,
    who: Principal,
    rows: Iterable[Parsed],
    delivery: Delivery = FILE,
    *,
    now: datetime = NOW,
    chunk: int = 50_000,
) -> Report:
    """Take rows into the person's own record."""
    return await Ingest(database, lambda: now, new_id, chunk).take(access_of(who), rows, delivery)


def _standing(count: int, stop: int) -> Iterator[Measured]:
    for number, row in enumerate(stream(count)):
        if number == stop:
            print("here", flush=True)
            sys.stdin.read()
        yield row


async def _main(account: str, count: str, stop: str, chunk: str) -> None:
    who = Principal(UUID(account), Role.PATIENT, new_id(), "", "")
    database = Database(os.environ["TAKING_URL"], ContextSigner(KEY))
    await take(database, who, _standing(int(count), int(stop)), chunk=int(chunk))


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
