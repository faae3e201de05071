"""A question for a name is told from one about the person, and only what is described is looked for."""

import pytest

from vitasense.tools.naming import described


@pytest.mark.parametrize(
    ("question", "words", "kind"),
    [
        ("what is the pigment in red blood cells called?", "the pigment in red blood cells", None),
        ("What do you call too little sodium", "low sodium", None),
        ("which test shows long-term sugar?", "long-term sugar", "lab"),
        ("what was that medicine for reflux again?", "reflux", "medicine"),
        ("what's the medical term for bones that break easily?", "bones that break easily", None),
        ("what is it called when part of the brain gets no blood?", "part of the brain gets no blood", None),
        ("what do you call it if the body lacks water", "the body low water", None),
        ("tell me what the storage form of iron is called", "the storage form of iron", None),
        (
            "what is the waste of muscles called that the kidneys filter?",
            "the waste of muscles that the kidneys filter",
            None,
        ),
        ("what do people call the illness with painful toes?", "painful toes", "condition"),
    ],
)
def test_what_is_described_is_taken_from_the_question(question: str, words: str, kind: str | None) -> None:
    found = described(question)
    assert found is not None
    assert found.words == words
    assert (kind in found.kinds) if kind else not found.kinds


@pytest.mark.parametrize(
    "question",
    [
        "what is my medicine for reflux called?",
        "which medicine should people take for reflux?",
        "which test do I need?",
        "what is the best medicine for reflux called?",
        "what is haemoglobin?",
        "what was that medicine?",
        "my doctor called about the test",
    ],
)
def test_what_asks_for_no_name_or_about_oneself_describes_nothing(question: str) -> None:
    assert described(question) is None
