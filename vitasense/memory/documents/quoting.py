"""Which sentence of a passage answers: by what its words name, so that "blood thinners" finds a sentence on apixaban."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from vitasense.memory.embeddings.features import units
from vitasense.memory.embeddings.synonyms import Phrase, meant, synonyms
from vitasense.memory.embeddings.words import cut, faint
from vitasense.memory.schemas import Entry
from vitasense.memory.sentences import sentences

_MOST_NAMES = 400  # words that a question is widened by
Names = frozenset[str]
Split = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a passage, word for word, with the line it stands under, and how much of the question it names."""

    entry: Entry
    sentence: str
    heading: str
    matched: int


def asked(question: str) -> tuple[Names, ...]:
    """What a question is about: for each thing that it names the names it goes by; words that say little are left out."""
    found = [names for phrase in _phrases(question) if (names := _named(phrase)) and not _says_little(phrase)]
    return tuple(dict.fromkeys(found))


def widened(question: str) -> str:
    """The question with every name of what it names and of what is a kind of it, for a search by words."""
    concepts = {name for names in asked(question) for name in names}
    known = synonyms()
    narrower = (key for key, wider in known.kinds.items() if not concepts.isdisjoint(wider))
    names = (name for key in (*sorted(concepts), *narrower) for name in known.names.get(key, ()))
    return " ".join((question, *list(dict.fromkeys(names))[:_MOST_NAMES]))


def quotes(question: str, entries: Iterable[Entry], split: Split = sentences) -> list[Quote]:
    """The sentences that name what is asked for, those that name most of it first, else in the order of the entries.

    `split` is how a text falls into what is quoted whole: sentences, or the lines of an episode.
    """
    wanted = asked(question)
    found = [quote for entry in entries for quote in _of_entry(wanted, entry, split(entry.text))]
    once: dict[str, Quote] = {}  # reports repeat what letters say
    for quote in found:
        once.setdefault(quote.sentence, quote)
    return sorted(once.values(), key=lambda quote: -quote.matched)


def _of_entry(wanted: Sequence[Names], entry: Entry, lines: Sequence[str]) -> Iterator[Quote]:
    """The sentences that name something of the question; when only the heading does, the first one below it."""
    heading = lines[0].removesuffix(":") if len(lines) > 1 and lines[0].endswith(":") else ""
    above = _names_in(heading) if heading else frozenset[str]()
    below = lines[1:] if heading else lines
    found = [line for line in below if _matched(wanted, _names_in(line))]
    if not found and _matched(wanted, above):
        found = below[:1]
    for line in found:
        yield Quote(entry, line, heading, _matched(wanted, _names_in(line) | above))


def _matched(wanted: Sequence[Names], named: Names) -> int:
    return sum(not names.isdisjoint(named) for names in wanted)


def _names_in(text: str) -> Names:
    """What a line names, by its phrases and by each of their words: "less salt" speaks of salt, too."""
    phrases = [*_phrases(text), *((word,) for phrase in _phrases(text) if len(phrase) > 1 for word in phrase)]
    return frozenset(name for phrase in phrases for name in _named_or_kind(phrase))


def _phrases(text: str) -> Iterator[Phrase]:
    yield from (phrase for how, phrase in units(cut(text)) if how == "said")


def _named(phrase: Phrase) -> Names:
    known = synonyms().concepts
    found = known.get(phrase) or (known.get(meant(phrase[0])) if len(phrase) == 1 else None)
    return frozenset(found or (" ".join(phrase),))


def _named_or_kind(phrase: Phrase) -> Iterator[str]:
    for name in _named(phrase):
        yield name
        yield from _kinds(name)


def _kinds(name: str) -> Iterator[str]:
    """What it is a kind of; of a medicine only what its class is, not what it is given for."""
    known = synonyms().kinds
    wider = known.get(name, ())
    if not name.startswith("drug/"):
        yield from wider
        return
    for kind in wider:
        if kind.startswith("class/"):
            yield kind
            yield from known.get(kind, ())


def _says_little(phrase: Phrase) -> bool:
    return len(phrase) == 1 and phrase[0] in faint()
