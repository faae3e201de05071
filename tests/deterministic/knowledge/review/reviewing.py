"""Documents for tests, in our own words, and an administrator who reviews them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

import psycopg

from tests.people import new_principal
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.knowledge import Library, Shelf, library, releases
from vitasense.deterministic.knowledge.releases import Release
from vitasense.deterministic.knowledge.review import KIND, Document, Material, MaterialKind, Proposal, Review
from vitasense.deterministic.platform.access import Access, Purpose, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
LABEL = """FINASTERIDE TABLETS

INDICATIONS

Finasteride is taken once a day against an enlarged prostate.

DRUG INTERACTIONS

Avoid latanoprost together with finasteride, since it lowers the blood level of finasteride.

Finasteride must not be taken together with strong CYP2C8 inhibitors.

Finasteride did not change the blood level of nystatin.

Lactulose should be used with caution in patients on finasteride.
"""
LATANOPROST, INHIBITORS, NYSTATIN, LACTULOSE = range(4)
"""The proposals of the label, by their places."""


def label(text: str = LABEL, title: str | None = None, about: Sequence[str] = ("finasteride",)) -> Document:
    """A label under a title of its own, with words that no other test has."""
    title = title or f"Finasteride {uuid4().hex[:8]}"
    return Document(title, f"{text}\nLabel {title}.\n", "Tester 2026", MaterialKind.LABEL, about)


def reviewer(role: Role = Role.ADMIN) -> Access:
    """The access of somebody of that role who nobody saw before."""
    return Access(new_principal(role), Purpose.OPERATIONS, "test")


def a_review(database: Database) -> Review:
    """Review at a fixed time."""
    return Review(database, system_access, lambda: NOW, new_id)


async def read(database: Database, access: Access, document: Document | None = None) -> tuple[Material, list[Proposal]]:
    """A document after it was read."""
    return await a_review(database).read(access, document or label(), library())


async def released(database: Database, material: Material) -> list[Release]:
    """The releases of a material, the oldest first."""
    async with database.transaction(system_access("test")) as tx:
        every = await releases.releases(tx)
    return [each for each in every if (each.kind, each.name) == (KIND, material.title)]


async def now_known(database: Database) -> Library:
    """What is known when the shelf was filled anew."""
    shelf = Shelf(database, system_access)
    await shelf.refresh()
    return shelf.current


async def reverted(database: Database, material: Material) -> None:
    """Take every release of a material back, so that no other test sees what was accepted here."""
    for release in reversed(await released(database, material)):
        async with database.transaction(system_access("test")) as tx:
            state = next(each.state for each in await releases.releases(tx) if each.id == release.id)
            if state is releases.State.ACTIVE:
                await releases.revert(tx, release.id, now=NOW, ids=new_id, actor=new_id())


def without_text(admin_url: str, material: Material) -> None:
    """Leave a document as those are that were read before texts were kept."""
    with psycopg.connect(admin_url.replace("+psycopg", "")) as connection:
        connection.execute("delete from app.knowledge_text where material_id = %s", (material.id,))
