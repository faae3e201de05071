"""A name written anew with another in its place: the dose, the form and the salt beside it stay as they were."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from vitasense.deterministic.knowledge.names import Ingredient, ingredients, normalise, without_brackets, words_of
from vitasense.deterministic.knowledge.rulebook import rulebook


def renamed(written: str, name: str) -> str:
    """`written` with the known `name` in place of the words that say which ingredient it is.

    Words that would make something else of it are left out; `name` alone where it is not read as that otherwise.
    """
    meant = [part.drug for part in ingredients(name)]
    return next((text for text in _attempts(written, name) if [part.drug for part in ingredients(text)] == meant), name)


def with_part_renamed(written: str, parts: Iterable[Ingredient], names: Iterable[str]) -> tuple[str, ...]:
    """`written` with each of `names` in its one unknown part, each text once; () where no part or several are unknown."""
    unknown = [part.written for part in parts if part.drug is None]
    if len(unknown) != 1:
        return ()
    return tuple(dict.fromkeys(written.replace(unknown[0], renamed(unknown[0], name)) for name in names))


def _attempts(written: str, name: str) -> Iterator[str]:
    """First with every word behind the first ones that name something, then without those that name something too."""
    naming = _naming(written, name)
    runs = [(names, list(words)) for names, words in groupby(written.split(), lambda word: _names(word, naming))]
    first = next((at for at, (names, _) in enumerate(runs) if names), None)
    if first is None:
        return
    before, behind = [words for _, words in runs[:first]], runs[first + 1 :]
    for kept in ([words for _, words in behind], [words for names, words in behind if not names]):
        yield " ".join(word for words in (*before, [name], *kept) for word in words)


def _naming(written: str, name: str) -> frozenset[str]:
    """The words of `written` that name an ingredient: no form, and no salt unless `name` has it."""
    salts = rulebook().words["salts"].members - set(normalise(name).split())
    return frozenset(words_of(without_brackets(written))) - salts


def _names(word: str, naming: frozenset[str]) -> bool:
    return not naming.isdisjoint(normalise(word).split())
