"""Whether two Patient resources are of one person."""

import unicodedata
from dataclasses import dataclass

from vitasense.deterministic.records.bundles import Source
from vitasense.deterministic.records.fhir import Json, objects, text, texts

# Values that systems send when they have no identifier: they join nobody.
PLACEHOLDERS = frozenset(
    {"unknown", "unk", "none", "n/a", "na", "null", "0", "999-99-9999", "999999999", "000-00-0000"}
)


@dataclass(frozen=True, slots=True)
class Person:
    """What a Patient resource says about who it is."""

    sources: frozenset[Source]
    identifiers: frozenset[tuple[str, str]]
    names: frozenset[tuple[str, str]]
    birth_date: str | None
    links: frozenset[str]

    @property
    def known(self) -> bool:
        """Whether it has a name and a birth date to compare."""
        return bool(self.names and self.birth_date)


def person_of(patient: Json, *sources: Source) -> Person:
    """The person of a Patient resource that is known by these sources."""
    return Person(
        sources=frozenset(sources),
        identifiers=frozenset(
            (system, value)
            for each in objects(patient, "identifier")
            if (system := text(each, "system")) and (value := text(each, "value")) and value.lower() not in PLACEHOLDERS
        ),
        names=frozenset(name for each in objects(patient, "name") if any(name := _name(each))),
        birth_date=text(patient, "birthDate"),
        links=frozenset(texts(patient, "link.other.reference")),
    )


def same_source(one: Source, other: Source) -> bool:
    """Whether both name one resource; the same id on two servers is two."""
    return one.relative == other.relative and (one.base is None or other.base is None or one.base == other.base)


def same_person(one: Person, other: Person) -> bool:
    """Whether the two are shown to be one person, and nothing contradicts it.

    Shown by the same id at the same source, a shared identifier, a link between them, or the same name and birth
    date. Contradicted when name and birth date both differ: then even a shared identifier joins nobody.
    """
    if _contradict(one, other):
        return False
    return _linked(one, other) or bool(one.names & other.names and _same_date(one.birth_date, other.birth_date))


def _linked(one: Person, other: Person) -> bool:
    return bool(
        one.identifiers & other.identifiers
        or any(same_source(a, b) for a in one.sources for b in other.sources)
        or _refers(one, other)
        or _refers(other, one)
    )


def _refers(one: Person, other: Person) -> bool:
    return any(source.relative in one.links or str(source) in one.links for source in other.sources)


def _contradict(one: Person, other: Person) -> bool:
    if not (one.names and other.names and one.birth_date and other.birth_date):
        return False
    return not (one.names & other.names) and one.birth_date != other.birth_date


def _same_date(one: str | None, other: str | None) -> bool:
    return one is not None and one == other


def _name(name: Json) -> tuple[str, str]:
    return _plain(text(name, "family")), _plain(next(iter(texts(name, "given")), None))


def _plain(words: str | None) -> str:
    bare = unicodedata.normalize("NFKD", words or "")
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).casefold().split())
