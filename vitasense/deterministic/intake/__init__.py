"""Intake: what a person's words meant, read by rules alone."""

from vitasense.deterministic.intake.clocks import Hours, hours_of, wait_words, waits_until
from vitasense.deterministic.intake.comparing import Compared, compared
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
from vitasense.deterministic.intake.instruction_parts import DoseSaid, LimitSaid
from vitasense.deterministic.intake.instructions import Instruction, Instructions, instructions
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
from vitasense.deterministic.intake.takers import TAKEN, asked_about, of_the_writer, taker

__all__ = [
    "TAKEN",
    "Amount",
    "Circumstances",
    "Compared",
    "Context",
    "Course",
    "Dosage",
    "DoseSaid",
    "Duration",
    "Entity",
    "EntityType",
    "Experiencer",
    "Frequency",
    "Hours",
    "Instruction",
    "Instructions",
    "Intent",
    "IntentName",
    "LimitSaid",
    "Metric",
    "Period",
    "Range",
    "Reading",
    "Site",
    "Temporality",
    "Variant",
    "asked_about",
    "assertions",
    "compared",
    "drug_names",
    "gene_names",
    "hours_of",
    "instructions",
    "metric",
    "of_the_writer",
    "read",
    "taker",
    "wait_words",
    "waits_until",
    "word_groups",
]
