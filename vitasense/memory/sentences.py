"""Texts cut where a reader would: at the ends of sentences, and never inside a number with its unit."""

import re
from collections.abc import Iterator
from datetime import datetime

# A sentence ends at a mark before white space, but not after an initial, a number of a list, or a short form with a dot.
_END = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\b[0-9]\.)(?<!\bDr\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bSt\.)(?<!\bProf\.)(?<!\bvs\.)(?<!e\.g\.)(?<!i\.e\.)"
    r"(?<!\bapprox\.)(?<!\bca\.)(?<!\bno\.)(?<!\bNo\.)[\"'”’)\]]*\s+|\n+"
)
# Where a sentence without end may be cut when it must be: between words, when nothing is denied or counted there.
_PAUSE = re.compile(r"\s+(?=[A-Za-z(\"“])")
_DENIAL = re.compile(
    r"\b(?:no|not|nor|never|none|without|denie[sd]|deny|negative|cannot|absence|free of|ruled out|\w+n['’]t)\b",
    re.IGNORECASE,
)
_DENIAL_ENDS = re.compile(r"[.;]|\b(?:but|however|although|except|takes|has|had|was|is)\b", re.IGNORECASE)
_REACH = 120  # characters over which a denial is taken to reach when nothing ends it


def day(at: datetime) -> str:
    """ "19 November 2026"."""
    return f"{at.day} {at:%B %Y}"


def sentences(text: str) -> list[str]:
    """The sentences and lines of a text, without white space around them."""
    return [part for each in _split(text, _END) if (part := each.strip())]


def bounded(text: str, most: int) -> list[str]:
    """The text in pieces of at most `most` characters, whole sentences as far as they fit."""
    if len(text) <= most:
        return [text]
    pieces: list[str] = []
    for part in (shorter for sentence in sentences(text) for shorter in shortened(sentence, most)):
        if pieces and len(pieces[-1]) + len(part) < most:
            pieces[-1] = f"{pieces[-1]} {part}"
        else:
            pieces.append(part)
    return pieces


def shortened(sentence: str, most: int) -> Iterator[str]:
    """A sentence that is too long, cut between words: not after a number, and not within the reach of a denial.

    When it offers no such place within the limit, the next one within twice the limit is taken.
    """
    while len(sentence) > most:
        place = _place(sentence, most)
        yield sentence[:place].strip()
        sentence = sentence[place:].strip()
    if sentence:
        yield sentence


def _place(sentence: str, most: int) -> int:
    places = [found.end() for found in _PAUSE.finditer(sentence, 1, 2 * most) if _safe(sentence, found.start())]
    within = [place for place in places if place <= most]
    return within[-1] if within else places[0] if places else min(2 * most, len(sentence))


def _safe(sentence: str, place: int) -> bool:
    before = sentence[max(0, place - _REACH) : place]
    if before[-1:].isdigit():
        return False
    denials = [found.end() for found in _DENIAL.finditer(before)]
    return not denials or _DENIAL_ENDS.search(before, denials[-1]) is not None


def _split(text: str, at: re.Pattern[str]) -> Iterator[str]:
    start = 0
    for found in at.finditer(text):
        yield text[start : found.end()]
        start = found.end()
    yield text[start:]
