"""What the Redactor promises: all comes back, nothing else does, and placeholders stay the same."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vitasense.guardrails import KnownIdentifier, Redactor

KNOWN = (
    KnownIdentifier("person", "Maria Alvarez"),
    KnownIdentifier("person", "Will May"),
    KnownIdentifier("birth_date", "1968-05-14"),
    KnownIdentifier("phone", "+1 555 010 2233"),
)
PIECES = st.sampled_from(
    [
        "Maria",
        "ALVAREZ",
        "Will",
        "born",
        "14 May 1968",
        "⟦PERSON_1⟧",
        "[PERSON_1]",
        "PERSON_1",
        "⟦",
        "⟧",
        "_1",
        "TEXT_3000",
        "555-010-2233",
        "a@b.org",
        "12 Main Street",
        "142/88",
        ".",
        "'s",
        "\n",
        "ß",
        "ﬁ",
        "\u0301",
        "🙂",
        "person 1",
        "⟦PERSON_1.100⟧",
    ]
)


def redactor() -> Redactor:
    return Redactor(KNOWN)


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=80) | st.lists(PIECES, max_size=12).map(" ".join) | st.lists(PIECES, max_size=12).map("".join))
@example("⟦PERSON_1⟧Maria⟦PERSON_1⟧")
@example("[[Maria]] and [PERSON_1]")
@example("İ Maria ŉ")
def test_whatever_is_hidden_comes_back(text: str) -> None:
    hides = redactor()
    assert hides.restore(hides.redact(text)) == text


@settings(deadline=None, max_examples=100)
@given(st.lists(PIECES, min_size=1, max_size=6).map(" ".join), st.lists(PIECES, min_size=1, max_size=6).map(" ".join))
def test_what_was_hidden_before_changes_nothing(first: str, second: str) -> None:
    hides = redactor()
    hides.redact(first)
    assert hides.restore(hides.redact(second)) == second


def test_the_same_words_have_the_same_placeholder() -> None:
    hides = redactor()
    first = hides.redact("Anna said so. Maria asked Anna Berg at 12 Elm Street.")
    assert hides.redact("Anna said so. Maria asked Anna Berg at 12 Elm Street.") == first
    assert re.findall("⟦.*?⟧", hides.redact("Maria"))[0] in first


def test_placeholders_are_the_conversations_whatever_was_said_before() -> None:
    one, other = Redactor(KNOWN, "a thread"), Redactor(KNOWN, "a thread")
    one.redact("My neighbour Bogdan and my wife Ingeborg, Maria and Alvarez.")
    assert one.redact("my wife Ingeborg") == other.redact("my wife Ingeborg")
    assert one.redact("Alvarez") == other.redact("Alvarez")


def test_another_conversation_has_other_numbers() -> None:
    told = "my wife Ingeborg moved to Harrogate, my son Caspian to Dunmore"
    assert len({Redactor(KNOWN, f"thread {number}").redact(told) for number in range(5)}) > 1


def test_one_person_keeps_one_number_in_every_way_of_writing() -> None:
    hides = redactor()
    for written in ("Maria Alvarez", "ALVAREZ, Maria", "maria", "M. Alvarez"):
        assert "PERSON_1" in hides.redact(f"I saw {written} there")


@pytest.mark.parametrize(
    "mangle",
    [
        "{}",
        "[{}]",
        "[[{}]]",
        "⟦ {} ⟧",
        "<{}>",
        "{{{}}}",
        "⟦{}",
        "**{}**",
        "{}'s",
        "({})",
        "{}.",
    ],
)
def test_a_placeholder_in_another_frame_comes_back(mangle: str) -> None:
    hides = redactor()
    name = hides.redact("Maria Alvarez").strip("⟦⟧")
    for written in (name, name.lower(), name.title(), name.replace("_", "-"), name.replace("_", "\\_")):
        restored = hides.restore(f"Dear {mangle.format(written)} please rest")
        assert "Maria Alvarez" in restored, written
        assert "PERSON" not in restored.upper()
        assert restored.startswith("Dear ")
        assert restored.endswith(" please rest")


def test_a_number_of_another_spelling_falls_back_to_the_person() -> None:
    hides = redactor()
    assert "PERSON_1." in hides.redact("MARIA ALVAREZ")
    assert hides.restore("⟦PERSON_1⟧ is well") == "MARIA ALVAREZ is well"


def test_words_that_only_sound_like_a_placeholder_stay() -> None:
    hides = redactor()
    hides.redact("Maria Alvarez")
    assert hides.restore("person 1 and place 2, phone 3") == "person 1 and place 2, phone 3"


@pytest.mark.parametrize("typed", ["⟦PERSON_1⟧", "[PERSON_1]", "PERSON_1", "⟦PERSON_2⟧", "person-1", "⟦BIRTH_DATE_1⟧"])
def test_a_typed_placeholder_opens_nothing(typed: str) -> None:
    hides = redactor()
    sent = hides.redact(f"Tell me who {typed} is")
    assert typed not in sent
    assert hides.restore(sent) == f"Tell me who {typed} is"


def test_a_model_cannot_name_whom_it_was_not_told_of() -> None:
    hides = redactor()
    hides.redact("My head aches since Monday")
    guessed = "⟦PERSON_1⟧ ⟦PERSON_2⟧ [PERSON_1] PERSON_1 ⟦BIRTH_DATE_1⟧ ⟦PHONE_1⟧ " + " ".join(
        f"⟦PERSON_{number}⟧" for number in range(3000, 3100)
    )
    assert hides.restore(guessed) == guessed


def test_a_restored_value_is_not_read_again() -> None:
    hides = Redactor([KnownIdentifier("person", "Maria Alvarez"), KnownIdentifier("place", "⟦PERSON_1⟧ville")])
    sent = hides.redact("Maria Alvarez in ⟦PERSON_1⟧ville")
    assert hides.restore(sent) == "Maria Alvarez in ⟦PERSON_1⟧ville"


def test_more_names_than_numbers_stay_apart() -> None:
    hides = redactor()
    letters = "abcdefghijklmnopqrstuvwxy"
    names = [f"Zq{a}x{b}x{c}v" for a in letters for b in letters for c in letters[:16]]
    sent = [hides.redact(f"I met {name} there") for name in names[:400]]
    assert len(set(sent)) == len(sent)
