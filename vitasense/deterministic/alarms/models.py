"""The tables of alarms, tasks, notifications and timers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from vitasense.deterministic.platform.database import Base


class AlarmRow(Base):
    """One alarm as it stands."""

    __tablename__ = "alarm"
    __table_args__ = {"schema": "phi"}  # noqa: RUF012 - SQLAlchemy's own form

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    category: Mapped[str]
    key: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    state: Mapped[str]
    urgency: Mapped[str]
    raised_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    seen: Mapped[int]
    last_seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    snoozed_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decision_id: Mapped[UUID]
    evidence: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    version: Mapped[int]


class AlarmChangeRow(Base):
    """One step of an alarm, never changed."""

    __tablename__ = "alarm_change"
    __table_args__ = {"schema": "phi"}  # noqa: RUF012 - SQLAlchemy's own form

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    alarm_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str]
    state: Mapped[str]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    actor_id: Mapped[UUID]
    actor_role: Mapped[str]
    note: Mapped[str | None]


class TaskRow(Base):
    """One thing that a person is asked to do."""

    __tablename__ = "task"
    __table_args__ = {"schema": "phi"}  # noqa: RUF012 - SQLAlchemy's own form

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    category: Mapped[str]
    kind: Mapped[str]
    key: Mapped[str]
    text: Mapped[str]
    metric: Mapped[str | None]
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    state: Mapped[str]
    answer: Mapped[str | None]
    alarm_id: Mapped[UUID | None]
    decision_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class NotificationRow(Base):
    """One message to one recipient."""

    __tablename__ = "notification"
    __table_args__ = {"schema": "phi"}  # noqa: RUF012 - SQLAlchemy's own form

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    category: Mapped[str]
    alarm_id: Mapped[UUID]
    alarm_version: Mapped[int]
    channel: Mapped[str]
    recipient_id: Mapped[UUID]
    not_before: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class TimerRow(Base):
    """Something that is due at some time."""

    __tablename__ = "timer"
    __table_args__ = {"schema": "app"}  # noqa: RUF012 - SQLAlchemy's own form

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID]
    kind: Mapped[str]
    ref: Mapped[UUID]
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
