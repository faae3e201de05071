"""Phrases of a rules file found in a text: longest first, with places for numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from vitasense.deterministic.intake.scene import Scene
from vitasense.deterministic.intake.tokens import ends_sentence, phrase

T = TypeVar("T")
_ARTICLES = frozenset({"a", "an"})
NUMBER = "#"


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A phrase at tokens `[first, last)`: what it means, and the numbers that stood where it has "#"."""

    meaning: T
    first: int
    last: int
    numbers: tuple[float, ...] = ()


class Phrases(Generic[T]):
    """A table from phrases to their meaning; "#" in a phrase stands for any number."""

    def __init__(self, rows: Iterable[tuple[str, T]]) -> None:
        table: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for words, meaning in rows:
            key = phrase(words)
            table.setdefault(key[0], []).append((key, meaning))
        self._table = {first: sorted(found, key=lambda row: -len(row[0])) for first, found in table.items()}
        self.words = frozenset(word for found in table.values() for key, _ in found for word in key)

    def find(self, scene: Scene) -> tuple[Found[T], ...]:
        """Every phrase of the text from left to right, without overlaps; none reaches over the end of a sentence."""
        return tuple(self._all(scene))

    def _all(self, scene: Scene) -> Iterator[Found[T]]:
        place = 0
        while place < len(scene.tokens):
            found = self.at(scene, place)
            if found:
                yield found
            place = found.last if found else place + 1

    def at(self, scene: Scene, place: int) -> Found[T] | None:
        """The longest phrase that begins at a token."""
        token = scene.tokens[place]
        rows = self._table.get(token.word, ())
        if token.raw != token.word:
            rows = (*rows, *self._table.get(token.raw, ()))
        if place in scene.number_at:
            rows = (*rows, *self._table.get(NUMBER, ()))
        for key, meaning in rows:
            found = _matched(scene, key, place)
            if found:
                return Found(meaning, place, *found)
        return None


def _matched(scene: Scene, key: tuple[str, ...], place: int) -> tuple[int, tuple[float, ...]] | None:
    numbers: list[float] = []
    for word in key:
        if place >= len(scene.tokens) or ends_sentence(scene.tokens[place]):
            return None
        number = scene.number_at.get(place) if word == NUMBER else None
        if number and not (number.loose and scene.tokens[place].raw in _ARTICLES and number.last == place + 1):
            numbers.append(number.value)
            place = number.last
        elif word != NUMBER and word in (scene.tokens[place].word, scene.tokens[place].raw):
            place += 1
        else:
            return None
    return place, tuple(numbers)
