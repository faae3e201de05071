"""Misspelt names of medicines: read as the one name that was meant, or left unknown. A made-up name is never resolved."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, islice
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.knowledge.coinages import Coinages
from vitasense.deterministic.knowledge.library import Library
from vitasense.deterministic.knowledge.names import (
    Ingredient,
    bare,
    drug_names,
    normalise,
    parts,
    without_brackets,
    without_salts,
    words_of,
    written_names,
)
from vitasense.deterministic.knowledge.nearby import Nearby
from vitasense.deterministic.knowledge.renaming import renamed, with_part_renamed
from vitasense.deterministic.knowledge.rulebook import rulebook
from vitasense.deterministic.knowledge.slips import cost
from vitasense.deterministic.knowledge.substances import ingredients

# Set on made-up misspellings of half of the names (`vitasense eval run drug_names` measures the other half): a slip must
# be likelier by so many nats than an invention, and than a slip of the next name.
_UNLIKE_AN_INVENTION = 10.5
_UNLIKE_THE_NEXT = 2.0
_UNLIKE_A_LOOKALIKE = 7.5
_LIKELY = 6.5
_AFFIX = 5
_SHORTEST, _SHORT = 3, 5
_FIXED = 2
_LONGEST = 40
_DOUBLED = frozenset("bcdefglmnoprst")
_SUGGESTIONS = 3
_ALIKE = 0.6
_NOTHING: Mapping[str, frozenset[str]] = {}

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a name was read as. `how`: exact, corrected (misspelt), or unknown (some part of it, or all).

    `read_as` is the name that was read; None when it stays unknown. `suggestions` are names that look like an unknown
    one: to be asked about, never to be acted on.
    """

    written: str
    how: Literal["exact", "corrected", "unknown"]
    ingredients: tuple[Ingredient, ...] = ()
    read_as: str | None = None
    suggestions: tuple[str, ...] = ()

    @property
    def note(self) -> str | None:
        """The sentence that a person must see: how a misspelt name was read, or what an unknown one may be."""
        if self.how == "corrected":
            return f"I read “{self.written}” as {self.read_as}."
        if self.suggestions:
            return f"I do not know “{self.written}”. Did you mean {_listed(self.suggestions)}?"
        return None

    @property
    def meant(self) -> tuple[str, ...]:
        """`written` with each name that may be meant in it ("lisinopril 10 mg"); () when several parts are unknown."""
        if self.how == "corrected" and self.read_as:
            return (renamed(self.written, self.read_as),)
        return with_part_renamed(self.written, self.ingredients, self.suggestions)


def resolve(name: str, library: Library | None = None) -> Resolution:
    """The medicine of a name that may be misspelt; what only a release of `library` names is known too.

    Nothing is guessed: not between two readings, not for letters that look like another name (a known name with more
    letters before or behind it, two names in one, an invented name), and a short name only by two letters exchanged.
    """
    found, written = ingredients(name, library), name.strip()
    if found and all(part.drug for part in found):
        return Resolution(written, "exact", found, written)
    read = _corrected(name)
    if read:
        known = tuple(part for one in read for part in ingredients(one))
        return Resolution(written, "corrected", known, " / ".join(read))
    unknown = [part.written for part in found if part.drug is None]
    return Resolution(written, "unknown", found, suggestions=_suggested(unknown))


def misspelt(word: str) -> str | None:
    """The known name, as `drug_names` has it, that a word of running text is a misspelling of; see `resolve`.

    There a word may be a misspelt ordinary one too: between a medicine and such a word nothing is guessed either.
    """
    written = normalise(word)
    if written in drug_names() or written in ordinary_words():
        return None
    name = _speller().correct(written)
    if name is None:
        same = bare(word)
        return normalise(same[0].name) if len(same) == 1 else None
    price = cost(name, written)
    others = (other for other in _ordinary().of(written) if other not in drug_names())
    return name if all(cost(other, written) - price >= _UNLIKE_THE_NEXT for other in others) else None


@cache
def ordinary_words() -> frozenset[str]:
    """Words of everyday English in lower case, some of which are brand names too ("Soma", "Today")."""
    return frozenset(line for line in _rules("english.txt").splitlines() if not line.startswith("#"))


@cache
def _ordinary() -> Nearby:
    return Nearby(ordinary_words(), heard=False)


class Speller:
    """Reads misspelt names out of a table of known ones (normalised, with what they mean); deterministic."""

    def __init__(
        self,
        names: Mapping[str, Keys],
        words: Iterable[str] = (),
        alike: Mapping[str, frozenset[str]] = _NOTHING,
        ordinary: frozenset[str] = frozenset(),
    ) -> None:
        """`words` may be misspelt too, so they stand against the names; `ordinary` ones are only left as they are.

        `alike` are the names that each name is confused with.
        """
        self._names = names
        self._ordinary = ordinary
        self._means = {word: (word,) for word in words} | dict(names)
        self._alike = alike
        self._nearby = Nearby(self._means)
        self._coinages = Coinages(names)
        self._pairs = _by_pairs(names)

    def correct(self, written: str) -> str | None:
        """The one known name that `written` (normalised) is a misspelling of; None when it may be anything else."""
        known = written in self._means or written in self._ordinary
        ranked = [] if known or len(written) > _LONGEST else self._ranked(written)
        if not ranked or ranked[0][1] not in self._names or not self._clear(written, ranked):
            return None
        price, name = ranked[0]
        if not _may_be(name, written) or self._made_from_another(written, name, price):
            return None
        return name if self._coinages.surprise(written, name) - price >= _UNLIKE_AN_INVENTION else None

    def near(self, written: str) -> Iterator[str]:
        """Known names that look like `written`, the most like first, each with another meaning."""
        inside = (word for word in written.split() if word in self._names)
        edited = (name for _, name in self._ranked(written) if name in self._names)
        seen: set[Keys] = set()
        for name in chain(inside, edited, self._sharing(written)):
            if self._names[name] not in seen:
                seen.add(self._names[name])
                yield name

    def _ranked(self, written: str) -> list[tuple[float, str]]:
        return sorted((cost(name, written), name) for name in self._nearby.of(written))

    def _clear(self, written: str, ranked: list[tuple[float, str]]) -> bool:
        """Whether the first is far enough before the next name that means something else."""
        price, name = ranked[0]
        others = (other for other, read in ranked[1:] if self._means[read] != self._means[name])
        lookalikes = (cost(other, written) for other in self._alike.get(name, ()))
        return all(other - price >= _UNLIKE_THE_NEXT for other in others) and all(
            other - price >= _UNLIKE_A_LOOKALIKE for other in lookalikes
        )

    def _made_from_another(self, written: str, name: str, price: float) -> bool:
        """Whether `written` is a known name with some letters behind it, or before it unless a plain slip explains them.

        Further words of `name` itself are no such letters.
        """
        if _hit_twice(name, written):
            return False
        longest = range(max(_SHORTEST, len(written) - _AFFIX), len(written))
        behind = (written[:at] for at in longest if written[at] != " " or not name.startswith(written[: at + 1]))
        before = (written[-at:] for at in longest if at >= _SHORT and not name.endswith(f" {written[-at:]}"))
        return (
            name in written
            or any(known in self._names for known in behind)
            or (price > _LIKELY and any(known in self._names for known in before))
        )

    def _sharing(self, written: str) -> Iterator[str]:
        """Names that share most of their pairs of letters with `written`, the most like first."""
        own = _pairs(written)
        shared: Counter[str] = Counter()
        for pair in own:
            shared.update(self._pairs.get(pair, ()))
        least = _ALIKE * len(own) / 2
        like = ((2 * count / (len(own) + len(name) + 1), name) for name, count in shared.items() if count > least)
        yield from (name for likeness, name in sorted(like, reverse=True) if likeness >= _ALIKE)


class _Lookalikes(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    pairs: tuple[tuple[str, ...], ...]
    words: frozenset[str]
    others: frozenset[str]
    substances: frozenset[str]


def _hit_twice(name: str, written: str) -> bool:
    """Whether the last letter is there twice, and is one that words do have twice: "prozacc", but not "celebrexx"."""
    return written == name + name[-1] and name[-1] in _DOUBLED


def _may_be(name: str, written: str) -> bool:
    """Whether `written` can be `name`: words of one or two letters and numbers are never mended, short names hardly."""
    said, meant = written.split(), name.split()
    fixed = all(word in said for word in meant if len(word) <= _FIXED)
    numbers = [word for word in said if not word.isalpha()] == [word for word in meant if not word.isalpha()]
    return fixed and numbers and (len(name) > _SHORT or sorted(name) == sorted(written))


def _corrected(name: str) -> list[str] | None:
    """The names of the parts, misspelt ones mended; None unless each part is read."""
    text = without_brackets(name)
    whole = _mended(text)
    if whole:
        return [whole]
    written = parts(text)
    read = [part if bare(part) else _mended(part) for part in written]
    known = [part for part in read if part]
    return known if len(written) > 1 and len(known) == len(read) else None


def _mended(text: str) -> str | None:
    words = (words_of(text, forms=True), words_of(text))
    tried = dict.fromkeys(name for each in words for name in without_salts(each))
    found = next((name for each in tried if (name := _speller().correct(each))), None)
    return written_names()[found] if found else None


def _suggested(written: Iterable[str]) -> tuple[str, ...]:
    names = (" ".join(words_of(text)) for text in written)
    near = (name for text in names if text for name in _speller().near(text))
    return tuple(dict.fromkeys(written_names()[name] for name in islice(near, _SUGGESTIONS)))


@cache
def _speller() -> Speller:
    found = _Lookalikes.model_validate(yaml.load(_rules("lookalikes.yaml"), Loader=yaml.CSafeLoader))
    book = rulebook()
    groups = {normalise(name) for group in book.classes for name in (group.name, group.plural)}
    terms = {normalise(name) for term in book.terms for name in (term.name, *term.names)}
    return Speller(
        drug_names(),
        found.words | found.substances | groups | terms,
        _alike(found.pairs),
        ordinary_words() | {word.casefold() for word in found.others},
    )


def _rules(name: str) -> str:
    return (files("vitasense.deterministic.knowledge") / "rules" / name).read_text("utf-8")


def _alike(rows: Iterable[tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """Each name of a row with the others that mean something else."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        known = {name: keys for name in map(normalise, row) if (keys := drug_names().get(name))}
        for one, keys in known.items():
            found[one] |= {other for other, means in known.items() if means != keys}
    return {name: frozenset(others) for name, others in found.items()}


def _pairs(name: str) -> set[str]:
    marked = f"^{name}$"
    return {marked[at : at + 2] for at in range(len(marked) - 1)}


def _by_pairs(names: Iterable[str]) -> dict[str, list[str]]:
    table: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        for pair in _pairs(name):
            table[pair].append(name)
    return table


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
