"""The privacy suite reaches its goals."""

from collections.abc import Callable
from pathlib import Path

from vitasense.evals.suites.privacy import figures
from vitasense.evals.table import table


def test_every_goal_of_the_privacy_suite_is_reached(shared_data: Callable[[str], Path]) -> None:
    measured = list(figures(shared_data("07_clinical_nlp/deid").parents[1]))
    print(f"\n{table(measured)}")
    missed = [figure for figure in measured if not figure.reached]
    assert not missed, table(missed)


def test_own_cases_are_measured_without_the_public_data(tmp_path: Path) -> None:
    assert all(figure.reached for figure in figures(tmp_path))
