"""The room's own tables."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from vitasense.deterministic.platform.database import Base

_TIME = DateTime(timezone=True)


class DoseRow(Base):
    """One version of one entry of the log."""

    __tablename__ = "medicine_dose"
    __table_args__ = {"schema": "phi"}  # noqa: RUF012 - SQLAlchemy's own form

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    medicine_id: Mapped[UUID]
    status: Mapped[str]
    at: Mapped[datetime] = mapped_column(_TIME)
    due: Mapped[str | None]
    extra: Mapped[bool]
    amount: Mapped[float | None]
    unit: Mapped[str | None]
    reason: Mapped[str | None]
    actor_id: Mapped[UUID]
    actor_role: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(_TIME)
    removed_at: Mapped[datetime | None] = mapped_column(_TIME)


class SupplyRow(Base):
    """How much was there at a time."""

    __tablename__ = "medicine_supply"
    __table_args__ = {"schema": "phi"}  # noqa: RUF012 - SQLAlchemy's own form

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    medicine_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(_TIME)
    quantity: Mapped[float]
    unit: Mapped[str]
    actor_id: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(_TIME)


class ReminderRow(Base):
    """What a person wants to be reminded of."""

    __tablename__ = "medicine_reminder"
    __table_args__ = {"schema": "phi"}  # noqa: RUF012 - SQLAlchemy's own form

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    medicine_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    is_on: Mapped[bool]
    days_before: Mapped[int | None]
    clock: Mapped[dict[str, str]] = mapped_column(JSONB)
    decision_id: Mapped[UUID]
    next_at: Mapped[datetime | None] = mapped_column(_TIME)
    changed_at: Mapped[datetime] = mapped_column(_TIME)


class SideEffectRow(Base):
    """One symptom that was put down to a medicine."""

    __tablename__ = "side_effect"
    __table_args__ = {"schema": "phi"}  # noqa: RUF012 - SQLAlchemy's own form

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    medicine_id: Mapped[UUID]
    symptom_id: Mapped[UUID]
    note: Mapped[str | None]
    actor_id: Mapped[UUID]
    actor_role: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(_TIME)
    removed_at: Mapped[datetime | None] = mapped_column(_TIME)


class OverrideRow(Base):
    """One finding that somebody chose to live with."""

    __tablename__ = "check_override"
    __table_args__ = {"schema": "phi"}  # noqa: RUF012 - SQLAlchemy's own form

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str]
    fingerprint: Mapped[str]
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    kind: Mapped[str]
    reason: Mapped[str]
    actor_id: Mapped[UUID]
    actor_role: Mapped[str]
    at: Mapped[datetime] = mapped_column(_TIME)
    ended_at: Mapped[datetime | None] = mapped_column(_TIME)
