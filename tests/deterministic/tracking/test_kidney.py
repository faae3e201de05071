"""Kidney function from creatinine, against values of published calculators."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, cast

import pytest

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import ckd_epi_2021, cockcroft_gault

SEX: dict[str, Literal["female", "male"]] = {"F": "female", "M": "male"}


@pytest.fixture
def examples(shared_data: Callable[[str], Path]) -> dict[str, Any]:
    return cast(dict[str, Any], json.loads(shared_data("06_risk_calculators/kidney_examples.json").read_text("utf-8")))


# What the authors of the examples convert by; our own factor (113.12 g/mol, 88.40) differs in the fourth digit.
UMOL_PER_MG = 88.42


def creatinine(case: dict[str, Any]) -> float:
    return case["creat"] / UMOL_PER_MG if case["unit"] == "umol/L" else case["creat"]


def test_ckd_epi_2021_gives_what_the_national_kidney_foundation_gives(examples: dict[str, Any]) -> None:
    for case in examples["ckd_epi_2021"]:
        found = ckd_epi_2021(creatinine(case), case["age"], SEX[case["sex"]])
        if "expected" in case:
            assert found == pytest.approx(case["expected"], abs=0.0001)
        else:
            assert round(found) == case["expected_rounded"]


def test_cockcroft_gault_gives_what_published_calculators_give(examples: dict[str, Any]) -> None:
    for case in examples["cockcroft_gault"]:
        found = cockcroft_gault(creatinine(case), case["age"], SEX[case["sex"]], case["wt"])
        assert round(found) == case["expected_rounded"]


def test_more_creatinine_and_more_years_mean_less_function() -> None:
    assert ckd_epi_2021(0.8, 50, "female") > ckd_epi_2021(1.0, 50, "female") > ckd_epi_2021(1.0, 70, "female")
    assert cockcroft_gault(0.8, 50, "male", 80) > cockcroft_gault(1.0, 50, "male", 80)


@pytest.mark.parametrize(("creat", "age", "weight"), [(0, 50, 70), (-1, 50, 70), (1, 17, 70), (1, 50, 0), (1, 140, 70)])
def test_what_is_beyond_the_equations_is_refused(creat: float, age: float, weight: float) -> None:
    with pytest.raises(InvalidInput):
        cockcroft_gault(creat, age, "male", weight)


def test_a_child_has_no_estimate_for_adults() -> None:
    with pytest.raises(InvalidInput):
        ckd_epi_2021(0.5, 10, "female")
