"""The tables of devices; their policies are in migration 0004."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from vitasense.deterministic.platform.database import Base

_TIME = DateTime(timezone=True)


class DeviceRow(Base):
    """One row of phi.device."""

    __tablename__ = "device"
    __table_args__: ClassVar = {"schema": "phi"}

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str | None]
    maker: Mapped[str | None]
    model: Mapped[str | None]
    external_id: Mapped[str | None]
    firmware: Mapped[str | None]
    battery: Mapped[float | None]
    reported_at: Mapped[datetime | None] = mapped_column(_TIME)
    registered_at: Mapped[datetime] = mapped_column(_TIME)
    last_seen_at: Mapped[datetime | None] = mapped_column(_TIME)
    retired_at: Mapped[datetime | None] = mapped_column(_TIME)


class DeliveryRow(Base):
    """One row of phi.delivery: a file, batch or webhook delivery and what became of it."""

    __tablename__ = "delivery"
    __table_args__: ClassVar = {"schema": "phi"}

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str]
    source: Mapped[str]
    device_id: Mapped[UUID | None]
    received_at: Mapped[datetime] = mapped_column(_TIME)
    digest: Mapped[bytes]
    report: Mapped[dict[str, Any]] = mapped_column(JSONB)


class RejectedRow(Base):
    """One row of phi.rejected_row."""

    __tablename__ = "rejected_row"
    __table_args__: ClassVar = {"schema": "phi"}

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    delivery_id: Mapped[UUID]
    place: Mapped[str]
    reason: Mapped[str]
    content: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(_TIME)
    settled_at: Mapped[datetime | None] = mapped_column(_TIME)
    settled_as: Mapped[str | None]


class WorkoutRow(Base):
    """One row of phi.workout; `route` is a list of [latitude, longitude, elevation or null, seconds or null]."""

    __tablename__ = "workout"
    __table_args__: ClassVar = {"schema": "phi"}

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    device_id: Mapped[UUID]
    sport: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(_TIME)
    ended_at: Mapped[datetime] = mapped_column(_TIME)
    distance_m: Mapped[float | None]
    energy_kcal: Mapped[float | None]
    ascent_m: Mapped[float | None]
    descent_m: Mapped[float | None]
    route: Mapped[list[list[float | None]] | None] = mapped_column(JSONB)
    recorded_at: Mapped[datetime] = mapped_column(_TIME)


class WebhookRow(Base):
    """One row of app.webhook: the service's own context alone reads it."""

    __tablename__ = "webhook"
    __table_args__: ClassVar = {"schema": "app"}

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID]
    device_id: Mapped[UUID]
    sealed_secret: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(_TIME)
    revoked_at: Mapped[datetime | None] = mapped_column(_TIME)
