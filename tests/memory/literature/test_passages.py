"""The collection "literature" follows the documents of which something counts."""

import pytest

from tests.deterministic.knowledge.review.reviewing import NOW, now_known, reverted, without_text
from tests.memory.literature.shelved import accepted, held, loader, remove_all, service, size, work_of
from tests.people import access_of
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.knowledge import Library
from vitasense.deterministic.knowledge.review import Material
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import NotAllowed
from vitasense.memory.literature.passages import MOST_PASSAGES, LiteratureLoader, everywhere, passages_of
from vitasense.memory.schemas import Embedded
from vitasense.memory.stores.shared import SharedStore


async def test_a_document_is_cut_under_its_headings_numbered_ones_too(database: Database, leaflet: Material) -> None:
    await (await loader(database)).step()
    entries = await held(database, leaflet)
    texts = [each.text for each in entries]
    assert "7.1 Grapefruit juice:\nIn twelve volunteers a glass of it a day left the blood level as it was." in texts
    assert all(each.source == work_of(leaflet).evidence for each in entries)
    assert {each.owner for each in entries} == {None}


async def test_loading_again_changes_nothing_in_this_process_or_in_another(
    database: Database, leaflet: Material
) -> None:
    first = await loader(database)
    await first.step()
    before = await held(database, leaflet)
    await first.step()
    await (await loader(database)).step()
    assert await held(database, leaflet) == before


async def test_what_was_taken_back_is_removed_and_comes_again_under_the_same_ids(database: Database) -> None:
    known: list[Library] = [await now_known(database)]
    one = LiteratureLoader(database, system_access, lambda _: service(database), system_clock, lambda: known[0])
    await one.step()
    assert await size(database) == 0
    material, _ = await accepted(database)
    await one.step()
    assert await size(database) == 0, "no other releases are known yet"
    known[0] = await now_known(database)
    await one.step()
    before = {each.id for each in await held(database, material)}
    assert len(before) == await size(database) > 4
    await reverted(database, material)
    known[0] = await now_known(database)
    await one.step()
    assert await size(database) == 0


async def test_a_passage_that_was_lost_or_changed_is_made_as_it_was(database: Database, leaflet: Material) -> None:
    await (await loader(database)).step()
    first, second, *rest = await held(database, leaflet)
    await service(database).remove(everywhere(), [first.id])
    await service(database).put([Embedded(second.model_copy(update={"text": "Other words."}))])
    await (await loader(database)).step()
    found = await held(database, leaflet)
    assert [(each.id, each.text) for each in found] == [(each.id, each.text) for each in (first, second, *rest)]


async def test_a_document_without_its_text_has_no_passages(
    database: Database, leaflet: Material, admin_url: str
) -> None:
    without_text(admin_url, leaflet)
    await (await loader(database)).step()
    assert await held(database, leaflet) == []


async def test_nobody_who_logs_in_may_load(database: Database, leaflet: Material, patient: Principal) -> None:
    known = await now_known(database)
    reader = SharedStore(database, access_of(patient))
    with pytest.raises(NotAllowed):
        await LiteratureLoader(database, system_access, lambda _: reader, system_clock, lambda: known).step()
    await remove_all(database)
    assert await size(database) == 0


def test_what_is_hidden_or_acts_is_in_no_passage_and_the_longest_document_has_a_limit(leaflet: Material) -> None:
    work = work_of(leaflet)
    text = "See https://example.org/x <script>alert(1)</script> or [this](that)\u202e.\u200b"
    [entry] = passages_of(work, text, NOW)
    assert not [each for each in ("https", "<script", "](", "\u202e", "\u200b") if each in entry.text]
    assert passages_of(work, "", NOW) == []
    assert len(passages_of(work, "HEADING\n\n" * 100_000, NOW)) == MOST_PASSAGES
    assert max(len(each.text) for each in passages_of(work, "x" * 1_000_000, NOW)) <= 8000
