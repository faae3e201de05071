"""The names that are looked for in a text: medicines, kinds of medicines, foods, enzymes and transporters."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.knowledge.facts import NodeKind, key_of
from vitasense.deterministic.knowledge.names import drug_names, normalise
from vitasense.deterministic.knowledge.rulebook import rulebook
from vitasense.deterministic.knowledge.service import UNGROUPED

SHORTEST = 4  # letters of a name that is taken in any case; shorter ones only in capitals
NO_NAMES = frozenset({"ddi", "imp", "nac", "ema"})  # short names of medicines that mean something else in these texts
_ALSO = {"P-gp": ("P-glycoprotein", "P glycoprotein", "MDR1"), "CYP3A4": ("CYP3A", "CYP3A4/5")}
_RULES = files("vitasense.deterministic.knowledge.reading") / "rules"


class Named(NamedTuple):
    """What a name stands for: kind of node and key; no key for a kind that we do not have, but perhaps ours `within` it."""

    kind: str
    key: str | None
    within: frozenset[str] = frozenset()


class _Kind(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str | None = None
    of: tuple[str, ...] = ()
    names: tuple[str, ...]


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    entries: tuple[_Kind, ...]
    analytes: frozenset[str]
    as_medicine: frozenset[str]
    hollow: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Names in compared form, with the most words that a name beginning with a word has."""

    names: Mapping[str, Named]
    longest: Mapping[str, int]
    analytes: frozenset[str]
    as_medicine: frozenset[str]
    hollow: frozenset[str]

    def find(self, name: str) -> Named | None:
        """What a name in compared form stands for; also a plural, and a spelling with "ae" or "oe"."""
        for form in (name, name.removesuffix("s"), name.replace("ae", "e").replace("oe", "e")):
            found = self.names.get(form)
            if found:
                return found
        return None


@cache
def lexicon() -> Lexicon:
    """All names, those of medicines first: what two things are called stands for the first of them."""
    words = _Words.model_validate(yaml.load((_RULES / "classes.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader))
    names = dict[str, Named]()
    for name, named in (*_proteins(), *_drugs(), *_kinds(words), *_own_kinds()):
        names.setdefault(name, named)
    longest = dict[str, int]()
    for name in names:
        first, *rest = name.split()
        longest[first] = max(longest.get(first, 0), len(rest) + 1)
    nutrients = {
        name for name, (key, *more) in drug_names().items() if not more and rulebook().drugs[key].kind == "supplement"
    }
    return Lexicon(names, longest, words.analytes | nutrients, words.as_medicine, words.hollow)


@cache
def kinds_of(key: str) -> frozenset[str]:
    """The keys of the kinds that a medicine of ours belongs to, as nodes."""
    entry = key.partition(":")[2]
    return frozenset(
        f"{NodeKind.CLASS}:{group}" for drug in rulebook().drugs if drug.key == entry for group in drug.classes
    )


def _drugs() -> Iterator[tuple[str, Named]]:
    book = rulebook().drugs
    for name, keys in drug_names().items():
        usable = len(name) >= 3 and name not in NO_NAMES and not re.fullmatch(r"[\d ]+", name)
        if usable and len(keys) == 1:
            key = key_of(book[keys[0]])
            yield name, Named(key.partition(":")[0], key)
        elif usable:
            yield name, Named(NodeKind.DRUG, f"{NodeKind.DRUG}:{name.replace(' ', '_')}")


def _kinds(words: _Words) -> Iterator[tuple[str, Named]]:
    known = rulebook().classes
    for entry in words.entries:
        key = f"{NodeKind.CLASS}:{entry.key}" if entry.key and entry.key in known.entries else None
        named = Named(NodeKind.CLASS, key, frozenset(f"{NodeKind.CLASS}:{each}" for each in entry.of))
        for name in entry.names:
            yield normalise(name), named
            yield normalise(f"{name}s"), named


def _own_kinds() -> Iterator[tuple[str, Named]]:
    for group in rulebook().classes:
        if group.key != UNGROUPED:
            for name in (group.name.partition(" (")[0], group.plural):
                yield normalise(name), Named(NodeKind.CLASS, f"{NodeKind.CLASS}:{group.key}")


def _proteins() -> Iterator[tuple[str, Named]]:
    for name in {role.protein for role in rulebook().enzymes}:
        kind = NodeKind.ENZYME if name.startswith(("CYP", "UGT")) else NodeKind.TRANSPORTER
        named = Named(kind, f"{kind}:{normalise(name).replace(' ', '_')}")
        yield normalise(name), named
        if name.startswith("CYP"):
            yield normalise(f"cytochrome P450 {name[3:]}"), named
            yield normalise(f"P450 {name[3:]}"), named
            yield normalise(f"CYP450 {name[3:]}"), named
            yield normalise(f"CYP {name[3:]}"), named
        if name in _ALSO:
            yield from ((normalise(other), named) for other in _ALSO[name])
