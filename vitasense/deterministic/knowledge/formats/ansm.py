"""The ANSM thesaurus of drug interactions as XML (English edition by WorldVistA): classes, members and interactions.

It comes as two files, one of classes and one of tables; a folder or zip of both, or either of them, is read. Its levels
are read in ansm_severity.py. An interaction of a class is one edge of the class and not one of each member. What the
tables say in words stays in `what` and `advice`. The agency's own edition is a PDF, which is not read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from vitasense.deterministic.knowledge.facts import EdgeFact, Fact, Level, NodeFact, NodeKind, Relation
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
    names: dict[str, str] = field(default_factory=dict[str, str])
    told: set[str] = field(default_factory=set[str])


def read(path: Path) -> Facts:
    """Classes, their members, then the interactions in the order of the file. Raises InvalidInput for another file."""
    flaws = Flaws()
    return Facts(_facts(_Thesaurus(Bundle(path), flaws)), flaws, _EXPECTED)


def _facts(book: _Thesaurus) -> Iterator[Fact]:
    listed = [(book.classes.define(group), group, file) for group, file in _groups(book)]
    _find_mentioned(book)
    yield from book.classes.nodes()
    for key, group, file in listed:
        for member in group.members:
            yield from _member(book, member, key, file)
    for pair, file in _pairs(book):
        yield from _interaction(book, pair, file)


def _groups(book: _Thesaurus) -> Iterator[tuple[Group, str]]:
    """The listed classes; on the way the names of all numbers are noted, since some members have no name."""
    for entry, file in _entries(book, book.flaws):
        sides = [entry.members] if isinstance(entry, Group) else entry.sides
        for each in (each for side in sides for each in side):
            if isinstance(each, Substance) and each.name and each.number:
                book.names.setdefault(each.number, each.name)
        if isinstance(entry, Group):
            yield entry, file


def _find_mentioned(book: _Thesaurus) -> None:
    """Which class each mention means; what was not read as it stands is told once, and so is a class without members."""
    for pair, file in _pairs(book):
        for each in (each for side in pair.sides for each in side if isinstance(each, Group) and keys.slug(each.name)):
            key, as_written = book.classes.find(each)
            if not as_written:
                book.flaws.add(f"{file} line {each.line}", f"Read as the class “{book.classes.name(key)}”.", each.name)
            elif not book.classes.is_listed(key) and key not in book.told:
                book.flaws.add(f"{file} line {each.line}", "No members of this class are listed.", each.name)
                book.told.add(key)


def _pairs(book: _Thesaurus) -> Iterator[tuple[Pair, str]]:
    return ((entry, file) for entry, file in _entries(book, Flaws()) if isinstance(entry, Pair))


def _entries(book: _Thesaurus, flaws: Flaws) -> Iterator[tuple[Group | Pair, str]]:
    for name in book.files.names:
        with book.files.open(name) as stream:
            for entry in entries(tags(stream, name, flaws)):
                yield entry, name


def _member(book: _Thesaurus, member: Substance, key: str, file: str) -> Iterator[Fact]:
    node = _substance(book, member, file)
    if node is None:
        return
    yield from _once(book, node)
    says = f"{node.name} belongs to {book.classes.name(key)}"
    if says not in book.told:
        book.told.add(says)
        where = f"{file} line {member.line}"
        yield EdgeFact(node.key, Relation.IS_A, key, says, ORIGIN, where, Level.COMPENDIUM)


def _interaction(book: _Thesaurus, pair: Pair, file: str) -> Iterator[Fact]:
    place = f"{file} line {pair.line}"
    sides = [[found for each in side if (found := _side(book, each, file))] for side in pair.sides]
    if not all(sides):
        book.flaws.add(place, "The interaction has nothing on one of its sides.", pair.texts.get("DESCRIPTION", ""))
    for node in (node for side in sides for node in side):
        yield from _once(book, node)
    level = pair.texts.get("SEVERITY", "")
    found = severity(level)
    if found is None:
        told = f"The severity “{level}” is none of the published levels" if level else "There is no severity"
        book.flaws.add(place, f"{told}: kept without one.", pair.texts.get("DESCRIPTION", ""))
    what = pair.texts.get("DESCRIPTION") or None
    advice = " ".join(filter(None, ["" if is_plain(level) else level, pair.texts.get("COMMENT", "")])) or None
    for one, other in product(*sides):
        says = f"{one.name} and {other.name}: {what or level or 'they interact'}"
        yield EdgeFact(
            one.key, Relation.INTERACTS, other.key, says, ORIGIN, place, Level.COMPENDIUM, found, what, advice
        )


def _side(book: _Thesaurus, each: Substance | Group, file: str) -> NodeFact | None:
    if isinstance(each, Substance):
        return _substance(book, each, file)
    if not keys.slug(each.name):
        return None
    key, _ = book.classes.find(each)
    return NodeFact(key, book.classes.name(key))


def _substance(book: _Thesaurus, each: Substance, file: str) -> NodeFact | None:
    place = f"{file} line {each.line}"
    if each.odd:
        book.flaws.add(place, "Not each ATC code is one; the others were taken.", " ".join(dict.fromkeys(each.odd)))
    name = each.name or book.names.get(each.number, "")
    try:
        node = keys.ingredient(name, rxnorm=each.number, atc=each.codes)
    except ValueError:
        book.flaws.add(place, "The medicine has neither a name nor a number that is known.", each.number)
        return keys.ingredient(f"RxNorm {each.number}", rxnorm=each.number) if each.number else None
    if not each.name:
        book.flaws.add(place, f"The medicine has no name here; by its number it is {node.name}.", each.number)
    return node


def _once(book: _Thesaurus, node: NodeFact) -> Iterator[NodeFact]:
    """The node, unless it was given already with these names and codes. Classes were given before."""
    said = f"{node.key} {node.names} {sorted(node.codes.items())}"
    if said not in book.told and node.kind is not NodeKind.CLASS:
        book.told.add(said)
        yield node
