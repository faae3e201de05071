"""Documents and notes in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.records.rtf import rtf_text


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (r"{\rtf1\ansi Take {\b aspirin} 81 mg.\par Then rest.}", "Take aspirin 81 mg.\nThen rest."),
        (r"{\rtf1{\fonttbl{\f0 Arial;}}{\*\generator Word;}Caf\'e9 \u8211?two \{cups\}}", "Café –two {cups}"),
        (r"{\rtf1 a\tab b\cell c\row d}", "a b c\nd"),
        (r"{\rtf1{\pict 89504e47}only words}", "only words"),
        ("plain text", ""),
    ],
)
def test_rtf_is_read_as_its_words(markup: str, words: str) -> None:
    assert rtf_text(markup) == words


@given(st.text(alphabet="\\{}'u*par8211-?ab \n", max_size=300))
def test_broken_rtf_never_fails(markup: str) -> None:
    rtf_text("{\\rtf1" + markup)
