"""Change points: found where they are, of the kind that they are, and not where there is none."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deterministic.tracking.statistics.made import DAY, START, alike
from vitasense.deterministic.platform.problems import InvalidInput, TooLarge
from vitasense.deterministic.tracking.statistics.changes import Change, NotEvaluated, changes, drawn_in
from vitasense.deterministic.tracking.statistics.series import Times

RNG = np.random.default_rng(1)
NOISE = RNG.normal(0, 1, 120)
STEP = NOISE + np.where(np.arange(120) < 70, 0.0, 4.0)
BEND = NOISE + np.maximum(np.arange(120) - 60, 0) * 0.5


def found(values: object, times: Times | None = None) -> tuple[Change, ...]:
    numbers = np.asarray(values, dtype=np.float64)
    at = np.arange(len(numbers)) * DAY + START.timestamp() if times is None else times
    told = changes(at, numbers)
    assert isinstance(told, tuple)
    return told


def test_another_level_is_found_with_its_day_and_both_levels() -> None:
    (change,) = found(STEP)
    assert (change.kind, change.n_before, change.n_after) == ("level", change.index, 120 - change.index)
    assert abs(change.index - 70) <= 1
    assert (change.at - START).days == change.index
    assert change.level_after - change.level_before == pytest.approx(4, abs=0.5)


def test_another_slope_is_found_with_both_slopes() -> None:
    (change,) = found(BEND)
    assert change.kind == "slope"
    assert abs(change.index - 60) <= 7
    assert change.slope_before == pytest.approx(0, abs=0.05)
    assert change.slope_after == pytest.approx(0.5, abs=0.05)


def test_a_steady_rise_is_no_change() -> None:
    assert found(NOISE + np.arange(120) * 0.5) == ()


def test_outliers_are_no_stretch_and_hide_none() -> None:
    wild = STEP.copy()
    wild[[20, 21, 50, 95]] = [60, -45, 200, -1000]
    (change,) = found(wild)
    assert abs(change.index - 70) <= 1
    assert (np.abs(drawn_in(wild)) < 10).all()


def test_a_constant_series_and_a_straight_line_have_no_change() -> None:
    assert found(np.full(50, 72.0)) == ()
    assert found(np.arange(50) * 0.1) == ()


def test_a_step_without_noise_is_found() -> None:
    (change,) = found(np.r_[np.full(40, 60.0), np.full(40, 75.0)])
    assert (change.index, change.kind) == (40, "level")


def test_irregular_times_count_as_they_are() -> None:
    kept = np.sort(RNG.choice(120, 80, replace=False))
    (change,) = found(BEND[kept], kept * DAY)
    assert change.slope_after == pytest.approx(0.5, abs=0.05)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from([0.25, 4.0, 1024.0]), st.integers(-1000, 1000), st.integers(0, 9))
def test_shift_scale_and_order(factor: float, shift: int, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(120)
    one = found(STEP)
    other = found((STEP * factor + shift)[order], np.arange(120)[order] * DAY + START.timestamp())
    assert [(change.index, change.kind) for change in one] == [(change.index, change.kind) for change in other]
    assert other[0].level_after == pytest.approx(one[0].level_after * factor + shift)


def test_few_points_are_not_evaluated_and_too_many_or_none_numbers_refused() -> None:
    assert isinstance(changes([], []), NotEvaluated)
    assert isinstance(changes([START], [1.0]), NotEvaluated)
    assert isinstance(changes(np.arange(13) * DAY, NOISE[:13]), NotEvaluated)
    with pytest.raises(TooLarge):
        changes(np.arange(2001) * DAY, np.zeros(2001))
    with pytest.raises(InvalidInput):
        changes(np.arange(20) * DAY, [float("nan")] * 20)


@pytest.mark.parametrize(("rho", "most"), [(0.0, 0.08), (0.3, 0.15), (0.5, 0.20)])
def test_how_often_quarters_of_noise_are_called_changed(rho: float, most: float) -> None:
    """90 days of noise, simulated with a fixed seed."""
    rng = np.random.default_rng(11)
    assert np.mean([bool(found(alike(rng, 90, rho))) for _ in range(100)]) <= most


def test_the_benchmark_with_annotators_beside_plain_ruptures(shared_data: Callable[[str], Path]) -> None:
    """Measured 0.752; Pelt and Binseg as ruptures' documentation first shows them have 0.671 and 0.688."""
    from vitasense.evals.segmentation import f1, plain_defaults
    from vitasense.evals.suites.change_points import cases, ours

    scores: dict[str, list[float]] = {}
    for case in cases(shared_data("14_causal_timeseries/tcpd").parents[1]):
        kept = [i for i, value in enumerate(case.facts["values"]) if value is not None]
        values = [case.facts["values"][i] for i in kept]
        for name, detect in {"ours": ours, **plain_defaults()}.items():
            told = [kept[i] for i in detect(values) if i < len(kept)]
            scores.setdefault(name, []).append(f1(case.facts["annotations"], told))
    means = {name: float(np.mean(each)) for name, each in scores.items()}
    assert len(scores["ours"]) == 18
    assert means["ours"] > 0.73
    assert means["ours"] == max(means.values())
