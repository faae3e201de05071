"""The library of a process follows the releases that are in force."""

from datetime import date, datetime, timedelta

from tests.deterministic.knowledge.making import BOOK, edge, interacts, node
from tests.deterministic.knowledge.releases.arriving import NOW, a_name, incoming, reverted, taken
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.knowledge import Shelf, Volume, interactions, library, volume
from vitasense.deterministic.knowledge.facts import Relation
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Status

A, B = "ingredient:shelf_a", "ingredient:shelf_b"


async def test_it_holds_the_rules_until_it_is_filled_and_then_what_is_in_force(database: Database) -> None:
    shelf = Shelf(database, system_access)
    assert shelf.current is library()
    release = await taken(database, incoming(a_name(), [interacts(A, B)]))
    assert await shelf.refresh()
    assert release.id in shelf.current.releases
    assert interactions(["shelf a", "shelf b"], shelf.current)[0].status is Status.FOUND
    before = shelf.current
    assert not await shelf.refresh()
    assert shelf.current is before
    await reverted(database, release)
    assert await shelf.refresh()
    assert interactions(["shelf a", "shelf b"], shelf.current)[0].status is Status.NOT_EVALUATED
    assert interactions(["shelf a", "shelf b"], before)[0].status is Status.FOUND


async def test_what_ends_is_left_out_on_the_day_after(database: Database) -> None:
    period = edge(A, Relation.IS_A, "class:shelf", until=date(2026, 11, 28))
    release = await taken(database, incoming(a_name(), [period]))
    now = [NOW]

    def clock() -> datetime:
        return now[0]

    shelf = Shelf(database, system_access, clock)
    await shelf.refresh()
    with_it = shelf.current.edge_count
    now[0] += timedelta(days=1)
    assert await shelf.refresh()
    assert shelf.current.edge_count == with_it - 1
    await reverted(database, release)


async def test_what_other_rooms_state_stands_beside_the_rules_with_and_without_a_release(database: Database) -> None:
    shelf = Shelf(database, system_access, beside=beside)
    assert shelf.current.edge_count == library().edge_count + 1
    assert len(shelf.current.stated(*both(shelf))) == 1
    release = await taken(database, incoming(a_name(), [interacts(A, B)]))
    await shelf.refresh()
    assert release.id in shelf.current.releases
    assert len(shelf.current.stated(*both(shelf))) == 1
    await reverted(database, release)


def beside() -> tuple[Volume, ...]:
    against = edge("ingredient:warfarin", Relation.CONTRAINDICATED, "condition:shelf")
    return (volume(BOOK, [node("condition:shelf")], [against]),)


def both(shelf: Shelf) -> tuple[int, int]:
    one, two = map(shelf.current.place, ("ingredient:warfarin", "condition:shelf"))
    assert one is not None and two is not None
    return one, two
