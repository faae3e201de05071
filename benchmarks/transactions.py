"""A transaction that begins with the signed context and asks one thing, beside a plain one."""

from time import perf_counter

from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from benchmarks.figures import Figure, percentile
from benchmarks.place import Place, own_access, with_demo_record
from vitasense.deterministic.platform.access import Category

# Two columns of one patient's conditions, by the primary key's first column.
QUERY = text("select id, label from phi.resource where patient_id = :patient and category = 'conditions'")
ENGINE = "the same query, plain transaction, no policies"


async def measure(place: Place, *, quick: bool) -> list[Figure]:
    """Medians; the two take turns, so that a busy moment hits both."""
    person = await with_demo_record(place.database)
    access = own_access(person, frozenset({Category.CONDITIONS}))
    values = {"patient": person.account_id}
    engine = create_async_engine(place.admin_url, pool_size=1)
    sessions = async_sessionmaker(engine)

    async def signed() -> int:
        async with place.database.transaction(access) as tx:
            return len((await tx.execute(QUERY, values)).all())

    async def plain() -> int:
        async with sessions.begin() as tx:
            return len((await tx.execute(QUERY, values)).all())

    assert await signed() == await plain() > 0
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(300 if quick else 2000):
        for work, seconds in ((signed, ours), (plain, bare)):
            began = perf_counter()
            await work()
            seconds.append(perf_counter() - began)
    await engine.dispose()
    return [
        Figure(f"transaction with one query, {name}", *_pair(ours, bare, share), ENGINE)
        for name, share in (("p50", 0.5), ("p95", 0.95))
    ]


def _pair(ours: list[float], bare: list[float], share: float) -> tuple[float, str, float]:
    return percentile(ours, share) * 1000, "ms", percentile(bare, share) * 1000
