"""Known people and numbers are recognised however they are written, and ordinary words are not taken for them."""

import re

import pytest

from vitasense.guardrails import IdentifierKind, KnownIdentifier, Redactor


def hidden(kind: IdentifierKind, value: str, text: str) -> str:
    return Redactor([KnownIdentifier(kind, value)]).redact(text)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Maria Lopez-Diaz", "LOPEZ-DIAZ"),
        ("Maria Lopez-Diaz", "Lopez Diaz"),
        ("José Álvarez", "jose alvarez"),
        ("José Álvarez", "ALVAREZ, José"),
        ("José Álvarez", "J. Álvarez"),
        ("José Álvarez", "Álvarez"),
        ("Jürgen Groß", "Juergen Gross"),
        ("Søren Kjær", "Soren Kjaer"),
        ("Иван Петров", "Ivan Petrov"),
        ("Seán O'Brien", "OBrien"),
        ("Margaret Whitfield", "Margret Whitfeild"),
        ("Margaret Whitfield", "Peggy Whitfield"),
        ("Margaret Whitfield", "Whit field"),
        ("Margaret Whitfield", "m a r g a r e t"),
        ("Margaret Whitfield", "mwhitfield"),
    ],
)
def test_a_known_name_is_recognised(name: str, written: str) -> None:
    sent = hidden("person", name, f"Yesterday {written} had a fever of 39.1")
    assert sent.startswith("Yesterday ⟦PERSON_1")
    assert sent.endswith("⟧ had a fever of 39.1")


def test_a_name_in_an_address_of_the_net_is_hidden_with_it() -> None:
    sent = hidden("person", "Maria Alvarez", "write to maria.alvarez@clinic.example or https://x.example/alvarez?id=7")
    assert "lvarez" not in sent
    assert "clinic" not in sent
    assert "id=7" not in sent


def test_a_possessive_keeps_its_s() -> None:
    assert hidden("person", "Maria Alvarez", "It is Maria's").endswith("⟧'s")


@pytest.mark.parametrize("text", ["Will I be fine?", "it will hurt", "in May and June", "may I eat", "mark the dose"])
def test_a_name_that_is_a_word_is_a_word_where_it_means_one(text: str) -> None:
    redactor = Redactor([KnownIdentifier("person", "Will May"), KnownIdentifier("person", "Mark Rose")])
    assert redactor.redact(text) == text


@pytest.mark.parametrize("text", ["I asked Will", "Mark's pills", "Dr May said so", "Will May takes it", "with Rose"])
def test_a_name_that_is_a_word_is_a_name_where_it_means_one(text: str) -> None:
    redactor = Redactor([KnownIdentifier("person", "Will May"), KnownIdentifier("person", "Mark Rose")])
    assert "⟦PERSON_" in redactor.redact(text)


@pytest.mark.parametrize(
    "written",
    [
        "1980-03-05",
        "5 March 1980",
        "March 5, 1980",
        "March 5th 1980",
        "05/03/1980",
        "3/5/80",
        "5.3.1980",
        "5-Mar-1980",
        "5th of March, 1980",
        "19800305",
        "1980/03/05",
    ],
)
def test_a_birth_date_is_recognised(written: str) -> None:
    assert "⟦BIRTH_DATE_1" in hidden("birth_date", "1980-03-05", f"since {written}, LDL 4.1 mmol/L")


@pytest.mark.parametrize("written", ["+1 555 010 2233", "(555) 010-2233", "555.010.2233", "5550102233", "010-2233"])
def test_a_telephone_number_is_recognised(written: str) -> None:
    sent = hidden("phone", "+1 555 010 2233", f"ring {written} now")
    assert "2233" not in re.sub("⟦.*?⟧", "", sent)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("address", "14 Larkspur Lane", "the house in 14  larkspur lane is cold"),
        ("place", "Springfield", "back in SPRINGFIELD now"),
        ("place", "Bath", "moved to Bath for work"),
        ("organisation", "Lakeside Family Medicine (demo)", "at lakeside family medicine today"),
        ("organisation", "Nordmark Ltd", "the people of Nordmark wrote"),
        ("record_number", "MARIA-0001", "it is maria 0001 there"),
        ("email", "maria@example.org", "it is MARIA@example.org there"),
    ],
)
def test_other_known_identifiers_are_recognised(kind: IdentifierKind, value: str, text: str) -> None:
    assert f"⟦{kind.upper()}_1" in hidden(kind, value, text)


def test_a_town_that_is_a_word_needs_its_capital() -> None:
    assert hidden("place", "Bath", "a warm bath helps") == "a warm bath helps"


def test_contacts_stay_apart() -> None:
    redactor = Redactor([KnownIdentifier("person", "Maria Alvarez"), KnownIdentifier("person", "Tomas Alvarez")])
    sent = redactor.redact("Maria and Tomas Alvarez")
    assert "PERSON_1" in sent
    assert "PERSON_2" in sent


@pytest.mark.parametrize("empty", ["", " ", "-", "X"])
def test_an_empty_identifier_hides_nothing(empty: str) -> None:
    assert hidden("person", empty, "a x - b 12.5 mg") == "a x - b 12.5 mg"
    assert hidden("record_number", empty, "a x - b 12.5 mg") == "a x - b 12.5 mg"
