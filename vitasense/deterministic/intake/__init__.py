"""Intake: what a person's words meant, read by rules alone."""

from vitasense.deterministic.intake.context import Context, assertions
from vitasense.deterministic.intake.details import (
    Amount,
    Circumstances,
    Course,
    Dosage,
    Duration,
    Frequency,
    Period,
    Range,
    Site,
    Variant,
)
from vitasense.deterministic.intake.lexicon import drug_names, gene_names, metric, word_groups
from vitasense.deterministic.intake.reader import read
from vitasense.deterministic.intake.schemas import (
    Entity,
    EntityType,
    Experiencer,
    Intent,
    IntentName,
    Metric,
    Reading,
    Temporality,
)

__all__ = [
    "Amount",
    "Circumstances",
    "Context",
    "Course",
    "Dosage",
    "Duration",
    "Entity",
    "EntityType",
    "Experiencer",
    "Frequency",
    "Intent",
    "IntentName",
    "Metric",
    "Period",
    "Range",
    "Reading",
    "Site",
    "Temporality",
    "Variant",
    "assertions",
    "drug_names",
    "gene_names",
    "metric",
    "read",
    "word_groups",
]
