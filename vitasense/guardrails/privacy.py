"""Before text goes to a remote model, who it is about is replaced by placeholders; the reply gets them back."""

import secrets
from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from vitasense.guardrails.identifiers import Finder, Found, KnownIdentifier
from vitasense.guardrails.identifiers.folding import fold
from vitasense.guardrails.placeholders import Placeholders, lookalikes

_KEY_BYTES = 16
_NAMES = frozenset({"person", "name", "organisation", "place"})


class Redactor:
    """Replaces identifiers by placeholders that stay the same for as long as the conversation does.

    ⟦PERSON_1⟧ is the first known person; ⟦PERSON_1.482⟧ is another way of writing the same name, so that `restore`
    gives back exactly what was there. Identifiers that nobody told are numbered from 3000, in the same way for the same
    `conversation`, whatever was said before; without one the numbers are the Redactor's own.
    """

    def __init__(self, known: Iterable[KnownIdentifier], conversation: str | None = None) -> None:
        self._known = tuple(dict.fromkeys(known))
        key = conversation.encode() if conversation else secrets.token_bytes(_KEY_BYTES)
        self._placeholders = Placeholders(key)
        self._redacted: dict[str, str] = {}

    def redact(self, text: str) -> str:
        """`text` with every known identifier, and everything that looks like one, replaced."""
        if text not in self._redacted:  # a turn sends the same words to a model several times
            self._redacted[text] = self._replaced(text)
        return self._redacted[text]

    def restore(self, text: str) -> str:
        """`text` with the placeholders that this Redactor gave turned back, also in another frame or case.

        A placeholder that it did not give stays as it is: it opens nothing.
        """
        return self._placeholders.restored(text)

    def found(self, text: str) -> list[Found]:
        """The identifiers that `redact` replaces in `text`, in order."""
        return self._finder.find(text)

    def _replaced(self, text: str) -> str:
        pieces: list[str] = []
        last = 0
        for found in self.found(text):
            pieces.extend((self._without_lookalikes(text[last : found.start]), self._placeholder(found, text)))
            last = found.end
        return "".join((*pieces, self._without_lookalikes(text[last:])))

    @cached_property
    def _finder(self) -> Finder:
        """Made when first needed: without a remote model nobody needs it."""
        return Finder(self._known)

    @cached_property
    def _numbers(self) -> dict[int, int]:
        """Position among the known → number among those of its kind, from 1."""
        counts: Counter[str] = Counter()
        numbers: dict[int, int] = {}
        for position, one in enumerate(self._known):
            counts[one.kind] += 1
            numbers[position] = counts[one.kind]
        return numbers

    def _placeholder(self, found: Found, text: str) -> str:
        written = text[found.start : found.end]
        if found.owner is None:
            identity = fold(written) if found.kind in _NAMES else written
            return self._placeholders.found(found.kind, written, identity)
        known = self._known[found.owner]
        return self._placeholders.known(known.kind, self._numbers[found.owner], known.value, written)

    def _without_lookalikes(self, text: str) -> str:
        """What only looks like a placeholder becomes one, so that it comes back as it was and opens nothing."""
        pieces: list[str] = []
        last = 0
        for start, end in lookalikes(text):
            written = text[start:end]
            pieces.extend((text[last:start], self._placeholders.found("text", written, written)))
            last = end
        return "".join((*pieces, text[last:]))
