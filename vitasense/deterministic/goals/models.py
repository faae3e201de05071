"""The table of goals."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from vitasense.deterministic.platform.database import Base


class GoalRow(Base):
    """One goal; a changed target is another row that replaces it."""

    __tablename__ = "goal"
    __table_args__ = {"schema": "phi"}  # noqa: RUF012 - SQLAlchemy's own form

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    category: Mapped[str]
    metric: Mapped[str]
    direction: Mapped[str]
    target: Mapped[float]
    unit: Mapped[str]
    per: Mapped[str]
    state: Mapped[str]
    made_by: Mapped[str]
    reason: Mapped[str | None]
    evidence: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    replaces: Mapped[UUID | None]
    decision_id: Mapped[UUID | None]
