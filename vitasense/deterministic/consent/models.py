"""The table of grants: written once, revoked once, its own history."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from vitasense.deterministic.platform.database import Base


class GrantRow(Base):
    """A grant of a patient to a provider."""

    __tablename__ = "access_grant"
    __table_args__ = {"schema": "consent"}  # noqa: RUF012

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    grantee_id: Mapped[UUID]
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    actions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    purposes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    valid_from: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    valid_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    granted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
