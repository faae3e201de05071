"""Releases for tests: made from facts, under a name of their own, and taken as the service."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from uuid import uuid4

from tests.deterministic.knowledge.making import node
from vitasense.deterministic.auth import SYSTEM, system_access
from vitasense.deterministic.knowledge.facts import EdgeFact, NodeFact
from vitasense.deterministic.knowledge.releases import Incoming, Release, plan, revert, take
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def a_name() -> str:
    """A name that no other test uses: releases of other names are left alone."""
    return f"test {uuid4()}"


def incoming(
    name: str, edges: Sequence[EdgeFact] = (), nodes: Sequence[NodeFact] | None = None, version: str = "1"
) -> Incoming:
    """A release that was read; the ends of its edges are its nodes unless nodes are given."""
    ends = dict.fromkeys(key for edge in edges for key in (edge.source, edge.target))
    told = [node(key) for key in ends] if nodes is None else list(nodes)
    digest = sha256(repr((told, list(edges))).encode()).digest()
    return Incoming("csv", name, version, "Tester 2026", digest, told, list(edges))


async def taken(database: Database, found: Incoming, now: datetime = NOW) -> Release:
    """The release after it was taken."""
    async with database.transaction(system_access("test")) as tx:
        return await take(tx, await plan(tx, found), now=now, ids=new_id, actor=SYSTEM.account_id)


async def reverted(database: Database, release: Release) -> Release | None:
    """The release that counts after this one was taken back."""
    async with database.transaction(system_access("test")) as tx:
        return await revert(tx, release.id, now=NOW, ids=new_id, actor=SYSTEM.account_id)
