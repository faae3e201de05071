"""Every figure of the deterministic suites reaches its goal."""

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest

from vitasense.evals.table import table


@pytest.mark.parametrize("suite", ["context", "triage", "scope"])
def test_every_goal_of_the_suite_is_reached(suite: str, shared_data: Callable[[str], Path]) -> None:
    figures = list(importlib.import_module(f"vitasense.evals.suites.{suite}").figures(shared_data("README.md").parent))
    print(f"\n{table(figures)}")
    missed = [figure for figure in figures if not figure.reached]
    assert not missed, table(missed)
