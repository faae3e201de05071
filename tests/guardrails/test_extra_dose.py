"""Too much of a medicine, or that of somebody else, taken by mistake: whom to ask now. What is taken as it should be is not."""

import pytest

from vitasense.deterministic.platform.findings import Urgency
from vitasense.guardrails import PersonFacts, screen


@pytest.mark.parametrize(
    "text",
    [
        "I took two lisinopril by mistake",
        "I accidentally took my metformin twice",
        "I think I took my warfarin twice today",
        "I accidentally took 2 atorvastatin instead of 1",
        "I took my wife's blood pressure pill by mistake",
        "accidentally took someone else's tablets",
    ],
)
def test_a_mistake_is_told_whom_to_ask(text: str) -> None:
    found = screen(text, person=PersonFacts(country="US"))
    assert found.urgency is Urgency.URGENT
    assert "pharmacist" in (found.reply or "")
    assert "poison line" in (found.reply or "")


@pytest.mark.parametrize(
    "text",
    [
        "I take my metformin twice a day",
        "I took two paracetamol for my headache",
        "I took two pills this morning as prescribed",
        "I took the wrong bus by mistake",
        "I took my evening pills in the morning",
    ],
)
def test_what_is_no_mistake_with_a_dose_is_none(text: str) -> None:
    assert "extra_dose" not in {flag.key for flag in screen(text, person=PersonFacts()).flags}
