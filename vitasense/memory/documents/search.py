"""What the documents of a record say about something: sentences word for word, each with its document and date."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import records
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.findings import Finding, Status, Value, not_evaluated
from vitasense.deterministic.platform.untrusted import shown
from vitasense.deterministic.records import Writing
from vitasense.memory import upkeep
from vitasense.memory.documents.passages import passages_of
from vitasense.memory.documents.quoting import Quote, quotes, widened
from vitasense.memory.schemas import Entry, Kind, Query, Where
from vitasense.memory.sentences import day
from vitasense.memory.store import Store
from vitasense.memory.stores.words import lexemes

HELD_IN = frozenset({Category.DOCUMENTS, Category.NOTES, Category.PROCEDURES, Category.LABS, Category.GENOMICS})
MOST_QUOTED = 4
MOST_NAMED = 5  # documents that one sentence names; the rest is counted
_SOUGHT = 60  # passages looked into for the sentences that answer
_OPENING = 2  # passages quoted when nothing in particular is asked of one document
KIND = "documents.search"
# Words that say that something is a document, and not which one.
_ANY_DOCUMENT = frozenset(
    lexemes("letter letters report reports document documents note notes file files summary paper")
)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for (`about`, "" for nothing in particular), in documents named like `named`, "" for all."""

    about: str
    named: str
    own: bool
    readable: frozenset[Category]

    @property
    def whose(self) -> str:
        """ "your" or "the patient's"."""
        return "your" if self.own else "the patient's"


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The documents looked into: those with passages, those cut just now, and those that cannot be read."""

    kept: Sequence[upkeep.Kept]
    fresh: Sequence[Entry]
    unread: Sequence[Writing]

    def named(self) -> list[tuple[str, datetime | None]]:
        """Name and day of each document that was looked into."""
        kept = {each.ref: (each.name, each.at) for each in self.kept}
        return list((kept | {entry.source.ref: (entry.source.label, entry.source.at) for entry in self.fresh}).values())


async def document_findings(
    tx: AsyncSession, store: Store, patient_id: UUID, asked: Search, *, now: datetime, new_id: NewId
) -> list[Finding]:
    """The sentences that answer, as quotations; else which documents were looked into; and what was not evaluated."""
    shelf = _narrowed(await _shelf(tx, patient_id, asked, now, new_id), asked.named)
    entries = await _entries(store, patient_id, asked, shelf)
    found = quotes(asked.about, entries) if asked.about else _opening(entries)
    told = list(_told(found, asked)) if found else [_nothing(shelf, asked)]
    return [*told, *_unread(shelf.unread), *_not_shared(asked)]


async def _shelf(tx: AsyncSession, patient_id: UUID, asked: Search, now: datetime, new_id: NewId) -> _Shelf:
    """Whatever has no passages of its current version is read now: a document is never passed over in silence."""
    kept = await upkeep.kept_documents(tx, patient_id, asked.readable)
    current = {(each.ref, each.version) for each in await records.pointers(tx, patient_id)}
    kept = [each for each in kept if (each.ref, each.version) in current]
    done = {(each.ref, each.version) for each in kept}
    missing = [UUID(ref.rpartition("/")[2]) for ref, version in current if (ref, version) not in done]
    found = await records.writings(tx, patient_id, missing) if missing else []
    fresh = [entry for each in found for entry in passages_of(each, patient_id, now=now, new_id=new_id)]
    return _Shelf(kept, fresh, [each for each in found if each.text is None])


def _narrowed(shelf: _Shelf, named: str) -> _Shelf:
    """The documents of that name when there are some, else all."""
    wanted = lexemes(named).keys() - _ANY_DOCUMENT
    if not wanted:
        return shelf
    kept = [each for each in shelf.kept if wanted & lexemes(each.name).keys()]
    fresh = [each for each in shelf.fresh if wanted & lexemes(each.source.label).keys()]
    unread = [each for each in shelf.unread if wanted & lexemes(each.name).keys()]
    return _Shelf(kept, fresh, unread) if kept or fresh or unread else shelf


async def _entries(store: Store, patient_id: UUID, asked: Search, shelf: _Shelf) -> list[Entry]:
    """Candidates: of the kept ones those that the store finds, or the first ones when nothing in particular is asked."""
    refs = {each.ref for each in shelf.kept}
    place = Where(owner=patient_id, kinds=frozenset({Kind.PASSAGE}), categories=asked.readable)
    if not asked.about:
        latest = shelf.kept[:1]
        kept = [entry for each in latest for entry in await store.entries(_one(place, each.ref), limit=_OPENING)]
        return kept or list(shelf.fresh[:_OPENING])
    results = await store.search([Query(text=widened(asked.about), where=place, limit=_SOUGHT)])
    return [*(entry for entry in results[0].entries if entry.key in refs), *shelf.fresh]


def _one(place: Where, ref: str) -> Where:
    return Where(owner=place.owner, kinds=place.kinds, categories=place.categories, key=ref)


def _opening(entries: Iterable[Entry]) -> list[Quote]:
    return [Quote(entry, " ".join(entry.text.split()), "", 0) for entry in entries]


def _told(found: Sequence[Quote], asked: Search) -> Iterator[Finding]:
    about = f" about {_shown(asked.about)}" if asked.about else ""
    yield Finding(
        kind=KIND,
        text=f"This is what {asked.whose} documents say{about}, word for word. It was written there, and is no advice of mine.",
        status=Status.FOUND,
        evidence=tuple(dict.fromkeys(quote.entry.source for quote in found[:MOST_QUOTED])),
        categories=_categories(quote.entry for quote in found[:MOST_QUOTED]),
    )
    yield from (_quotation(quote) for quote in found[:MOST_QUOTED])
    if rest := found[MOST_QUOTED:]:
        yield Finding(
            kind="documents.quote",
            text=f"And {len(rest)} more {'place' if len(rest) == 1 else 'places'} in {asked.whose} documents.",
            status=Status.FOUND,
            values=(Value(name="more places", number=len(rest)),),
            evidence=tuple(dict.fromkeys(quote.entry.source for quote in rest)),
            categories=_categories(quote.entry for quote in rest),
        )


def _quotation(quote: Quote) -> Finding:
    source, sentence = quote.entry.source, shown(quote.sentence)
    under = f", under “{shown(quote.heading)}”" if quote.heading else ""
    return Finding(
        kind="documents.quote",
        text=f"{source.label}{_of_day(source.at)}{under}: “{sentence}”",
        status=Status.FOUND,
        values=(Value(name="document", text=source.label, at=source.at), Value(name="quotation", text=sentence)),
        evidence=(source,),
        categories=_categories([quote.entry]),
    )


def _nothing(shelf: _Shelf, asked: Search) -> Finding:
    documents = shelf.named()
    if not documents:
        text = f"{asked.whose.capitalize()} record holds no document that I could read."
        return Finding(kind=KIND, text=text, status=Status.NOT_FOUND, categories=asked.readable)
    names = _names([f"{name}{_of_day(at)}" for name, at in documents])
    text = f"I found nothing about {_shown(asked.about)} in what I looked into: {names}. Other words may stand there for it."
    return Finding(kind=KIND, text=text, status=Status.NOT_FOUND, categories=asked.readable)


def _unread(unread: Sequence[Writing]) -> Iterator[Finding]:
    if unread:
        names = _names([f"{each.name}{_of_day(each.at)} ({each.unreadable})" for each in unread])
        text = f"I could not look into these documents: {names}."
        categories = {each.category for each in unread}
        yield not_evaluated("documents.unread", text, "no readable text", *categories)


def _not_shared(asked: Search) -> Iterator[Finding]:
    missing = sorted(HELD_IN - asked.readable)
    if missing and not asked.own:
        text = f"Documents kept as {', '.join(missing)} were not looked into: the patient has not shared them with you."
        yield not_evaluated("documents.not_shared", text, "no permission")


def _names(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _of_day(at: datetime | None) -> str:
    return f" of {day(at)}" if at else ""


def _shown(words: str) -> str:
    return re.sub(r"\s+", " ", shown(words))[:120]


def _categories(entries: Iterable[Entry]) -> frozenset[Category]:
    return frozenset(entry.category for entry in entries if entry.category)
