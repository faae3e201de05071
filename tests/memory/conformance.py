"""What every store of memories keeps to. Each store's test file runs these against it through a `Bench`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from tests.memory.factories import NOON, OTHER_SPACE, SPACE, UNKNOWN_SPACE, at, entry, mine, placed
from tests.memory.isolation import STEPS, Step, play
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.problems import InvalidInput, TooLarge
from vitasense.memory.schemas import Embedded, Entry, Kind, Query, Results, Where
from vitasense.memory.store import Store


class Bench(Protocol):
    """Gives people, and the store as each of them has it."""

    def person(self) -> UUID:
        """Somebody whom nobody has seen before."""
        ...

    def store(self, owner: UUID) -> Store:
        """The store as this person has it."""
        ...

    def service(self) -> Store:
        """The store as the service has it, for shared collections."""
        ...


def texts(found: Results | Sequence[Entry]) -> list[str]:
    """The texts in order."""
    return [each.text for each in (found.entries if isinstance(found, Results) else found)]


async def ask(store: Store, where: Where, words: str, *numbers: float, **more: object) -> Results:
    """One question, with a threshold that a neighbour passes and a stranger does not."""
    asked = Query(text=words, where=where, space=SPACE, vector=at(*numbers) if numbers else None, threshold=0.5)
    return (await store.search([replace(asked, **more)]))[0]  # pyright: ignore[reportArgumentType]


class StoreConformance:
    """Subclass with a fixture `bench`."""

    async def test_what_was_put_is_found_by_meaning_and_by_words(self, bench: Bench) -> None:
        owner = bench.person()
        store = bench.store(owner)
        await store.put(
            [
                placed(entry(owner, "allergic to penicillin"), 1),
                placed(entry(owner, "likes walking"), 0, 1),
                placed(entry(owner, "sleeps badly"), 0, 0, 1),
            ]
        )
        assert texts(await ask(store, mine(owner), "antibiotic", 0.9, 0.1)) == ["allergic to penicillin"]
        assert texts(await ask(store, mine(owner), "a walk")) == ["likes walking"]
        both = await ask(store, mine(owner), "penicillin and walking", 0.9, 0.1)
        assert texts(both) == ["allergic to penicillin", "likes walking"]
        assert both.hits[0].similarity == pytest.approx(float(at(1) @ at(0.9, 0.1)), abs=0.01)
        assert both.hits[1].similarity is None
        assert both.hits[0].score == pytest.approx(2 / 61, abs=0.002)
        assert both.hits[0].score > both.hits[1].score

    async def test_nothing_is_found_where_no_word_is_shared_and_nothing_is_near(self, bench: Bench) -> None:
        owner = bench.person()
        store = bench.store(owner)
        assert await ask(store, mine(owner), "anything", 1) == Results()
        await store.put([placed(entry(owner, "allergic to penicillin"), 1)])
        for words in ("the moon", "what is this for?", "", "   ", "!?"):
            assert await ask(store, mine(owner), words, 0, 1) == Results(), words
        assert texts(await ask(store, mine(owner), "the moon", 0, 1, threshold=0.0)) == ["allergic to penicillin"]

    async def test_putting_twice_keeps_one_and_the_same_id_again_replaces(self, bench: Bench) -> None:
        owner = bench.person()
        store = bench.store(owner)
        first = entry(owner, "takes 5 mg of ramipril", key="medicine/ramipril")
        await store.put([placed(first, 1)])
        await store.put([placed(first, 1)])
        assert await store.count(mine(owner)) == 1
        second = first.model_copy(update={"text": "takes ten of lisinopril", "confidence": 0.5, "key": "x"})
        await store.put([placed(first, 1), placed(second, 0, 1)])
        assert await store.get(mine(owner), [first.id]) == [second]
        assert await ask(store, mine(owner), "ramipril", 1) == Results()
        assert texts(await ask(store, mine(owner), "lisinopril", 0, 1)) == ["takes ten of lisinopril"]

    async def test_a_vector_does_not_outlive_its_text_but_a_change_of_state(self, bench: Bench) -> None:
        owner = bench.person()
        store = bench.store(owner)
        first = entry(owner, "sleeps badly")
        await store.put([placed(first, 1)])
        await store.put([Embedded(first.model_copy(update={"confidence": 0.3}))])
        assert texts(await ask(store, mine(owner), "insomnia", 1)) == ["sleeps badly"]
        await store.put([Embedded(first.model_copy(update={"text": "is rested"}))])
        found = await ask(store, mine(owner), "insomnia", 1)
        assert (found.hits, found.waiting) == ((), 1)

    async def test_what_was_superseded_is_history(self, bench: Bench) -> None:
        owner = bench.person()
        store = bench.store(owner)
        new = entry(owner, "no longer allergic to penicillin", key="allergy/penicillin", days=1)
        old = entry(owner, "allergic to penicillin", key="allergy/penicillin")
        await store.put([placed(old, 1)])
        ended = old.model_copy(update={"ended_at": NOON + timedelta(days=1), "superseded_by": new.id})
        await store.put([placed(ended, 1), placed(new, 0.9, 0.1)])
        assert texts(await ask(store, mine(owner), "penicillin", 1)) == ["no longer allergic to penicillin"]
        assert set(texts(await ask(store, mine(owner, history=True), "penicillin", 1))) == {old.text, new.text}
        assert await store.entries(mine(owner)) == [new]
        assert await store.count(mine(owner, history=True)) == 2
        assert await store.get(mine(owner), [old.id, new.id]) == [ended, new]

    async def test_kind_category_key_and_time_narrow_every_call(self, bench: Bench) -> None:
        owner = bench.person()
        store = bench.store(owner)
        plain = entry(owner, "common one", days=0)
        other = entry(owner, "common two", kind=Kind.EPISODE, category=Category.LABS, key="k/1", days=2, id=new_id())
        await store.put([placed(plain, 1), placed(other, 1)])
        for narrower, expected in (
            ({"kinds": frozenset({Kind.EPISODE})}, other),
            ({"kinds": frozenset({Kind.FACT, Kind.PREFERENCE})}, plain),
            ({"categories": frozenset({Category.LABS})}, other),
            ({"categories": frozenset({Category.NOTES, Category.VITALS})}, plain),
            ({"key": "k/1"}, other),
            ({"since": NOON + timedelta(days=2)}, other),
            ({"until": NOON + timedelta(days=2)}, plain),
            ({"since": NOON, "until": NOON + timedelta(seconds=1)}, plain),
        ):
            where = mine(owner, **narrower)
            assert texts(await ask(store, where, "common", 1)) == [expected.text], narrower
            assert texts(await ask(store, where, "common")) == [expected.text], narrower
            assert await store.entries(where) == [expected]
            assert await store.count(where) == 1
            assert await store.without_vector(where, OTHER_SPACE, limit=9) == [expected]
        nothing = mine(owner, kinds=frozenset({Kind.EPISODE}), categories=frozenset({Category.NOTES}))
        assert await ask(store, nothing, "common", 1) == Results()

    async def test_an_owner_never_meets_another(self, bench: Bench) -> None:
        one, two = bench.person(), bench.person()
        secret, own = entry(one, "secret penicillin"), entry(two, "own penicillin")
        await bench.store(one).put([placed(secret, 1)])
        store = bench.store(two)
        await store.put([placed(own, 1), placed(own.model_copy(update={"id": secret.id}), 1)])
        assert await store.get(mine(two), [secret.id, own.id]) == [own.model_copy(update={"id": secret.id}), own]
        assert set(texts(await ask(store, mine(two), "secret penicillin", 1))) == {"own penicillin"}
        assert await store.remove(mine(two), [secret.id]) == 1
        await store.remove(mine(two))
        assert texts(await ask(bench.store(one), mine(one), "penicillin", 1)) == ["secret penicillin"]

    async def test_pages_by_id_hold_everything_once(self, bench: Bench) -> None:
        owner = bench.person()
        store = bench.store(owner)
        all_of_them = [entry(owner, f"number {number}") for number in range(7)]
        await store.put([placed(each) for each in reversed(all_of_them)])
        after, pages = None, list[list[Entry]]()
        while page := await store.entries(mine(owner), after=after, limit=3):
            pages.append(page)
            after = page[-1].id
        assert [each for page in pages for each in page] == all_of_them
        assert [len(page) for page in pages] == [3, 3, 1]

    async def test_removing_one_or_all_leaves_nothing_to_find(self, bench: Bench) -> None:
        owner = bench.person()
        store = bench.store(owner)
        one, two = entry(owner, "canary one"), entry(owner, "canary two", ended_at=NOON)
        await store.put([placed(one, 1), placed(two, 1), placed(entry(owner, "canary three", kind=Kind.EPISODE), 1)])
        assert await store.remove(mine(owner), [one.id, new_id()]) == 1
        assert await store.get(mine(owner), [one.id]) == []
        assert texts(await ask(store, mine(owner), "canary one", 1)) == ["canary three"]
        assert await store.remove(mine(owner, kinds=frozenset({Kind.EPISODE}))) == 1
        assert await store.remove(mine(owner)) == 1  # the superseded one
        everything = mine(owner, history=True)
        assert (await store.count(everything), await ask(store, everything, "canary", 1)) == (0, Results())
        await store.put([placed(one)])
        assert (await ask(store, mine(owner), "", 1)).hits == ()  # the vector is gone, too

    async def test_what_waits_for_a_vector_is_counted_and_found_by_words(self, bench: Bench) -> None:
        owner = bench.person()
        store = bench.store(owner)
        waiting, has = entry(owner, "waits for its vector"), entry(owner, "has its vector")
        await store.put([placed(waiting), placed(has, 1)])
        found = await ask(store, mine(owner), "waiting", 0, 1)
        assert (texts(found), found.waiting) == (["waits for its vector"], 1)
        assert await store.without_vector(mine(owner), SPACE, limit=9) == [waiting]
        assert await store.without_vector(mine(owner), OTHER_SPACE, limit=1) == [waiting]
        assert await store.add_vectors([placed(waiting, 0, 1)]) == 1
        assert await store.without_vector(mine(owner), SPACE, limit=9) == []
        found = await ask(store, mine(owner), "nothing in common", 0, 1)
        assert (texts(found), found.waiting) == (["waits for its vector"], 0)

    async def test_a_vector_of_a_text_that_changed_meanwhile_is_not_added(self, bench: Bench) -> None:
        owner = bench.person()
        store = bench.store(owner)
        read, gone = entry(owner, "as it was read"), entry(owner, "removed meanwhile")
        changed = read.model_copy(update={"text": "as it is now"})
        await store.put([placed(changed)])
        assert await store.add_vectors([placed(read, 1), placed(gone, 1)]) == 0
        assert await store.without_vector(mine(owner), SPACE, limit=9) == [changed]
        assert await store.count(mine(owner)) == 1

    async def test_spaces_never_mix(self, bench: Bench) -> None:
        owner = bench.person()
        store = bench.store(owner)
        one, two = entry(owner, "old space"), entry(owner, "new space")
        await store.put([placed(one, 1), placed(two, 1, space=OTHER_SPACE)])
        assert texts(await ask(store, mine(owner), "", 1)) == ["old space"]
        assert texts(await ask(store, mine(owner), "", 1, space=OTHER_SPACE)) == ["new space"]
        assert (await ask(store, mine(owner), "", 1)).waiting == 1
        await store.add_vectors([placed(one, 0, 1, space=OTHER_SPACE)])
        assert texts(await ask(store, mine(owner), "", 1)) == ["old space"]
        assert texts(await ask(store, mine(owner), "", 0, 1, space=OTHER_SPACE)) == ["old space"]
        unknown = await ask(store, mine(owner), "space", 1, space=UNKNOWN_SPACE)
        assert (len(unknown.hits), unknown.waiting) == (2, 2)

    async def test_a_batch_is_answered_in_order(self, bench: Bench) -> None:
        owner = bench.person()
        store = bench.store(owner)
        await store.put([placed(entry(owner, f"topic{number}"), *[0] * number, 1) for number in range(5)])
        asked = [
            Query(text=f"topic{number}" if number % 2 else "", where=mine(owner), space=SPACE,
                  vector=None if number % 2 else at(*[0] * number, 1), threshold=0.5, limit=number % 2 + 1)
            for number in (3, 0, 4, 1, 1, 2)
        ]  # fmt: skip
        asked.append(Query(text="topic1", where=mine(owner, until=NOON)))
        found = await store.search(asked)
        assert [texts(each) for each in found] == [[f"topic{number}"] for number in (3, 0, 4, 1, 1, 2)] + [[]]
        assert await store.search([]) == []

    async def test_the_limit_keeps_the_best(self, bench: Bench) -> None:
        owner = bench.person()
        store = bench.store(owner)
        await store.put([placed(entry(owner, f"pulse {number}"), 1, number / 10) for number in range(9)])
        assert texts(await ask(store, mine(owner), "", 1, limit=3)) == ["pulse 0", "pulse 1", "pulse 2"]

    async def test_every_script_comes_back_as_it_was(self, bench: Bench) -> None:
        owner = bench.person()
        store = bench.store(owner)
        words = ["Größe 🫀 naïve", "青霉素过敏", "حساسية البنسلين", "e\u0301 'quoted' \"double\" \\ % $1 :name {brace}"]
        kept = [entry(owner, each, key=each) for each in words]
        await store.put([placed(each, 1) for each in kept])
        assert await store.get(mine(owner), [each.id for each in kept]) == kept
        for each in kept[:2]:
            assert texts(await ask(store, mine(owner), each.text.split()[0])) == [each.text]
        for each in words:
            await ask(store, mine(owner), each, 1)

    @pytest.mark.parametrize(
        ("wrong", "problem"),
        [
            ({"text": "nul \0"}, InvalidInput),
            ({"text": "half \ud800"}, InvalidInput),
            ({"key": "nul \0"}, InvalidInput),
            ({"text": "x" * 8001}, TooLarge),
            ({"key": "x" * 201}, TooLarge),
        ],
    )
    async def test_what_cannot_be_kept_is_refused_and_nothing_is_half_written(
        self, bench: Bench, wrong: dict[str, str], problem: type[Exception]
    ) -> None:
        owner = bench.person()
        store = bench.store(owner)
        good, bad = entry(owner, "good"), entry(owner, "bad").model_copy(update=wrong)
        with pytest.raises(problem):
            await store.put([placed(good, 1), placed(bad, 1)])
        assert await store.count(mine(owner)) == 0
        with pytest.raises((InvalidInput, TooLarge)):
            await ask(store, mine(owner), "x \0 x")

    async def test_a_vector_that_fits_no_space_is_refused(self, bench: Bench) -> None:
        owner = bench.person()
        store = bench.store(owner)
        one = entry(owner, "one")
        short, nan, zero = np.ones(3, np.float32), np.full(8, np.nan, np.float32), np.zeros(8, np.float32)
        for vector in (short, nan, zero):
            for wrong in (Embedded(one, SPACE, vector), Embedded(one, None, vector), Embedded(one, SPACE)):
                with pytest.raises(InvalidInput):
                    await store.put([placed(entry(owner, "good"), 1), wrong])
            with pytest.raises(InvalidInput):
                await ask(store, mine(owner), "x", vector=vector)
        assert await store.count(mine(owner)) == 0

    async def test_a_place_is_a_person_or_a_collection(self, bench: Bench) -> None:
        owner = bench.person()
        store = bench.store(owner)
        for where in (Where(), Where(owner=owner, collection="x")):
            with pytest.raises(InvalidInput):
                await store.count(where)
            with pytest.raises(InvalidInput):
                await ask(store, where, "x")

    async def test_a_shared_collection_is_read_by_everyone_and_keeps_apart_from_others(self, bench: Bench) -> None:
        service, reader = bench.service(), bench.store(bench.person())
        name, other = f"guide {new_id()}", f"other {new_id()}"
        one, two = entry(None, "statins lower LDL", collection=name), entry(None, "statins again", collection=other)
        await service.put([placed(one, 1), placed(two, 1), placed(entry(None, "waits", collection=name))])
        where = Where(collection=name)
        assert texts(await ask(reader, where, "statin", 1)) == ["statins lower LDL"]
        found = await ask(reader, where, "", 1)
        assert (texts(found), found.waiting) == (["statins lower LDL"], 1)
        assert await service.remove(where, [two.id]) == 0
        changed = one.model_copy(update={"text": "fibrates do not"})
        await service.put([placed(changed)])
        assert (await ask(reader, where, "statin", 1)).hits == ()
        assert [each.id for each in await service.without_vector(where, SPACE, limit=1)] == [one.id]
        assert await service.add_vectors([placed(changed, 0, 1)]) == 1
        assert texts(await ask(reader, where, "", 0, 1)) == ["fibrates do not"]
        assert await service.remove(where) == 2
        assert (await reader.count(where), await reader.count(Where(collection=other))) == (0, 1)

    # One method against several stores; each finds its own examples, and none is kept for the others.
    @settings(
        max_examples=20,
        deadline=None,
        database=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
            HealthCheck.too_slow,
        ],
    )
    @given(steps=STEPS)
    async def test_whatever_people_do_nothing_of_another_is_returned(self, bench: Bench, steps: list[Step]) -> None:
        owners = [bench.person() for _ in range(3)]
        await play(steps, owners, [bench.store(owner) for owner in owners])
