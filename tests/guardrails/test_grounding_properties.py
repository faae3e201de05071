"""Grounding for any text and any numbers: what is quoted passes, what is altered is caught, and nothing raises."""

import string
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Value
from vitasense.evals.grounding.cases import written
from vitasense.guardrails import verify

FINDINGS = [finding for folder in ("", "heldout") for finding, _ in written(folder)]
HIDDEN = ["\u200b", "\u200d", "\u2060", "\u00ad", "\u202e", "\ufeff", "\u0301"]
WIDE = str.maketrans(string.digits, "０１２３４５６７８９")
CONSONANTS = "bcdfghjklmnpqrstvwxz"  # no word of a language
MEASURES = ["LDL", "HDL", "Potassium", "Creatinine", "Ferritin", "ALT", "Weight", "Heart rate"]
DRUGS = ["metformin", "lisinopril", "warfarin", "sertraline", "omeprazole", "digoxin"]
numbers = st.integers(2, 900)
two = st.lists(numbers, min_size=2, max_size=2, unique=True)


def found(text: str, *values: Value, kind: str = "results") -> Finding:
    evidence = (Evidence(kind="record", ref="Observation/1", version="1", label="Record"),)
    return Finding(kind=kind, text=text, status=Status.FOUND, values=values, evidence=evidence)


@given(reply=st.text(), told=st.text(min_size=1))
def test_any_text_can_be_checked(reply: str, told: str) -> None:
    assert all(piece.why != "not checked" for piece in verify(reply, [found(told)]).unsupported)


@given(st.lists(st.sampled_from(FINDINGS), min_size=1, max_size=5, unique_by=lambda finding: finding.text), st.data())
def test_findings_told_word_for_word_pass_in_any_order_and_layout(findings: list[Finding], data: st.DataObject) -> None:
    told = data.draw(st.permutations(findings))
    joint = data.draw(st.sampled_from(["\n", "\n\n", "\n- ", "\n* "]))
    assert verify(joint.join(finding.text for finding in told), findings).supported


@given(
    finding=st.sampled_from(FINDINGS), opening=st.sampled_from(["Not true:", "Nobody says that", "It is false that"])
)
def test_what_takes_a_quotation_back_is_caught(finding: Finding, opening: str) -> None:
    assert not verify(f"{opening} {finding.text}", [finding]).supported


@given(pair=st.lists(st.sampled_from(MEASURES), min_size=2, max_size=2, unique=True), values=two)
def test_two_values_of_one_finding_cannot_change_places(pair: list[str], values: list[int]) -> None:
    (one, other), (first, second) = pair, values
    finding = found(
        f"{one} was {first} and {other} was {second} on 3 May 2026.",
        Value(name=one, number=first, at=datetime(2026, 5, 3, tzinfo=UTC)),
        Value(name=other, number=second, at=datetime(2026, 5, 3, tzinfo=UTC)),
    )
    assert verify(f"Your {other} was {second}, and your {one} was {first}.", [finding]).supported
    assert not verify(f"Your {one} was {second}, and your {other} was {first}.", [finding]).supported
    assert not verify(f"{one}: {second}", [finding]).supported


@given(pair=st.lists(st.sampled_from(DRUGS), min_size=2, max_size=2, unique=True), doses=two)
def test_two_doses_of_one_finding_cannot_change_places(pair: list[str], doses: list[int]) -> None:
    (one, other), (first, second) = pair, doses
    finding = found(f"You take {one} {first} mg and {other} {second} mg.", kind="medications.active")
    assert verify(f"You take {second} mg of {other}.", [finding]).supported
    assert not verify(f"You take {first} mg of {other}.", [finding]).supported


@given(values=two)
def test_the_two_ends_of_a_trend_cannot_change_places(values: list[int]) -> None:
    low, high = sorted(values)
    finding = found(f"Your weight fell from {high} kg in January 2026 to {low} kg in June 2026.")
    assert verify(f"From January to June 2026, your weight went down from {high} to {low} kg.", [finding]).supported
    for reply in (
        f"Your weight fell from {low} kg in January 2026 to {high} kg in June 2026.",
        f"Your weight rose from {high} kg in January 2026 to {low} kg in June 2026.",
        f"In January 2026 your weight was {low} kg.",
        f"Your weight fell to {high} kg.",
    ):
        assert not verify(reply, [finding]).supported


@given(values=two)
def test_a_date_in_a_sentence_of_its_own_is_that_of_the_value_before(values: list[int]) -> None:
    first, second = values
    finding = found(f"LDL was {first} mg/dL on 2 May 2025 and {second} mg/dL on 3 May 2026.")
    for reply in (
        "LDL was {} mg/dL. It was measured on {}.",
        "On {1}:\n- LDL: {0} mg/dL",
        "- LDL: {} mg/dL\n- Date: {}",
    ):
        assert verify(reply.format(second, "3 May 2026"), [finding]).supported
        assert not verify(reply.format(second, "2 May 2025"), [finding]).supported


@given(systolic=st.integers(100, 220), diastolic=st.integers(40, 99))
def test_a_blood_pressure_cannot_be_turned(systolic: int, diastolic: int) -> None:
    finding = found(f"Your blood pressure was {systolic}/{diastolic} mmHg on 14 March 2026.")
    assert verify(f"It was {systolic} over {diastolic}.", [finding]).supported
    assert not verify(f"It was {diastolic}/{systolic}.", [finding]).supported


@given(number=st.integers(10, 9999), hidden=st.sampled_from(HIDDEN), data=st.data())
def test_a_letter_that_nobody_sees_is_caught_in_a_number(number: int, hidden: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(str(number)) - 1))
    written_so = f"{str(number)[:place]}{hidden}{str(number)[place:]}"
    assert not verify(f"Your ferritin was {written_so}.", [found(f"Your ferritin was {number}.")]).supported


@given(number=st.integers(1, 9999), other=st.integers(1, 9999))
def test_digits_of_another_script_are_the_digits_they_are(number: int, other: int) -> None:
    reply = f"Your ferritin was {str(other).translate(WIDE)}."
    assert verify(reply, [found(f"Your ferritin was {number}.")]).supported == (number == other)


@given(
    stem=st.text(CONSONANTS, min_size=4, max_size=8),
    ending=st.sampled_from(["pril", "statin", "mab", "olol", "azole", "in"]),
)
def test_a_medicine_that_nobody_knows_is_caught(stem: str, ending: str) -> None:
    finding = found("You take metformin 500 mg.", kind="medications.active")
    assert not verify(f"You take {stem}{ending} 500 mg.", [finding]).supported


@given(word=st.text(CONSONANTS, min_size=6, max_size=12), finding=st.sampled_from(FINDINGS))
def test_a_word_that_neither_the_findings_nor_the_rules_have_is_caught(word: str, finding: Finding) -> None:
    assert not verify(f"{finding.text} There is {word}, too.", [finding]).supported
