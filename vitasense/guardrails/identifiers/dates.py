"""Dates in a text: which tell of a person's life and are replaced, and which say when something was measured.

A model needs the dates of measurements to put values in order, so a full date stays where a clinical value or term
stands in the same sentence. A birth date, the date of a death, an admission or an appointment never stays, nor does a
date without clinical company. A year, a month and a day of the week stay everywhere (45 CFR 164.514(b)(2)(i)(C) keeps
the year). What is sent is therefore pseudonymised (GDPR, article 4(5)), not de-identified in the sense of Safe Harbor.
"""

import re
from collections.abc import Iterator

from vitasense.guardrails.identifiers.found import CUED, SHAPED, Found
from vitasense.guardrails.identifiers.rules import Vocabulary, cues, vocabulary

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d{2}"
_TIME = r"(?:[T ,]{1,2}(?:at )?[0-2]?\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:\s?[ap]\.?m\.?|Z|[+-]\d\d:?\d\d)?)?"
_DATE = re.compile(
    rf"(?<![\w/.-])(?:{_YEAR}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])|{_YEAR}[/.](?:0?[1-9]|1[0-2])[/.]{_DAY}"
    rf"|(?:0?[1-9]|[12]\d|3[01])(?P<mark>[/.-])(?:0?[1-9]|[12]\d|3[01])(?P=mark)(?:{_YEAR}|\d\d)"
    rf"|{_DAY}[\s-]{{1,2}}(?:of )?{_MONTH}[\s,-]{{1,3}}{_YEAR}|{_MONTH}\s{{1,2}}{_DAY},?\s{{1,2}}{_YEAR}"
    rf"|{_YEAR}\s{_MONTH}\s{_DAY}){_TIME}(?![\w/]|[.-]\d)",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[.!?;]\s|\n")
_REACH = 40  # characters before a date in which a word says what it is the date of
_MEASURED = re.compile(
    r"\d\s?(?:%|mg|mcg|µg|ug|g|kg|lbs?|stone|cm|mm|m|ml|l|dl|mmol|µmol|umol|pmol|nmol|iu|u|units?|bpm|mmhg|kcal|cal|°|c|f"
    r"|percent|steps|hours?|h|min|tablets?|pills?|puffs?|drops)(?![a-z])|\b\d{2,3}\s?/\s?\d{2,3}\b|[<>]=?\s?\d|\b\d+\.\d+\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")


class Dates:
    """Finds the dates that are replaced."""

    def __init__(self) -> None:
        self._words: Vocabulary = vocabulary()
        self._life = re.compile(rf"(?<!\w)(?:{cues().life_dates})(?!\w)", re.IGNORECASE)
        self._birth = re.compile(
            rf"(?<!\w)(?:{cues().birth_words})\W{{0,4}}(?:(?:is|was|on|in|it's|its|of|the|name|date)\W{{1,4}}){{0,4}}"
            rf"(?P<it>{_DATE.pattern}|{_DAY}\s(?:of\s)?{_MONTH}|{_MONTH}\s{_DAY}|(?:\d\d[\s/.-]){{2}}\d{{2,4}}|\d{{8}})",
            re.IGNORECASE,
        )

    def find(self, text: str) -> Iterator[Found]:
        """Birth dates, and every other date that does not say when something was measured."""
        for match in self._birth.finditer(text):
            yield Found(*match.span("it"), "birth_date", SHAPED)
        for match in _DATE.finditer(text):
            if not self._stays(text, *match.span()):
                yield Found(*match.span(), "date", CUED)

    def _stays(self, text: str, start: int, end: int) -> bool:
        began = max((match.end() for match in _BREAK.finditer(text, 0, start)), default=0)
        ended = next((match.start() for match in _BREAK.finditer(text, end)), len(text))
        if self._life.search(text[max(began, start - _REACH) : start]):
            return False
        around = f"{_DATE.sub(' ', text[began:start])} {_DATE.sub(' ', text[end:ended])}"
        return bool(_MEASURED.search(around)) or any(self._words.is_clinical(word) for word in _WORD.findall(around))
