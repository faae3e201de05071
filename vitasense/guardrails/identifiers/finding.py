"""All the ways of finding identifiers, as one."""

from collections.abc import Iterator, Sequence

from vitasense.guardrails.identifiers.addresses import Addresses
from vitasense.guardrails.identifiers.capitalised_names import CapitalisedNames
from vitasense.guardrails.identifiers.cued_names import CuedNames
from vitasense.guardrails.identifiers.dates import Dates
from vitasense.guardrails.identifiers.found import Found, KnownIdentifier, joined
from vitasense.guardrails.identifiers.known_names import KnownNames
from vitasense.guardrails.identifiers.known_values import KnownValues
from vitasense.guardrails.identifiers.letterheads import letterheads
from vitasense.guardrails.identifiers.recognizers import recognizers
from vitasense.guardrails.identifiers.shapes import is_code, shapes


class Finder:
    """Finds the known identifiers, and those that nobody told."""

    def __init__(self, known: Sequence[KnownIdentifier]) -> None:
        numbered = list(enumerate(known))
        self._names = KnownNames((position, one.value) for position, one in numbered if one.kind == "person")
        self._values = KnownValues((position, one) for position, one in numbered if one.kind != "person")
        self._others = (Dates(), Addresses(), CuedNames(), CapitalisedNames())

    def find(self, text: str) -> list[Found]:
        """The identifiers in `text`, in order, none overlapping another."""
        found = [each for each in self._all(text) if not is_code(each, text)]
        return joined([*found, *letterheads(text, found)], text)

    def _all(self, text: str) -> Iterator[Found]:
        yield from self._names.find(text)
        yield from self._values.find(text)
        yield from recognizers().find(text)
        yield from shapes(text)
        for other in self._others:
            yield from other.find(text)
