"""Whether the audit log is as it was written: every hash is computed again, from outside the application's role.

An administrator of the database who rewrites a chain and its head to fit each other is not found out: that takes a
copy of the heads kept elsewhere.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

_COUNTS = text("select count(*), count(distinct subject_id) from audit.entry")

# An entry's hash covers its body and the hash before it; the first follows the hash of the subject's id; the head
# knows the last. An account always has a chain, since opening it is noted.
_BROKEN = text("""
with linked as (
  select subject_id, seq, body, previous, hash,
    lag(seq, 1, 0::bigint) over chain as seq_before,
    lag(hash, 1, sha256(uuid_send(subject_id))) over chain as hash_before
  from audit.entry window chain as (partition by subject_id order by seq)),
judged as (
  select subject_id, seq, case
    when seq <> seq_before + 1 then 'removed'
    when (body->>'seq')::bigint is distinct from seq or (body->>'subject')::uuid is distinct from subject_id then 'moved'
    when hash <> sha256(previous || convert_to(body::text, 'utf8')) then 'changed'
    when previous <> hash_before then 'unlinked'
  end as why
  from linked),
last as (select distinct on (subject_id) subject_id, seq, hash from audit.entry order by subject_id, seq desc),
ends as (
  select coalesce(h.subject_id, l.subject_id) as subject_id, coalesce(h.seq, l.seq) as seq, 'truncated' as why
  from audit.head h full join last l using (subject_id)
  where l.seq is distinct from h.seq or l.hash is distinct from h.hash),
lost as (
  select a.id as subject_id, 0::bigint as seq, 'lost' as why
  from app.account a where not exists (select from audit.head h where h.subject_id = a.id))
select subject_id, seq, why from judged where why is not null
union all select * from ends union all select * from lost
union all select subject_id, 0, 'unchained' from audit.waiting order by subject_id, seq
""")

REASONS = {
    "removed": "entries before it are missing",
    "moved": "it was written in another place",
    "changed": "its words are not what was written",
    "unlinked": "it does not follow the entry before it",
    "truncated": "the chain does not end where its head says",
    "unchained": "an entry was written that never came into the chain",
    "lost": "the account's whole chain is missing",
}


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A place where a chain is not as it was written: `why` is a key of REASONS, `reason` the words."""

    subject_id: UUID
    seq: int
    why: str

    @property
    def reason(self) -> str:
        """What is wrong, in words."""
        return REASONS[self.why]


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What was checked, and every broken link."""

    entries: int
    chains: int
    broken: tuple[BrokenLink, ...]


async def verify_chain(admin_url: str) -> ChainReport:
    """Check every entry of every chain on an administrator's connection (a SQLAlchemy address); changes nothing."""
    engine = create_async_engine(
        admin_url, isolation_level="REPEATABLE READ", execution_options={"postgresql_readonly": True}
    )
    try:
        async with engine.connect() as connection:
            entries, chains = (await connection.execute(_COUNTS)).one()
            broken = tuple(BrokenLink(*row) for row in await connection.execute(_BROKEN))
            return ChainReport(entries, chains, broken)
    finally:
        await engine.dispose()
