"""The tagged words of a message in plain wording: shorthand written out, fillers dropped, the record's owner as "i"."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import cast

from vitasense.deterministic.intake.lexicon import load
from vitasense.deterministic.intake.tokens import phrase

Words = tuple[str, ...]
Table = Mapping[str, tuple[tuple[Words, Words], ...]]

_PEOPLE = frozenset({"<person>", "<stranger>"})
_MEASURES = frozenset({"<lab>", "<vital>"})
_SUBJECT = frozenset({"he", "she"})
_POSSESSIVE = frozenset({"his", "her", "hers"})
_AGREED: Mapping[Words, Words] = {
    ("is", "i"): ("am", "i"),
    ("does", "i"): ("do", "i"),
    ("has", "i"): ("have", "i"),
    ("i", "is"): ("i", "am"),
    ("i", "has"): ("i", "have"),
    ("i", "does"): ("i", "do"),
    ("i", "takes"): ("i", "take"),
    ("of", "i"): ("of", "me"),
    ("for", "i"): ("for", "me"),
    ("on", "i"): ("on", "me"),
    ("about", "i"): ("about", "me"),
    ("with", "i"): ("with", "me"),
}


def _index(rows: Mapping[str, Sequence[str]]) -> Table:
    table: dict[str, list[tuple[Words, Words]]] = {}
    for meant, said in rows.items():
        for key in map(phrase, said):
            table.setdefault(key[0], []).append((key, phrase(meant)))
    return {first: tuple(sorted(found, key=lambda row: -len(row[0]))) for first, found in table.items()}


def _listed(name: str) -> Sequence[str]:
    return cast("Sequence[str]", load("wording")[name])


@cache
def _shorthand() -> Table:
    return _index(cast("Mapping[str, Sequence[str]]", load("wording")["entries"]))


@cache
def _fillers() -> Table:
    return _index({"": _listed("fillers")})


@cache
def _owners() -> Table:
    return _index({"my": _listed("owner"), "i": _listed("person"), "": []})


@cache
def _plural_owners() -> frozenset[Words]:
    return frozenset(map(phrase, _listed("plural_owner")))


@cache
def _openers() -> frozenset[str]:
    return frozenset(word for row in _listed("openers") for word in phrase(row))


@cache
def shorthand_words() -> frozenset[str]:
    """Every word of the wording rules, none of which is a typing error."""
    tables = (_shorthand(), _fillers(), _owners())
    said = {word for table in tables for rows in table.values() for key, _ in rows for word in key}
    meant = {word for rows in _shorthand().values() for _, row in rows for word in row}
    return frozenset(said | meant | _openers())


def _rewritten(words: Sequence[str], table: Table) -> list[str]:
    written: list[str] = []
    at = 0
    while at < len(words):
        for key, meant in table.get(words[at], ()):
            if tuple(words[at : at + len(key)]) == key:
                written += meant
                at += len(key)
                break
        else:
            written.append(words[at])
            at += 1
    return written


def written_out(words: Sequence[str]) -> list[str]:
    """Shorthand and contractions in full: "whats" and "what s" are "what is"."""
    return _rewritten(words, _shorthand())


def plain(words: Sequence[str]) -> list[str]:
    """The words of a message as the cues expect them; tags and sentence ends stay where they are."""
    kept = list(_begun(list(_without_courtesy(_rewritten(written_out(words), _fillers())))))
    return _agreed(list(_as_owner(_rewritten(kept, _owners()))))


def _without_courtesy(words: Sequence[str]) -> Iterator[str]:
    """Without "could you" before a request, and without "level" after a measure."""
    place = 0
    while place < len(words):
        begins = not place or words[place - 1] == "."
        rows = _courtesies().get(words[place], ()) if begins else ()
        skipped = next((len(key) for key, _ in rows if _asks(words, place, key)), 0)
        place += skipped
        if not (place and words[place] in _measure_nouns() and words[place - 1] in _MEASURES):
            yield words[place]
        place += 1


def _asks(words: Sequence[str], place: int, key: Words) -> bool:
    after = place + len(key)
    return tuple(words[place:after]) == key and after < len(words) and words[after] in _requests()


@cache
def _courtesies() -> Table:
    return _index({"": _listed("courtesies")})


@cache
def _requests() -> frozenset[str]:
    return frozenset(_listed("requests"))


@cache
def _measure_nouns() -> frozenset[str]:
    return frozenset(_listed("measure_nouns"))


def _begun(words: Sequence[str]) -> Iterator[str]:
    """Without the words that only begin a sentence, unless they are all of it."""
    fresh = True
    for place, word in enumerate(words):
        ends = place + 1 == len(words) or words[place + 1] == "."
        if fresh and word in _openers() and not ends:
            continue
        fresh = word == "."
        yield word


def _as_owner(words: Sequence[str]) -> Iterator[str]:
    """Pronouns of the third person as the last person named, else as the owner of the record."""
    named = ""
    place = 0
    while place < len(words):
        word = words[place]
        named = word if word in _PEOPLE else named
        follows = words[place + 2] if place + 2 < len(words) else ""
        if tuple(words[place : place + 2]) in _plural_owners() and follows.startswith("<"):
            yield "my"
            place += 1
        else:
            yield from _pronoun(word, named)
        place += 1


def _pronoun(word: str, named: str) -> Words:
    if word in _SUBJECT:
        return (named or "i",)
    if word == "him":
        return (named or "me",)
    if word in _POSSESSIVE:
        return (named, "s") if named else ("my",)
    return (word,)


def _agreed(words: list[str]) -> list[str]:
    for place, word in enumerate(words):
        if word == "i" and place and words[place + 1 : place + 2] in ([], ["."]):
            words[place] = "me"
    for place in range(len(words) - 1):
        pair = _AGREED.get((words[place], words[place + 1]))
        if pair:
            words[place], words[place + 1] = pair
    return words
