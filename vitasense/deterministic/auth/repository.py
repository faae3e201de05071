"""All SQL of accounts, sessions and one-time codes; runs in the service's own context."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.auth.models import AccountRow, LoginFailureRow, OneTimeCodeRow, RefreshTokenRow, SessionRow
from vitasense.deterministic.auth.schemas import Account, CodePurpose
from vitasense.deterministic.platform.access import Role

_NOTE = text("select audit.note(:subject, :verb, :object, cast(:details as jsonb))")


@dataclass(frozen=True, slots=True, repr=False)
class Stored:
    """An account with its password's hash."""

    account: Account
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class Issued:
    """A refresh token as it was issued, with its session and account."""

    account: Account
    session_id: UUID
    session_created_at: datetime
    session_ended_at: datetime | None
    expires_at: datetime
    used_at: datetime | None


async def account_by_email(tx: AsyncSession, email: str) -> Stored | None:
    """The account with this normalised e-mail."""
    row = await tx.scalar(select(AccountRow).where(AccountRow.email == email))
    return row and Stored(_account(row), row.password_hash)


async def address_of(tx: AsyncSession, account_id: UUID) -> str | None:
    """The proved e-mail of an account that may sign in."""
    where = (AccountRow.id == account_id, AccountRow.verified_at.is_not(None), AccountRow.disabled_at.is_(None))
    return await tx.scalar(select(AccountRow.email).where(*where))


async def is_open(tx: AsyncSession, account_id: UUID) -> bool:
    """Whether there is such an account and it was not closed to its owner."""
    where = (AccountRow.id == account_id, AccountRow.disabled_at.is_(None))
    return await tx.scalar(select(AccountRow.id).where(*where)) is not None


async def patient_ids(tx: AsyncSession) -> list[UUID]:
    """Every patient's account, disabled ones too: their records stay."""
    return list((await tx.scalars(select(AccountRow.id).where(AccountRow.role == Role.PATIENT.value))).all())


async def account_locked(tx: AsyncSession, account_id: UUID) -> Stored | None:
    """The account as it is now, unchanged until the transaction ends."""
    query = select(AccountRow).where(AccountRow.id == account_id).with_for_update()
    row = await tx.scalar(query.execution_options(populate_existing=True))
    return row and Stored(_account(row), row.password_hash)


async def all_accounts(tx: AsyncSession) -> list[Account]:
    """Every account, oldest first."""
    return [_account(row) for row in await tx.scalars(select(AccountRow).order_by(AccountRow.created_at))]


async def add_account(tx: AsyncSession, account: Account, password_hash: str | None) -> bool:
    """Whether the account was written: False when its e-mail is taken."""
    values = {
        "id": account.id,
        "email": account.email,
        "name": account.name,
        "role": account.role.value,
        "password_hash": password_hash,
        "verified_at": account.verified_at,
        "created_at": account.created_at,
    }
    statement = upsert(AccountRow).values(values).on_conflict_do_nothing(index_elements=["email"])
    return (await tx.scalar(statement.returning(AccountRow.id))) is not None


async def rename_unverified(tx: AsyncSession, account_id: UUID, name: str, password_hash: str) -> None:
    """Registering again before the e-mail was verified replaces the earlier attempt."""
    changed = update(AccountRow).where(AccountRow.id == account_id, AccountRow.verified_at.is_(None))
    await tx.execute(changed.values(name=name, password_hash=password_hash))


async def set_password(tx: AsyncSession, account_id: UUID, password_hash: str) -> None:
    """Store the new hash."""
    await tx.execute(update(AccountRow).where(AccountRow.id == account_id).values(password_hash=password_hash))


async def set_verified(tx: AsyncSession, account_id: UUID, now: datetime) -> None:
    """Remember when the e-mail was first proved."""
    unverified = update(AccountRow).where(AccountRow.id == account_id, AccountRow.verified_at.is_(None))
    await tx.execute(unverified.values(verified_at=now))


async def set_disabled(tx: AsyncSession, account_id: UUID, now: datetime) -> bool:
    """Whether the account was active and is now disabled."""
    statement = update(AccountRow).where(AccountRow.id == account_id, AccountRow.disabled_at.is_(None))
    return (await tx.scalar(statement.values(disabled_at=now).returning(AccountRow.id))) is not None


async def add_session(tx: AsyncSession, session_id: UUID, account_id: UUID, now: datetime) -> None:
    """Begin a session."""
    await tx.execute(insert(SessionRow).values(id=session_id, account_id=account_id, created_at=now))


async def end_session(tx: AsyncSession, session_id: UUID, now: datetime) -> bool:
    """Whether the session was alive and has now ended."""
    statement = update(SessionRow).where(SessionRow.id == session_id, SessionRow.ended_at.is_(None))
    return (await tx.scalar(statement.values(ended_at=now).returning(SessionRow.id))) is not None


async def end_sessions(tx: AsyncSession, account_id: UUID, now: datetime) -> int:
    """End every session of the account; returns how many were alive."""
    statement = update(SessionRow).where(SessionRow.account_id == account_id, SessionRow.ended_at.is_(None))
    return len((await tx.scalars(statement.values(ended_at=now).returning(SessionRow.id))).all())


async def account_of_session(tx: AsyncSession, session_id: UUID, account_id: UUID) -> Account | None:
    """The account of a living session, by primary keys."""
    query = select(AccountRow).join(SessionRow, SessionRow.account_id == AccountRow.id)
    row = await tx.scalar(
        query.where(SessionRow.id == session_id, SessionRow.ended_at.is_(None), AccountRow.id == account_id)
    )
    return row and _account(row)


async def add_refresh_token(
    tx: AsyncSession, token_hash: bytes, session_id: UUID, now: datetime, expires_at: datetime
) -> None:
    """Store a token's hash."""
    values = {"hash": token_hash, "session_id": session_id, "issued_at": now, "expires_at": expires_at}
    await tx.execute(insert(RefreshTokenRow).values(values))


async def refresh_token_locked(tx: AsyncSession, token_hash: bytes) -> Issued | None:
    """The token as it is now, unchanged until the transaction ends."""
    query = (
        select(RefreshTokenRow, SessionRow, AccountRow)
        .join(SessionRow, SessionRow.id == RefreshTokenRow.session_id)
        .join(AccountRow, AccountRow.id == SessionRow.account_id)
        .where(RefreshTokenRow.hash == token_hash)
        .with_for_update(of=RefreshTokenRow)
    )
    found = (await tx.execute(query)).one_or_none()
    if found is None:
        return None
    token, session, account = found
    return Issued(_account(account), session.id, session.created_at, session.ended_at, token.expires_at, token.used_at)


async def use_refresh_token(tx: AsyncSession, token_hash: bytes, now: datetime) -> None:
    """Mark the token as exchanged."""
    await tx.execute(update(RefreshTokenRow).where(RefreshTokenRow.hash == token_hash).values(used_at=now))


async def add_code(
    tx: AsyncSession, code_hash: bytes, account_id: UUID, purpose: CodePurpose, expires_at: datetime
) -> None:
    """Store a code's hash."""
    values = {"hash": code_hash, "account_id": account_id, "purpose": purpose.value, "expires_at": expires_at}
    await tx.execute(insert(OneTimeCodeRow).values(values))


async def void_codes(tx: AsyncSession, account_id: UUID, purpose: CodePurpose, now: datetime) -> None:
    """Make the account's unused codes for the purpose unusable."""
    unused = update(OneTimeCodeRow).where(OneTimeCodeRow.account_id == account_id, OneTimeCodeRow.used_at.is_(None))
    await tx.execute(unused.where(OneTimeCodeRow.purpose == purpose.value).values(used_at=now))


async def use_code(tx: AsyncSession, code_hash: bytes, purpose: CodePurpose, now: datetime) -> UUID | None:
    """The account of a valid code, which is used up; None for a wrong, used or expired one."""
    statement = update(OneTimeCodeRow).where(
        OneTimeCodeRow.hash == code_hash,
        OneTimeCodeRow.purpose == purpose.value,
        OneTimeCodeRow.used_at.is_(None),
        OneTimeCodeRow.expires_at > now,
    )
    return await tx.scalar(statement.values(used_at=now).returning(OneTimeCodeRow.account_id))


async def delete_old(tx: AsyncSession, before: datetime) -> None:
    """Delete failed attempts, codes and tokens from before the moment, and sessions that ended before it."""
    await tx.execute(delete(LoginFailureRow).where(LoginFailureRow.at < before))
    await tx.execute(delete(OneTimeCodeRow).where(OneTimeCodeRow.expires_at < before))
    await tx.execute(delete(RefreshTokenRow).where(RefreshTokenRow.expires_at < before))
    await tx.execute(delete(SessionRow).where(SessionRow.ended_at < before))


async def note(
    tx: AsyncSession, subject: UUID, verb: str, thing: str, details: Mapping[str, object] | None = None
) -> None:
    """Write an audit entry to the account's chain."""
    values = {"subject": subject, "verb": verb, "object": thing, "details": json.dumps(details or {})}
    await tx.execute(_NOTE, values)


def _account(row: AccountRow) -> Account:
    return Account(row.id, row.email, row.name, Role(row.role), row.created_at, row.verified_at, row.disabled_at)
