"""Intake: what a person's words meant, read by rules alone."""

from vitasense.deterministic.intake.lexicon import drug_names, gene_names, metric
from vitasense.deterministic.intake.reader import read
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
    "drug_names",
    "gene_names",
    "metric",
    "read",
]
