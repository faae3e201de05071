"""Keeping memory whole: what moves shared collections to Qdrant, and the check of all that is remembered."""

from vitasense.api.bootstrap import Services
from vitasense.deterministic.auth import system_access
from vitasense.memory.indexing import Indexer
from vitasense.memory.knowledge import Loader
from vitasense.memory.literature.passages import LiteratureLoader
from vitasense.memory.stores.census import Census, take_census
from vitasense.memory.stores.moving import Mover, Report


def mover_of(services: Services) -> Mover | None:
    """What moves shared collections; None without a Qdrant."""
    if services.replica is None:
        return None
    above = services.settings.memory_qdrant_above
    return Mover(services.database, system_access, services.replica, above=above)


def loader_of(services: Services) -> Loader:
    """What brings the shared explanations to what the knowledge room says."""
    return Loader(
        lambda activity: services.memories.shared(services.database, system_access(activity)),
        services.clock,
        lambda: services.shelf.current,
    )


def literature_loader_of(services: Services) -> LiteratureLoader:
    """What brings the shared passages to the documents of which something counts now."""
    return LiteratureLoader(
        services.database,
        system_access,
        lambda activity: services.memories.shared(services.database, system_access(activity)),
        services.clock,
        lambda: services.shelf.current,
    )


async def check(services: Services, *, repair: bool) -> tuple[Census, list[Report]]:
    """What is missing; with `repair` embedded and copied first. Raises Unavailable when Qdrant does not answer."""
    if repair:
        indexer = Indexer(services.database, system_access, services.embedder)
        while await indexer.step():
            pass
    async with services.database.transaction(system_access("check memory")) as tx:
        census = await take_census(tx, services.embedder.space)
    mover = mover_of(services)
    return census, await mover.check_all(repair=repair) if mover else []
