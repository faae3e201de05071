"""Passages: documents and notes of the record, cut so that a place in them can be found and quoted.

A passage rests on one version of one document and is shared as the document is. A new version replaces the passages of
the old one, and what was withdrawn has none.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import records
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.untrusted import clean
from vitasense.deterministic.records import ImportReport, Pointer, Writing
from vitasense.memory import upkeep
from vitasense.memory.documents.cutting import cut
from vitasense.memory.schemas import Embedded, Entry, Kind, Where
from vitasense.memory.store import Store

MOST_PASSAGES = 2000  # of one document: some 200,000 words; what follows is not kept and said to be not evaluated
_TYPES = frozenset((*records.WRITTEN, "Binary"))


async def after_import(
    tx: AsyncSession, store: Store, patient_id: UUID, reports: Sequence[ImportReport], *, now: datetime, new_id: NewId
) -> None:
    """Keep the passages of what was imported, in the transaction of the import; nothing to do without documents."""
    if any(_TYPES & report.by_type.keys() for report in reports):
        await keep(tx, store, patient_id, now=now, new_id=new_id)


async def keep(tx: AsyncSession, store: Store, patient_id: UUID, *, now: datetime, new_id: NewId) -> int:
    """Make the passages those of the current documents, as far as the transaction may; how many are new.

    The same documents again change nothing.
    """
    own = await records.readable(tx) & await records.writable(tx)
    current = {each.ref: each for each in await records.pointers(tx, patient_id) if each.category in own}
    kept = await upkeep.kept_documents(tx, patient_id, own)
    for ref in {each.ref for each in kept if not _is_of(each, current.get(each.ref))}:
        await store.remove(Where(owner=patient_id, kinds=_PASSAGES, key=ref, history=True))
    good = {each.ref for each in kept if _is_of(each, current.get(each.ref))}
    new = [each.id for ref, each in current.items() if ref not in good]
    found = await records.writings(tx, patient_id, new) if new else []
    entries = [entry for each in found for entry in passages_of(each, patient_id, now=now, new_id=new_id)]
    await store.put([Embedded(entry) for entry in entries])
    return len(entries)


def passages_of(writing: Writing, patient_id: UUID, *, now: datetime, new_id: NewId) -> list[Entry]:
    """The passages of a document; none when it cannot be read. `key` is the document's reference."""
    known: dict[str, object] = {
        "owner": patient_id,
        "kind": Kind.PASSAGE,
        "category": writing.category,
        "key": writing.evidence.ref,
        "source": writing.evidence,
        "occurred_at": writing.at or now,
        "recorded_at": now,
    }
    pieces = cut(clean(writing.text or ""))[:MOST_PASSAGES]
    return [Entry.model_validate({"id": new_id(), "text": piece.whole} | known) for piece in pieces]


def _is_of(kept: upkeep.Kept, current: Pointer | None) -> bool:
    """Whether passages are of the current version, shared as it is now."""
    return current is not None and (kept.version, kept.category) == (current.version, current.category)


_PASSAGES = frozenset({Kind.PASSAGE})
