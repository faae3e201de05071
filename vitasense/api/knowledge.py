"""Knowledge over HTTP, for everybody who is signed in: how things hang together, what is there, and where it is from."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request

from vitasense.api.bootstrap import Services
from vitasense.api.deps import Caller, Service, own_access
from vitasense.api.knowledge_views import (
    EdgeView,
    EntryView,
    Found,
    NodeRef,
    NodeView,
    PassageView,
    PathView,
    Releases,
    ReleaseView,
)
from vitasense.deterministic import knowledge
from vitasense.deterministic.knowledge import Explanation, Library, Relation
from vitasense.deterministic.platform.access import Access
from vitasense.deterministic.platform.problems import NotFound
from vitasense.memory import Question, Recalled, look, nearest

router = APIRouter(prefix="/v1/knowledge", tags=["knowledge"])
Name = Annotated[str, Query(min_length=1, max_length=200, description="A name in any spelling that is known, or a key")]


@router.get("/path")
async def read_path(
    caller: Caller,  # noqa: ARG001 - signed in
    services: Service,
    one: Annotated[str, Query(alias="from", min_length=1, max_length=200)],
    two: Annotated[str, Query(alias="to", min_length=1, max_length=200)],
) -> PathView:
    """How two things hang together, each step with its source; what was worked out says so."""
    return await asyncio.to_thread(_path, services.shelf.current, one, two)


@router.get("/search")
async def search_knowledge(
    request: Request,
    caller: Caller,
    services: Service,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=200,
            description="The beginning of a name, a description, or what documents are to say something about",
        ),
    ],
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> Found:
    """What is explained under a name that begins so, what releases name so, and what is meant by a description.

    `passages` are sentences of labels, guidelines and articles that were read and accepted, word for word.
    """
    access, library = own_access(request, caller), services.shelf.current
    looked = await look(services.memories, services.database, access, Question(q), library)
    by_name = await _by_name(services, access, q, limit)
    items, by_words = [EntryView.of(each, library) for each in by_name], looked.by_words
    if len(items) < limit:
        meant = await _by_meaning(services, access, q, limit - len(items))
        known = {each.key for each in items}
        items += [EntryView.of_entry(each, library) for each in meant.entries if each.key not in known]
        by_words = by_words or meant.by_words
    return Found(
        items=items,
        passages=[PassageView.of(each) for each in looked.quotes[:limit]],
        not_searched=[each.title for each in (*looked.unread, *looked.waiting)],
        by_words=by_words,
    )


@router.get("/node")
async def read_node(
    caller: Caller,  # noqa: ARG001 - signed in
    services: Service,
    name: Name,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    start: Annotated[int, Query(ge=0, description="`next` of the page before")] = 0,
) -> NodeView:
    """A node with its names, codes and edges, by name or by key."""
    library = services.shelf.current
    place = library.place(name)
    place = knowledge.node(name, library) if place is None else place
    if place is None:
        told = knowledge.resolve(name, library).note
        raise NotFound(told or "Nothing that is known has this name.")
    return _node(library, place, limit, start)


@router.get("/releases")
async def list_releases(request: Request, caller: Caller, services: Service) -> Releases:
    """Every release of knowledge that was taken, and whether it counts now."""
    async with services.database.transaction(own_access(request, caller)) as tx:
        found = await knowledge.releases.releases(tx)
    return Releases(items=[ReleaseView.of(each) for each in found])


def _path(library: Library, one: str, two: str) -> PathView:
    ends = [knowledge.node(each, library) for each in (one, two)]
    refs = [None if place is None else NodeRef.of(library, place) for place in ends]
    findings, reasons = knowledge.relate(one, two, library), knowledge.why(one, two, library)
    told = {each.text for each in findings}
    return PathView(one=refs[0], two=refs[1], findings=findings, reasons=[r for r in reasons if r.text not in told])


async def _by_name(services: Services, access: Access, words: str, most: int) -> list[Explanation]:
    found = {each.key: each for each in await asyncio.to_thread(knowledge.named, words, most)}
    async with services.database.transaction(access) as tx:
        found |= {each.key: each for each in await knowledge.released(tx, words, most)}
    return list(found.values())[:most]


async def _by_meaning(services: Services, access: Access, words: str, most: int) -> Recalled:
    memories = services.memories
    vectors = await memories.embed([words], query=True)
    store = memories.shared(services.database, access)
    return await nearest(store, words, vectors, kinds=frozenset(), limit=most, setting=memories.threshold)


def _node(library: Library, place: int, limit: int, start: int) -> NodeView:
    node, edges = library.node(place), _edges(library, place)
    shown = [EdgeView.of(library, edge, end, place) for edge, end in edges[start : start + limit]]
    return NodeView(
        key=node.key,
        kind=node.kind,
        name=node.name,
        names=list(node.names),
        codes={system: list(codes) for system, codes in node.codes.items()},
        evidence=library.node_evidence(place),
        total=len(edges),
        edges=shown,
        next=start + limit if start + limit < len(edges) else None,
    )


def _edges(library: Library, place: int) -> list[tuple[int, int]]:
    """The edges of a node and the interactions of kinds that it belongs to, each with the end that is the node or kind."""
    found = dict.fromkeys(library.edges_of(place), place)
    for kind in sorted(library.lineage(place) - {place}):
        for edge in library.edges_of(kind):
            if library.relation(edge) is Relation.INTERACTS:
                found.setdefault(edge, kind)
    return list(found.items())
