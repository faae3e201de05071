"""What is looked for, and in which document, is taken from the person's own words."""

import pytest

from vitasense.deterministic.intake import read
from vitasense.tools.documents import question


@pytest.mark.parametrize(
    ("words", "about", "named"),
    [
        ("what does my discharge letter say about blood thinners?", "blood thinners", "discharge"),
        ("does any of my letters mention warfarin?", "warfarin", ""),
        ("is there anything about my kidney in my documents?", "kidney", ""),
        ("search my letters for penicillin", "penicillin", ""),
        ("is aspirin mentioned in the radiology report?", "aspirin", "radiology"),
        ("look through my documents for anything about smoking", "smoking", ""),
        ("did the hospital report say anything on my heart valve?", "heart valve", "hospital"),
        ("what does my discharge letter say?", "", "discharge"),
    ],
)
def test_the_question_and_the_document_are_told_apart(words: str, about: str, named: str) -> None:
    (asked,) = question(read(words))
    assert (asked.about, asked.named) == (about, named)
