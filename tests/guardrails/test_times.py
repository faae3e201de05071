"""What is long over is told apart from what is there now."""

import pytest

from vitasense.guardrails.rulebook import language
from vitasense.guardrails.times import past_places
from vitasense.guardrails.words import AS_WRITTEN, read_words


def past(text: str) -> str:
    """The words that tell of the past."""
    words = read_words(text, AS_WRITTEN, language().fillers)
    places = past_places(words)
    return " ".join(word.text for place, word in enumerate(words) if place in places)


@pytest.mark.parametrize(
    "text",
    [
        "he had a stroke in 1998",
        "broke my neck in '95",
        "she drank antifreeze in the seventies",
        "his heart attack was three summers ago",
        "my seizure was ten years back",
        "as a toddler he swallowed a coin",
        "when she was nine she stopped breathing",
        "it happened back when we lived in Perth",
        "asthma attacks until 2008",
        "she once nearly drowned",
        "my son was born blue",
    ],
)
def test_a_cue_of_the_past_dates_its_clause(text: str) -> None:
    assert len(past(text).split()) == len(read_words(text, AS_WRITTEN, language().fillers))


@pytest.mark.parametrize(
    "text",
    [
        "he choked on steak an hour ago",
        "chest pain since this morning",
        "my heart is racing at 150",
        "took all my tablets at 21:30",
        "my mum in her eighties collapsed",
        "my son aged 2 swallowed a battery",
        "my dad, 82, collapsed",
        "arms arch back when picked up",
        "the tongue won't go back in the mouth",
        "on warfarin since 2019",
    ],
)
def test_ages_hours_and_recent_times_are_present(text: str) -> None:
    assert past(text) == ""


def test_a_date_alone_dates_what_stands_before_it() -> None:
    assert past("choked at my wedding, 2006, lovely day") == "choked at my wedding 2006"
    assert past("I had a heart attack, that was in 2009, and I run now") == "i had heart attack that was in 2009"


def test_a_dated_clause_does_not_reach_the_complaint_beside_it() -> None:
    assert past("chest pain, had a stent in 2019") == "had stent in 2019"
    assert past("chest pain, like in 2019") == "in 2019"


def test_what_became_of_the_person_puts_the_tale_into_the_past() -> None:
    assert past("she choked on a grape, she's at uni now").startswith("she choked on grape")


def test_what_is_back_is_not_past() -> None:
    assert past("he had a fit years ago, he's having one now") == ""
