"""Workouts as they are kept."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from vitasense.deterministic.devices.formats.parsed import Workout


def workout_row(whose: UUID, device_id: UUID, each: Workout, now: datetime) -> dict[str, Any]:
    """The row of a workout; the same one of a device has the same id. A route is latitude, longitude, metres, seconds."""
    start = each.started_at
    route = [
        [point.latitude, point.longitude, point.elevation_m, (point.at - start).total_seconds() if point.at else None]
        for point in each.route
    ]
    return {
        "patient_id": whose,
        "id": uuid5(device_id, f"workout|{each.external_id or start.astimezone(UTC).isoformat()}"),
        "device_id": device_id,
        "sport": each.sport,
        "started_at": start,
        "ended_at": each.ended_at,
        "distance_m": each.distance_m,
        "energy_kcal": each.energy_kcal,
        "ascent_m": each.ascent_m,
        "descent_m": each.descent_m,
        "route": route or None,
        "recorded_at": now,
    }
