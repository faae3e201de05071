"""Intake: what a person's words meant, read by rules alone."""

from vitasense.deterministic.intake.schemas import (
    Entity,
    EntityType,
    Experiencer,
    Intent,
    IntentName,
    Metric,
    Period,
    Reading,
    Temporality,
)

__all__ = [
    "Entity",
    "EntityType",
    "Experiencer",
    "Intent",
    "IntentName",
    "Metric",
    "Period",
    "Reading",
    "Temporality",
]
