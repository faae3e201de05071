"""Insights: what the record says, in sentences that carry their evidence."""

from vitasense.deterministic.insights.genes import gene_result_findings
from vitasense.deterministic.insights.lists import (
    allergy_findings,
    condition_findings,
    document_findings,
    encounter_findings,
    immunization_findings,
    medication_findings,
    procedure_findings,
)
from vitasense.deterministic.insights.measurements import latest_measurement, measurement_history
from vitasense.deterministic.insights.results import result_findings
from vitasense.deterministic.insights.subject import Subject
from vitasense.deterministic.insights.summary import change_findings, summary_findings, visit_findings
from vitasense.deterministic.insights.wording import amount, number

__all__ = [
    "Subject",
    "allergy_findings",
    "amount",
    "change_findings",
    "condition_findings",
    "document_findings",
    "encounter_findings",
    "gene_result_findings",
    "immunization_findings",
    "latest_measurement",
    "measurement_history",
    "medication_findings",
    "number",
    "procedure_findings",
    "result_findings",
    "summary_findings",
    "visit_findings",
]
