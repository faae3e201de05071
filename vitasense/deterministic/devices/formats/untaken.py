"""Counts what a file holds and this service does not take, so that it is told once and not row by row."""

from collections.abc import Iterator

from vitasense.deterministic.devices.formats.limits import KINDS_TOLD, LONGEST_NAME, bad, quoted, word
from vitasense.deterministic.devices.formats.parsed import BadRow

NO_MEASURE = "this service has no measure for it"
OTHERS = "further kinds"


class Untaken:
    """Entries by kind and reason. `place` of the rows it gives is the first entry of that kind."""

    def __init__(self) -> None:
        self._found = dict[tuple[str, str], tuple[int, str]]()

    def add(self, kind: str, place: str, reason: str = NO_MEASURE) -> None:
        """Count one entry."""
        key = (kind[:LONGEST_NAME], reason)
        if key not in self._found and len(self._found) >= KINDS_TOLD:
            key = (OTHERS, reason) if len(self._found) < 2 * KINDS_TOLD else (OTHERS, NO_MEASURE)
        count, first = self._found.get(key, (0, place))
        self._found[key] = (count + 1, first)

    def rows(self) -> Iterator[BadRow]:
        """One row for each kind, in the order in which they were met."""
        for (kind, reason), (count, first) in self._found.items():
            entries = "entry" if count == 1 else "entries"
            yield bad(first, f"{word(kind) or quoted(kind)}: {count:,} {entries}: {reason}")
