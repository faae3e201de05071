"""Signs said of things, firms, plants and animals report nothing; the same words of a person do."""

import pytest

from vitasense.guardrails.figurative import figurative_places
from vitasense.guardrails.rulebook import language
from vitasense.guardrails.words import AS_WRITTEN, read_words


def figurative(text: str) -> str:
    """The words that belong to a way of speaking."""
    words = read_words(text, AS_WRITTEN, language().fillers)
    places = figurative_places(words)
    return " ".join(word.text for place, word in enumerate(words) if place in places)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("the printer had a seizure", "seizure"),
        ("the boiler's wheezing again", "wheezing"),
        ("my tomatoes are wilting and gasping for water", "gasping"),
        ("our company is haemorrhaging staff", "haemorrhaging"),
        ("the stock market collapsed", "collapsed"),
        ("she overdosed on cat videos", "overdosed"),
        ("I was dying of boredom", "dying"),
        ("I had a fit when I saw the price", "fit"),
        ("freezing to death in this office", "death"),
        ("my lips are blue from a lolly", "blue"),
    ],
)
def test_the_sign_of_a_thing_or_an_idiom_is_figurative(text: str, sign: str) -> None:
    assert sign in figurative(text).split()


@pytest.mark.parametrize(
    "text",
    [
        "found him in the car unconscious",
        "she is on the phone choking",
        "the car hit him, bleeding badly",
        "under the shower collapsed",
        "he choked on a grape",
        "she overdosed on her tablets",
        "dying in my arms",
    ],
)
def test_the_sign_of_a_person_is_not(text: str) -> None:
    assert figurative(text) == ""
