"""The words of grounding as one table: what a word or phrase of a reply stands for."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from vitasense.deterministic import knowledge
from vitasense.deterministic.intake import drug_names, gene_names
from vitasense.guardrails.grounding.tokens import cut, stem
from vitasense.guardrails.rulebook import Rule, load

Phrases = Mapping[str, tuple[str, ...]]
_SPECIAL = frozenset({"every", "each", "i", "one"})
_BEYOND = frozenset({"above", "below", "more", "less"})
_SPECIAL_KINDS = frozenset({"number", "bound", "often", "ordinal", "month"})


class Referrals(Rule):
    """How one may be sent to whom: each of `how` with each of `whom`, alone or with one of `after`; and `other` ways."""

    how: tuple[str, ...]
    whom: tuple[str, ...]
    after: tuple[str, ...]
    other: tuple[str, ...]

    def phrases(self) -> Iterator[str]:
        """Every way to send somebody to a doctor or pharmacist."""
        yield from self.other
        for how, whom in product(self.how, self.whom):
            yield f"{how} {whom}"
            yield from (f"{how} {whom} {after}" for after in self.after)


class GroundingRules(Rule):
    """`rules/grounding.yaml` with `rules/grounding_words.yaml`."""

    version: str
    source: str
    written_as: Mapping[str, str]
    units: Phrases
    codes: Mapping[str, str]
    spelled: Mapping[str, int]
    ordinals: Mapping[str, int]
    months: Mapping[str, int]
    often: Phrases
    bounds: Phrases
    neutral: tuple[str, ...]
    working: frozenset[str]
    telling: tuple[str, ...]
    joining: tuple[str, ...]
    nouns: Phrases
    synonyms: Phrases
    measures: Phrases
    keep: Phrases
    lasting: frozenset[str]
    claims: Phrases
    alone: tuple[tuple[str, ...], ...]
    implied: Phrases
    multiples: frozenset[str]
    references: frozenset[str]
    splits: frozenset[str]
    causes: frozenset[str]
    pronouns: frozenset[str]
    caveats: Phrases
    forms: frozenset[str]
    ends: frozenset[str]
    verbs: frozenset[str]
    acts: frozenset[str]
    relations: frozenset[str]
    verbal: frozenset[str]
    labels: frozenset[str]
    imperatives: frozenset[str]
    joint: frozenset[str]
    knowing: frozenset[str]
    finding: frozenset[str]
    recording: frozenset[str]
    referrals: Referrals
    topics: Phrases
    guarded_topics: frozenset[str]


class Mark(NamedTuple):
    """One meaning of a word: `kind` is the section of the rules, `key` the name that all its words share."""

    kind: str
    key: str


class Entry(NamedTuple):
    """What a word means alone, and the longer phrases that begin with it, by their second word, longest first.

    A `known` word means something alone, or, when it is `quiet`, changes nothing; `special` ones mean something else
    beside some words; `month` may begin a date.
    """

    alone: tuple[Mark, ...]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], tuple[Mark, ...]], ...]]
    known: bool
    quiet: bool
    special: bool
    month: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`words` as they are written, `stems` of those that stand alone, and the words that make numbers."""

    words: Mapping[str, Entry]
    stems: Mapping[str, Entry]
    spelled: frozenset[str]
    labels: frozenset[str]

    def entry(self, token: str) -> Entry | None:
        """What a token stands for; None for a word that only a finding can support."""
        return self.words.get(token) or self.stems.get(stem(token))


@cache
def rules() -> GroundingRules:
    """The rules of grounding, loaded once."""
    return load("grounding", GroundingRules, "grounding_words")


@cache
def written_as() -> Mapping[str, str]:
    """A typographic letter or mark to its plain spelling."""
    return rules().written_as


@cache
def units() -> Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """First token of a written unit to the rest of it and its name, the longest first."""
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, ways in rules().units.items():
        for way in ways:
            first, *rest = cut(way)
            table.setdefault(first, []).append((tuple(rest), name))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in table.items()}


@cache
def unit_codes() -> Mapping[str, str]:
    """A unit as a value carries it (UCUM or printed, lower case) to its one name."""
    return {"".join(way.split()): name for name, ways in rules().units.items() for way in ways} | {**rules().codes}


@cache
def known_lexicon() -> Lexicon:
    """The lexicon with every drug and gene that the deterministic rooms know."""
    return lexicon_of({**_knowledge_drugs(), **drug_names()}, gene_names())


def _knowledge_drugs() -> Mapping[str, str]:
    """The drugs that knowledge names and intake does not, under the name that intake has for them, if any."""
    own, book = drug_names(), knowledge.rulebook().drugs
    single = (
        (written, book[keys[0]].name.casefold()) for written, keys in knowledge.drug_names().items() if len(keys) == 1
    )
    return {written: own.get(name, name) for written, name in single}


@cache
def rule_lexicon() -> Lexicon:
    """The lexicon of the rules alone."""
    return lexicon_of({}, ())


def lexicon_of(drugs: Mapping[str, str], genes: Collection[str]) -> Lexicon:
    """The lexicon of the rules with these drugs (lower-case way to write one → one name) and gene symbols."""
    return _lexicon_of(frozenset(drugs.items()), frozenset(genes))


@lru_cache(maxsize=4)
def _lexicon_of(drugs: frozenset[tuple[str, str]], genes: frozenset[str]) -> Lexicon:
    table = {phrase: dict.fromkeys(marks) for phrase, marks in _rule_phrases().items()}
    for written, name in sorted(drugs):
        table.setdefault(tuple(cut(written)), {Mark("drug", name.casefold()): None})
    for symbol in sorted(genes):
        table.setdefault(tuple(cut(symbol.casefold())), {Mark("gene", symbol.casefold()): None})
    return _lexicon(table)


def _lexicon(table: Mapping[tuple[str, ...], Iterable[Mark]]) -> Lexicon:
    alone: dict[str, tuple[Mark, ...]] = {}
    longer: dict[str, dict[str, list[tuple[tuple[str, ...], tuple[Mark, ...]]]]] = {}
    for (first, *rest), marks in table.items():
        if rest:
            longer.setdefault(first, {}).setdefault(rest[0], []).append((tuple(rest), tuple(marks)))
        else:
            alone[first] = tuple(marks)
    words = {first: _entry(first, alone.get(first, ()), longer.get(first, {})) for first in {*alone, *longer}}
    stems: dict[str, Entry] = {}
    for word in sorted(alone):
        if word.isalpha() and len(word) > 3 and _SPECIAL_KINDS.isdisjoint(mark.kind for mark in alone[word]):
            stems.setdefault(stem(word), words[word])
    return Lexicon(words, stems, frozenset(rules().spelled), rules().labels)


def _entry(
    word: str, marks: tuple[Mark, ...], longer: Mapping[str, list[tuple[tuple[str, ...], tuple[Mark, ...]]]]
) -> Entry:
    loud = tuple(mark for mark in marks if not _is_quiet(word, mark))
    phrases = {
        second: tuple(sorted(((rest, _loud(meant)) for rest, meant in rows), key=lambda row: -len(row[0])))
        for second, rows in longer.items()
    }
    kinds = {
        mark.kind for mark in (*marks, *(mark for rows in phrases.values() for _, meant in rows for mark in meant))
    }
    beyond = any(mark.kind == "claim" and mark.key in _BEYOND for mark in marks)
    special = beyond or word in _SPECIAL or not kinds.isdisjoint(_SPECIAL_KINDS)
    if special:
        loud = tuple(Mark("quiet", "") if _is_quiet(word, mark) else mark for mark in marks)
    return Entry(
        loud, phrases, bool(marks), bool(marks) and not loud, special, any(mark.kind == "month" for mark in marks)
    )


def _loud(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """The marks of a phrase, where joining phrases are quiet."""
    return tuple(Mark("quiet", "") if mark.kind == "neutral" else mark for mark in marks)


def _is_quiet(word: str, mark: Mark) -> bool:
    """Joining words that no rule of the clauses looks at."""
    if mark.kind == "joining":
        return word not in rules().verbs and word not in rules().imperatives
    return mark.kind == "neutral" and word not in rules().working and word not in rules().imperatives


@cache
def _rule_phrases() -> Mapping[tuple[str, ...], tuple[Mark, ...]]:
    table: dict[tuple[str, ...], dict[Mark, None]] = {}
    for written, mark in _marks(rules()):
        table.setdefault(tuple(cut(written)), {})[mark] = None
    return {phrase: _with_word(phrase, marks) for phrase, marks in table.items() if phrase}


def _with_word(phrase: tuple[str, ...], marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks, and the word itself where they only say what it does to a negation."""
    found = tuple(marks)
    bare = {mark.kind for mark in found} <= {"knowing", "finding", "recording"}
    return (Mark("word", " ".join(phrase)), *found) if bare else found


def _marks(book: GroundingRules) -> Iterator[tuple[str, Mark]]:
    for kind, words in (("neutral", (*book.neutral, *book.telling)), ("joining", book.joining), ("split", book.splits)):
        yield from ((word, Mark(kind, word)) for word in words)
    sections: Sequence[tuple[str, Phrases]] = (
        ("noun", book.nouns),
        ("word", book.synonyms),
        ("measure", book.measures),
        ("keep", book.keep),
        ("claim", book.claims),
        ("often", book.often),
        ("bound", book.bounds),
        ("caveat", book.caveats),
    )
    for kind, section in sections:
        yield from ((word, Mark(kind, name)) for name, words in section.items() for word in words)
    for kind, words in (("knowing", book.knowing), ("finding", book.finding), ("recording", book.recording)):
        yield from ((word, Mark(kind, word)) for word in words)
    yield from ((word, Mark("referral", "referral")) for word in book.referrals.phrases())
    yield from ((word, Mark("word", word)) for word in book.multiples)
    yield from ((word, Mark("number", str(number))) for word, number in book.spelled.items())
    yield from ((word, Mark("ordinal", str(number))) for word, number in book.ordinals.items())
    yield from ((word, Mark("month", str(number))) for word, number in book.months.items())
