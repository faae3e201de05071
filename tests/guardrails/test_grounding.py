"""What no finding says does not leave: every altered number, unit, date, drug and judgement is caught."""

import sys
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Value, not_evaluated
from vitasense.guardrails import Verification, verify

DRUGS = {
    "metformin": "metformin",
    "glucophage": "metformin",
    "lisinopril": "lisinopril",
    "warfarin": "warfarin",
    "aspirin": "aspirin",
    "ibuprofen": "ibuprofen",
}
GENES = {"CYP2C19", "TPMT"}
MARCH = datetime(2026, 3, 14, 8, 30, tzinfo=UTC)
EVIDENCE = (Evidence(kind="record", ref="Observation/1", version="1", label="Observation", at=MARCH),)


def found(text: str, *values: Value, kind: str = "measurement") -> Finding:
    return Finding(kind=kind, text=text, status=Status.FOUND, values=values, evidence=EVIDENCE)


PRESSURE = found(
    "Your last blood pressure was 142/88 mmHg on 14 March 2026. That is above the limit of 140/90 mmHg.",
    Value(name="systolic", number=142, unit="mm[Hg]", at=MARCH),
    Value(name="diastolic", number=88, unit="mm[Hg]", at=MARCH),
)
CHOLESTEROL = found(
    "LDL cholesterol was 3.14 mmol/L on 2 May 2025 and 2.6 mmol/L on 3 May 2026.",
    Value(name="LDL cholesterol", number=3.14, unit="mmol/L", at=datetime(2025, 5, 2, tzinfo=UTC)),
    Value(name="LDL cholesterol", number=2.6, unit="mmol/L", at=datetime(2026, 5, 3, tzinfo=UTC)),
    Value(name="HDL cholesterol", number=1.2, unit="mmol/L", at=datetime(2026, 5, 3, tzinfo=UTC)),
)
INTERACTIONS = Finding(
    kind="interactions", text="No interactions were found between metformin and lisinopril.", status=Status.NOT_FOUND
)
ALLERGIES = not_evaluated("allergies", "Allergies could not be checked: the list is missing.", "no list")
FINDINGS = (PRESSURE, CHOLESTEROL, INTERACTIONS, ALLERGIES)


def check(reply: str) -> Verification:
    return verify(reply, FINDINGS, drugs=DRUGS, genes=GENES)


@pytest.mark.parametrize(
    "reply",
    [
        "Your last blood pressure was 142/88 mmHg on 14 March 2026.",
        "It was 142 over 88 on 2026-03-14, above the limit of 140/90.",
        "Your LDL was 3.1 mmol/L on 2 May 2025.",
        "Your LDL cholesterol was 2.6 mmol/L in May 2026, lower than in May 2025.",
        "I found no interactions between Glucophage and lisinopril.",
        "1. Blood pressure: 142/88.\n2. LDL: 2.6",
        "It was one hundred and forty-two over eighty-eight.",
        "Ask your doctor if this is normal.",
        "I do not have your allergies.",
        "Nothing was found.",
        " ".join(finding.text for finding in FINDINGS),
    ],
)
def test_what_the_findings_say_may_be_said(reply: str) -> None:
    assert check(reply).unsupported == ()


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("Your blood pressure was 143/88 mmHg.", "number"),
        ("It was 142/88 on 15 March 2026.", "date"),
        ("It was one hundred and fifty.", "number"),
        ("LDL was 2.6 mg/dL.", "number"),
        ("The pressure was 142 kPa.", "number"),
        ("HDL was 2.6 mmol/L.", "number"),
        ("diastolic was 142", "number"),
        ("LDL was 3.14 mmol/L on 3 May 2026.", "number"),
        ("Your LDL doubled.", "number"),
        ("Your LDL rose to 2.6 mmol/L.", "comparison"),
        ("Your blood pressure is normal.", "comparison"),
        ("Everything is all right.", "comparison"),
        ("It is safe to take metformin.", "comparison"),
        ("You have no allergies.", "absence"),
        ("You are allergy-free.", "absence"),
        ("No side effects are known.", "absence"),
        ("Your warfarin goes well with it.", "drug"),
        ("CYP2C19 plays a part.", "gene"),
        ("You carry rs4244285.", "gene"),
    ],
)
def test_what_no_finding_says_is_named(reply: str, why: str) -> None:
    assert why in {piece.why for piece in check(reply).unsupported}


def test_what_was_not_evaluated_supports_no_absence_and_no_normal() -> None:
    only = [not_evaluated("interactions", "Interactions could not be checked.", "unknown drug")]
    assert not verify("There are no interactions.", only).supported
    assert not verify("The interactions are normal.", only).supported
    assert verify("Interactions could not be checked.", only).supported


def test_a_denied_quotation_is_not_a_quotation() -> None:
    assert not verify("It is not true that your pressure was 999.", [found("your pressure was 142.")]).supported


def test_relative_words_need_a_dated_finding() -> None:
    undated = Finding(kind="note", text="You take metformin.", status=Status.NOT_FOUND)
    assert not verify("You took metformin yesterday.", [undated], drugs=DRUGS).supported


def test_counts_follow_the_findings() -> None:
    medicines = [found(f"You take {name}.", kind="medicine") for name in ("metformin", "lisinopril")]
    assert verify("You take two medicines.", medicines, drugs=DRUGS).supported
    assert not verify("You take three medicines.", medicines, drugs=DRUGS).supported


@given(number=st.integers(1, 400), other=st.integers(1, 400), unit=st.sampled_from(["mg/dL", "mmHg", "kg", "%", "bpm"]))
def test_an_altered_number_is_always_caught(number: int, other: int, unit: str) -> None:
    assume(number != other)
    finding = found(f"Your result was {number} {unit}.", Value(name="result", number=number, unit=unit))
    assert verify(f"I saw that it was {number} {unit}.", [finding]).supported
    assert not verify(f"I saw that it was {other} {unit}.", [finding]).supported


@given(tenths=st.integers(10, 4000), change=st.integers(1, 400))
def test_an_altered_decimal_is_always_caught(tenths: int, change: int) -> None:
    finding = found(f"Your result was {tenths / 10} mmol/L.", Value(name="x", number=tenths / 10, unit="mmol/L"))
    assert not verify(f"So {(tenths + change) / 10} mmol/L.", [finding]).supported


@given(units=st.permutations(["mg/dL", "mmol/L", "mmHg", "kg", "g", "mg", "%", "hours", "days", "kPa", "IU/L", "mg/h"]))
def test_an_altered_unit_is_always_caught(units: list[str]) -> None:
    finding = found(f"Your result was 77 {units[0]}.", Value(name="result", number=77, unit=units[0]))
    assert verify(f"It was 77 {units[0]}.", [finding]).supported
    assert not verify(f"It was 77 {units[1]}.", [finding]).supported


@given(days=st.integers(-4000, 4000), style=st.sampled_from(["%-d %B %Y", "%B %-d, %Y", "%Y-%m-%d", "%-d %b %Y"]))
def test_an_altered_date_is_always_caught(days: int, style: str) -> None:
    other = MARCH + timedelta(days=days)
    finding = found(f"Your visit was on {MARCH.strftime('%-d %B %Y')}.")
    assert verify(f"That was on {other.strftime(style)}.", [finding]).supported == (days == 0)


@given(said=st.sampled_from(sorted(DRUGS)), other=st.sampled_from(sorted(DRUGS)))
def test_an_altered_drug_is_always_caught(said: str, other: str) -> None:
    finding = found(f"You take {said}.")
    assert verify(f"Yes, you take {other}.", [finding], drugs=DRUGS).supported == (DRUGS[said] == DRUGS[other])


def test_the_work_is_linear_in_the_length() -> None:
    def calls(times: int) -> int:
        count = 0

        def counting(*_: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(counting)
        check("Your LDL was 2.6 mmol/L on 3 May 2026 and metformin is fine. " * times)
        sys.setprofile(None)
        return count

    check("Everything that is loaded once.")
    assert calls(160) < 2.2 * calls(80)


def test_without_lists_the_names_that_the_rooms_know_are_used() -> None:
    take = found("You take Glucophage 500 mg.")
    assert verify("You take metformin 500 mg.", [take]).supported
    assert {piece.why for piece in verify("You take aspirin 500 mg.", [take]).unsupported} == {"drug"}
    assert {piece.why for piece in verify("SLCO1B1 matters.", [take]).unsupported} >= {"gene"}


@pytest.mark.parametrize("reply", ["Yes.", "Yes, of course!", "No.", "Sure"])
def test_an_answer_without_a_statement_answers_what_nobody_checked(reply: str) -> None:
    assert not check(reply).supported


def test_what_cannot_be_checked_does_not_leave() -> None:
    broken = cast(Finding, object())
    assert [piece.why for piece in verify("Hello.", [broken]).unsupported] == ["not checked"]


def test_a_piece_stands_where_the_reply_has_it() -> None:
    reply = f"“{PRESSURE.text}”\n\n**HDL**: 9\u00a0mmol/L"
    assert [reply[piece.start : piece.end] for piece in check(reply).unsupported] == ["9\u00a0mmol/L"]


def test_what_was_not_found_is_told_with_what_that_does_not_mean() -> None:
    none = Finding(
        kind="allergies.none",
        text="No allergy is recorded for you. That does not mean that there is nothing.",
        status=Status.NOT_FOUND,
    )
    assert verify("I see no recorded allergy, which does not mean that there is nothing.", [none]).supported
    assert not verify("No allergy is recorded for you.", [none]).supported
