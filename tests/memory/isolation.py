"""The property that matters most: whatever people do with whatever ids, nothing of another is ever returned."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from hypothesis import strategies as st

from tests.memory.factories import NOON, OTHER_SPACE, SPACE, at, entry, mine, placed
from vitasense.deterministic.platform.access import Category
from vitasense.memory.schemas import Entry, Kind, Query
from vitasense.memory.store import Store

IDS = [UUID(int=(7 << 76) + number) for number in range(4)]  # the same for everybody
WORDS = ("penicillin", "ramipril", "walking", "secret")


@dataclass(frozen=True)
class Step:
    """One thing that one of three people does with one of the four ids."""

    who: int
    what: str
    number: int
    word: str
    near: float
    kind: Kind
    category: Category
    ended: bool
    other_space: bool


STEPS = st.lists(
    st.builds(
        Step,
        who=st.integers(0, 2),
        what=st.sampled_from(["put", "put", "put", "put without vector", "add vector", "remove", "remove all"]),
        number=st.integers(0, 3),
        word=st.sampled_from(WORDS),
        near=st.floats(0, 1),
        kind=st.sampled_from([Kind.FACT, Kind.EPISODE]),
        category=st.sampled_from([Category.NOTES, Category.LABS]),
        ended=st.booleans(),
        other_space=st.booleans(),
    ),
    min_size=4,
    max_size=12,
)


async def take(step: Step, owner: UUID, store: Store, kept: dict[UUID, Entry]) -> None:
    """Do the step, and to `kept` what it should have done."""
    new = entry(
        owner,
        f"{step.word} of {owner.hex}",
        id=IDS[step.number],
        kind=step.kind,
        category=step.category,
        ended_at=NOON if step.ended else None,
    )
    space = OTHER_SPACE if step.other_space else SPACE
    match step.what:
        case "put":
            await store.put([placed(new, 1, step.near, space=space)])
            kept[new.id] = new
        case "put without vector":
            await store.put([placed(new)])
            kept[new.id] = new
        case "add vector":
            await store.add_vectors([placed(kept.get(new.id, new), 1, step.near, space=space)])
        case "remove":
            assert await store.remove(mine(owner), [new.id]) == int(new.id in kept)
            kept.pop(new.id, None)
        case _:
            assert await store.remove(mine(owner)) == len(kept)
            kept.clear()


async def seen(owner: UUID, store: Store) -> list[Entry]:
    """Everything that this person can get at, by every way there is."""
    everything = mine(owner, history=True)
    words = f"{' '.join(WORDS)} {owner.hex}"
    queries = [
        Query(text=words, where=where, space=space, vector=at(1, 0.5), threshold=-1.0, limit=50)
        for where in (everything, mine(owner), mine(owner, kinds=frozenset({Kind.EPISODE})))
        for space in (SPACE, OTHER_SPACE)
    ]
    found = [each for results in await store.search(queries) for each in results.entries]
    found += await store.get(everything, IDS)
    found += await store.entries(everything)
    return found + await store.without_vector(everything, SPACE, limit=50)


async def play(steps: Sequence[Step], owners: Sequence[UUID], stores: Sequence[Store]) -> None:
    """Take the steps; each person sees exactly what is theirs."""
    kept: list[dict[UUID, Entry]] = [{} for _ in owners]
    for step in steps:
        await take(step, owners[step.who], stores[step.who], kept[step.who])
    for owner, store, own in zip(owners, stores, kept, strict=True):
        found = await seen(owner, store)
        assert all(each == own.get(each.id) for each in found)
        assert {each.id for each in found} == set(own)
        assert await store.count(mine(owner, history=True)) == len(own)
