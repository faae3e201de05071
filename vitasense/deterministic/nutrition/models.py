"""The table of meals."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from vitasense.deterministic.platform.database import Base


class MealRow(Base):
    """One version of a meal; nothing is overwritten."""

    __tablename__ = "meal"
    __table_args__ = {"schema": "phi"}  # noqa: RUF012 - SQLAlchemy's own form

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    eaten_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    source: Mapped[str]
    items: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
