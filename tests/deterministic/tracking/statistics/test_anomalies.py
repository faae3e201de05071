"""Anomalies: one alarm an incident, no more false ones than stated, and never by what was not known yet."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.deterministic.tracking.statistics.made import HOUR, START, alike
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.statistics.anomalies import NotEvaluated, Watch, incidents
from vitasense.deterministic.tracking.statistics.extremes import clusters, threshold
from vitasense.deterministic.tracking.statistics.series import Floats

DAYS = 40
WAVE = 10 * np.sin(np.arange(24 * DAYS) * 2 * np.pi / 24)
QUIET = 60 + WAVE + alike(np.random.default_rng(8), 24 * DAYS, 0.5)


def watched(values: object, per_day: float = 1 / 30, step: float = HOUR) -> Watch:
    numbers = np.asarray(values, dtype=np.float64)
    told = incidents(np.arange(len(numbers)) * step + START.timestamp(), numbers, zone=UTC, per_day=per_day)
    assert isinstance(told, Watch)
    return told


def changed(first: int, last: int, by: float) -> Floats:
    values = QUIET.copy()
    values[first:last] += by
    return values


def test_one_incident_is_one_alarm_with_its_time_and_sign() -> None:
    (incident,) = watched(changed(30 * 24 + 2, 30 * 24 + 10, -15)).incidents
    begin = START + timedelta(days=30, hours=2)
    assert begin <= incident.since <= begin + timedelta(hours=2)
    assert begin + timedelta(hours=6) <= incident.until <= begin + timedelta(hours=10)
    assert incident.spreads < -5
    assert incident.kind == "excursion"


def test_what_is_usual_at_noon_is_not_usual_at_night() -> None:
    values = QUIET.copy()
    values[30 * 24 + 18 : 30 * 24 + 22] = 70.0
    (incident,) = watched(values).incidents
    assert incident.spreads > 5
    assert QUIET.max() > 70


def test_one_false_reading_is_no_incident() -> None:
    assert not watched(changed(30 * 24, 30 * 24 + 1, 500)).incidents


def test_another_level_that_no_single_value_shows_is_found() -> None:
    found = watched(changed(30 * 24, 40 * 24, 2.5)).incidents
    assert found
    assert found[0].kind == "level shift"
    assert START + timedelta(days=30) < found[0].since < START + timedelta(days=32)


def test_later_values_never_change_an_earlier_verdict() -> None:
    values = changed(30 * 24, 31 * 24, 12)
    whole = watched(values)
    for hours in (12 * 24, 30 * 24 + 5, 31 * 24 + 7, 35 * 24):
        part = watched(values[:hours]).incidents
        until = START + timedelta(hours=hours - 1)
        known = [each for each in whole.incidents if each.since <= until]
        assert [each.since for each in part] == [each.since for each in known]
        assert [each.until for each in part] == [min(each.until, until) for each in known]


def test_the_first_week_is_not_evaluated() -> None:
    assert isinstance(incidents([], [], zone=UTC), NotEvaluated)
    assert isinstance(incidents([START], [1.0], zone=UTC), NotEvaluated)
    told = incidents(np.arange(7 * 24) * HOUR, QUIET[: 7 * 24], zone=UTC)
    assert isinstance(told, NotEvaluated)
    assert watched(QUIET).since == START + timedelta(days=7)


def test_a_constant_series_has_no_incident_until_it_changes() -> None:
    values = np.full(24 * DAYS, 36.5)
    assert not watched(values).incidents
    values[30 * 24 : 31 * 24] = 38.5
    assert len(watched(values).incidents) == 1


def test_shift_and_scale_and_order() -> None:
    values = changed(30 * 24, 31 * 24, 12)
    order = np.random.default_rng(1).permutation(len(values))
    times = np.arange(len(values)) * HOUR + START.timestamp()
    other = incidents(times[order], (values * 4 - 17)[order], zone=UTC)
    assert isinstance(other, Watch)
    one = watched(values)
    assert [each.since for each in one.incidents] == [each.since for each in other.incidents]
    assert other.incidents[0].spreads == pytest.approx(one.incidents[0].spreads)


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.8, 0.95])
def test_there_are_no_more_false_alarms_than_stated(rho: float) -> None:
    """Hourly noise with a daily wave, 12 people for two months, simulated with a fixed seed."""
    rng = np.random.default_rng(3)
    wave = 2 * np.sin(np.arange(60 * 24) * 2 * np.pi / 24)
    people = [watched(alike(rng, 60 * 24, rho) + wave) for _ in range(12)]
    days = sum(each.judged for each in people) / 24
    assert sum(len(each.incidents) for each in people) / days <= 1 / 30


def test_a_lower_rate_never_alarms_more() -> None:
    noise = np.random.default_rng(4).standard_t(3, 24 * 200)
    counts = [len(watched(noise, per_day).incidents) for per_day in (1.0, 0.1, 0.01)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[2]


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan")])
def test_a_rate_that_is_none_is_refused(rate: float) -> None:
    with pytest.raises(InvalidInput):
        incidents([START], [1.0], zone=UTC, per_day=rate)


def test_a_threshold_is_exceeded_at_its_rate() -> None:
    """Exponential values of which the extremes are known: a quantile of 1 in 24 * 30."""
    scores = np.random.default_rng(5).exponential(1, 24 * 200)
    bound = threshold(np.arange(len(scores), dtype=np.float64) * HOUR, scores, 1 / 30, HOUR / 2)
    assert bound == pytest.approx(np.log(24 * 30), rel=0.25)


def test_runs_are_joined_over_short_breaks_only() -> None:
    above = np.array([0, 1, 1, 0, 1, 0, 0, 0, 1], dtype=bool)
    at = np.arange(9, dtype=np.float64)
    assert clusters(at, above, 2.0) == [(1, 4), (8, 8)]
    assert clusters(at, above & False, 2.0) == []


def test_the_benchmark_with_windows(shared_data: Callable[[str], Path]) -> None:
    """Measured: 4 of 4 windows, no false alarm without anomalies, 3 in 337 other days where the rate allows 11."""
    from vitasense.evals.suite import Answer
    from vitasense.evals.suites import anomalies

    figures: dict[str, float] = {}
    for case in anomalies.cases(shared_data("10_wearables/nab").parents[1]):
        watch = incidents(
            [datetime.fromisoformat(at).replace(tzinfo=UTC) for at in case.facts["times"]],
            case.facts["values"],
            zone=UTC,
        )
        assert isinstance(watch, Watch)
        spans = [[each.since.isoformat(), each.until.isoformat()] for each in watch.incidents]
        for mark in anomalies.judge(case, Answer("", {"incidents": spans, "days": 0.0})).marks:
            told = mark.hits if mark.value is None else mark.value
            figures[mark.measure] = figures.get(mark.measure, 0) + told
    assert figures[anomalies.FOUND] == 4
    assert figures[anomalies.FALSE] == 0
    assert figures[anomalies.FALSE_ELSEWHERE] <= 5
