"""What of a text was hidden, compared with what in it identifies somebody."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from vitasense.evals.privacy_texts import Marked
from vitasense.evals.suite import Mark
from vitasense.guardrails import Redactor
from vitasense.guardrails.identifiers.rules import vocabulary

HIDDEN, PRECISE = "Identifiers hidden", "Replaced characters that are marked"
# What of presidio-research identifies people under 45 CFR 164.514(b)(2)(i).
KINDS = (
    *("CREDIT_CARD", "DATE_TIME", "DOMAIN_NAME", "EMAIL_ADDRESS", "GPE", "IBAN_CODE", "IP_ADDRESS", "ORGANIZATION"),
    *("PERSON", "PHONE_NUMBER", "STREET_ADDRESS", "US_DRIVER_LICENSE", "US_SSN", "ZIP_CODE"),
)
_WORD = re.compile(r"\w+")
# Words inside an address or before a name that tell nothing.
_EMPTY = frozenset({"the", "corner", "of", "and", "at", "on", "in", "dr", "mr", "mrs", "ms", "herr"})
# Nationality and religion, titles and professions are no identifiers of 45 CFR 164.514(b)(2)(i).
_NOT_COUNTED = frozenset({"NRP", "TITLE"})
_OLDEST = 89

Place = tuple[int, int]


def replaced(text: Marked) -> list[Place]:
    """Where something of the text is replaced."""
    return [(each.start, each.end) for each in Redactor(text.known).found(text.text)]


def there_and_back(text: Marked) -> tuple[str, bool]:
    """The text with everything hidden, and whether it is as it was when that is put back."""
    redactor = Redactor(text.known)
    hidden = redactor.redact(text.text)
    return hidden, redactor.restore(hidden) == text.text


@dataclass(slots=True)
class Hidden:
    """Spans that identify somebody, how many of them are hidden by kind, and replaced characters that are marked."""

    hits: Counter[str] = field(default_factory=Counter[str])
    total: Counter[str] = field(default_factory=Counter[str])
    right: int = 0
    replaced: int = 0
    missed: list[str] = field(default_factory=list[str])

    def count(self, text: Marked, places: Iterable[Sequence[int]]) -> None:
        """Count one text with the places at which it was replaced."""
        covered = _characters(places)
        self.replaced += len(covered)
        self.right += len(covered & _characters(span[1:] for span in text.spans))
        for kind, start, end in text.spans:
            if identifies(kind, text.text[start:end]):
                hidden = is_hidden(text.text, start, end, covered)
                self.total[kind] += 1
                self.hits[kind] += hidden
                self.missed += [] if hidden else [f"{kind.lower()} {text.text[start:end]}"]

    def marks(self, what: str, *, by_kind: bool = False) -> Iterator[Mark]:
        """The marks of these texts; `what` says which they are."""
        yield Mark(HIDDEN + what, self.hits.total(), self.total.total())
        yield Mark(PRECISE + what, self.right, self.replaced)
        for kind in sorted(self.total) if by_kind else ():
            yield Mark(of_kind(kind) + what, self.hits[kind], self.total[kind])


def of_kind(kind: str) -> str:
    """The measure of one kind of identifier."""
    return f"{HIDDEN}: {kind.lower().replace('_', ' ')}"


def marked_and_hidden(text: Marked, places: Iterable[Sequence[int]]) -> int:
    """How many marked spans are hidden, also of those that the rules leave on purpose."""
    covered = _characters(places)
    return sum(is_hidden(text.text, start, end, covered) for _, start, end in text.spans)


def identifies(kind: str, written: str) -> bool:
    """Whether it is an identifier of 45 CFR 164.514(b)(2)(i)."""
    if kind == "AGE":
        return int(written) > _OLDEST
    if kind == "DATE_TIME":
        return re.fullmatch(r"\d{4}s?|\w+day", written) is None
    if kind == "GPE":
        words = vocabulary()
        return not all(words.is_country(each) or words.is_people(each) for each in _WORD.findall(written))
    return kind not in _NOT_COUNTED


def is_hidden(text: str, start: int, end: int, covered: set[int]) -> bool:
    """Whether every word that tells something is replaced."""
    words = [word for word in _WORD.finditer(text, start, end) if word.group().lower() not in _EMPTY]
    return all(place in covered for word in words for place in range(*word.span()))


def _characters(places: Iterable[Sequence[int]]) -> set[int]:
    return {at for start, end in places for at in range(start, end)}
