"""Columns say what the rows say, to the last bit."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tests.deterministic.devices.taking import NOW, PULSE, SENSED, SENSOR, STEPS, WATCH
from vitasense.deterministic.devices import Measured, SourceDevice, device_id_of
from vitasense.deterministic.devices.arranging import AHEAD, EARLIEST, arranged
from vitasense.deterministic.devices.formats.units import normalised
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import LONGEST_INTERVAL, NO_END, microseconds

WHOSE = UUID(int=3)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.one_of(
    st.datetimes(datetime(2026, 6, 1), datetime(2026, 6, 14), timezones=ZONES),
    st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=ZONES),
)
ROWS = st.lists(
    st.builds(
        Measured,
        device=st.sampled_from([WATCH, SENSOR, SourceDevice("x")]),
        metric=st.sampled_from([PULSE, STEPS, SENSED, "105272-9", "55430-3", "8310-5", "what"]),
        at=TIMES,
        value=st.one_of(st.floats(), st.sampled_from([0.0, -0.0, 5.0, 98.6, 1e308, 5e-324])),
        unit=st.sampled_from(["mg/dL", "mmol/L", "count", "km", "m", "/min", "Cel", "degF", "[degF]", "{steps}", "?"]),
        until=st.one_of(st.none(), TIMES),
        note=st.sampled_from([None, "after", "\0"]),
        self_reported=st.booleans(),
    ),
    max_size=12,
)


def _taken(row: Measured) -> Measured | None:
    """The row by itself, as the scalar rules see it."""
    try:
        found = normalised(row)
    except InvalidInput:
        return None
    late = row.at - NOW > AHEAD or row.at < EARLIEST
    wrong = row.until is not None and not timedelta() <= row.until - row.at <= LONGEST_INTERVAL
    return None if late or wrong or row.note == "\0" else found


def _id_of(source: SourceDevice) -> UUID:
    return device_id_of(WHOSE, source)


def _told(rows: Sequence[Measured]) -> dict[tuple[UUID, str], list[tuple[object, ...]]]:
    found: dict[tuple[UUID, str], list[tuple[object, ...]]] = {}
    for row in rows:
        until = NO_END if row.until is None else microseconds(row.until)
        told = (microseconds(row.at), repr(row.value), until, row.self_reported, row.note)
        found.setdefault((_id_of(row.device), row.metric), []).append(told)
    return found


@given(ROWS)
def test_a_block_says_what_each_of_its_rows_says_and_every_other_row_is_bad(rows: list[Measured]) -> None:
    found = arranged(rows, _id_of, NOW)
    good = [taken for row in rows if (taken := _taken(row)) is not None]
    columns = {
        (block.device_id, block.metric): [
            (
                at,
                repr(value),
                NO_END if block.until is None else block.until.tolist()[place],
                block.flags is not None and block.flags.tolist()[place] != 0,
                None if block.notes is None else block.notes[place],
            )
            for place, (at, value) in enumerate(zip(block.at.tolist(), block.value.tolist(), strict=True))
        ]
        for block in found.blocks
    }
    assert columns == _told(good)
    assert len(found.bad) == len(rows) - len(good)
    assert all(each.reason and "\0" not in each.content for each in found.bad)


def test_a_device_that_is_named_by_a_new_object_in_each_row_is_one() -> None:
    rows = [Measured(SourceDevice("w"), PULSE, NOW - timedelta(minutes=each), 60.0, "/min") for each in range(5)]
    found = arranged(rows, _id_of, NOW)
    assert [block.at.size for block in found.blocks] == [5]
    assert len(found.sources) == 1


def test_times_are_exact_to_the_microsecond() -> None:
    at = datetime(2026, 1, 1, 0, 0, 0, 123457, tzinfo=UTC)
    found = arranged([Measured(WATCH, PULSE, at, 60.0, "/min")], _id_of, NOW)
    assert found.blocks[0].at.tolist() == [microseconds(at)]
