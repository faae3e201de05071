"""The store that a turn's nodes reach is the memory of the person in view, under what the turn may do."""

import pytest

from tests.memory.factories import entry, placed
from tests.people import access_of
from vitasense.deterministic.platform.access import Principal, own_purpose
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import NotAllowed
from vitasense.graphs.opening import open_memories
from vitasense.graphs.turn_store import memory_store
from vitasense.memory.embeddings import LexicalEmbedder
from vitasense.memory.stores.graph_store import MEMORIES, GraphStore
from vitasense.memory.stores.personal import PersonalStore
from vitasense.tools.context import RunContext


def store_of(database: Database, principal: Principal, patient: Principal) -> GraphStore:
    run = RunContext(
        *(principal, own_purpose(principal), patient.account_id, new_id(), new_id(), database, system_clock),
        memories=open_memories(LexicalEmbedder(), new_id),
    )
    found = memory_store(run, database)
    assert found is not None
    return found


async def test_the_persons_own_turn_reads_what_is_remembered_and_another_does_not(
    database: Database, patient: Principal, provider: Principal
) -> None:
    remembered = entry(patient.account_id, "allergic to penicillin")
    await PersonalStore(database, access_of(patient)).put([placed(remembered)])
    own = store_of(database, patient, patient)
    assert [item.key for item in await own.asearch(MEMORIES, query="penicillin")] == [str(remembered.id)]
    theirs = store_of(database, provider, patient)
    assert await theirs.asearch(MEMORIES, query="penicillin") == []
    with pytest.raises(NotAllowed):
        await theirs.aput(("notes",), "k", {"planted": True})


def test_an_assistant_that_remembers_nothing_has_no_store(database: Database, patient: Principal) -> None:
    run = RunContext(*(patient, own_purpose(patient), patient.account_id, new_id(), new_id(), database, system_clock))
    assert memory_store(run, database) is None
