"""Figures compare with their goals, and say how sure they are."""

import pytest

from vitasense.evals.figures import Figure, share, wilson
from vitasense.evals.table import table


def test_a_goal_is_reached_as_it_is_worded() -> None:
    assert share("found", "own", 95, 100, goal=0.95).reached
    assert not share("fired", "own", 10, 100, goal=0.10, goal_is="below").reached
    assert Figure(measure="p50", data="own", value=8.0, unit="ms", goal=8.0, goal_is="at most").reached


def test_the_interval_is_wilsons() -> None:
    # Wilson 1927; Newcombe, Stat Med 1998;17:857-872, table I: 81/263 gives 0.2553 to 0.3662.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_the_table_tells_what_was_missed() -> None:
    printed = table([share("found", "own", 54, 60, goal=0.95, note="untouched")])
    assert "| 54/60 = 90.0% |" in printed
    assert "| **no** | untouched |" in printed
