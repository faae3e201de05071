"""Insights: what the record says, in sentences that carry their evidence."""

from vitasense.deterministic.insights.comparisons import compared_measurement
from vitasense.deterministic.insights.devices import (
    device_list,
    in_order,
    measures,
    priority_finding,
    quality_finding,
    state_finding,
)
from vitasense.deterministic.insights.felt import beside, score_words, symptom_findings, together
from vitasense.deterministic.insights.genes import gene_result_findings
from vitasense.deterministic.insights.goals import goal_finding, goal_words, name_of, progress_finding, progress_of
from vitasense.deterministic.insights.health_inputs import health_inputs
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
from vitasense.deterministic.insights.moments import at_words
from vitasense.deterministic.insights.results import result_findings
from vitasense.deterministic.insights.scores import early_warning_findings, glucose_findings, score_findings
from vitasense.deterministic.insights.sources import evidence_of
from vitasense.deterministic.insights.subject import Subject
from vitasense.deterministic.insights.summary import change_findings, summary_findings, visit_findings
from vitasense.deterministic.insights.tiredness import tiredness
from vitasense.deterministic.insights.watching import (
    alarm_findings,
    answer_finding,
    state_words,
    task_findings,
    timeline_findings,
    why_findings,
)
from vitasense.deterministic.insights.wording import amount, capital, day, listed, number

__all__ = [
    "Subject",
    "alarm_findings",
    "allergy_findings",
    "amount",
    "answer_finding",
    "at_words",
    "beside",
    "capital",
    "change_findings",
    "compared_measurement",
    "condition_findings",
    "day",
    "device_list",
    "document_findings",
    "early_warning_findings",
    "encounter_findings",
    "evidence_of",
    "gene_result_findings",
    "glucose_findings",
    "goal_finding",
    "goal_words",
    "health_inputs",
    "immunization_findings",
    "in_order",
    "latest_measurement",
    "listed",
    "measurement_history",
    "measures",
    "medication_findings",
    "name_of",
    "number",
    "priority_finding",
    "procedure_findings",
    "progress_finding",
    "progress_of",
    "quality_finding",
    "result_findings",
    "score_findings",
    "score_words",
    "state_finding",
    "state_words",
    "summary_findings",
    "symptom_findings",
    "task_findings",
    "timeline_findings",
    "tiredness",
    "together",
    "visit_findings",
    "why_findings",
]
