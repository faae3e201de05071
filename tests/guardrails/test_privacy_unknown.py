"""What nobody told is found by its shape and its surroundings; clinical words and numbers stay."""

import re

import pytest

from vitasense.evals import privacy_texts
from vitasense.guardrails import Redactor


def redact(text: str) -> str:
    return Redactor(()).redact(text)


def left_of(text: str) -> str:
    """What a model is told beside the placeholders, whose own numbers may be anything."""
    return re.sub("⟦.*?⟧", "", redact(text))


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Please write to t.renner@mail.invalid", "renner"),
        ("my ssn is 219-55-8830", "219"),
        ("NHS number 943 476 5919", "476"),
        ("MRN: H-204981", "204981"),
        ("policy number ABC-123456", "123456"),
        ("card 4539 1488 0343 6467", "1488"),
        ("IBAN DE75 5121 0800 1245 1261 99", "5121"),
        ("passport 533401987", "533401987"),
        ("licence plate KX21 VTY", "KX21"),
        ("personnummer 811218-9876", "811218"),
        ("server 203.0.113.77 and 2001:db8::8a2e:370:7334", "203.0"),
        ("device 00:1B:44:11:3A:B7", "1B:44"),
        ("see https://portal.example/p/8812", "8812"),
        ("wallet 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP"),
        ("ring +44 20 7946 0958", "7946"),
        ("call me on 07700 900461", "900461"),
        ("fax 555-014-7788", "7788"),
        ("born on 17 August 1954", "1954"),
        ("DOB 08/17/54", "17/54"),
        ("I am 93 years old", "93"),
        ("admitted on 3 January 2024 with pneumonia", "3 January"),
        ("my appointment is on 2025-06-14", "2025-06-14"),
        ("my name is tobias renner", "tobias"),
        ("Dr. Okonjo-Bell said so", "Okonjo"),
        ("my wife Ingrid fell", "Ingrid"),
        ("I work for Halvorsen Timber Ltd", "Halvorsen"),
        ("i live in harrogate", "harrogate"),
        ("Yesterday Kateryna Bondarenko came", "Bondarenko"),
        ("48 Juniper Hollow Road, Dunmore, PA 18512", "Dunmore"),
        ("23 rue des Tanneurs, 67000 Strasbourg", "Tanneurs"),
        ("Lindenstraße 14, 50674 Köln", "50674"),
        ("Storgatan 21, 903 26 Umeå", "Umeå"),
        ("P.O. Box 4471, Anchorage", "4471"),
        ("Flat 3, 77 Cobden Terrace, Leeds LS7 2QR", "LS7"),
        ("my zip code is 60614", "60614"),
    ],
)
def test_an_identifier_is_hidden(text: str, secret: str) -> None:
    assert secret not in left_of(text)


@pytest.mark.parametrize("text", privacy_texts.own("clinical")["texts"])
def test_clinical_words_and_numbers_stay(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Your last blood pressure was 142/88 mmHg, on 14 November 2026.",
        "LDL 5.4 mmol/L on 2024-01-05",
        "You take lisinopril 10 mg since 12 March 2020.",
    ],
)
def test_the_date_of_a_measurement_stays(text: str) -> None:
    assert redact(text) == text


def test_a_date_that_tells_of_a_life_is_hidden_and_comes_back() -> None:
    redactor = Redactor(())
    text = "Discharged on 3 January 2024, HbA1c 7.2%. The funeral was on 5 May 2021."
    sent = redactor.redact(text)
    assert "3 January" not in sent
    assert "5 May" not in sent
    assert "7.2%" in sent
    assert redactor.restore(sent) == text


def test_countries_years_and_ages_below_ninety_stay() -> None:
    text = "I am 45, moved from Germany to Kenya in 2019 and was ill in March"
    assert redact(text) == text


def test_the_lines_of_a_signature_are_hidden_whole() -> None:
    sent = left_of("Kind regards,\nFenella Marchetti\nQuayside Practice\n9 Quayside Walk, Plymouth PL4 0DW")
    for secret in ("Fenella", "Quayside", "Plymouth", "PL4"):
        assert secret not in sent
