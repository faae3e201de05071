"""Whether aspirin is taken in the low dose."""

import pytest

from tests.deterministic.medications.factories import medicine
from vitasense.deterministic.medications.checks.aspirin import aspirin_dose
from vitasense.deterministic.medications.schemas import Dose


@pytest.mark.parametrize(
    ("name", "dose", "expected"),
    [
        ("Aspirin 81 MG Oral Tablet", None, "low"),
        ("aspirin 325 mg", None, "high"),
        ("aspirin", None, "unknown"),
        ("aspirin", Dose(75, "mg", 1), "low"),
        ("aspirin", Dose(500, "mg", 1, 4), "high"),
        ("aspirin 81 mg", Dose(1, "{tbl}", 1), "low"),
        ("aspirin 81 mg", Dose(4, "{tbl}", 1), "high"),
        ("aspirin", Dose(1, "{tbl}", 1), "unknown"),
        ("aspirin 250 mg / caffeine 65 mg", None, "unknown"),
    ],
)
def test_dose(name: str, dose: Dose | None, expected: str) -> None:
    assert aspirin_dose(medicine(name, dose=dose)) == expected
