"""What is remembered: list, search, remember, correct, forget, export. A provider reads what is granted."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from vitasense.api.deps import Caller, PatientId, Service, access_for
from vitasense.api.remembering import Forgotten, Remembering
from vitasense.deterministic.platform.access import ALL_CATEGORIES, Category, Principal, Role
from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.threads import Thread
from vitasense.memory import ABOUT, CATEGORIES, Entry, Kind, Where

router = APIRouter(prefix="/v1/memories", tags=["memories"])
MOST = 200
LONGEST = 1000
Limit = Annotated[int, Query(ge=1, le=MOST)]


class MemoryView(BaseModel):
    """One thing remembered, in the words in which it was told; with `ended_at` it is history."""

    id: UUID
    kind: Kind
    category: Category | None
    text: str
    key: str | None
    source: Evidence
    confidence: float
    occurred_at: datetime
    recorded_at: datetime
    ended_at: datetime | None
    superseded_by: UUID | None


class MemoryPage(BaseModel):
    """Memories by time; `next` is the `after` of the following page."""

    items: list[MemoryView]
    next: UUID | None = None


class MemoryHits(BaseModel):
    """What was found, the best first, of `total` current memories; `by_words` when meaning could not be compared."""

    items: list[MemoryView]
    total: int
    by_words: bool


class MemoryExport(BaseModel):
    """Every version of everything that is remembered, with its source."""

    exported_at: datetime
    memories: list[MemoryView]


class ForgottenView(BaseModel):
    """How much is gone, and the conversations in which the words still stand: delete those, and nothing is left."""

    forgotten: int
    conversations: list[Thread]


class Told(BaseModel):
    """A statement about oneself, in one's own words."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=LONGEST, examples=["I am vegetarian."])


@router.get("")
async def list_memories(
    request: Request,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    kind: Annotated[
        list[Kind] | None, Query(description="Of these kinds; all but pieces of documents by default.")
    ] = None,
    category: Category | None = None,
    history: bool = False,
    after: UUID | None = None,
    limit: Limit = 50,
) -> MemoryPage:
    """What is remembered, by time; with `history` also what was superseded."""
    where = Where(
        owner=caller.account_id,
        kinds=_kinds(caller, frozenset(kind or ())),
        categories=frozenset({category} if category else ()),
        history=history,
    )
    reads = {category} if category else ALL_CATEGORIES
    held = Remembering(services, access_for(request, caller, patient_id, reads=reads))
    found = await held.page(where, after, limit) if where.kinds else []
    return MemoryPage(items=[_view(each) for each in found], next=found[-1].id if len(found) == limit else None)


@router.get("/search")
async def search_memories(
    request: Request,
    caller: Caller,
    services: Service,
    q: Annotated[str, Query(min_length=1, max_length=LONGEST, description="What it is about, in any words.")],
    patient_id: PatientId = None,
    limit: Limit = 10,
) -> MemoryHits:
    """What is remembered about something; an empty answer means that nothing is."""
    held = Remembering(services, access_for(request, caller, patient_id, reads=CATEGORIES))
    found = await held.search(q, limit)
    return MemoryHits(items=[_view(each) for each in found.entries], total=found.total, by_words=found.by_words)


@router.get("/export")
async def export_memories(
    request: Request, caller: Caller, services: Service, patient_id: PatientId = None
) -> MemoryExport:
    """Everything that is remembered, superseded versions too, to take along."""
    held = Remembering(services, access_for(request, caller, patient_id, reads=ALL_CATEGORIES))
    kinds = _kinds(caller, frozenset(), everything=True)
    memories = [_view(each) for each in await held.export() if each.kind in kinds]
    return MemoryExport(exported_at=services.clock(), memories=memories)


@router.post("", status_code=201)
async def remember(
    request: Request, body: Told, caller: Caller, services: Service, patient_id: PatientId = None
) -> MemoryPage:
    """Remember a statement: what it says anew supersedes what was said of the same before."""
    kept = await _own(request, caller, services, patient_id).remember(body.text)
    return MemoryPage(items=[_view(each) for each in kept])


@router.patch("/{memory_id}")
async def correct_memory(
    request: Request, memory_id: UUID, body: Told, caller: Caller, services: Service, patient_id: PatientId = None
) -> MemoryView:
    """Correct a memory: the new statement supersedes it, and it stays as history."""
    return _view(await _own(request, caller, services, patient_id).correct(memory_id, body.text))


@router.delete("/{memory_id}")
async def forget_memory(
    request: Request, memory_id: UUID, caller: Caller, services: Service, patient_id: PatientId = None
) -> ForgottenView:
    """Forget a memory with all its versions; the answer names the conversations that hold the words still."""
    return _gone(await _own(request, caller, services, patient_id).forget(memory_id))


@router.delete("")
async def forget_all_memories(
    request: Request, caller: Caller, services: Service, patient_id: PatientId = None
) -> ForgottenView:
    """Forget everything that was told, and every summary of a conversation.

    Conversations stay, and no summary is made again of what was said in them before; the documents of the record stay.
    """
    return _gone(await _own(request, caller, services, patient_id).forget_all())


def _own(request: Request, caller: Principal, services: Service, patient_id: UUID | None) -> Remembering:
    return Remembering(services, access_for(request, caller, patient_id, reads=ALL_CATEGORIES))


def _kinds(caller: Principal, wanted: frozenset[Kind], *, everything: bool = False) -> frozenset[Kind]:
    """What the caller may list: conversations are the patient's alone. Pieces of documents only when asked for."""
    own = caller.role is Role.PATIENT
    readable = ABOUT | ({Kind.EPISODE, Kind.PASSAGE} if own else {Kind.PASSAGE})
    if wanted:
        return readable & wanted
    return readable if everything else readable - {Kind.PASSAGE}


def _view(entry: Entry) -> MemoryView:
    return MemoryView.model_validate(entry.model_dump(include=set(MemoryView.model_fields)))


def _gone(forgotten: Forgotten) -> ForgottenView:
    return ForgottenView(forgotten=forgotten.count, conversations=list(forgotten.held))
