"""Text of a record stands in a sentence without anything hidden, anything that acts, or without end."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Value
from vitasense.deterministic.platform.untrusted import MOST_SHOWN, SHORTENED, clean, shown

PIECES = st.sampled_from(
    ("a", " ", "\n", "5.4", "<", "img src=x>", "[", "](", ")", "http://", "www.", "evil.example", "javascript:")
)
ODD = st.sampled_from(
    (
        "\u200b",
        "\u202e",
        "\u2066",
        "\u200d",
        "क",
        "\U000e0041",
        "\x00",
        "\x1b[2J",
        "data:text/html,",
        "</untrusted>",
        "é",
    )
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.one_of(PIECES, ODD), max_size=30).map("".join))


@given(TEXTS)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert shown(shown(text)) == shown(text)


@given(TEXTS)
def test_nothing_that_acts_or_hides_is_left(text: str) -> None:
    told = clean(text).lower()
    assert not re.search(r"\bhttps?://|\bjavascript:\S|\]\(|<img|</|[\u202e\u200b\x00]", told)


@given(st.text(max_size=3 * MOST_SHOWN))
def test_what_is_shown_is_one_short_line(text: str) -> None:
    told = shown(text)
    assert len(told) <= MOST_SHOWN
    assert "\n" not in told


@pytest.mark.parametrize(
    "text",
    [
        "Metformin 1000 mg tablet, take 1 tablet twice a day",
        "LDL < 100 mg/dL, eGFR >60; HLA-B*57:01; data: 5.4",
        "Grüße: 20 °C, β-blocker, 1 µg/L",
        "क्‍ष दवा",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert shown(text) == text


def test_a_reordering_control_is_written_out() -> None:
    assert clean("take \u202e05\u202c mg") == "take [U+202E]05[U+202C] mg"


def test_a_number_is_not_cut_in_half() -> None:
    told = shown("word " * (MOST_SHOWN // 5 - 4) + "take 1000000000 mg of it" + " word" * 20)
    assert told.endswith(SHORTENED)
    last = told.removesuffix(SHORTENED).split()[-1]
    assert last in {"word", "take", "1000000000", "mg"}


def test_every_string_of_a_finding_is_clean() -> None:
    evil = "x\u202e\u200b<img src=a>[go](http://evil.example)"
    evidence = (Evidence(kind="record", ref="Condition/1", version="1", label=evil),)
    finding = Finding(
        kind="k", text=evil, status=Status.FOUND, values=(Value(name=evil, text=evil),), evidence=evidence
    )
    told = {finding.text, finding.values[0].name, finding.values[0].text, finding.evidence[0].label}
    assert told == {"x[U+202E]‹img src=a>[go] ((link left out))"}
