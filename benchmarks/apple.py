"""`python -m benchmarks.apple`: a large Apple Health export, read as a stream; beside expat with handlers that do nothing.

Each side runs in a process of its own, so that the peak of its memory is its own.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import BinaryIO, cast
from xml.parsers.expat import ParserCreate
from zoneinfo import ZoneInfo

from benchmarks.figures import Figure, machine, table
from vitasense.deterministic.devices.formats import apple
from vitasense.deterministic.devices.formats.parsed import BadRow

FULL, QUICK = 2048, 64  # megabytes
MEGABYTE = 1 << 20
FIRST_DAY = date(2015, 1, 1)
PEAK_BUDGET = "300 MB"
EXPAT = "expat over the same stream, handlers that do nothing"
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>
<!ATTLIST HealthData locale CDATA #REQUIRED>
]>
<HealthData locale="en_US">
 <ExportDate value="2026-01-01 00:00:00 +0000"/>
"""
_WATCH = (
    'sourceName="A watch" sourceVersion="10.1" device="&lt;&lt;HKDevice: 0x1&gt;, name:Apple Watch, '
    'manufacturer:Apple Inc., model:Watch, hardware:Watch6,2, software:10.1&gt;"'
)
_QUANTITY = "HKQuantityTypeIdentifier"


class Export:
    """A made-up export of about so many megabytes: a stream that holds one day at a time."""

    def __init__(self, megabytes: int) -> None:
        self.records, self._pieces, self._rest = 0, self._made(megabytes * MEGABYTE), b""

    def read(self, size: int) -> bytes:
        """The next bytes."""
        if not self._rest:
            self._rest = next(self._pieces, b"")
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece

    def _made(self, size: int) -> Iterator[bytes]:
        yield _HEAD.encode()
        records = [_record(minute) for minute in range(24 * 60)]
        chunks = ["".join(records[at : at + 120]).encode() for at in range(0, len(records), 120)]
        day = FIRST_DAY
        while size > 0:
            for chunk in chunks:
                piece = chunk.replace(b"YYYY-MM-DD", day.isoformat().encode())
                size -= len(piece)
                self.records += 120
                yield piece
            day += timedelta(days=1)
        yield b"</HealthData>\n"


def measure(*, quick: bool) -> list[Figure]:
    """Reading a large export: time and the peak of memory."""
    megabytes = QUICK if quick else FULL
    ours, bare = _alone("ours", megabytes), _alone("bare", megabytes)
    name = f"apple: export of {megabytes:,} MB"
    return [
        Figure(f"{name}, time", ours["seconds"], "s", bare["seconds"], EXPAT),
        Figure(
            f"{name}, speed", ours["records"] / ours["seconds"], "records/s", bare["records"] / bare["seconds"], EXPAT
        ),
        Figure(f"{name}, peak of memory", ours["peak"], "MB", bare["peak"], EXPAT, PEAK_BUDGET),
        Figure(f"{name}, measurements", ours["taken"], "", None, ""),
    ]


def _alone(side: str, megabytes: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.apple", "--side", side, "--megabytes", str(megabytes)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def _run(side: str, megabytes: int) -> dict[str, float]:
    export = Export(megabytes)
    began = perf_counter()
    taken = _ours(export) if side == "ours" else _bare(export)
    seconds = perf_counter() - began
    return {"seconds": seconds, "records": export.records, "taken": taken, "peak": _peak()}


def _ours(export: Export) -> int:
    found = apple.read(cast("BinaryIO", export), zone=ZoneInfo("UTC"))
    return sum(not isinstance(each, BadRow) for each in found)


def _bare(export: Export) -> int:
    parser = ParserCreate()
    parser.StartElementHandler = parser.EndElementHandler = _nothing
    while piece := export.read(1 << 16):
        parser.Parse(piece, False)
    parser.Parse(b"", True)
    return 0


def _nothing(*_: object) -> None:
    """A handler that does nothing."""


def _peak() -> float:
    """The most memory this process ever held, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _record(minute: int) -> str:
    at = f"YYYY-MM-DD {minute // 60:02}:{minute % 60:02}"
    times = f'creationDate="{at}:30 +0100" startDate="{at}:00 +0100" endDate="{at}:05 +0100"'
    if minute % 10 == 0:
        value = f'<Record type="{_QUANTITY}StepCount" {_WATCH} unit="count" {times} value="{minute % 90}"/>'
    elif minute % 10 == 5:
        value = f'<Record type="{_QUANTITY}BasalEnergyBurned" {_WATCH} unit="kcal" {times} value="1.{minute}"/>'
    else:
        value = (
            f'<Record type="{_QUANTITY}HeartRate" {_WATCH} unit="count/min" {times} value="{60 + minute % 60}">\n'
            '  <MetadataEntry key="HKMetadataKeyHeartRateMotionContext" value="1"/>\n </Record>'
        )
    return f" {value}\n"


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.apple", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} MB instead of {FULL}")
    parser.add_argument("--side", choices=("ours", "bare"), help=argparse.SUPPRESS)
    parser.add_argument("--megabytes", type=int, default=FULL, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side:
        print(json.dumps(_run(asked.side, asked.megabytes)))
        return
    print(f"load {machine()['load']} before the run")
    print(table(measure(quick=asked.quick)))


if __name__ == "__main__":
    main()
