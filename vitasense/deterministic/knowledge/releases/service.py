"""Takes releases and takes them back: one transaction each, with the event that says that knowledge changed."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.knowledge.facts import EdgeFact, NodeFact, Relation
from vitasense.deterministic.knowledge.library import Volume, ground
from vitasense.deterministic.knowledge.library.volume import edge_facts, node_fact
from vitasense.deterministic.knowledge.releases import repository
from vitasense.deterministic.knowledge.releases.difference import difference
from vitasense.deterministic.knowledge.releases.schemas import Incoming, Plan, Release, State
from vitasense.deterministic.knowledge.releases.validation import reasons
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.events import Event, append
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotFound

_TOLD = 20  # reasons in the words of a refusal; all are in its members


async def in_force(tx: AsyncSession) -> list[Release]:
    """The releases that count, in the order in which they were taken."""
    return [each for each in await repository.releases(tx) if each.state is State.ACTIVE]


async def plan(tx: AsyncSession, incoming: Incoming) -> Plan:
    """What taking it would change, and what speaks against it. Raises Conflict when the same file is in force.

    Until the end of the transaction nobody else changes what is in force.
    """
    await repository.lock(tx)
    active = await in_force(tx)
    before = next((each for each in active if (each.kind, each.name) == (incoming.kind, incoming.name)), None)
    if before and before.digest == incoming.digest:
        raise Conflict(f"This file is in force already, as version {before.version}.")
    replaced = await repository.volume(tx, before) if before else None
    others = [await repository.volume(tx, each) for each in active if each != before]
    return await asyncio.to_thread(_compared, incoming, before, replaced, [*ground(), *others])


async def take(tx: AsyncSession, planned: Plan, *, now: datetime, ids: NewId, actor: UUID) -> Release:
    """Take the release of a plan made in this transaction, in place of the active one of its kind and name.

    Raises InvalidInput with all reasons (`members["reasons"]`) when what it says cannot be believed; nothing is changed
    then.
    """
    if planned.reasons:
        more = f" … and {len(planned.reasons) - _TOLD} more" if len(planned.reasons) > _TOLD else ""
        told = "; ".join(planned.reasons[:_TOLD])
        raise InvalidInput(f"The release was refused. {told}{more}.", reasons=list(planned.reasons))
    if planned.before:
        await repository.set_state(tx, planned.before.id, State.SUPERSEDED)
    release = _release(planned.incoming, ids(), len(planned.nodes), now)
    await repository.add(tx, release, planned.nodes, planned.incoming.edges)
    changed = planned.difference.edges
    counts = {"added": len(changed.added), "changed": len(changed.changed), "removed": len(changed.removed)}
    await append(tx, _event(release, counts, ids(), now, actor))
    return release


async def revert(tx: AsyncSession, release_id: UUID, *, now: datetime, ids: NewId, actor: UUID) -> Release | None:
    """Take a release back; returns the one before it, which counts again, None when there is none.

    Raises NotFound, and Conflict when the release is not in force.
    """
    await repository.lock(tx)
    every = await repository.releases(tx)
    release = next((each for each in every if each.id == release_id), None)
    if release is None:
        raise NotFound(f"There is no release {release_id}.")
    if release.state is not State.ACTIVE:
        raise Conflict(f"This release is {release.state}: only one that is active can be reverted.")
    series = [each for each in every if (each.kind, each.name) == (release.kind, release.name)]
    before = next((each for each in reversed(series) if each.state is State.SUPERSEDED), None)
    await repository.set_state(tx, release.id, State.REVERTED, now)
    if before:
        await repository.set_state(tx, before.id, State.ACTIVE)
    await append(tx, _event(release, {"removed": release.edges}, ids(), now, actor))
    return replace(before, state=State.ACTIVE) if before else None


async def check(tx: AsyncSession) -> list[str]:
    """What is wrong with the rule files and the releases in force, each with its book; empty when all is well."""
    added = [await repository.volume(tx, each) for each in await in_force(tx)]
    return await asyncio.to_thread(_problems, ground(), added)


def _compared(incoming: Incoming, before: Release | None, replaced: Volume | None, others: Sequence[Volume]) -> Plan:
    known = {node.key: node_fact(node) for volume in others for node in volume.nodes}
    nodes = [*incoming.nodes, *_referred(incoming, known)]
    old = ([node_fact(node) for node in replaced.nodes], list(edge_facts(replaced))) if replaced else ((), ())
    against = reasons(incoming.nodes, incoming.edges, known, _memberships(others))
    changes = difference(old, (nodes, incoming.edges))
    return Plan(incoming, nodes, before, changes, tuple(dict.fromkeys(against)))


def _referred(incoming: Incoming, known: dict[str, NodeFact]) -> list[NodeFact]:
    """Nodes of the rules or of other releases that edges name: a release is whole by itself."""
    own = {node.key for node in incoming.nodes}
    named = dict.fromkeys(key for edge in incoming.edges for key in (edge.source, edge.target) if key not in own)
    return [known[key] for key in named if key in known]


def _memberships(parts: Iterable[Volume]) -> list[EdgeFact]:
    return [edge for volume in parts for edge in edge_facts(volume) if edge.relation is Relation.IS_A]


def _problems(ground: Sequence[Volume], added: Sequence[Volume]) -> list[str]:
    known = {node.key for volume in (*ground, *added) for node in volume.nodes}
    found: list[str] = []
    for volume in (*ground, *added):
        others = _memberships(each for each in (*ground, *added) if each is not volume)
        own = reasons(map(node_fact, volume.nodes), list(edge_facts(volume)), known, others)
        found += [f"{volume.book.name}: {reason}" for reason in dict.fromkeys(own)]
    return found


def _release(incoming: Incoming, release_id: UUID, nodes: int, now: datetime) -> Release:
    return Release(
        id=release_id,
        kind=incoming.kind,
        name=incoming.name,
        version=incoming.version,
        source=incoming.source,
        digest=incoming.digest,
        nodes=nodes,
        edges=len(incoming.edges),
        state=State.ACTIVE,
        taken_at=now,
    )


def _event(release: Release, counts: dict[str, int], event_id: UUID, now: datetime, actor: UUID) -> Event:
    payload = {"release_id": str(release.id), "kind": release.kind, "nodes": release.nodes, "edges": release.edges}
    return Event(event_id, "knowledge.changed", 1, None, actor, now, now, payload=payload | counts)
