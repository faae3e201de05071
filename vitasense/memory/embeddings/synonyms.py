"""Which words mean the same: groups of rules/synonyms.yaml and the names that knowledge and intake already have."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic import intake, knowledge
from vitasense.memory.embeddings.words import END, Stem, Word, cut

_SHORTEST_NAME, _SHORTEST_MENDED, _SHORTEST_WITH_WRONG_LETTER = 2, 5, 7
Phrase = tuple[Stem, ...]
Concept = str


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    groups: tuple[tuple[str, ...], ...]
    kinds: tuple[tuple[str, ...], ...]
    everyday: frozenset[str]


@dataclass(frozen=True)
class Synonyms:
    """Phrases with what they name, what that is a kind of, and every name of it as it is written.

    `longest` is the number of words of the longest phrase that begins with a stem.
    """

    concepts: Mapping[Phrase, tuple[Concept, ...]]
    kinds: Mapping[Concept, tuple[Concept, ...]]
    names: Mapping[Concept, tuple[str, ...]]
    longest: Mapping[Stem, int]

    def at(self, words: Sequence[Word], place: int) -> tuple[Phrase, int]:
        """The longest phrase from `place` on that names something, and the place after it; ((), place) for none.

        Function words may stand between its words: "gallbladder was taken out" holds "gallbladder taken".
        """
        verbatim = self._walk(words, place, skips=False)
        loose = ((), place) if words[place].is_function else self._walk(words, place, skips=True)
        return max(loose, verbatim, key=lambda found: (found[1], len(found[0])))

    def _walk(self, words: Sequence[Word], place: int, *, skips: bool) -> tuple[Phrase, int]:
        phrase: list[Stem] = []
        found: tuple[Phrase, int] = (), place
        most = self.longest.get(words[place].stem, 0)
        for at in range(place, len(words)):
            if words[at].stem == END or len(phrase) == most:
                break
            if skips and words[at].is_function:
                continue
            phrase.append(words[at].stem)
            if tuple(phrase) in self.concepts:
                found = tuple(phrase), at + 1
        return found


def phrase_of(text: str) -> Phrase:
    """A name as it is looked up: its stems, without function words where two or more words remain."""
    words = [word for word in cut(text) if word.stem != END]
    telling = tuple(word.stem for word in words if not word.is_function)
    return telling if len(telling) > 1 else tuple(word.stem for word in words)


@cache
def rules() -> _Rules:
    """The groups of rules/synonyms.yaml. Raises ValueError when the file breaks its own form."""
    text = files("vitasense.memory").joinpath("rules/synonyms.yaml").read_text(encoding="utf-8")
    return _Rules.model_validate(yaml.load(text, Loader=yaml.CBaseLoader))  # noqa: S506 - makes only text


@cache
def synonyms() -> Synonyms:
    """Every synonym that the service knows, read once."""
    building = _Building(rules().everyday)
    for key, words in _terms():
        building.add(words, (key,))
    building.groups(intake.word_groups())
    building.groups(rules().groups)
    for name, keys in _drugs():
        building.add((name,), keys)
    for key in {key for _, keys in _drugs() for key in keys}:
        building.narrower(key, _classes(key))
    for wider, *words in rules().kinds:
        building.kinds_of(wider, words)
    return building.built()


def meant(stem: Stem) -> Phrase:
    """The one word of the lists of which `stem` is a slip of the keys: a letter lost or added, or two swapped.

    In long words a wrong letter too: in short ones it makes another word (heard, heart). () when it stands in a list
    itself, is short, or may be a slip of several words.
    """
    if (stem,) in synonyms().concepts or len(stem) < _SHORTEST_MENDED or not stem.isalpha():
        return ()
    near = {word for shorter in _shorter(stem) for word in _by_slip().get(shorter, ()) if word[0] == stem[0]}
    found = {word for word in near if _is_slip(stem, word)}
    return (found.pop(),) if len(found) == 1 else ()


def _is_slip(stem: Stem, word: Stem) -> bool:
    if len(stem) != len(word) or len(stem) >= _SHORTEST_WITH_WRONG_LETTER:
        return True
    wrong = [at for at, (one, other) in enumerate(zip(stem, word, strict=True)) if one != other]
    return len(wrong) > 1  # two at once are neighbours that were swapped


@cache
def _by_slip() -> Mapping[Stem, tuple[Stem, ...]]:
    table: dict[Stem, tuple[Stem, ...]] = {}
    for phrase in synonyms().concepts:
        if len(phrase) == 1 and len(phrase[0]) >= _SHORTEST_MENDED and phrase[0].isalpha():
            for shorter in _shorter(phrase[0]):
                table[shorter] = (*table.get(shorter, ()), phrase[0])
    return table


def _shorter(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


class _Building:
    def __init__(self, everyday: Iterable[str]) -> None:
        self._everyday = frozenset(map(phrase_of, everyday))
        self._concepts: dict[Phrase, dict[Concept, None]] = {}
        self._names: dict[Concept, dict[str, None]] = {}
        self._kinds: dict[Concept, dict[Concept, None]] = {}

    def add(self, words: Iterable[str], keys: Sequence[Concept]) -> None:
        for word in words:
            phrase = phrase_of(word)
            if phrase in self._everyday or len("".join(phrase)) < _SHORTEST_NAME:
                continue
            for key in keys:
                self._concepts.setdefault(phrase, {})[key] = None
                self._names.setdefault(key, {})[word.lower()] = None

    def groups(self, groups: Iterable[Sequence[str]]) -> None:
        """Each group is what its first word names in the lists before, else something new."""
        keyed = [(words, self._keys(words[0])) for words in groups]
        for words, keys in keyed:
            self.add(words, keys)

    def narrower(self, key: Concept, wider: Iterable[Concept]) -> None:
        self._kinds.setdefault(key, {}).update(dict.fromkeys(one for one in wider if one != key))

    def kinds_of(self, wider: str, words: Sequence[str]) -> None:
        above = self._keys(wider)
        self.add((wider,), above)
        for word in words:
            keys = self._keys(word)
            self.add((word,), keys)
            for key in keys:
                self.narrower(key, above)

    def _keys(self, word: str) -> tuple[Concept, ...]:
        return tuple(self._concepts.get(phrase_of(word), ())) or (f"group/{word}",)

    def built(self) -> Synonyms:
        longest: dict[Stem, int] = {}
        for phrase in self._concepts:
            longest[phrase[0]] = max(longest.get(phrase[0], 0), len(phrase))
        return Synonyms(
            concepts={phrase: tuple(keys) for phrase, keys in self._concepts.items()},
            kinds={key: tuple(self._above(key)) for key in self._kinds},
            names={key: tuple(words) for key, words in self._names.items()},
            longest=longest,
        )

    def _above(self, key: Concept) -> dict[Concept, None]:
        """What it is a kind of, and what that is a kind of: a brand of warfarin is a blood thinner."""
        near = self._kinds[key]
        return near | {far: None for one in near for far in self._kinds.get(one, ()) if far != key}


def _terms() -> Iterator[tuple[Concept, Sequence[str]]]:
    """Each term and class of the knowledge room with its names; a class under its own key, which its drugs have too."""
    groups: dict[Concept, list[str]] = {}
    for name in knowledge.term_names():
        entry = knowledge.find_term(name)
        if isinstance(entry, knowledge.Term):
            groups.setdefault(f"term/{entry.key}", []).append(name)
        elif entry is not None:
            groups.setdefault(f"class/{entry.key}", []).append(name)
    yield from groups.items()


@cache
def _drugs() -> tuple[tuple[str, tuple[Concept, ...]], ...]:
    """Every name of a medicine with its ingredients: brands and generic names, of both rooms."""
    known = knowledge.drug_names()
    rows = [(name, tuple(f"drug/{key}" for key in keys)) for name, keys in known.items()]
    for name, generic in intake.drug_names().items():
        keys = known.get(knowledge.normalise(generic))
        rows.append((name, tuple(f"drug/{key}" for key in keys) if keys else (f"drug/{generic}",)))
    return tuple(rows)


def _classes(key: Concept) -> Iterator[Concept]:
    """What a medicine is a kind of, and what those are for."""
    drug = knowledge.drug(key.removeprefix("drug/").replace("_", " "))
    for name in drug.classes if drug else ():
        yield f"class/{name}"
        yield from (f"term/{treated}" for treated in knowledge.rulebook().classes[name].treats)
