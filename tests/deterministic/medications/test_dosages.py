"""FHIR dosages become schedules and come back without loss, whatever they hold."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from tests.deterministic.medications.schedules import DOSAGES
from vitasense.deterministic.medications.dosages import dosage_of, schedule_of, step_of
from vitasense.deterministic.medications.schedules import Quantity


@settings(deadline=None)
@given(DOSAGES)
def test_a_dosage_comes_back_as_it_was(dosage: dict[str, Any]) -> None:
    step = step_of(dosage)
    assert json.dumps(dosage_of(step), sort_keys=True) == json.dumps(dosage, sort_keys=True)
    assert step_of(dosage_of(step)) == step


ODD: list[dict[str, Any]] = [
    {"timing": {"repeat": {"frequency": "2", "period": True, "periodUnit": ["d"], "when": "HS", "dayOfWeek": ["x"]}}},
    {"timing": {"repeat": {"timeOfDay": ["08:00", "8"], "boundsPeriod": {"start": 3}}}},
    {"timing": {"repeat": {}}, "doseAndRate": [], "additionalInstruction": [], "sequence": 1.5},
    {"timing": {"repeat": 3, "event": []}, "route": "oral", "asNeededBoolean": "yes", "text": ""},
    {"timing": {}, "doseAndRate": [{}]},
    {"doseAndRate": [{"doseQuantity": {"value": None}}], "maxDosePerPeriod": {"numerator": {"unit": "mg"}}},
    {"doseAndRate": [{"doseQuantity": {"value": float("inf")}}]},
]


@pytest.mark.parametrize("dosage", ODD)
def test_what_has_another_form_than_fhirs_is_kept_and_not_understood(dosage: dict[str, Any]) -> None:
    assert dosage_of(step_of(dosage)) == dosage


def test_members_are_understood() -> None:
    step = step_of(
        {
            "sequence": 2,
            "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d", "when": ["C"]}},
            "doseAndRate": [{"type": {"text": "ordered"}, "doseQuantity": {"value": 5, "unit": "mg"}}],
            "method": {"text": "swallow"},
        }
    )
    assert (step.order, step.dose, step.rest) == (2, Quantity(5, "mg"), {"method": {"text": "swallow"}})
    assert step.timing and (step.timing.frequency, step.timing.when) == (2, ("C",))


def test_no_dosage_is_no_schedule() -> None:
    assert schedule_of([]) is None
