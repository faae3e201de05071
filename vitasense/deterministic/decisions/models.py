"""The tables of decisions, of what was done about them, and of risks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from vitasense.deterministic.platform.database import Base

Json = dict[str, object]


class DecisionRow(Base):
    """One decision, never changed."""

    __tablename__ = "decision"
    __table_args__ = {"schema": "phi"}  # noqa: RUF012 - SQLAlchemy's own form

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    category: Mapped[str]
    event_id: Mapped[UUID]
    correlation_id: Mapped[UUID]
    agent: Mapped[str]
    rule: Mapped[str]
    rule_version: Mapped[str]
    model: Mapped[str | None]
    outcome: Mapped[str]
    urgency: Mapped[str]
    confidence: Mapped[float]
    inputs: Mapped[list[Json]] = mapped_column(JSONB)
    findings: Mapped[list[Json]] = mapped_column(JSONB)
    decided_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ActionRow(Base):
    """One action, never changed."""

    __tablename__ = "action"
    __table_args__ = {"schema": "phi"}  # noqa: RUF012 - SQLAlchemy's own form

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    category: Mapped[str]
    decision_id: Mapped[UUID]
    kind: Mapped[str]
    ref: Mapped[str | None]
    details: Mapped[Json] = mapped_column(JSONB)
    done_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class RiskRow(Base):
    """One change of where a person stands; the newest of a key holds."""

    __tablename__ = "risk"
    __table_args__ = {"schema": "phi"}  # noqa: RUF012 - SQLAlchemy's own form

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    category: Mapped[str]
    label: Mapped[str]
    text: Mapped[str]
    evidence: Mapped[list[Json]] = mapped_column(JSONB)
    decision_id: Mapped[UUID]
