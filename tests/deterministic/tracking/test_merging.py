"""Merging overlapping devices: what two of them saw at once counts once, whoever is asked first and in whatever order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.catalogue import Kind
from vitasense.deterministic.tracking.merging import confidence, merge, total
from vitasense.deterministic.tracking.schemas import DeviceSample, Flag

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
WATCH, PHONE, RING = UUID(int=3), UUID(int=1), UUID(int=2)
PRIORITY = [WATCH, PHONE]
LONG_AGO, FAR_AHEAD = START - timedelta(days=9), START + timedelta(days=9)


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def steps(
    device: UUID, begin: float, end: float | None, value: float, quality: float = 1.0, *flags: Flag
) -> DeviceSample:
    until = None if end is None else at(end)
    return DeviceSample("55423-8", at(begin), value, "{steps}", device, until, quality, frozenset(flags))


def pulse(device: UUID, minute: float, value: float, quality: float = 1.0) -> DeviceSample:
    return DeviceSample("8867-4", at(minute), value, "/min", device, quality=quality)


def streams(*samples: DeviceSample) -> dict[UUID, list[DeviceSample]]:
    found: dict[UUID, list[DeviceSample]] = {}
    for each in samples:
        found.setdefault(each.device_id, []).append(each)
    return found


def counted(*samples: DeviceSample, priority: list[UUID] = PRIORITY) -> float:
    return total(merge(streams(*samples), priority, "sum"), LONG_AGO, FAR_AHEAD)


def test_steps_of_watch_and_phone_are_not_added() -> None:
    assert counted(steps(WATCH, 0, 60, 1000), steps(PHONE, 0, 60, 900)) == 1000


def test_where_the_first_device_is_silent_the_second_counts_for_its_share_of_time() -> None:
    merged = merge(streams(steps(WATCH, 0, 30, 500), steps(PHONE, 0, 60, 900)), PRIORITY, "sum")
    assert [(each.device_id, each.at, each.until, each.value) for each in merged] == [
        (WATCH, at(0), at(30), 500),
        (PHONE, at(30), at(60), 450),
    ]


def test_an_interval_around_another_keeps_both_its_ends() -> None:
    merged = merge(streams(steps(WATCH, 20, 40, 100), steps(PHONE, 0, 60, 600)), PRIORITY, "sum")
    assert [(each.device_id, each.value) for each in merged] == [(PHONE, 200), (WATCH, 100), (PHONE, 200)]


def test_the_person_can_turn_the_priority_round_and_unnamed_devices_come_last_by_id() -> None:
    both = (steps(WATCH, 0, 60, 1000), steps(PHONE, 0, 60, 900))
    assert counted(*both, priority=[PHONE]) == 900
    assert counted(*both, priority=[]) == 900
    assert counted(*both, steps(RING, 0, 60, 1), priority=[RING]) == 1


def test_no_steps_of_a_worn_watch_count_and_of_one_on_the_table_do_not() -> None:
    phone = steps(PHONE, 0, 60, 900)
    assert counted(steps(WATCH, 0, 60, 0), phone) == 0
    assert counted(steps(WATCH, 0, 60, 0, 1.0, Flag.UNWORN), phone) == 900
    assert counted(steps(WATCH, 0, 60, 0, 0.3), phone) == 900


def test_a_poor_count_covers_only_what_no_better_one_does() -> None:
    assert counted(steps(WATCH, 0, 60, 700, 0.3), steps(PHONE, 0, 30, 400)) == 400 + 350


def test_what_is_worth_nothing_never_counts() -> None:
    assert counted(steps(WATCH, 0, 60, 99_999, 0.0), steps(PHONE, 0, 60, 900)) == 900
    assert merge(streams(pulse(WATCH, 0, 0, 0.0)), PRIORITY, "instant") == []


def test_overlapping_intervals_of_one_device_count_once_and_the_finer_one_knows_better_when() -> None:
    day = steps(WATCH, 0, 100, 1000)
    assert counted(day, steps(WATCH, 0, 50, 800), steps(WATCH, 50, 100, 200)) == 1000
    assert counted(day, replace(day)) == 1000


def test_a_count_at_a_moment_counts_where_no_other_device_covers_it() -> None:
    assert counted(steps(WATCH, 5, None, 8), steps(WATCH, 0, 10, 100)) == 108
    assert counted(steps(WATCH, 5, None, 8), steps(PHONE, 0, 10, 100)) == 100
    assert counted(steps(WATCH, 5, None, 8), steps(PHONE, 5.5, None, 7)) == 8
    assert counted(steps(WATCH, 5, None, 8), steps(PHONE, 7, None, 7)) == 15
    assert counted(steps(WATCH, 5, 5, 8), steps(WATCH, 5, 5, 8)) == 8


def test_sleep_of_two_trackers_is_the_union_of_their_nights() -> None:
    def night(device: UUID, begin: float, end: float) -> DeviceSample:
        return DeviceSample("93832-4", at(begin), (end - begin) / 60, "h", device, at(end))

    merged = merge(streams(night(WATCH, 30, 450), night(PHONE, 0, 480)), PRIORITY, "duration")
    assert total(merged, LONG_AGO, FAR_AHEAD) == pytest.approx(8)
    assert [each.device_id for each in merged] == [PHONE, WATCH, PHONE]


def test_of_two_pulses_in_one_window_the_better_device_is_kept_and_of_equals_the_first() -> None:
    equal = merge(streams(pulse(WATCH, 0.1, 60), pulse(WATCH, 0.5, 62), pulse(PHONE, 0.2, 80)), PRIORITY, "instant")
    assert [each.value for each in equal] == [60, 62]
    better = merge(streams(pulse(WATCH, 0.1, 60, 0.5), pulse(PHONE, 0.2, 80)), PRIORITY, "instant")
    assert [each.value for each in better] == [80]
    apart = merge(streams(pulse(WATCH, 0.1, 60), pulse(PHONE, 1.2, 80)), PRIORITY, "instant")
    assert [each.value for each in apart] == [60, 80]


def test_a_total_prorates_the_edges_and_is_zero_for_nothing() -> None:
    merged = merge(streams(steps(WATCH, 0, 60, 600)), PRIORITY, "sum")
    assert total(merged, at(30), at(90)) == 300
    assert total(merged, at(60), at(90)) == 0
    assert total([], at(0), at(60)) == 0
    assert merge({}, PRIORITY, "sum") == merge({WATCH: []}, PRIORITY, "instant") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {WATCH: [steps(WATCH, 0, 1, 1), pulse(WATCH, 0, 60)]},
        {WATCH: [steps(PHONE, 0, 1, 1)]},
        {WATCH: [steps(WATCH, 0, 1, float("nan"))]},
    ],
)
def test_what_cannot_be_merged_is_refused(wrong: dict[UUID, list[DeviceSample]]) -> None:
    with pytest.raises(InvalidInput):
        merge(wrong, PRIORITY, "sum")


def test_confidence_is_the_mean_quality_of_what_was_used() -> None:
    assert confidence([1, 1, 0.4, 0.0]) == pytest.approx(0.8)
    assert confidence([]) == confidence([0.0]) == 0
    with pytest.raises(InvalidInput):
        confidence([1.2])


def _own(device: UUID, spans: list[tuple[int, int, int]]) -> list[DeviceSample]:
    """Intervals of one device one after another: pause, length and count each."""
    found: list[DeviceSample] = []
    now = 0
    for pause, length, value in spans:
        found.append(steps(device, now + pause, now + pause + length, value))
        now += pause + length
    return found


SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 30), st.integers(0, 200)), max_size=8)
THREE = st.tuples(SPANS, SPANS, SPANS).map(
    lambda each: {device: _own(device, spans) for device, spans in zip((WATCH, PHONE, RING), each, strict=True)}
)
KINDS: st.SearchStrategy[Kind] = st.sampled_from(("sum", "instant"))
ORDERS = st.permutations([WATCH, PHONE, RING])


def _sum(samples: list[DeviceSample]) -> float:
    return sum(each.value for each in samples)


def _merged_sum(three: dict[UUID, list[DeviceSample]], priority: list[UUID]) -> float:
    return total(merge(three, priority, "sum"), LONG_AGO, FAR_AHEAD)


@given(THREE, ORDERS)
def test_a_merged_total_is_at_least_the_first_device_and_at_most_all_of_them(
    three: dict[UUID, list[DeviceSample]], priority: list[UUID]
) -> None:
    found = _merged_sum(three, priority)
    assert _sum(three[priority[0]]) <= found + 1e-6
    assert found <= sum(map(_sum, three.values())) + 1e-6


@given(THREE, ORDERS)
def test_no_moment_is_covered_twice_and_none_is_lost(
    three: dict[UUID, list[DeviceSample]], priority: list[UUID]
) -> None:
    merged = merge(three, priority, "sum")
    ends = [each.until or each.at for each in merged]
    assert all(end <= following.at for end, following in zip(ends, merged[1:], strict=False))
    minutes = {
        minute
        for each in (each for samples in three.values() for each in samples)
        for minute in range(
            int((each.at - START).total_seconds()), int(((each.until or each.at) - START).total_seconds()), 60
        )
    }
    assert sum((end - each.at).total_seconds() for end, each in zip(ends, merged, strict=True)) == 60 * len(minutes)


@given(THREE, ORDERS, st.randoms(use_true_random=False), KINDS)
def test_the_order_of_arrival_does_not_matter(
    three: dict[UUID, list[DeviceSample]], priority: list[UUID], random: Random, kind: Kind
) -> None:
    shuffled = {device: random.sample(samples, len(samples)) for device, samples in reversed(three.items())}
    assert merge(shuffled, priority, kind) == merge(three, priority, kind)


@given(THREE, ORDERS, st.integers(2, 5))
def test_an_interval_in_equal_pieces_is_the_same(
    three: dict[UUID, list[DeviceSample]], priority: list[UUID], parts: int
) -> None:
    split = {device: [piece for each in samples for piece in _pieces(each, parts)] for device, samples in three.items()}
    assert _merged_sum(split, priority) == pytest.approx(_merged_sum(three, priority))


def _pieces(sample: DeviceSample, parts: int) -> list[DeviceSample]:
    step = ((sample.until or sample.at) - sample.at) / parts
    return [
        replace(sample, at=sample.at + step * n, until=sample.at + step * (n + 1), value=sample.value / parts)
        for n in range(parts)
    ]


@given(THREE, ORDERS, KINDS)
def test_a_copy_of_a_device_that_comes_last_changes_nothing(
    three: dict[UUID, list[DeviceSample]], priority: list[UUID], kind: Kind
) -> None:
    copy = UUID(int=99)
    more = three | {copy: [replace(each, device_id=copy) for each in three[priority[0]]]}
    assert merge(more, priority, kind) == merge(three, priority, kind)
