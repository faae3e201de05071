"""Which class of the ANSM thesaurus is meant: its tables write the names of its classes with other words and letters."""

from collections.abc import Iterable
from difflib import SequenceMatcher

from vitasense.deterministic.knowledge.facts import NodeFact, NodeKind
from vitasense.deterministic.knowledge.formats import keys
from vitasense.deterministic.knowledge.formats.ansm_entries import Group
from vitasense.deterministic.knowledge.names import normalise

ALIKE = 0.9  # share of letters in common of two ways to write one name
_SMALL = frozenset({"and", "by", "for", "of", "or", "the", "to", "with"})
_OTHER = "other "


class Classes:
    """The classes whose members are listed, and those that are only mentioned."""

    def __init__(self) -> None:
        self._names = dict[str, str]()
        self._written = dict[str, str]()
        self._codes = dict[str, set[str]]()
        self._listed = set[str]()
        self._others = dict[str, list[str]]()

    def define(self, group: Group) -> str:
        """The key of a class that is listed with its members."""
        name = normalise(group.name)
        key = self._new(name, group)
        self._listed.add(key)
        self._codes.setdefault(group.code.casefold(), set()).add(key)
        return key

    def find(self, group: Group) -> tuple[str, bool]:
        """The key of a class that is mentioned, and whether its name was read as it stands.

        By name, without a leading "other"; by the code that only one listed class has; by nearly the same name.
        """
        name = normalise(group.name)
        bare = name.removeprefix(_OTHER)
        exact = self._names.get(name) or self._names.get(bare)
        if exact:
            return exact, True
        coded = self._codes.get(group.code.casefold(), set())
        key = next(iter(coded)) if len(coded) == 1 else self._near(bare)
        if key:
            self._names[name] = key
            self._others.setdefault(key, []).append(group.name)
            return key, False
        return self._new(bare, group), True

    def name(self, key: str) -> str:
        """The name of the class with this key."""
        return self._written[key]

    def is_listed(self, key: str) -> bool:
        """Whether the members of this class are known."""
        return key in self._listed

    def nodes(self) -> Iterable[NodeFact]:
        """All classes."""
        codes = {key: code for code, found in self._codes.items() for key in found}
        for key, name in self._written.items():
            others = tuple(dict.fromkeys(keys.quiet(each) for each in self._others.get(key, ())))
            yield NodeFact(key, name, others, {"ansm": (codes[key].upper(),)} if codes.get(key) else {})

    def _new(self, name: str, group: Group) -> str:
        key = self._names.setdefault(name, f"{NodeKind.CLASS}:ansm_{name.replace(' ', '_')}")
        written = group.name.strip()
        self._written.setdefault(key, keys.quiet(written[len(_OTHER) :] if _is_other(written, name) else written))
        return key

    def _near(self, name: str) -> str | None:
        words = set(name.split()) - _SMALL
        same = {key for other, key in self._names.items() if set(other.split()) - _SMALL == words}
        alike = same or {key for other, key in self._names.items() if _likeness(name, other) >= ALIKE}
        return next(iter(alike)) if len(alike) == 1 else None


def _is_other(written: str, name: str) -> bool:
    return normalise(written) != name


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.replace(" ", ""), other.replace(" ", ""), autojunk=False).ratio()
