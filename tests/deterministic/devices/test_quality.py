"""Data quality: what each flag means, that a stream is judged alike however it is cut, and that nothing is guessed."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deterministic.devices.batches import (
    DAY,
    HEART,
    HOUR,
    METER,
    MINUTE,
    SENSOR,
    SLEEP,
    START,
    STEPS,
    SYSTOLIC,
    WARMTH,
    batch,
)
from vitasense.deterministic.devices.quality import Batch, Scores, bits, columns, explain, names, quality_of, score
from vitasense.deterministic.devices.quality.rules import quality_rules
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.catalogue import device_metrics
from vitasense.deterministic.tracking.schemas import DeviceSample, Flag


def where(scores: Scores, flag: Flag) -> list[int]:
    return np.flatnonzero(scores.has(flag)).tolist()


def test_a_plain_series_has_nothing_to_object_to() -> None:
    scores = score(batch(HEART, [60, 62, 61, 65, 63, 66, 64]))
    assert scores.quality.tolist() == [1.0] * 7
    assert not scores.flags.any()


def test_an_empty_batch_gives_empty_scores_and_says_what_it_could_not_look_for() -> None:
    scores = score(batch(HEART, []))
    assert len(scores.quality) == len(scores.flags) == 0
    assert {Flag.AFTER_GAP, Flag.CLOCK_JUMP, Flag.DRIFTING} <= set(scores.not_evaluated)


@pytest.mark.parametrize("value", [19, 301, -5, float("nan"), float("inf")])
def test_outside_the_possible_is_impossible_and_worth_nothing(value: float) -> None:
    scores = score(batch(HEART, [60, value, 61]))
    assert where(scores, Flag.IMPOSSIBLE) == [1]
    assert scores.quality.tolist() == [1, 0, 1]


def test_a_change_that_no_sensor_can_see_is_impossible_until_the_values_agree_with_the_last_good_one() -> None:
    scores = score(batch(SENSOR, [100, 350, 355, 108, 112], every=5 * MINUTE))
    assert where(scores, Flag.IMPOSSIBLE) == [1, 2]


def test_a_new_level_is_believed_when_time_allows_it() -> None:
    scores = score(batch(SENSOR, [100, 300, 300, 300], every=5 * MINUTE))
    assert where(scores, Flag.IMPOSSIBLE) == [1]


def test_a_racing_heart_is_not_an_error() -> None:
    scores = score(batch(HEART, [72, 74, 215, 220, 218], every=1))
    assert not scores.flags.any()


def test_where_no_limit_of_change_is_known_it_is_said() -> None:
    assert Flag.IMPOSSIBLE in score(batch(METER, [250, 60])).not_evaluated
    assert not score(batch(METER, [250, 60])).flags.any()


def test_more_steps_than_legs_make_and_more_sleep_than_the_night_has_are_impossible() -> None:
    assert where(score(batch(STEPS, [100, 900], lasting=60)), Flag.IMPOSSIBLE) == [1]
    assert where(score(batch(SLEEP, [7.5, 9], every=DAY, lasting=8 * HOUR)), Flag.IMPOSSIBLE) == [1]
    assert where(score(batch(STEPS, [100], lasting=-60)), Flag.IMPOSSIBLE) == [0]


def test_a_heart_at_zero_is_a_device_off_the_body_not_an_impossible_value() -> None:
    scores = score(batch(HEART, [60, 0, 0, 61]))
    assert where(scores, Flag.UNWORN) == [1, 2]
    assert not scores.has(Flag.IMPOSSIBLE).any()
    assert scores.quality.tolist() == [1, 0, 0, 1]


def test_room_temperature_on_a_wrist_is_unworn_and_in_a_thermometer_is_left_alone() -> None:
    values = [35.5, 21.0, 27.0]
    assert where(score(batch(WARMTH, values, kind="watch")), Flag.UNWORN) == [1, 2]
    assert not score(batch(WARMTH, values, kind="thermometer")).has(Flag.UNWORN).any()
    unknown = score(batch(WARMTH, values))
    assert not unknown.has(Flag.UNWORN).any()
    assert "kind" in unknown.not_evaluated[Flag.UNWORN]


def test_no_steps_without_a_pulse_is_unworn_and_without_a_word_about_the_pulse_is_rest() -> None:
    steps = batch(STEPS, [0, 0, 0, 50], every=HOUR, lasting=HOUR)
    pulse = batch(HEART, [0, 0, 60, 61], at=[60, 120, HOUR + 60, 3 * HOUR + 60])
    assert where(score(steps, heart_rate=pulse), Flag.UNWORN) == [0]
    assert Flag.UNWORN in score(steps).not_evaluated


def test_another_value_for_the_same_moment_is_doubled_and_the_same_value_is_a_repeat() -> None:
    scores = score(batch(HEART, [60, 75, 60, 75], at=[0, 0, 0, 60]))
    assert where(scores, Flag.DOUBLED) == [1]


def test_the_same_count_for_overlapping_intervals_is_doubled() -> None:
    overlapping = batch(STEPS, [120, 120, 0, 0], at=[0, 20, 100, 110], lasting=60)
    assert where(score(overlapping), Flag.DOUBLED) == [1]
    side_by_side = batch(STEPS, [120, 120], at=[0, 60], lasting=60)
    assert not score(side_by_side).flags.any()


def test_a_day_that_is_sent_again_with_shifted_edges_is_doubled() -> None:
    counts = [float(10 + each) for each in range(30)]
    first = batch(STEPS, counts, lasting=60)
    again = batch(STEPS, counts[:-1], at=[each * MINUTE + 5 for each in range(29)], lasting=60)
    assert score(again, history=first).has(Flag.DOUBLED).all()


def test_a_heart_that_never_moves_is_a_stuck_sensor_from_the_end_of_the_plausible_run() -> None:
    scores = score(batch(HEART, [64.0] * 40))
    assert where(scores, Flag.STUCK) == list(range(30, 40))


def test_no_steps_at_night_and_many_repeats_of_one_sample_are_not_stuck() -> None:
    assert not score(batch(STEPS, [0.0] * 600, lasting=60)).has(Flag.STUCK).any()
    assert not score(batch(HEART, [64.0] * 600, at=[0.0] * 600)).flags.any()


def test_a_stuck_run_goes_on_when_only_its_end_is_known() -> None:
    stuck = bits([Flag.STUCK])
    scores = score(batch(HEART, [64, 64, 66], at=[60, 120, 180]), history=batch(HEART, [64], flags=[stuck]))
    assert where(scores, Flag.STUCK) == [0, 1]


def test_the_first_sample_after_a_pause_is_flagged_and_keeps_its_quality() -> None:
    scores = score(batch(HEART, [60] * 8 + [61], at=[*(each * MINUTE for each in range(8)), 2 * HOUR]))
    assert where(scores, Flag.AFTER_GAP) == [8]
    assert scores.quality[8] == 1


def test_a_cuff_that_reads_too_high_drifts_and_one_within_its_class_does_not() -> None:
    truth = [120.0 + each for each in range(10)]
    reference = batch(SYSTOLIC, truth, every=HOUR)
    off = score(batch(SYSTOLIC, [each + 9 for each in truth], every=HOUR), reference=reference)
    assert where(off, Flag.DRIFTING) == list(range(4, 10))
    assert off.drift is not None
    assert (off.drift.median_difference, off.drift.allowed, off.drift.pairs) == (9, 5, 10)
    near = score(batch(SYSTOLIC, [each + 4 for each in truth], every=HOUR), reference=reference)
    assert not near.flags.any()


def test_one_bad_pair_is_no_drift() -> None:
    truth = [120.0] * 7
    values = [121.0, 119, 170, 122, 118, 121, 120]
    scores = score(batch(SYSTOLIC, values, every=HOUR), reference=batch(SYSTOLIC, truth, every=HOUR))
    assert not scores.has(Flag.DRIFTING).any()


def test_a_glucose_sensor_is_held_against_a_meter_and_against_nothing_else() -> None:
    sensor = batch(SENSOR, [150, 152, 149, 151, 150, 148, 152], every=HOUR)
    assert score(sensor, reference=batch(METER, [100.0] * 7, every=HOUR)).has(Flag.DRIFTING).any()
    with pytest.raises(InvalidInput):
        score(sensor, reference=batch(HEART, [100.0], every=HOUR))


def test_too_few_pairs_are_not_evaluated() -> None:
    scores = score(batch(SYSTOLIC, [150, 150]), reference=batch(SYSTOLIC, [120]))
    assert "not 5 readings" in scores.not_evaluated[Flag.DRIFTING]
    assert scores.drift is None


def test_a_time_in_the_future_is_a_wrong_clock() -> None:
    scores = score(batch(HEART, [60, 61], at=[0, 600], received=[1, 2]))
    assert where(scores, Flag.CLOCK_JUMP) == [1]


def test_a_clock_that_tells_a_time_again_is_wrong_and_data_for_a_gap_are_late() -> None:
    live = [each * MINUTE for each in range(10)] + [60 * MINUTE]
    told = batch(HEART, [60.0] * 11 + [70], at=[*live, 5.5 * MINUTE], received=[*(each + 1 for each in live), HOUR + 5])
    assert where(score(told), Flag.CLOCK_JUMP) == [11]
    late = batch(HEART, [60.0] * 11 + [70], at=[*live, 30 * MINUTE], received=[*(each + 1 for each in live), HOUR + 5])
    assert not score(late).has(Flag.CLOCK_JUMP).any()


def test_late_by_the_same_whole_hour_after_being_live_is_a_wrong_clock() -> None:
    moments = [each * 7 * MINUTE for each in range(9)]
    device = [*moments[:4], *(each - 2 * HOUR for each in moments[4:])]
    scores = score(batch(HEART, [60.0] * 9, at=device, received=[each + 3 for each in moments]))
    assert where(scores, Flag.CLOCK_JUMP) == [6, 7, 8]


def test_a_service_that_always_delivers_an_hour_late_has_no_wrong_clock() -> None:
    moments = [each * 5 * MINUTE for each in range(20)]
    scores = score(
        batch(SENSOR, [100.0 + each for each in range(20)], at=moments, received=[each + HOUR for each in moments])
    )
    assert not scores.flags.any()


def test_without_times_of_arrival_nothing_is_said_about_the_clock() -> None:
    scores = score(batch(HEART, [60, 61, 62], at=[120, 60, 0]))
    assert not scores.flags.any()
    assert Flag.CLOCK_JUMP in scores.not_evaluated


def test_the_order_of_the_batch_is_the_order_of_the_scores() -> None:
    scores = score(batch(HEART, [60, 400, 61], at=[120, 60, 0]))
    assert scores.named(1) == {Flag.IMPOSSIBLE}
    assert scores.named(0) == scores.named(2) == frozenset()


def test_typed_in_values_are_said_to_be_and_are_no_sensor_that_is_stuck() -> None:
    typed = bits([Flag.SELF_REPORTED])
    scores = score(batch(HEART, [60.0] * 50, flags=[typed] * 50))
    assert set(scores.flags.tolist()) == {typed}
    assert scores.quality[0] == pytest.approx(0.9)


def test_the_quality_is_the_product_of_the_published_factors() -> None:
    rules = {rule.flag: rule.factor for rule in quality_rules().flags}
    assert set(rules) == set(Flag)
    both = np.array([bits([Flag.STUCK, Flag.DRIFTING])], dtype=np.uint8)
    assert quality_of(both)[0] == pytest.approx(rules[Flag.STUCK] * rules[Flag.DRIFTING])
    assert rules[Flag.IMPOSSIBLE] == 0


def test_flags_are_explained_with_their_factors() -> None:
    told = explain([Flag.STUCK, Flag.DRIFTING])
    assert "0.15" in told
    assert "times 0.3" in told
    assert "accuracy class" in told
    assert explain([]) == "Nothing to object to (quality 1)."


@given(st.frozensets(st.sampled_from(Flag)))
def test_flags_and_bits_are_the_same(flags: frozenset[Flag]) -> None:
    assert names(bits(flags)) == flags


def test_every_rule_is_about_a_metric_that_is_taken_and_gives_a_reason_or_a_source() -> None:
    rules = quality_rules()
    lists = [rules.change, rules.per_minute, rules.stuck, rules.drift.classes]
    for entry in (each for entries in lists for each in entries):
        assert entry.code in device_metrics()
        assert entry.reason or entry.source
    assert all(each.source and each.references <= set(device_metrics()) for each in rules.drift.classes)


def test_samples_become_columns_with_their_flags() -> None:
    at = datetime(2026, 3, 1, 8, tzinfo=UTC)
    sample = DeviceSample(HEART, at, 60, "/min", UUID(int=1), flags=frozenset([Flag.STUCK]))
    made = columns(HEART, [sample], received=[at], device_kind="watch")
    assert made.flags is not None
    assert made.flags.tolist() == [bits([Flag.STUCK])]
    assert score(made).flags.tolist() == [0]
    with pytest.raises(InvalidInput):
        columns(STEPS, [sample])


@pytest.mark.parametrize(
    ("wrong", "history"),
    [
        (Batch("1-8", np.array([START]), np.array([1.0])), None),
        (Batch(HEART, np.array([START]), np.array([1.0, 2.0])), None),
        (Batch(HEART, np.array([np.nan]), np.array([60.0])), None),
        (Batch(HEART, np.array(["NaT"], dtype="datetime64[us]"), np.array([60.0])), None),
        (Batch(HEART, np.array([START]), np.array([60.0]), received=np.array([START, START])), None),
        (Batch(HEART, np.array([START]), np.array([60.0])), Batch(STEPS, np.array([START]), np.array([60.0]))),
    ],
)
def test_what_cannot_be_scored_is_refused(wrong: Batch, history: Batch | None) -> None:
    with pytest.raises(InvalidInput):
        score(wrong, history=history)


def test_public_glucose_series_lose_next_to_nothing(shared_data: Callable[[str], Path]) -> None:
    for path in sorted(shared_data("10_wearables/cgm_iglu").glob("*.csv")):
        rows = [row for row in csv.DictReader(path.open()) if row["gl"] not in {"", "NA"}]
        at = np.array([row["time"] for row in rows], dtype="datetime64[s]")
        scores = score(Batch(SENSOR, at, np.array([float(row["gl"]) for row in rows])))
        assert len(rows) > 1000
        assert np.mean(scores.quality < 1) < 0.001
