"""Numbers, dates and lists as a person reads them."""

import re
from collections.abc import Sequence
from datetime import datetime

from vitasense.deterministic.units import display_unit

DIGITS = 4  # significant digits told; a record's own number never has more that matter


def number(value: float) -> str:
    """ "142", "7.8"; never "142.0"."""
    return f"{value:.{DIGITS}g}" if abs(value) < 10**DIGITS else f"{value:.0f}"


def amount(value: float, unit: str) -> str:
    """ "142 mmHg", "98%"."""
    words = display_unit(unit)
    return f"{number(value)}{'' if words == '%' else ' '}{words}".strip()


def day(at: datetime) -> str:
    """ "19 November 2026"."""
    return f"{at.day} {at:%B %Y}"


def month(at: datetime) -> str:
    """ "November 2026"."""
    return f"{at:%B %Y}"


# The last word in brackets of a SNOMED CT fully specified name says what kind of thing it is, which readers know.
_SEMANTIC_TAG = re.compile(
    r"\s+\((?:finding|procedure|disorder|substance|medicinal product|clinical drug|situation|event|product|"
    r"regime/therapy|observable entity|morphologic abnormality|qualifier value|person|record artifact)\)$"
)


def plain_name(name: str) -> str:
    """ "Acute bronchitis" for "Acute bronchitis (disorder)"."""
    return _SEMANTIC_TAG.sub("", name)


def listed(parts: Sequence[str]) -> str:
    """ "a, b and c"."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """ "1 result", "9 results"."""
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


def capital(sentence: str) -> str:
    """The sentence with its first letter large."""
    return sentence[:1].upper() + sentence[1:]


_PRECISIONS = ((4, "%Y", "%Y"), (7, "%Y-%m", "%B %Y"), (10, "%Y-%m-%d", "%d %B %Y"))


def partial_day(written: str) -> str:
    """A FHIR date of any precision in words: "2022", "March 2022", "5 March 2022"; what is no date stays as it is."""
    for length, pattern, words in _PRECISIONS:
        if len(written) == length or (length == 10 and len(written) > length):
            try:
                return f"{datetime.strptime(written[:length], pattern):{words}}".lstrip("0")
            except ValueError:
                return written
    return written
