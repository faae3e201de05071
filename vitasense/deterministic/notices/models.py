"""The ledgers of mail and of webhooks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.orm import Mapped, mapped_column

from vitasense.deterministic.platform.database import Base


class MailRow(Base):
    """One mail; `body` is emptied once it is sent or given up."""

    __tablename__ = "mail"
    __table_args__ = {"schema": "app"}  # noqa: RUF012 - SQLAlchemy's own declaration

    id: Mapped[UUID] = mapped_column(primary_key=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_error: Mapped[str | None]


class OutgoingHookRow(Base):
    """One webhook; `body` stays, for it tells nothing."""

    __tablename__ = "outgoing_hook"
    __table_args__ = {"schema": "app"}  # noqa: RUF012 - SQLAlchemy's own declaration

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID]
    url: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_error: Mapped[str | None]
