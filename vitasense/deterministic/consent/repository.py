"""All SQL of grants and of reading the audit log. Times are the database's own: its clock decides what is in force."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.consent.models import GrantRow
from vitasense.deterministic.consent.schemas import AuditEntry, Grant, Party, Terms
from vitasense.deterministic.platform.access import Action, Category, Purpose, Role

SERVICE_NAME = "VitaSense"

_GRANTS = """
select g.*, p.name, p.email, p.role,
  g.revoked_at is null and g.valid_from <= clock_timestamp()
    and (g.valid_until is null or g.valid_until > clock_timestamp()) as in_force
from consent.access_grant g
left join lateral sec.party_name({party}) p on true
where {whose} order by g.granted_at desc, g.id
"""
_GIVEN = text(_GRANTS.format(party="g.grantee_id", whose="g.patient_id = :account"))
_RECEIVED = text(_GRANTS.format(party="g.patient_id", whose="g.grantee_id = :account"))
_ONE = text(_GRANTS.format(party="g.grantee_id", whose="g.patient_id = :account and g.id = :id"))
_TRAIL = text(
    "select e.seq, e.body, p.name, p.email from audit.entry e "
    "left join lateral sec.party_name((e.body->>'actor')::uuid) p on true "
    "where e.subject_id = :subject and (cast(:before as bigint) is null or e.seq < :before) "
    "order by e.seq desc limit :limit"
)


async def now(tx: AsyncSession) -> datetime:
    """The database's clock."""
    return (await tx.execute(select(func.clock_timestamp()))).scalar_one()


_READERS = text(
    "select distinct grantee_id from consent.access_grant where patient_id = :patient and revoked_at is null "
    "and valid_from <= clock_timestamp() and (valid_until is null or valid_until > clock_timestamp()) "
    "and :category = any(categories) and 'read' = any(actions) and :purpose = any(purposes) order by grantee_id"
)


async def readers(tx: AsyncSession, patient_id: UUID, category: Category, purpose: Purpose) -> list[UUID]:
    """Who may read this part of the record at this statement."""
    names = {"patient": patient_id, "category": category.value, "purpose": purpose.value}
    return list((await tx.scalars(_READERS, names)).all())


async def add(tx: AsyncSession, patient_id: UUID, grant_id: UUID, terms: Terms) -> None:
    """Write the grant; it is in force from the next statement of any transaction that sees it committed."""
    await tx.execute(
        insert(GrantRow).values(
            patient_id=patient_id,
            id=grant_id,
            grantee_id=terms.grantee_id,
            categories=sorted(terms.categories),
            actions=sorted(terms.actions),
            purposes=sorted(terms.purposes),
            valid_from=terms.valid_from or func.clock_timestamp(),
            valid_until=terms.valid_until,
        )
    )


async def set_revoked(tx: AsyncSession, patient_id: UUID, grant_id: UUID) -> bool:
    """Whether the grant was not revoked before and is now."""
    statement = update(GrantRow).where(
        GrantRow.patient_id == patient_id, GrantRow.id == grant_id, GrantRow.revoked_at.is_(None)
    )
    return (await tx.scalar(statement.values(revoked_at=func.clock_timestamp()).returning(GrantRow.id))) is not None


async def one(tx: AsyncSession, patient_id: UUID, grant_id: UUID) -> Grant | None:
    """A grant of the patient, if there is one with this id."""
    row = (await tx.execute(_ONE, {"account": patient_id, "id": grant_id})).one_or_none()
    return _grant(row, row.grantee_id) if row else None


async def given(tx: AsyncSession, patient_id: UUID) -> list[Grant]:
    """All grants of the patient, the newest first."""
    return [_grant(row, row.grantee_id) for row in await tx.execute(_GIVEN, {"account": patient_id})]


async def received(tx: AsyncSession, grantee_id: UUID) -> list[Grant]:
    """All grants to the account, the newest first."""
    return [_grant(row, row.patient_id) for row in await tx.execute(_RECEIVED, {"account": grantee_id})]


async def trail(tx: AsyncSession, subject: UUID, before: int | None, limit: int) -> list[AuditEntry]:
    """Entries of the chain below `before`, the newest first."""
    rows = await tx.execute(_TRAIL, {"subject": subject, "before": before, "limit": limit})
    return [_entry(row) for row in rows]


def _grant(row: Row[tuple[object, ...]], party_id: UUID) -> Grant:
    return Grant(
        id=row.id,
        patient_id=row.patient_id,
        grantee_id=row.grantee_id,
        party=Party(party_id, row.name, row.email, row.role),
        categories=tuple(Category(each) for each in row.categories),
        actions=tuple(Action(each) for each in row.actions),
        purposes=tuple(Purpose(each) for each in row.purposes),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        granted_at=row.granted_at,
        revoked_at=row.revoked_at,
        in_force=row.in_force,
    )


def _entry(row: Row[tuple[object, ...]]) -> AuditEntry:
    body = row.body
    name = SERVICE_NAME if body["role"] == Role.SYSTEM else row.name
    categories = body.get("categories")
    return AuditEntry(
        seq=row.seq,
        at=datetime.fromisoformat(body["at"]),
        actor=Party(UUID(body["actor"]) if body.get("actor") else None, name, row.email, body["role"]),
        purpose=body.get("purpose"),
        activity=body.get("activity"),
        verb=body["verb"],
        object=body["object"],
        categories=tuple(categories) if categories is not None else None,
        count=body.get("count"),
    )
