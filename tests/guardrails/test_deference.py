"""Who decides is said when a dose, a medicine's end or a diagnosis is asked for, and only then."""

from datetime import UTC, datetime

import pytest

from vitasense.deterministic.intake import read
from vitasense.guardrails import deference
from vitasense.guardrails.deference import deference_rules

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def kind(text: str) -> str | None:
    found = deference(read(text, now=NOW))
    return found.key if found else None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Should I stop taking my metformin?", "stop_medicine"),
        ("I want to come off sertraline", "stop_medicine"),
        ("would it be alright to skip tonight's insulin", "stop_medicine"),
        ("Can I double my lisinopril dose?", "change_dose"),
        ("can I cut my amlodipine in half", "change_dose"),
        ("should I switch from warfarin to apixaban", "change_dose"),
        ("can metformin be increased to lower my blood sugar?", "change_dose"),
        ("would doubling metformin lower my blood sugar?", "change_dose"),
        ("should I lower metformin, my blood sugar is low", "change_dose"),
        ("would more lisinopril lower my blood pressure", "change_dose"),
        ("I forgot my atorvastatin last night, should I take two today?", "missed_dose"),
        ("What could I take instead?", "choose_medicine"),
        ("what should I take for heartburn", "choose_medicine"),
        ("I have a cold, what can I take", "choose_medicine"),
        ("Do I have diabetes?", "diagnosis"),
        ("what is wrong with me", "diagnosis"),
        ("could this be appendicitis", "diagnosis"),
    ],
)
def test_a_decision_that_is_not_made_here_is_named(text: str, key: str) -> None:
    assert kind(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "What dose of metformin do I take?",
        "What should I take in the morning?",
        "What could I eat instead?",
        "Which medicines do I take?",
        "when did I start atorvastatin?",
        "What is diabetes?",
        "Can I take ibuprofen with lisinopril?",
        "log my blood pressure 130/85",
        "I stopped smoking",
        "Does ibuprofen interact with warfarin?",
        "what are the side effects of lisinopril",
        "Do I have any allergies?",
        "Does metformin lower my blood sugar?",
        "can prednisone raise blood sugar",
        "does hydrochlorothiazide reduce potassium?",
        "stop sharing my record with Dr Chen",
    ],
)
def test_what_the_record_or_a_source_answers_is_not_put_off(text: str) -> None:
    assert kind(text) is None


def test_every_entry_names_its_source() -> None:
    assert all(rule.source and rule.reply for rule in deference_rules().entries)
