"""`python -m benchmarks`: measure, and print one table."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks import (
    apple,
    devices,
    events,
    imports,
    ingest,
    knowledge,
    medicines,
    memory,
    reactions,
    startup,
    streams,
    transactions,
    turns,
)
from benchmarks.figures import Figure, machine, table, write_json
from benchmarks.place import Place, temporary_place

ON_A_DATABASE: dict[str, Callable[..., Awaitable[list[Figure]]]] = {
    "transactions": transactions.measure,
    "turns": turns.measure,
    "imports": imports.measure,
    "memory": memory.measure,
    "knowledge": knowledge.measure,
    "medicines": medicines.measure,
    "events": events.measure,
    "streams": streams.measure,
    "ingest": ingest.measure,
    "reactions": reactions.measure,
}
ON_THEIR_OWN: dict[str, Callable[..., list[Figure]]] = {
    "devices": devices.measure,
    "apple": apple.measure,
    "startup": startup.measure,
}
PARTS = (*ON_A_DATABASE, *ON_THEIR_OWN)


def main() -> None:
    """Run the parts asked for; all of them unless some are named."""
    asked = _arguments()
    parts: list[str] = asked.parts or list(PARTS)
    before = machine()
    print(f"{before['at']}  {before['cores']} cores, load {before['load']} before the run, Python {before['python']}")
    figures = asyncio.run(_measured([part for part in parts if part in ON_A_DATABASE], quick=asked.quick))
    for part in parts:
        if part in ON_THEIR_OWN:
            _say(part)
            figures += ON_THEIR_OWN[part](quick=asked.quick)
    after = machine()
    print(f"\n{table(figures)}\n\nload {after['load']} after the run, of which this run is a part")
    if asked.json:
        write_json(asked.json, figures, before, after)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"what to measure: {', '.join(PARTS)}; else all")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: a few minutes in all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to a file")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    return asked


async def _measured(parts: list[str], *, quick: bool) -> list[Figure]:
    if not parts:
        return []
    async with temporary_place() as place:
        return [figure for part in parts for figure in await _part(part, place, quick=quick)]


async def _part(part: str, place: Place, *, quick: bool) -> list[Figure]:
    _say(part)
    return await ON_A_DATABASE[part](place, quick=quick)


def _say(part: str) -> None:
    print(f"measuring {part} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
