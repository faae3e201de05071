"""Tables of accounts, sessions, tokens and failed attempts. Secrets are stored as SHA-256 only."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from vitasense.deterministic.platform.database import Base

Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
OptionalMoment = Annotated[datetime | None, mapped_column(DateTime(timezone=True))]
Hash = Annotated[bytes, mapped_column(primary_key=True)]


class AccountRow(Base):
    """An account; without `password_hash` nobody can sign in to it yet."""

    __tablename__ = "account"
    __table_args__ = {"schema": "app"}  # noqa: RUF012

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str | None]
    verified_at: Mapped[OptionalMoment]
    disabled_at: Mapped[OptionalMoment]
    created_at: Mapped[Moment]


class SessionRow(Base):
    """A signed-in device."""

    __tablename__ = "session"
    __table_args__ = {"schema": "app"}  # noqa: RUF012

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(AccountRow.id))
    created_at: Mapped[Moment]
    ended_at: Mapped[OptionalMoment]


class RefreshTokenRow(Base):
    """A refresh token; `used_at` set means that it was exchanged and must not come again."""

    __tablename__ = "refresh_token"
    __table_args__ = {"schema": "app"}  # noqa: RUF012

    hash: Mapped[Hash]
    session_id: Mapped[UUID] = mapped_column(ForeignKey(SessionRow.id))
    issued_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[OptionalMoment]


class OneTimeCodeRow(Base):
    """A code that was mailed."""

    __tablename__ = "one_time_code"
    __table_args__ = {"schema": "app"}  # noqa: RUF012

    hash: Mapped[Hash]
    account_id: Mapped[UUID] = mapped_column(ForeignKey(AccountRow.id))
    purpose: Mapped[str]
    expires_at: Mapped[Moment]
    used_at: Mapped[OptionalMoment]


class LoginFailureRow(Base):
    """An attempt that counts against a limit; `key` is a keyed hash of an e-mail or network address."""

    __tablename__ = "login_failure"
    __table_args__ = {"schema": "app"}  # noqa: RUF012

    key: Mapped[bytes] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
