"""What is suggested for a device, from which numbers, and what could not be looked for."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from vitasense.deterministic.devices.quality import Drift
from vitasense.deterministic.devices.schemas import Device
from vitasense.deterministic.devices.suggestions import (
    RecentQuality,
    SuggestionKind,
    not_evaluated,
    recent_quality,
    suggestions,
)
from vitasense.deterministic.tracking.schemas import Flag

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
GOOD = RecentQuality(100)


def device(
    kind: str | None = "watch", *, battery: float | None = 0.8, reported: float = 0.1, seen: float | None = 0.1
) -> Device:
    """A watch whose battery was reported and that was seen so many days ago."""
    return Device(
        id=UUID(int=1),
        name="My watch",
        registered_at=NOW - timedelta(days=90),
        kind=kind,
        battery=battery,
        reported_at=NOW - timedelta(days=reported),
        last_seen_at=None if seen is None else NOW - timedelta(days=seen),
    )


def kinds(given: Device, recent: RecentQuality = GOOD) -> list[str]:
    return [each.kind.value for each in suggestions(given, recent, now=NOW)]


def flagged(flag: Flag, count: int, drift: Drift | None = None) -> RecentQuality:
    return RecentQuality(100, {flag: count}, drift)


def test_a_device_that_is_well_needs_nothing() -> None:
    assert kinds(device()) == []


def test_a_low_battery_is_to_be_charged_and_the_number_is_shown() -> None:
    (found,) = suggestions(device(battery=0.15), GOOD, now=NOW)
    assert found.kind is SuggestionKind.CHARGE
    assert "15%" in found.text
    assert found.numbers == {"battery": 0.15}
    assert found.rule == "devices/quality#suggest.charge"


def test_an_old_battery_report_of_a_device_that_went_on_says_nothing() -> None:
    assert kinds(device(battery=0.1, reported=6, seen=0.1)) == []
    assert SuggestionKind.CHARGE in not_evaluated(device(battery=0.1, reported=6), GOOD, now=NOW)


def test_a_device_that_fell_silent_with_an_empty_battery_is_to_be_charged_not_connected() -> None:
    assert kinds(device(battery=0.05, reported=6, seen=6)) == ["charge"]


def test_a_silent_watch_is_to_be_connected_and_a_scale_may_be_silent_for_weeks() -> None:
    assert kinds(device(seen=5)) == ["re_pair"]
    assert kinds(device("scale", seen=5)) == []
    assert kinds(device("scale", seen=40)) == ["re_pair"]
    assert kinds(device(seen=3000)) == []  # an old export is history, not a lost connection


@pytest.mark.parametrize(
    ("flag", "count", "kind"),
    [
        (Flag.UNWORN, 60, "wear"),
        (Flag.CLOCK_JUMP, 5, "set_clock"),
        (Flag.DRIFTING, 20, "calibrate"),
        (Flag.IMPOSSIBLE, 10, "replace"),
        (Flag.STUCK, 20, "replace"),
    ],
)
def test_flags_of_the_week_lead_to_their_suggestion_from_the_published_share_on(
    flag: Flag, count: int, kind: str
) -> None:
    assert kinds(device(), flagged(flag, count)) == [kind]
    assert kinds(device(), flagged(flag, 4)) == []


def test_a_drift_is_told_in_its_unit_with_its_pairs() -> None:
    drift = Drift(7, 12.0, 5.0, "mm[Hg]", "a standard")
    (found,) = suggestions(device("cuff"), flagged(Flag.DRIFTING, 50, drift), now=NOW)
    assert "12 mmHg higher" in found.text
    assert found.numbers == {"share": 0.5, "samples": 100, "median_difference": 12.0, "pairs": 7}


def test_a_scale_is_not_to_be_worn() -> None:
    assert kinds(device("scale"), flagged(Flag.UNWORN, 90)) == []


def test_few_readings_decide_nothing_and_it_is_said() -> None:
    few = RecentQuality(5, {Flag.STUCK: 5})
    assert kinds(device(), few) == []
    missing = not_evaluated(device(battery=None, seen=None), few, now=NOW)
    assert set(missing) == set(SuggestionKind)
    assert "only 5 readings" in missing[SuggestionKind.REPLACE]


def test_without_a_comparison_drift_is_not_evaluated() -> None:
    assert set(not_evaluated(device(), GOOD, now=NOW)) == {SuggestionKind.CALIBRATE}


def test_a_retired_device_is_left_alone() -> None:
    gone = Device(UUID(int=1), "Old", NOW, battery=0.01, reported_at=NOW, retired_at=NOW)
    assert suggestions(gone, GOOD, now=NOW) == []


def test_flags_are_counted() -> None:
    recent = recent_quality([frozenset([Flag.STUCK, Flag.DRIFTING]), frozenset([Flag.STUCK]), frozenset()])
    assert (recent.samples, recent.flagged[Flag.STUCK], recent.flagged[Flag.DRIFTING]) == (3, 2, 1)
    assert recent.share(Flag.STUCK) == pytest.approx(2 / 3)
    assert RecentQuality(0).share(Flag.STUCK) == 0
