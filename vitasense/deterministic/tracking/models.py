"""The table of the time series."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.orm import Mapped, mapped_column

from vitasense.deterministic.platform.database import Base


class SampleRow(Base):
    """One row of phi.sample; its policies are in the migration."""

    __tablename__ = "sample"
    __table_args__: ClassVar = {"schema": "phi"}

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    category: Mapped[str]
    value: Mapped[float]
    unit: Mapped[str]
    low: Mapped[float | None]
    high: Mapped[float | None]
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
