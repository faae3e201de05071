"""Whatever an administrator of the database does to the audit log is found, unless the head is forged to fit."""

from collections.abc import AsyncIterator, Callable
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from tests.people import access_of
from vitasense.deterministic.consent import Terms, grant, verify_chain
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database

Tamper = Callable[[str], None]
ENTRIES = 5


@pytest.fixture
async def tamper(database: Database, admin_url: str, patient: Principal) -> AsyncIterator[Tamper]:
    """Runs SQL against the patient's chain of five entries as superuser, and puts it back as it was afterwards."""
    for _ in range(ENTRIES):
        async with database.transaction(access_of(patient)) as tx:
            await grant(tx, patient, Terms(new_id(), frozenset({Category.LABS})), new_id)
    engine = create_engine(admin_url)

    def run(sql: str) -> None:
        with engine.begin() as connection:
            connection.execute(text(sql), {"p": patient.account_id})

    with engine.begin() as connection:
        for table in ("entry", "head"):
            connection.execute(
                text(f"create table public.kept_{table} as select * from audit.{table} where subject_id = :p"),
                {"p": patient.account_id},
            )
    yield run
    with engine.begin() as connection:
        for table in ("entry", "head"):
            connection.execute(text(f"delete from audit.{table} where subject_id = :p"), {"p": patient.account_id})
            connection.execute(text(f"insert into audit.{table} select * from public.kept_{table}"))
            connection.execute(text(f"drop table public.kept_{table}"))
        connection.execute(text("delete from audit.entry where seq = 99"))
    engine.dispose()


async def broken(admin_url: str, subject: UUID) -> list[tuple[int, str]]:
    report = await verify_chain(admin_url)
    assert report.entries >= ENTRIES - 1 and all(link.reason for link in report.broken)
    return [(link.seq, link.why) for link in report.broken if link.subject_id == subject]


async def test_an_untouched_chain_is_whole(admin_url: str, patient: Principal, tamper: Tamper) -> None:
    assert await broken(admin_url, patient.account_id) == []


REHASH = "hash = sha256(previous || convert_to({body}::text, 'utf8'))"
FORGED = """jsonb_set(body, '{verb}', '"select"')"""


@pytest.mark.parametrize(
    ("what", "sql", "found"),
    [
        (
            "changed words",
            f"update audit.entry set body = {FORGED} where subject_id = :p and seq = 3",
            {(3, "changed")},
        ),
        (
            "changed words with a fitting hash",
            f"update audit.entry set body = {FORGED}, {REHASH.format(body=FORGED)} where subject_id = :p and seq = 3",
            {(4, "unlinked")},
        ),
        (
            "changed last entry with a fitting hash",
            f"update audit.entry set body = {FORGED}, {REHASH.format(body=FORGED)} where subject_id = :p and seq = 5",
            {(5, "truncated")},
        ),
        ("removed", "delete from audit.entry where subject_id = :p and seq = 3", {(4, "removed")}),
        ("removed at the start", "delete from audit.entry where subject_id = :p and seq = 1", {(2, "removed")}),
        ("truncated", "delete from audit.entry where subject_id = :p and seq > 3", {(5, "truncated")}),
        (
            "truncated with a shorter head",
            "with gone as (delete from audit.entry where subject_id = :p and seq = 5) "
            "update audit.head set seq = 4 where subject_id = :p",
            {(4, "truncated")},
        ),
        ("emptied", "delete from audit.entry where subject_id = :p", {(5, "truncated")}),
        ("head removed", "delete from audit.head where subject_id = :p", {(5, "truncated")}),
        (
            "reordered",
            "update audit.entry e set body = o.body, previous = o.previous, hash = o.hash from audit.entry o "
            "where e.subject_id = :p and o.subject_id = :p and (e.seq, o.seq) in ((2, 3), (3, 2))",
            {(2, "moved"), (3, "moved")},
        ),
        (
            "moved to another chain",
            "update audit.entry set subject_id = gen_random_uuid(), seq = 99 where subject_id = :p and seq = 5",
            {(5, "truncated")},
        ),
        (
            "slipped in",
            "insert into audit.entry select subject_id, 6, xid, jsonb_set(body, '{seq}', '6'), hash, "
            "sha256(hash || convert_to(jsonb_set(body, '{seq}', '6')::text, 'utf8')) "
            "from audit.entry where subject_id = :p and seq = 5",
            {(5, "truncated")},
        ),
    ],
)
async def test_tampering_is_found(
    admin_url: str, patient: Principal, tamper: Tamper, what: str, sql: str, found: set[tuple[int, str]]
) -> None:
    tamper(sql)
    seen = set(await broken(admin_url, patient.account_id))
    assert seen >= found, what


async def test_an_account_without_any_chain_is_found(admin_url: str) -> None:
    account, engine = new_id(), create_engine(admin_url)
    with engine.begin() as connection:
        connection.execute(
            text("insert into app.account values (:id, :email, 'X', 'patient', null, null, null, now())"),
            {"id": account, "email": f"{account}@example.org"},
        )
    try:
        assert await broken(admin_url, account) == [(0, "lost")]
    finally:
        with engine.begin() as connection:
            connection.execute(text("delete from app.account where id = :id"), {"id": account})
        engine.dispose()
