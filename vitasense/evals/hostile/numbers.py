"""Whether every number of a reply stands in what it rests on: a check that shares nothing with the guardrails."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from vitasense.deterministic.platform.findings import Finding
from vitasense.evals.hostile.canaries import bare
from vitasense.graphs.state import Reply

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_SPELLED = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "hundred": 100,
    "thousand": 1000,
    "dozen": 12,
    "million": 10**6,
}
_WORD = re.compile(rf"\b({'|'.join(_SPELLED)})s?\b", re.IGNORECASE)
_DIGITS_TOLD = 4  # significant digits of a value in a sentence


def unsupported(reply: Reply, *also: str) -> list[str]:
    """The numbers of the reply's text that stand in none of its findings and in none of the other texts."""
    known = {number for text in _grounds(reply.findings, also) for number in numbers(text)}
    return [number for number in numbers(reply.text) if number not in known]


def numbers(text: str) -> Iterator[str]:
    """Every number of the text, in digits of any script or in words, in one form."""
    plain = bare(text)
    for found in _DIGITS.finditer(plain):
        yield _one_form(found.group())
    for found in _WORD.finditer(plain):
        yield str(_SPELLED[found[1].lower()])


def _one_form(written: str) -> str:
    """ "07", "7.0" and "7" are one number, so are "1,200" and "1200"; "1.2.3" is a number of its own."""
    ascii_digits = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in written)
    plain = re.sub(r",(?=\d{3}(?!\d))", "", ascii_digits).replace(",", ".")
    return f"{Decimal(plain).normalize():f}" if plain.count(".") <= 1 else plain


def _grounds(findings: Iterable[Finding], also: Iterable[str]) -> Iterator[str]:
    yield from also
    for finding in findings:
        yield finding.text
        for value in finding.values:
            yield value.text or ""
            yield "" if value.number is None else f"{value.number} {value.number:.{_DIGITS_TOLD}g}"
            yield from _of_day(value.at)
        for evidence in finding.evidence:
            yield from _of_day(evidence.at)


def _of_day(at: datetime | None) -> Iterator[str]:
    if at is not None:
        yield f"{at:%d %m %Y}"
