"""Loads the room's rule files once, checked against their types and against each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Generic, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.knowledge.schemas import (
    Change,
    Combination,
    Drug,
    DrugClass,
    Effect,
    Entry,
    Everyday,
    Group,
    Guidance,
    Interaction,
    Nutrient,
    ProteinRole,
    Symptom,
    Term,
    Words,
)
from vitasense.deterministic.platform.findings import Evidence

E = TypeVar("E", bound=Entry)
_RULES = files("vitasense.deterministic.knowledge") / "rules"


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    entries: tuple[dict[str, object], ...]


@dataclass(frozen=True)
class Book(Generic[E]):
    """One rules file: its version, its default source, and its entries by key in file order."""

    name: str
    version: str
    source: str
    entries: Mapping[str, E]

    def __getitem__(self, key: str) -> E:
        return self.entries[key]

    def __iter__(self) -> Iterator[E]:
        return iter(self.entries.values())

    def evidence(self, entry: E, label: str) -> Evidence:
        """A pointer to the entry, with the source it rests on."""
        return Evidence(
            kind="knowledge",
            ref=f"knowledge/{self.name}#{entry.key}",
            version=self.version,
            label=label,
            source=entry.source or self.source,
        )


@dataclass(frozen=True)
class Rulebook:
    """All rule files of the room; `members` of a group are already drug keys."""

    drugs: Book[Drug]
    classes: Book[DrugClass]
    combinations: Book[Combination]
    interactions: Book[Interaction]
    enzymes: Book[ProteinRole]
    prodrugs: Book[ProteinRole]
    terms: Book[Term]
    symptoms: Book[Symptom]
    effects: Book[Effect]
    nutrients: Book[Nutrient]
    levels: Book[Change]
    genes: Book[Guidance]
    words: Book[Words]
    everyday: Book[Everyday]
    groups: Mapping[str, Group]

    def members(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The drug keys behind drug keys, `class:` and `group:` names. Raises KeyError for a dangling name."""
        return tuple(dict.fromkeys(key for name in names for key in self._expand(name)))

    def _expand(self, name: str) -> tuple[str, ...]:
        if name.startswith("class:"):
            key = self.classes[name.removeprefix("class:")].key
            return tuple(drug.key for drug in self.drugs if key in drug.classes)
        if name.startswith("group:"):
            return self.members(self.groups[name.removeprefix("group:")].members)
        return (self.drugs[name].key,)


@cache
def rulebook() -> Rulebook:
    """The rules, read once. Raises ValueError when a file breaks its own rules."""
    return Rulebook(
        drugs=_book("drugs", Drug),
        classes=_book("classes", DrugClass),
        combinations=_book("combinations", Combination),
        interactions=_book("interactions", Interaction),
        enzymes=_book("enzymes", ProteinRole),
        prodrugs=_book("prodrugs", ProteinRole),
        terms=_book("terms", Term),
        symptoms=_book("symptoms", Symptom),
        effects=_book("effects", Effect),
        nutrients=_book("nutrients", Nutrient),
        levels=_book("levels", Change),
        genes=_book("genes", Guidance),
        words=_book("words", Words),
        everyday=_book("everyday", Everyday),
        groups=_book("groups", Group).entries,
    )


def _book(name: str, kind: type[E]) -> Book[E]:
    """The book of one file, or of every file of a folder; each entry keeps the source of its file."""
    found = [_read(part) for part in _parts(name)]
    entries = _unique(
        name, [kind.model_validate({"source": file.source} | entry) for file in found for entry in file.entries]
    )
    return Book(name, max(file.version for file in found), found[0].source, entries)


def _parts(name: str) -> list[str]:
    folder = _RULES / name
    return [f"{name}/{file.name[:-5]}" for file in sorted(folder.iterdir(), key=_name)] if folder.is_dir() else [name]


def _name(file: Traversable) -> str:
    return file.name


@cache
def _read(name: str) -> _File:
    text = (_RULES / f"{name}.yaml").read_text("utf-8")
    return _File.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))


def _unique(name: str, entries: list[E]) -> dict[str, E]:
    by_key = {entry.key: entry for entry in entries}
    if len(by_key) < len(entries):
        raise ValueError(f"{name}.yaml names a key twice")
    return by_key
