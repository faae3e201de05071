"""What was accepted becomes a release of its material: versioned, checked, told, and taken back like every other."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.knowledge import releases
from vitasense.deterministic.knowledge.facts import EdgeFact, Level, NodeFact
from vitasense.deterministic.knowledge.library.volume import edge_facts, node_fact
from vitasense.deterministic.knowledge.releases import Incoming, Release
from vitasense.deterministic.knowledge.releases import repository as stored
from vitasense.deterministic.knowledge.review.schemas import Material, Proposal, State
from vitasense.deterministic.platform.clock import NewId

KIND = "reviewed"


async def publish(
    tx: AsyncSession, decided: Sequence[Proposal], *, now: datetime, ids: NewId, actor: UUID
) -> dict[UUID, UUID]:
    """Take one release for each material whose edges change; returns the release by the id of each proposal concerned.

    In a transaction in which nobody else takes releases (`repository.lock`).

    A release has the edges of the one in force, without those of the proposals, and with what was accepted of them: what
    was taken back stays away until somebody decides on it again. Raises InvalidInput with all reasons where what was
    accepted contradicts itself, or names what nobody has; nothing is taken then.
    """
    by_material: dict[UUID, list[Proposal]] = {}
    for each in decided:
        by_material.setdefault(each.material.id, []).append(each)
    taken: dict[UUID, UUID] = {}
    for concerned in by_material.values():
        release = await _publish(tx, concerned, now=now, ids=ids, actor=actor)
        if release:
            taken |= {each.id: release.id for each in concerned}
    return taken


async def _publish(
    tx: AsyncSession, concerned: Sequence[Proposal], *, now: datetime, ids: NewId, actor: UUID
) -> Release | None:
    material = concerned[0].material
    series = [each for each in await releases.releases(tx) if (each.kind, each.name) == (KIND, material.title)]
    nodes, before = await _in_force(tx, material)
    own = {str(each.id) for each in concerned}
    kept = [edge for edge in before if edge.ref not in own]
    added = [edge_of(each) for each in concerned if each.state is not State.REFUSED]
    if [*kept, *added] == list(before):
        return None
    found = _incoming(material, nodes, [*kept, *added], len(series) + 1)
    return await releases.take(tx, await releases.plan(tx, found), now=now, ids=ids, actor=actor)


async def _in_force(tx: AsyncSession, material: Material) -> tuple[Sequence[NodeFact], Sequence[EdgeFact]]:
    active = await releases.in_force(tx)
    release = next((each for each in active if (each.kind, each.name) == (KIND, material.title)), None)
    if release is None:
        return (), ()
    volume = await stored.volume(tx, release)
    return [node_fact(each) for each in volume.nodes], list(edge_facts(volume))


def edge_of(proposal: Proposal) -> EdgeFact:
    """The edge of a proposal, with where it was read. Both ends must be named."""
    draft = proposal.edge
    assert draft.source and draft.target, "an end that nobody knows is refused before"
    return EdgeFact(
        source=draft.source,
        relation=draft.relation,
        target=draft.target,
        says=draft.says,
        origin=proposal.material.origin,
        ref=str(proposal.id),
        level=Level.REVIEWED,
        severity=draft.severity,
        what=draft.what,
        advice=draft.advice,
        strength=draft.strength,
        sentence=proposal.candidate.sentence,
    )


def _incoming(material: Material, nodes: Sequence[NodeFact], edges: Sequence[EdgeFact], version: int) -> Incoming:
    """`nodes` are those of the release before: what it names stays known even when the release it came from is gone."""
    named = {key for edge in edges for key in (edge.source, edge.target)}
    kept = [node for node in nodes if node.key in named]
    digest = sha256(material.digest + repr((version, list(edges))).encode()).digest()
    return Incoming(KIND, material.title, str(version), material.source, digest, kept, list(edges))
