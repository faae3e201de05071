"""The tables of FHIR resources and of what they were before."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from vitasense.deterministic.platform.database import Base

_TIME = DateTime(timezone=True)


class ResourceRow(Base):
    """One row of phi.resource: the current version. `content` carries the service's own ids.

    `codes` holds `code` and `system|code` of the resource's codings, and `unresolved:Type/id` for each reference
    whose target is not in the record yet.
    """

    __tablename__ = "resource"
    __table_args__: ClassVar = {"schema": "phi"}

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    category: Mapped[str]
    source_id: Mapped[str]
    code_system: Mapped[str | None]
    code: Mapped[str | None]
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    label: Mapped[str]
    status: Mapped[str | None]
    occurred_at: Mapped[datetime | None] = mapped_column(_TIME)
    recorded_at: Mapped[datetime] = mapped_column(_TIME)
    content_hash: Mapped[bytes]
    content: Mapped[dict[str, object]] = mapped_column(JSONB)


class VersionRow(Base):
    """One row of phi.resource_version: every version, the current one too, as it was written."""

    __tablename__ = "resource_version"
    __table_args__: ClassVar = {"schema": "phi"}

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(_TIME)
    content: Mapped[dict[str, object]] = mapped_column(JSONB)
