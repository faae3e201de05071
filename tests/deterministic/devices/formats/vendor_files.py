"""What the tests of vendors' readers share: reading bytes, and files that were damaged on the way."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from vitasense.deterministic.devices.formats.parsed import LONGEST_ROW, BadRow, Measured, Parsed, Workout
from vitasense.deterministic.platform.problems import InvalidInput

UTC = ZoneInfo("UTC")
NEW_YORK = ZoneInfo("America/New_York")
SharedData = Callable[[str], Path]


class Read(Protocol):
    """A reader of one format."""

    def __call__(self, stream: BinaryIO, *, zone: ZoneInfo, name: str = "") -> Iterator[Parsed]: ...


def read_bytes(read: Read, data: bytes, zone: ZoneInfo = UTC, name: str = "") -> list[Parsed]:
    """Everything that the reader gives for these bytes."""
    return list(read(io.BytesIO(data), zone=zone, name=name))


def read_json(read: Read, document: object, zone: ZoneInfo = UTC, name: str = "") -> list[Parsed]:
    """Everything that the reader gives for this document."""
    return read_bytes(read, json.dumps(document).encode(), zone, name)


def measured(found: list[Parsed], metric: str | None = None) -> list[Measured]:
    """The measurements, of one metric if it is given."""
    return [each for each in found if isinstance(each, Measured) and metric in (None, each.metric)]


def workouts(found: list[Parsed]) -> list[Workout]:
    """The workouts."""
    return [each for each in found if isinstance(each, Workout)]


def bad_rows(found: list[Parsed]) -> list[BadRow]:
    """What could not be taken."""
    return [each for each in found if isinstance(each, BadRow)]


def at(text: str) -> datetime:
    """A moment as it stands in the expectations."""
    return datetime.fromisoformat(text)


def holds_its_promise(read: Read, data: bytes, zone: ZoneInfo = UTC, name: str = "") -> list[Parsed]:
    """Whatever the bytes, a reader gives parsed things or InvalidInput, and everything can be stored."""
    try:
        found = read_bytes(read, data, zone, name)
    except InvalidInput as problem:
        assert problem.detail
        return []
    for each in found:
        if isinstance(each, Measured):
            assert each.at.tzinfo is not None
            assert each.value == each.value and abs(each.value) != float("inf")
            assert each.until is None or each.until >= each.at
            assert each.unit
        elif isinstance(each, Workout):
            assert each.ended_at >= each.started_at
            assert all(abs(point.latitude) <= 90 and abs(point.longitude) <= 180 for point in each.route)
        else:
            assert each.reason and len(each.content) <= LONGEST_ROW
        repr(each).encode("utf-8")
        assert "\x00" not in f"{getattr(each, 'content', '')}{getattr(each, 'note', '')}"
    return found


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """`whole` with some bytes changed, removed or put in."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        piece = draw(
            st.binary(max_size=8)
            | st.sampled_from([b"null", b"-1", b"[]", b"{}", b'"\\ud800\\u0000"', b"1e999", b"<", b"&"])
        )
        data[place : place + draw(st.integers(0, 12))] = piece
    if draw(st.booleans()):
        del data[draw(st.integers(0, len(data))) :]
    return bytes(data)
