"""The reading suite reaches its goals, and its messages are split by their text alone."""

from pathlib import Path

import pytest

from vitasense.evals.readings import HELD_OUT, TUNED, cases, part_of, wishes
from vitasense.evals.suites.reading import calibration_error, figures


def test_every_goal_of_the_reading_suite_is_reached(tmp_path: Path) -> None:
    measured = list(figures(tmp_path))
    assert [figure.measure for figure in measured if not figure.reached] == []
    assert sum(figure.goal is not None for figure in measured) >= 20


def test_both_parts_are_large_enough_to_mean_something() -> None:
    parts = [case.part for case in cases()]
    assert len(parts) >= 250
    assert min(parts.count(HELD_OUT), parts.count(TUNED)) >= 100
    halves = [wish.part for wish in wishes()]
    assert min(halves.count(HELD_OUT), halves.count(TUNED)) >= 100


def test_the_text_decides_the_part_and_what_was_given_is_tuned() -> None:
    assert part_of("BP 13/8|") == part_of("BP 13/8|")
    assert {part_of(str(number)) for number in range(20)} == {HELD_OUT, TUNED}
    assert {part_of(str(number), "given") for number in range(20)} == {TUNED}


@pytest.mark.parametrize(
    ("said", "error"),
    [([(1.0, True)], 0.0), ([(0.75, True), (0.75, False)], 0.25), ([(0.1, False), (0.9, True)], 0.1), ([], 0.0)],
)
def test_the_calibration_error_is_the_mean_distance_of_confidence_and_truth(
    said: list[tuple[float, bool]], error: float
) -> None:
    assert calibration_error(said) == pytest.approx(error)
