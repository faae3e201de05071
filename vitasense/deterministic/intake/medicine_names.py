"""Which names of the knowledge room are medicines in running text, what the reading calls them, and their misspellings."""

from collections.abc import Container, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from vitasense.deterministic import knowledge
from vitasense.deterministic.intake.spelling import Candidate, edits
from vitasense.deterministic.intake.tokens import phrase

_SHORT = 3
_FARTHEST = 5


class Spoken(BaseModel):
    """rules/medicine_names.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    called: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    ordinary: frozenset[str]
    medicine: frozenset[str]
    kinds: frozenset[str]
    around: frozenset[str]

    @property
    def ordinary_names(self) -> frozenset[str]:
        """`ordinary` in lower case: the file writes first names with capitals."""
        return frozenset(name.lower() for name in self.ordinary)


def spoken_names(rules: Spoken, taken: Container[tuple[str, ...]]) -> dict[str, str]:
    """Lower-case way to write a medicine → its name; a product of several ingredients has the names of them all.

    A name of the knowledge room is no medicine in running text when its phrase is `taken` by another meaning, when it
    is a food or an ordinary English word, or too short to be told from one.
    """
    found = {word: name for name, words in rules.words.items() for word in (name.lower(), *words)}
    written = knowledge.written_names()
    for name, keys in knowledge.drug_names().items():
        if _is_spoken(name, keys, rules, taken):
            called = _called(keys, rules)
            for word in (name, written[name].lower(), *([called.lower()] if len(keys) > 1 else [])):
                found.setdefault(word, called)
    return found


class KnownMedicines:
    """A lookup of misspelt names as the knowledge room reads them; `names` are those of running text."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def candidates(self, word: str) -> Sequence[Candidate]:
        """The one name that the word is a misspelling of; none when it may be another or an invented one."""
        read = knowledge.misspelt(word) if word.isalpha() else None
        if read is None or read not in self._names or not read.isalpha():
            return ()
        return (Candidate(read, self._names[read], 1 - edits(word, read, _FARTHEST) / len(word)),)


def _is_spoken(name: str, keys: Sequence[str], rules: Spoken, taken: Container[tuple[str, ...]]) -> bool:
    if name in rules.medicine:
        return True
    drugs = [knowledge.rulebook().drugs[key] for key in keys]
    if name in rules.ordinary_names or phrase(name) in taken or any(drug.kind == "food" for drug in drugs):
        return False
    alone = " " not in name
    plain = alone and (len(name) <= _SHORT or name in knowledge.ordinary_words())
    return not plain and not name[0].isdigit() and all(rules.kinds.isdisjoint(drug.classes) for drug in drugs)


def _called(keys: Sequence[str], rules: Spoken) -> str:
    names = [knowledge.rulebook().drugs[key].name for key in keys]
    return " ".join(names) if len(keys) > 1 else rules.called.get(keys[0], names[0])
