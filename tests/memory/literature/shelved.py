"""Documents in our own words that were read and of which something was accepted, with their passages and vectors."""

from collections.abc import Sequence
from uuid import uuid4

from tests.deterministic.knowledge.review.reviewing import a_review, now_known, reviewer
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.knowledge import library
from vitasense.deterministic.knowledge.review import Document, Material, MaterialKind, Proposal, Work
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.memory.embeddings import Embedder, LexicalEmbedder
from vitasense.memory.literature.passages import COLLECTION, LiteratureLoader, everywhere
from vitasense.memory.schemas import Embedded, Entry
from vitasense.memory.service import Memories
from vitasense.memory.store import everything
from vitasense.memory.stores import collections
from vitasense.memory.stores.shared import SharedStore
from vitasense.memory.stores.spaces import Spaces, use_space

LEAFLET = """FINASTERIDE TABLETS

INDICATIONS

Finasteride is taken once a day against an enlarged prostate.

7 DRUG INTERACTIONS

Avoid latanoprost together with finasteride, since it lowers the blood level of finasteride.

7.1 Grapefruit juice

In twelve volunteers a glass of it a day left the blood level as it was.

7.2 Green tea

Two cups of green tea a day were drunk without any change.

12 HOW SUPPLIED

White tablets with 5 mg each, in boxes of thirty.
"""
GUIDELINE = """POTASSIUM

Potassium is measured a week after the first dose of spironolactone.

Avoid spironolactone together with lisinopril unless potassium is measured.

FOLLOW-UP

Who feels faint should sit down and call the practice.
"""


def document(
    text: str = LEAFLET, kind: MaterialKind = MaterialKind.LABEL, about: Sequence[str] = ("finasteride",)
) -> Document:
    """A document with a title of its own and words that no other test has."""
    title = f"{kind.title()} {uuid4().hex[:8]}"
    return Document(title, f"{text}\nPrinted as {title}.\n", "Tester 2026", kind, about)


def guideline() -> Document:
    """A guideline in our own words."""
    return document(GUIDELINE, MaterialKind.GUIDELINE, ())


async def accepted(database: Database, found: Document | None = None) -> tuple[Material, Proposal]:
    """A document of which the first statement that can be accepted was accepted."""
    review = a_review(database)
    material, proposals = await review.read(reviewer(), found or document(), library())
    one = next(each for each in proposals if each.edge.source and each.edge.target and not each.candidate.is_absent)
    [decided] = await review.accept(reviewer(), [one.id])
    return material, decided


def work_of(material: Material) -> Work:
    """The document as whoever searches sees it."""
    told = (material.id, material.kind, material.title, material.source, material.about, material.added_at)
    return Work(*told, has_text=True)


def service(database: Database) -> SharedStore:
    """The shared collections as the service itself has them."""
    return SharedStore(database, system_access("test"))


async def loader(database: Database) -> LiteratureLoader:
    """A loader that knows the releases in force at this moment."""
    known = await now_known(database)
    return LiteratureLoader(database, system_access, lambda _: service(database), system_clock, lambda: known)


async def load(database: Database, embedder: Embedder | None = None) -> None:
    """The passages of every document that counts, each with its vector."""
    await (await loader(database)).step()
    embedder = embedder or LexicalEmbedder()
    async with database.transaction(system_access("test")) as tx:
        await use_space(tx, embedder.space)
    waiting = await service(database).without_vector(everywhere(), embedder.space, limit=10_000)
    vectors = await embedder.embed([entry.text for entry in waiting])
    made = [Embedded(entry, embedder.space, vector) for entry, vector in zip(waiting, vectors, strict=True)]
    await service(database).add_vectors(made)


async def held(database: Database, material: Material) -> list[Entry]:
    """The passages of a document."""
    return await everything(service(database), everywhere(work_of(material).evidence.ref))


async def remove_all(database: Database) -> None:
    """Leave no passage behind."""
    await service(database).remove(everywhere())


async def size(database: Database) -> int:
    """How many passages the collection has."""
    async with database.transaction(system_access("test")) as tx:
        return await collections.size(tx, COLLECTION)


def memories() -> Memories:
    """Remembering with the model that needs nothing."""
    return Memories(LexicalEmbedder(), lambda _: False, new_id, Spaces())
