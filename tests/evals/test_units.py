"""The units suite reaches its goals."""

from collections.abc import Callable
from pathlib import Path

from vitasense.evals.suites.units import figures


def test_every_goal_of_the_units_suite_is_reached(shared_data: Callable[[str], Path]) -> None:
    measured = list(figures(shared_data("13_terminology").parent))
    assert [figure.measure for figure in measured if not figure.reached] == []
    assert len(measured) == 24


def test_own_cases_are_measured_without_the_public_data(tmp_path: Path) -> None:
    assert all(figure.reached for figure in figures(tmp_path))
