"""The rules of the checks: a YAML file or folder each, every entry with its source, medicines as keys of the knowledge room."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Generic, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from vitasense.deterministic.knowledge import rulebook
from vitasense.deterministic.platform.findings import Evidence

_REMEMBERED = 4096
_RULES = files("vitasense.deterministic.medications") / "rules"


class Rule(BaseModel):
    """One entry of a rules file; `source` is the file's where the entry names none of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(min_length=1)
    source: str = Field(min_length=1)


R = TypeVar("R", bound=Rule)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    entries: tuple[dict[str, object], ...]


@dataclass(frozen=True)
class Rules(Generic[R]):
    """One rules file: its version, its default source, and its entries by key in file order."""

    name: str
    version: str
    source: str
    entries: Mapping[str, R]

    def __getitem__(self, key: str) -> R:
        return self.entries[key]

    def __iter__(self) -> Iterator[R]:
        return iter(self.entries.values())

    def evidence(self, entry: R, label: str) -> Evidence:
        """A pointer to the entry, with the source it rests on."""
        return _evidence(f"medications/{self.name}#{entry.key}", self.version, label, entry.source)


@lru_cache(_REMEMBERED)
def _evidence(ref: str, version: str, label: str, source: str) -> Evidence:
    return Evidence(kind="knowledge", ref=ref, version=version, label=label, source=source)


def read_rules(name: str, kind: type[R]) -> Rules[R]:
    """The rules of `rules/<name>.yaml`, or of every file of the folder `rules/<name>`.

    Raises ValueError for a key named twice, an unknown field or a medicine that nobody knows.
    """
    folder = _RULES / name
    parts = sorted(folder.iterdir(), key=_named) if folder.is_dir() else [_RULES / f"{name}.yaml"]
    return rules_of(name, [part.read_text("utf-8") for part in parts], kind)


def rules_of(name: str, texts: Sequence[str], kind: type[R]) -> Rules[R]:
    """The rules written in `texts`, each with the source of its own text; see `read_rules`."""
    found = [_File.model_validate(yaml.load(text, Loader=yaml.CSafeLoader)) for text in texts]
    entries = [kind.model_validate({"source": file.source} | entry) for file in found for entry in file.entries]
    by_key = {entry.key: entry for entry in entries}
    if len(by_key) < len(entries):
        raise ValueError(f"{name} names a key twice")
    return Rules(name, max(file.version for file in found), found[0].source, by_key)


def expand(names: Iterable[str]) -> frozenset[str]:
    """The drug keys behind `names`: a drug key, `class:nsaid`, `atc:C09AA` (every code that begins so) or `group:qt`.

    `-celecoxib` takes out what another name brought in. Raises ValueError for a name that stands for no medicine.
    """
    told = tuple(names)
    kept = [_one(name) for name in told if not name.startswith("-")]
    gone = [_one(name[1:]) for name in told if name.startswith("-")]
    return frozenset[str]().union(*kept).difference(*gone)


Members = Annotated[frozenset[str], BeforeValidator(expand)]
"""A field of a rule that is written as in `expand` and read as drug keys."""


class Group(Rule):
    """Medicines that several rules speak of (`group:` and its key), with the list that they were taken from."""

    members: Members = Field(min_length=1)


@cache
def groups() -> Rules[Group]:
    """The named groups of `rules/groups.yaml`; a group is not made of groups."""
    return read_rules("groups", Group)


def _named(file: Traversable) -> str:
    return file.name


@cache
def _one(name: str) -> frozenset[str]:
    kind, _, key = name.rpartition(":")
    found = {"": _drug, "class": _class, "atc": _atc, "group": _group}.get(kind, _none)(key)
    if not found:
        raise ValueError(f"no medicine is known as {name!r}")
    return found


def _drug(key: str) -> frozenset[str]:
    return frozenset({key} & rulebook().drugs.entries.keys())


def _class(key: str) -> frozenset[str]:
    return frozenset(drug.key for drug in rulebook().drugs if key in drug.classes)


def _atc(prefix: str) -> frozenset[str]:
    return frozenset(drug.key for drug in rulebook().drugs if prefix and any(c.startswith(prefix) for c in drug.atc))


def _group(key: str) -> frozenset[str]:
    found = groups().entries.get(key)
    return found.members if found else frozenset()


def _none(key: str) -> frozenset[str]:
    raise ValueError(f"members are medicines, class:, atc: or group:, not {key!r}")
