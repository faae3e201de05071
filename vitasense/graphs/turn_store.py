"""LangGraph's store for one turn: the memories of the person in view, under what this turn may do."""

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.database import Database
from vitasense.memory.embeddings import threshold
from vitasense.memory.service import CATEGORIES
from vitasense.memory.stores.graph_store import GraphStore
from vitasense.memory.stores.personal import PersonalStore
from vitasense.tools.context import RunContext

KEPT_IN = frozenset({Category.NOTES})


def memory_store(run: RunContext, database: Database) -> GraphStore | None:
    """What nodes of the turn reach as `runtime.store`; None for an assistant that remembers nothing."""
    memories = run.memories
    if memories is None or memories.embedder is None:
        return None
    store = PersonalStore(database, run.access("conversation", CATEGORIES, KEPT_IN), memories.spaces)
    least = threshold(memories.embedder.space, memories.threshold)
    return GraphStore(store, run.patient_id, memories.embedder, run.clock, least)
