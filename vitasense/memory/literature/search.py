"""Finds what documents that were read for knowledge say: sentences that name what is asked, else those that mean it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from vitasense.deterministic.knowledge import Library, explanations, review
from vitasense.deterministic.knowledge.review import MaterialKind, Work
from vitasense.deterministic.platform.access import Access
from vitasense.deterministic.platform.database import Database
from vitasense.memory.documents.quoting import Quote, asked, quotes, widened
from vitasense.memory.embeddings import LEXICAL, expanded, threshold
from vitasense.memory.literature.passages import COLLECTION, MOST_PASSAGES, entry_of, everywhere
from vitasense.memory.schemas import Entry, Hit, Query, Where
from vitasense.memory.sentences import sentences
from vitasense.memory.service import Memories, Vectors
from vitasense.memory.stores import collections
from vitasense.memory.stores.words import lexemes

_SOUGHT = 60  # passages looked into for the sentences that answer
_APART = 10  # documents that are each sought through on their own, when no more are asked for
_MEANT = 4  # passages of which each sentence is compared with the question
_HELD = 0.5  # part of what is asked for that a sentence must name


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for (`about`), in documents of a kind and with a name or medicine like `named`, "" for all."""

    about: str
    named: str = ""
    kind: MaterialKind | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found, the best first, and in which documents it was sought.

    `unread` were not looked into but for the sentences accepted of them, since their text was not kept, `waiting` not at
    all, since their passages are not there, and `partly` only in their beginning, since they are longer than is cut.
    `elsewhere`: there is no document such as was asked for, so all were looked into. `by_words`: meaning could not be
    compared, for all of it or for a part. `by_meaning`: no sentence names it.
    """

    quotes: Sequence[Quote]
    searched: Sequence[Work]
    unread: Sequence[Work]
    waiting: Sequence[Work]
    partly: Sequence[Work] = ()
    elsewhere: bool = False
    by_words: bool = False
    by_meaning: bool = False


async def look(
    memories: Memories, database: Database, access: Access, question: Question, library: Library | None = None
) -> Looked:
    """What documents say of which something counts now, in transactions of its own: they are no part of a record."""
    async with database.transaction(access) as tx:
        works = await review.works(tx)
        held = await collections.by_key(tx, COLLECTION)
    scope = _scope(works, held, question)
    if not scope.searched and not scope.unread:
        return scope
    vectors = await memories.embed([question.about], query=True)
    near = threshold(vectors.space, memories.threshold) if vectors else 0.0
    results = await memories.shared(database, access).search(_queries(question.about, scope.searched, vectors, near))
    unsure = vectors is None or any(each.waiting for each in results)
    looked = replace(scope, by_words=unsure and bool(scope.searched))
    allowed = {each.evidence.ref for each in scope.searched}
    hits = [hit for each in results for hit in each.hits if hit.entry.key in allowed]
    found = _naming(question.about, [*(hit.entry for hit in hits), *_accepted(scope.unread, library)])
    if found or vectors is None or vectors.space.model == LEXICAL:
        return replace(looked, quotes=found)
    meant = await _meaning(memories, vectors, [hit for hit in hits if (hit.similarity or 0.0) >= near], near)
    return replace(looked, quotes=meant, by_meaning=bool(meant))


def _scope(works: Sequence[Work], held: Mapping[str, int], question: Question) -> Looked:
    """Where it is sought; `held` is how many passages there are of each document."""
    chosen = _chosen(works, question)
    wanted = chosen or works
    return Looked(
        quotes=(),
        searched=[each for each in wanted if each.has_text and each.evidence.ref in held],
        unread=[each for each in wanted if not each.has_text],
        waiting=[each for each in wanted if each.has_text and each.evidence.ref not in held],
        partly=[each for each in wanted if held.get(each.evidence.ref, 0) >= MOST_PASSAGES],
        elsewhere=bool(works) and not chosen,
    )


def _chosen(works: Sequence[Work], question: Question) -> list[Work]:
    """The documents that are asked for; none when there is no such document."""
    of_kind = [each for each in works if question.kind in (None, each.kind)]
    return [each for each in of_kind if _is_named(each, question.named)]


def _is_named(work: Work, named: str) -> bool:
    """Whether its title or what it is about holds most of these words, or others for them ("Zocor" is simvastatin)."""
    said = lexemes(" ".join((work.title, *work.about))).keys()
    found = [any(lexemes(term).keys() <= said for term in terms) for terms in expanded(named)]
    return sum(found) >= _HELD * len(found)


def _queries(about: str, works: Sequence[Work], vectors: Vectors | None, near: float) -> list[Query]:
    """One for each document when they are few, so that a long one does not hide another; else one for all."""
    if not works:
        return []
    places: list[Where] = [everywhere(each.evidence.ref) for each in works]
    if len(works) > _APART:
        places = [everywhere()]
    space, vector = (vectors.space, vectors.vectors[0]) if vectors else (None, None)
    most = max(1, _SOUGHT // len(places))
    return [
        Query(text=widened(about), where=place, space=space, vector=vector, limit=most, threshold=near)
        for place in places
    ]


def _accepted(works: Sequence[Work], library: Library | None) -> list[Entry]:
    """The sentences that were accepted of documents whose text was not kept."""
    of = {each.origin: each for each in works}
    told = explanations(library) if of and library else ()
    found = [(of[each.evidence.source], each.text) for each in told if each.evidence.source in of]
    return [entry_of(work, text, place, work.added_at) for place, (work, text) in enumerate(found)]


def _naming(about: str, entries: Sequence[Entry]) -> list[Quote]:
    """The sentences that name as much of what is asked as any does, if that is enough of it; those in its words first."""
    found = quotes(about, entries)
    most = found[0].matched if found else 0
    if most < _HELD * len(asked(about)):
        return []
    words = lexemes(about).keys()
    return sorted(
        (each for each in found if each.matched == most),
        key=lambda each: not words <= lexemes(f"{each.heading} {each.sentence}").keys(),
    )


async def _meaning(memories: Memories, question: Vectors, hits: Sequence[Hit], near: float) -> list[Quote]:
    """Of each passage that is near the sentence that is nearest, if it is near enough itself."""
    best = sorted(hits, key=lambda hit: -(hit.similarity or 0.0))[:_MEANT]
    told = [(hit.entry, heading, line) for hit in best for heading, line in _lines(hit.entry.text)]
    made = await memories.embed([line for _, _, line in told])
    if made is None or made.space != question.space:
        return []
    alike = np.stack(made.vectors) @ question.vectors[0]
    found: dict[str, tuple[float, Quote]] = {}
    for similarity, (entry, heading, line) in zip(alike.tolist(), told, strict=True):
        if similarity >= near and similarity > found.get(str(entry.id), (0.0,))[0]:
            found[str(entry.id)] = (similarity, Quote(entry, line, heading, 0))
    return [quote for _, quote in sorted(found.values(), key=lambda each: -each[0])]


def _lines(text: str) -> list[tuple[str, str]]:
    """The sentences of a passage, each with the heading above them."""
    lines = sentences(text)
    heading = lines[0].removesuffix(":") if len(lines) > 1 and lines[0].endswith(":") else ""
    return [(heading, line) for line in (lines[1:] if heading else lines)]
