"""An illness that is studied, told, feared or supposed is nobody's."""

import pytest

from vitasense.guardrails.rulebook import language
from vitasense.guardrails.topics import general_places
from vitasense.guardrails.words import AS_WRITTEN, read_words


def general(text: str) -> str:
    """The words that tell of nobody's illness."""
    words = read_words(text, AS_WRITTEN, language().fillers)
    places = general_places(words)
    return " ".join(word.text for place, word in enumerate(words) if place in places)


@pytest.mark.parametrize(
    "text",
    [
        "translate he is not breathing into French",
        "a mnemonic for causes of unconsciousness",
        "how do paramedics lift a heavy man",
        "would a grown man notice a heart attack",
        "the statistics for drowning in children",
        "is a tourniquet still recommended",
        "a thriller where a nurse finds a man collapsed",
        "let's say a child swallows a battery",
        "draft a letter about his seizures",
    ],
)
def test_study_stories_and_suppositions_are_general(text: str) -> None:
    assert len(general(text).split()) == len(read_words(text, AS_WRITTEN, language().fillers))


def test_a_topic_goes_no_further_than_a_person() -> None:
    assert "collapsed" not in general("I need a quiz for my class, my dad collapsed")
    assert "pale" not in general("he was doing the crossword, pale and cold")


def test_a_fear_with_of_is_a_fear_and_without_is_a_complaint() -> None:
    assert general("I am scared of choking") == "scared choking"
    assert general("I am scared, choking") == ""


def test_what_happens_now_is_not_general() -> None:
    assert general("translate this: he is not breathing now, help") == ""
