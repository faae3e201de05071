"""What all answers say in the same way."""

import pytest

from tests.deterministic.medications.factories import medicine, person, subject
from vitasense.deterministic.knowledge import Severity
from vitasense.deterministic.medications.checks.answers import URGENCY, concerned, listed, what_to_do, whose
from vitasense.deterministic.platform.findings import Urgency


def test_what_interrupts_is_urgent() -> None:
    assert all((URGENCY[severity] is Urgency.URGENT) == severity.interrupts for severity in Severity)


@pytest.mark.parametrize("severity", list(Severity))
def test_nobody_is_told_to_stop_a_prescribed_medicine_alone(severity: Severity) -> None:
    for whom in (None, person(), person(who="the patient")):
        words = what_to_do(severity, medicine("warfarin", origin="prescribed"), whom)
        assert "nobody should stop" in words or "go on as prescribed" in words


def test_somebody_else_is_not_called_you() -> None:
    for severity in Severity:
        for origin in ("asked", "prescribed", "herb"):
            words = what_to_do(severity, medicine("warfarin", origin=origin), person(who="the patient"))
            assert "you" not in words.lower().split() and "your" not in words.lower().split()
    assert (whose(None), whose(person()), whose(person(who="the patient"))) == ("your", "your", "the patient's")


def test_what_is_asked_about_is_looked_at_alone() -> None:
    both = subject("warfarin", medicine("ibuprofen", origin="asked"))
    assert [each.drug.key for each in concerned(both)] == ["ibuprofen"]
    assert [each.drug.key for each in concerned(subject("warfarin", "ibuprofen"))] == ["warfarin", "ibuprofen"]


def test_lists_are_read_as_a_person_writes_them() -> None:
    assert (listed([]), listed(["a"]), listed(["a", "b", "a"]), listed(["a", "b", "c"])) == (
        "",
        "a",
        "a and b",
        "a, b and c",
    )
