"""What the tags of the ANSM thesaurus say: classes with their members, and interactions between two sides."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from vitasense.deterministic.knowledge.formats.ansm_xml import Tag
from vitasense.deterministic.knowledge.schemas import ATC_CODE

_TEXTS = frozenset({"DESCRIPTION", "SEVERITY", "COMMENT"})
_SIDES = ("DRUG1", "DRUG2")


@dataclass(slots=True)
class Substance:
    """A medicine as it is written; `odd` is what stands where an ATC code should."""

    line: int
    name: str
    number: str
    codes: list[str] = field(default_factory=list[str])
    odd: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class Group:
    """A class as it is written. `members` is empty where it is only mentioned."""

    line: int
    name: str
    code: str
    members: list[Substance] = field(default_factory=list[Substance])


@dataclass(slots=True)
class Pair:
    """An interaction: what stands on each side, and its texts by tag."""

    line: int
    sides: tuple[list[Substance | Group], list[Substance | Group]] = field(
        default_factory=lambda: (list[Substance | Group](), list[Substance | Group]())
    )
    texts: dict[str, str] = field(default_factory=dict[str, str])


def entries(found: Iterable[Tag]) -> Iterator[Group | Pair]:
    """Each class outside of an interaction, and each interaction, when it ends or the next one begins."""
    walk = _Walk()
    for tag in found:
        yield from walk.on(tag)
    yield from walk.done()


class _Walk:
    def __init__(self) -> None:
        self._group: Group | None = None
        self._pair: Pair | None = None
        self._side: list[Substance | Group] | None = None
        self._substance: Substance | None = None
        self._text = ""

    def on(self, tag: Tag) -> Iterator[Group | Pair]:
        if self._pair and self._text and tag.before:
            told = self._pair.texts.get(self._text, "")
            self._pair.texts[self._text] = f"{told} {tag.before}".strip()
        self._text = tag.name if tag.name in _TEXTS and not tag.is_end else "" if tag.name in _TEXTS else self._text
        if tag.name == "INTERACTION":
            yield from self.done()
            self._pair = None if tag.is_end else Pair(tag.line)
        elif tag.name in _SIDES:
            at = _SIDES.index(tag.name)
            self._side = self._pair.sides[at] if self._pair and not tag.is_end else None
            self._substance = None
        elif tag.name == "CLASS":
            yield from self._class(tag)
        elif tag.name == "DRUG":
            self._drug(tag)
        elif tag.name == "ATC" and self._substance and not tag.is_end:
            _code(self._substance, tag.said("code"))

    def done(self) -> Iterator[Group | Pair]:
        """What is still open."""
        if self._pair:
            yield self._pair
        if self._group:
            yield self._group
        self._pair = self._group = self._side = self._substance = None
        self._text = ""

    def _class(self, tag: Tag) -> Iterator[Group | Pair]:
        self._substance = None
        if self._side is not None:
            if not tag.is_end:
                self._side.append(Group(tag.line, tag.said("name"), tag.said("code")))
            return
        if self._group:
            yield self._group
        self._group = None if tag.is_end else Group(tag.line, tag.said("name"), tag.said("code"))

    def _drug(self, tag: Tag) -> None:
        self._substance = None
        if tag.is_end:
            return
        found = Substance(tag.line, tag.said("name"), tag.said("rxnorm", "rxcui"))
        if self._side is not None:
            self._side.append(found)
        elif self._group:
            self._group.members.append(found)
        else:
            return
        self._substance = None if tag.is_empty else found


def _code(substance: Substance, code: str) -> None:
    if re.match(ATC_CODE, code.upper()):
        substance.codes.append(code.upper())
    elif re.sub(r"\W", "", code):
        substance.odd.append(code)
