"""Numbers that count nothing: the hour of the day ("at 8"), a score ("4/10"), a result ("eGFR 25"), an age ("I'm 80")."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from vitasense.guardrails.words import Word

_HOURS = 24
_BEFORE_HOURS = frozenset({"at", "by", "until", "till", "under", "below"})
_AFTER_HOURS = frozenset({"am", "pm", "oclock"})
_TESTS = frozenset({"egfr", "gfr", "creatinine", "inr", "hba1c", "a1c", "ldl", "hdl", "ferritin", "tsh"})
_AGES = frozenset({"im", "iam", "am", "hes", "shes", "aged", "age", "turned", "turning"})
_THEN = frozenset(
    {
        "",
        "years",
        "year",
        "yrs",
        "yo",
        "old",
        "can",
        "could",
        "should",
        "may",
        "is",
        "are",
        "do",
        "will",
        "and",
        "with",
        "now",
        "i",
    }
)
_HIGHEST_AGE, _LOWEST_PRESSURES = 120, (60, 30)  # our own choices of what is read so
_IS = frozenset({"is", "was", "of", "at", "now", "s", "level", "value", "came", "back"})
_SAID: Mapping[str, int] = {"eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}
_SCORES, _POINTS = ("/", ":"), (".", ",")
_SEVERE_FROM = 7
NO_COUNT = "#"


def without_times_and_scores(text: str, words: Sequence[Word], units: frozenset[str]) -> Sequence[Word]:
    """The words of `text` with the numbers that are an hour, a score out of ten or the value of a test replaced by `#`.

    A number before one of `units` stays, and so does a score of pain from seven on.
    """
    return [replace(word, text=NO_COUNT) if _is_none(text, words, at, units) else word for at, word in enumerate(words)]


def _is_none(text: str, words: Sequence[Word], at: int, units: frozenset[str]) -> bool:
    number = _number(words[at].text)
    if number is None:
        return False
    if _is_a_result(words, at) or _is_a_pressure(text, words, at) or _is_an_age(words, at, number):
        return True
    before = words[at - 1] if at else None
    after = words[at + 1].text if at + 1 < len(words) else ""
    if before is None or before.sentence != words[at].sentence:
        return after in _AFTER_HOURS
    between = text[before.end : words[at].start]
    if before.text.isdigit() and between in _POINTS:
        return True
    score = _number(before.text) is not None and between in _SCORES
    if score:
        return (_number(before.text) or 0) < _SEVERE_FROM
    hour = before.text in _BEFORE_HOURS and number <= _HOURS and after not in units
    return after in _AFTER_HOURS or hour


def _is_a_result(words: Sequence[Word], at: int) -> bool:
    """Whether it is the value of a test that no red flag looks at: "my eGFR is 25"."""
    place = at - 1
    while place >= 0 and words[place].text in _IS:
        place -= 1
    named = place >= 0 and words[place].text in _TESTS and words[place].sentence == words[at].sentence
    return named and _after(words, at) in _THEN


def _is_an_age(words: Sequence[Word], at: int, number: int) -> bool:
    """Whether it is how old somebody is: "I'm 80, can I take …", not "I'm 30 pills in"."""
    before = words[at - 1] if at else None
    said = before is not None and before.text in _AGES and before.sentence == words[at].sentence
    return said and number <= _HIGHEST_AGE and _after(words, at) in _THEN


def _is_a_pressure(text: str, words: Sequence[Word], at: int) -> bool:
    """Whether it is one of the two numbers of a blood pressure, "190/120" or "190 over 120", which is read by itself."""
    places = [(at, at + 1), (at, at + 2), (at - 1, at), (at - 2, at)]
    return any(_are_a_pressure(text, words, one, two) for one, two in places)


def _are_a_pressure(text: str, words: Sequence[Word], one: int, two: int) -> bool:
    if one < 0 or two >= len(words):
        return False
    high, low = _number(words[one].text), _number(words[two].text)
    between = text[words[one].end : words[two].start].strip()
    joined = between == "/" if two == one + 1 else words[one + 1].text == "over"
    highest, lowest = _LOWEST_PRESSURES
    return joined and high is not None and low is not None and high >= highest and low >= lowest and high > low


def _after(words: Sequence[Word], at: int) -> str:
    """The next word of the sentence, "" at its end."""
    after = words[at + 1] if at + 1 < len(words) else None
    return after.text if after and after.sentence == words[at].sentence else ""


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else _SAID.get(text)
