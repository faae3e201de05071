"""A document for knowledge as it comes in at the edge: a file or a text, given by hand, never out of a record."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vitasense.api.bootstrap import Services
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.knowledge.reading import text_of
from vitasense.deterministic.knowledge.review import Document, Material, MaterialKind, Proposal, Review
from vitasense.deterministic.platform.access import Access


@dataclass(frozen=True, slots=True)
class Described:
    """What a person says of a document. What they leave out is taken from the file, if it says so."""

    title: str | None = None
    source: str | None = None
    label_of: Sequence[str] = ()
    kind: MaterialKind | None = None


def review_of(services: Services) -> Review:
    """Review over the opened services."""
    return Review(services.database, system_access, services.clock, services.new_id)


async def take_file(
    services: Services, access: Access, path: Path, described: Described, *, name: str | None = None
) -> tuple[Material, list[Proposal]]:
    """Read a file into proposals; `name` is what it was called where it came from.

    Raises what `text_of` and `Review.read` raise.
    """
    called = Path(name or path.name)
    found = await asyncio.to_thread(text_of, path, called.suffix)
    document = _document(found.text, found.names, described, called.stem)
    return await review_of(services).read(access, document, services.shelf.current)


async def take_text(
    services: Services, access: Access, text: str, described: Described
) -> tuple[Material, list[Proposal]]:
    """Read a text into proposals; it needs a title. Raises what `Review.read` raises."""
    return await review_of(services).read(access, _document(text, (), described, ""), services.shelf.current)


def _document(text: str, names: Sequence[str], described: Described, name: str) -> Document:
    about = tuple(described.label_of) or tuple(names)
    kind = described.kind or (MaterialKind.LABEL if about else MaterialKind.ARTICLE)
    title = described.title or name
    return Document(title, text, described.source or title, kind, about)
