"""Medications: what a person takes and how, and everything that speaks against it."""

from vitasense.deterministic.medications.adherence import Adherence, adherence
from vitasense.deterministic.medications.agenda import DueDose, agenda, not_followed
from vitasense.deterministic.medications.checks.check import check
from vitasense.deterministic.medications.checks.limits import limits
from vitasense.deterministic.medications.directions import schedule_from_words, unread
from vitasense.deterministic.medications.doing import medicine
from vitasense.deterministic.medications.dosages import dosages_of, schedule_of
from vitasense.deterministic.medications.doses import (
    DoseSaid,
    Logged,
    correct_dose,
    dose_history,
    doses_of,
    log_dose,
    remove_dose,
)
from vitasense.deterministic.medications.edges import nodes_of, volumes
from vitasense.deterministic.medications.fhir import administration_of
from vitasense.deterministic.medications.gathering import USED, heard, own_findings, person_of, taken_now
from vitasense.deterministic.medications.history import Change, ChangeKind, history
from vitasense.deterministic.medications.log import Count, DoseStatus, LoggedDose, Override, Reminder, ReminderKind
from vitasense.deterministic.medications.occurrences import Occurrence, occurrences
from vitasense.deterministic.medications.overrides import (
    Heard,
    end_override,
    finding_key,
    fingerprint,
    override_finding,
    overrides,
    quiet,
)
from vitasense.deterministic.medications.refills import Forecast, forecast
from vitasense.deterministic.medications.regimen import Disagreement, RegimenEntry, dose_of, medicine_of, regimen
from vitasense.deterministic.medications.reminders import missing_times, reminders_of, set_reminder
from vitasense.deterministic.medications.reminding import remind, wind_again
from vitasense.deterministic.medications.schedule_words import amount_words, dose_words, schedule_words, slot_words
from vitasense.deterministic.medications.schedules import Quantity, Schedule, Span, Step
from vitasense.deterministic.medications.schemas import Dose, Eaten, Kind, Measured, Medicine, Person, Stated
from vitasense.deterministic.medications.service import NewMedicine, add_medicine, change_dose, pause, resume, stop
from vitasense.deterministic.medications.side_effects import (
    Relation,
    SideEffect,
    SymptomSaid,
    in_time,
    report_side_effect,
    side_effects,
    take_back,
)
from vitasense.deterministic.medications.sources import Source, State
from vitasense.deterministic.medications.stock import count_supply
from vitasense.deterministic.medications.supplies import Dispense, Prescription
from vitasense.deterministic.medications.telling import brief

__all__ = [
    "USED",
    "Adherence",
    "Change",
    "ChangeKind",
    "Count",
    "Disagreement",
    "Dispense",
    "Dose",
    "DoseSaid",
    "DoseStatus",
    "DueDose",
    "Eaten",
    "Forecast",
    "Heard",
    "Kind",
    "Logged",
    "LoggedDose",
    "Measured",
    "Medicine",
    "NewMedicine",
    "Occurrence",
    "Override",
    "Person",
    "Prescription",
    "Quantity",
    "RegimenEntry",
    "Relation",
    "Reminder",
    "ReminderKind",
    "Schedule",
    "SideEffect",
    "Source",
    "Span",
    "State",
    "Stated",
    "Step",
    "SymptomSaid",
    "add_medicine",
    "adherence",
    "administration_of",
    "agenda",
    "amount_words",
    "brief",
    "change_dose",
    "check",
    "correct_dose",
    "count_supply",
    "dosages_of",
    "dose_history",
    "dose_of",
    "dose_words",
    "doses_of",
    "end_override",
    "finding_key",
    "fingerprint",
    "forecast",
    "heard",
    "history",
    "in_time",
    "limits",
    "log_dose",
    "medicine",
    "medicine_of",
    "missing_times",
    "nodes_of",
    "not_followed",
    "occurrences",
    "override_finding",
    "overrides",
    "own_findings",
    "pause",
    "person_of",
    "quiet",
    "regimen",
    "remind",
    "reminders_of",
    "remove_dose",
    "report_side_effect",
    "resume",
    "schedule_from_words",
    "schedule_of",
    "schedule_words",
    "set_reminder",
    "side_effects",
    "slot_words",
    "stop",
    "take_back",
    "taken_now",
    "unread",
    "volumes",
    "wind_again",
]
