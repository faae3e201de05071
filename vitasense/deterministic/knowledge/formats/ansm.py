"""The ANSM thesaurus of drug interactions as XML (English edition by WorldVistA): classes, members and interactions.

It comes as two files, one of classes and one of tables; a folder or zip of both, or either of them, is read. Its levels
are read in ansm_severity.py. An interaction of a class is one edge of the class and not one of each member. What the
tables say in words stays in `what` and `advice`. The agency's own edition is a PDF, which is not read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from vitasense.deterministic.knowledge.facts import EdgeFact, Fact, Level, NodeFact, Relation
from vitasense.deterministic.knowledge.formats import keys
from vitasense.deterministic.knowledge.formats.ansm_classes import Classes
from vitasense.deterministic.knowledge.formats.ansm_entries import Group, Pair, Substance, entries
from vitasense.deterministic.knowledge.formats.ansm_severity import is_plain, severity
from vitasense.deterministic.knowledge.formats.ansm_xml import tags
from vitasense.deterministic.knowledge.formats.files import Bundle
from vitasense.deterministic.knowledge.formats.parsed import Facts, Flaws

KIND = "ansm"
ORIGIN = "ANSM thesaurus of drug interactions, English edition by WorldVistA"
_EXPECTED = "the XML of the ANSM thesaurus: CLASS with DRUG inside, INTERACTION with DRUG1, DRUG2 and SEVERITY"


@dataclass(slots=True)
class _Thesaurus:
    files: Bundle
    flaws: Flaws
    classes: Classes = field(default_factory=Classes)
    substances: keys.Nodes = field(default_factory=keys.Nodes)
    names: dict[str, str] = field(default_factory=dict[str, str])
    numbers: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    told: set[str] = field(default_factory=set[str])


def read(path: Path) -> Facts:
    """Classes, their members, then the interactions in the order of the file. Raises InvalidInput for another file."""
    flaws = Flaws()
    return Facts(_facts(_Thesaurus(Bundle(path), flaws)), flaws, _EXPECTED)


def _facts(book: _Thesaurus) -> Iterator[Fact]:
    listed = [(book.classes.define(group), group, file) for group, file in _groups(book)]
    memberships = [edge for key, group, file in listed for edge in _memberships(book, group, key, file)]
    for pair, file in _pairs(book):
        _note_sides(book, pair, file)
    yield from book.classes.nodes()
    yield from book.substances.values()
    yield from memberships
    for pair, file in _pairs(book):
        yield from _interactions(book, pair, file)


def _groups(book: _Thesaurus) -> Iterator[tuple[Group, str]]:
    """The listed classes; on the way names and numbers are noted, since some members have only one of the two."""
    for entry, file in _entries(book, book.flaws):
        sides = [entry.members] if isinstance(entry, Group) else entry.sides
        for each in (each for side in sides for each in side):
            if isinstance(each, Substance) and each.name and each.number:
                book.names.setdefault(each.number, each.name)
                book.numbers.setdefault(keys.slug(each.name), set()).add(each.number)
        if isinstance(entry, Group):
            yield entry, file


def _note_sides(book: _Thesaurus, pair: Pair, file: str) -> None:
    """Notes what stands on both sides: which class is meant, and every medicine with its names and codes."""
    for each in (each for side in pair.sides for each in side):
        if isinstance(each, Substance):
            node = _substance(book, each, file, book.flaws)
            if node:
                book.substances.add(node)
        elif keys.slug(each.name):
            _note_class(book, each, f"{file} line {each.line}")


def _note_class(book: _Thesaurus, group: Group, place: str) -> None:
    """What was not read as it stands is told once, and so is a class without members."""
    key, as_written = book.classes.find(group)
    if not as_written:
        book.flaws.add(place, f"Read as the class “{book.classes.name(key)}”.", group.name)
    elif not book.classes.is_listed(key) and key not in book.told:
        book.flaws.add(place, "No members of this class are listed.", group.name)
        book.told.add(key)


def _pairs(book: _Thesaurus) -> Iterator[tuple[Pair, str]]:
    return ((entry, file) for entry, file in _entries(book, Flaws()) if isinstance(entry, Pair))


def _entries(book: _Thesaurus, flaws: Flaws) -> Iterator[tuple[Group | Pair, str]]:
    for name in book.files.names:
        with book.files.open(name) as stream:
            for entry in entries(tags(stream, name, flaws)):
                yield entry, name


def _memberships(book: _Thesaurus, group: Group, key: str, file: str) -> Iterator[EdgeFact]:
    for member in group.members:
        node = _substance(book, member, file, book.flaws)
        if node is None:
            continue
        node = book.substances.add(node)
        says = f"{node.name} belongs to {book.classes.name(key)}"
        if says not in book.told:
            book.told.add(says)
            place = f"{file} line {member.line}"
            yield EdgeFact(node.key, Relation.IS_A, key, says, ORIGIN, place, Level.COMPENDIUM)


def _interactions(book: _Thesaurus, pair: Pair, file: str) -> Iterator[EdgeFact]:
    place, texts = f"{file} line {pair.line}", pair.texts
    sides = [[found for each in side if (found := _side(book, each, file))] for side in pair.sides]
    if not all(sides):
        book.flaws.add(place, "The interaction has nothing on one of its sides.", texts.get("DESCRIPTION", ""))
    level = texts.get("SEVERITY", "")
    found = severity(level)
    if found is None:
        told = f"The severity “{level}” is none of the published levels" if level else "There is no severity"
        book.flaws.add(place, f"{told}: kept without one.", texts.get("DESCRIPTION", ""))
    what = texts.get("DESCRIPTION") or None
    advice = " ".join(filter(None, ["" if is_plain(level) else level, texts.get("COMMENT", "")])) or None
    for (one, name), (other, other_name) in product(*sides):
        says = f"{name} and {other_name}: {what or level or 'they interact'}"
        yield EdgeFact(one, Relation.INTERACTS, other, says, ORIGIN, place, Level.COMPENDIUM, found, what, advice)


def _side(book: _Thesaurus, each: Substance | Group, file: str) -> tuple[str, str] | None:
    """Key and name of what stands on a side."""
    if isinstance(each, Substance):
        node = _substance(book, each, file, Flaws())
        return (node.key, book.substances[node.key].name) if node else None
    if not keys.slug(each.name):
        return None
    key, _ = book.classes.find(each)
    return key, book.classes.name(key)


def _substance(book: _Thesaurus, each: Substance, file: str, flaws: Flaws) -> NodeFact | None:
    place = f"{file} line {each.line}"
    if each.odd:
        flaws.add(place, "Not each ATC code is one; the others were taken.", " ".join(dict.fromkeys(each.odd)))
    name = each.name or book.names.get(each.number, "")
    numbers = {each.number} if each.number else book.numbers.get(keys.slug(name), set[str]())
    try:
        node = keys.ingredient(name, rxnorm=next(iter(numbers)) if len(numbers) == 1 else "", atc=each.codes)
    except ValueError:
        flaws.add(place, "The medicine has neither a name nor a number that is known.", each.number)
        return keys.ingredient(f"RxNorm {each.number}", rxnorm=each.number) if each.number else None
    if not each.name:
        flaws.add(place, f"The medicine has no name here; by its number it is {node.name}.", each.number)
    return node
