"""The objects of one list in a JSON file, one after another: a release of labels is larger than memory should be."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import BinaryIO, cast

from vitasense.deterministic.knowledge.formats.files import CHUNK
from vitasense.deterministic.knowledge.formats.parsed import Flaws
from vitasense.deterministic.platform.problems import InvalidInput

Item = dict[str, object]
LONGEST_ITEM = 32 << 20  # characters of one object: the longest label has about 2 million
_BETWEEN = " \t\r\n,"


def items(stream: BinaryIO, name: str, expected: str, flaws: Flaws) -> Iterator[tuple[int, Item]]:
    """The objects of the list `name`, or of the list that is the whole file, with their numbers from 1.

    What is no object becomes a flaw. Raises InvalidInput, with `expected` in its words, when there is no such list,
    or where the JSON breaks: what was given before stands.
    """
    text = _Text(stream)
    if not text.enter(name):
        raise InvalidInput(f"There is no list “{name}” in the JSON. Expected was {expected}.")
    number = 0
    while (found := text.item(number + 1)) is not None:
        number += 1
        if isinstance(found[0], dict):
            yield number, cast("Item", found[0])
        else:
            flaws.add(f"entry {number}", "The entry is not a JSON object.", str(found[0]))


def texts(value: object) -> list[str]:
    """The texts in a value that is a text or a list of them; empty for anything else."""
    found = cast("list[object]", value) if isinstance(value, list) else [value]
    return [each.strip() for each in found if isinstance(each, str) and each.strip()]


def first(item: Item, *names: str) -> str:
    """The first text or number under one of these names; else empty."""
    found = (item.get(name) for name in names)
    told = (texts(value) or [str(value)] if isinstance(value, int | float) else texts(value) for value in found)
    return next((each[0] for each in told if each), "")


class _Text:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._decoder = stream, codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder()
        self._rest, self._ended = "", False

    def enter(self, name: str) -> bool:
        """Go behind the bracket of the list. It stands at the top of the file or in its outermost object."""
        start = re.compile(rf'^\s*\[|"{re.escape(name)}"\s*:\s*\[')
        while (found := start.search(self._rest)) is None:
            if not self._more() or len(self._rest) > LONGEST_ITEM:
                return False
        self._rest = self._rest[found.end() :]
        return True

    def item(self, number: int) -> tuple[object] | None:
        """The next entry; None at the end of the list."""
        while True:
            self._rest = self._rest.lstrip(_BETWEEN)
            if self._rest.startswith("]"):
                return None
            try:
                found, end = self._json.raw_decode(self._rest)
            except RecursionError:
                raise InvalidInput(f"Entry {number} of the JSON is nested too deeply.") from None
            except ValueError:
                end = len(self._rest)
                found = None
            if end < len(self._rest):
                self._rest = self._rest[end:]
                return (cast("object", found),)
            if len(self._rest) > LONGEST_ITEM or not self._more():
                raise InvalidInput(f"The JSON breaks at entry {number}: load the file again.")

    def _more(self) -> bool:
        """Read on, twice as much each time, so that a long entry is not decoded again and again."""
        wanted = len(self._rest) + max(CHUNK, len(self._rest))
        before = len(self._rest)
        while len(self._rest) < wanted and not self._ended:
            piece = self._stream.read(CHUNK)
            self._ended = not piece
            try:
                self._rest += self._decoder.decode(piece, final=self._ended)
            except UnicodeDecodeError:
                raise InvalidInput("The file is not JSON in UTF-8.") from None
        return len(self._rest) > before
