"""What one resource of the record says of a medicine: which, how it is taken, since when, and whether it is taken now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from vitasense.deterministic.knowledge import Ingredient, ingredients, normalise
from vitasense.deterministic.medications.courses import begin_of, courses, end_of
from vitasense.deterministic.medications.directions import understood
from vitasense.deterministic.medications.dosages import schedule_of
from vitasense.deterministic.medications.dose_forms import route_of, route_words
from vitasense.deterministic.medications.fhir_values import take_object, take_objects, take_words, words_of_concept
from vitasense.deterministic.medications.schedules import Dates, Json, Schedule
from vitasense.deterministic.medications.strengths import Strength, strengths_in, strengths_of
from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.records import Coding, Treatment, evidence_of, moment, reason_of, reference_to
from vitasense.deterministic.tracking import NotEvaluated

HERE = "urn:vitasense:said"
"""FHIR meta.source of what a person said here: that, and nothing from elsewhere, is changed as a new version."""
STATEMENT, REQUEST = "MedicationStatement", "MedicationRequest"


class State(StrEnum):
    """Whether a medicine is taken now."""

    TAKING = "taking"
    PLANNED = "planned"
    PAUSED = "paused"
    STOPPED = "stopped"
    COMPLETED = "completed"
    NOT_TAKEN = "not_taken"
    UNCLEAR = "unclear"

    @property
    def is_over(self) -> bool:
        """Whether it was said that it is not taken any more."""
        return self in (State.STOPPED, State.COMPLETED, State.NOT_TAKEN)


# FHIR R4, value sets medication-statement-status and medicationrequest-status.
_STATES = {
    "active": State.TAKING,
    "completed": State.COMPLETED,
    "intended": State.PLANNED,
    "draft": State.PLANNED,
    "stopped": State.STOPPED,
    "cancelled": State.STOPPED,
    "on-hold": State.PAUSED,
    "not-taken": State.NOT_TAKEN,
}
# FHIR R4, value set medicationrequest-intent: proposals, plans and options are no orders.
_NO_ORDERS = frozenset({"proposal", "plan", "option"})


@dataclass(frozen=True, slots=True)
class Source:
    """One MedicationStatement or MedicationRequest. Dates are in the source's words and precision.

    `begins` is when taking began; `since` is that, or when it was ordered. `about` are references to what a statement
    speaks of; `here` tells that it was said in this service.
    """

    type: str
    id: UUID
    version: int
    name: str
    codings: tuple[Coding, ...]
    ingredients: tuple[Ingredient, ...]
    strengths: tuple[Strength, ...]
    route: str | None
    state: State
    state_reason: str | None
    schedule: Schedule | None
    begins: str | None
    since: str | None
    until: str | None
    said_at: datetime
    reason: str | None
    prescriber: str | None
    pharmacy: str | None
    informant: str | None
    about: frozenset[str]
    here: bool
    content: Json
    evidence: Evidence

    @property
    def ref(self) -> str:
        """`Type/id`."""
        return f"{self.type}/{self.id}"

    @property
    def is_order(self) -> bool:
        """Whether somebody ordered it, rather than said that it is taken."""
        return self.type == REQUEST

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells this medicine from others: the keys of its ingredients, or its name when one is not known."""
        return identity_of(self.name, self.ingredients)


def identity_of(name: str, parts: tuple[Ingredient, ...]) -> tuple[str, ...]:
    """The sorted keys of the ingredients; the name as it is compared when a part is not known."""
    keys = [each.drug.key for each in parts if each.drug]
    return tuple(sorted(set(keys))) if keys and len(keys) == len(parts) else (f"“{normalise(name)}”",)


def source_of(treatment: Treatment, now: datetime, zone: ZoneInfo) -> Source:
    """What the statement or request says at `now`; directions that are only text are read where that is sure."""
    content, row = treatment.content, treatment.row
    dosages = take_objects(dict(content), "dosage") or take_objects(dict(content), "dosageInstruction")
    written = schedule_of(dosages)
    schedule = understood(written) if written else None
    begins, until = _period(content, schedule)
    state, reason = _state(treatment, schedule, begins, until, now, zone)
    routes = {route for step in (schedule.steps if schedule else ()) if (route := route_of(step.route))}
    return Source(
        type=row.type,
        id=row.id,
        version=row.version,
        name=treatment.name,
        codings=treatment.codings,
        ingredients=ingredients(treatment.name),
        strengths=tuple(sorted(strengths_in(treatment.medicine) or strengths_of(treatment.name))),
        route=routes.pop() if len(routes) == 1 else route_words(treatment.name),
        state=state,
        state_reason=reason,
        schedule=schedule,
        begins=begins,
        since=begins or take_words(dict(content), "authoredOn"),
        until=until,
        said_at=_said_at(treatment, state, begins, until),
        reason=reason_of(treatment),
        prescriber=treatment.named.get("requester"),
        pharmacy=treatment.named.get("dispenseRequest.performer"),
        informant=treatment.named.get("informationSource"),
        about=frozenset(reference_to(content, "basedOn", "derivedFrom")),
        here=cast("Mapping[str, object]", content.get("meta") or {}).get("source") == HERE,
        content=content,
        evidence=evidence_of(row),
    )


def _period(content: Json, schedule: Schedule | None) -> tuple[str | None, str | None]:
    left = dict(content)
    period = dict(take_object(left, "effectivePeriod") or {})
    begins = take_words(period, "start") or take_words(left, "effectiveDateTime")
    until = take_words(period, "end")
    if period or begins or until or schedule is None:
        return begins, until
    bounds = [step.timing.bounds for step in schedule.steps if step.timing]
    dates = [each for each in bounds if isinstance(each, Dates)]
    starts = sorted((each.start for each in dates if each.start), key=_place)
    ends = sorted((each.end for each in dates if each.end), key=_place)
    whole = len(ends) == len(schedule.steps)
    return (starts[0] if starts else None), (ends[-1] if whole and ends else None)


def _place(text: str) -> datetime:
    found = moment(text)
    return found.at if found else datetime.max.replace(tzinfo=UTC)


def _state(
    treatment: Treatment,
    schedule: Schedule | None,
    begins: str | None,
    until: str | None,
    now: datetime,
    zone: ZoneInfo,
) -> tuple[State, str | None]:
    content = treatment.content
    said = take_objects(dict(content), "statusReason")
    single = take_object(dict(content), "statusReason")
    reason = next((words for each in (*said, *([single] if single else [])) if (words := words_of_concept(each))), None)
    if content.get("doNotPerform") is True:
        return State.NOT_TAKEN, reason or "it was said not to take it"
    state = _STATES.get(treatment.row.status or "", State.UNCLEAR)
    if state is not State.TAKING:
        return state, reason
    if treatment.row.type == REQUEST and content.get("intent") in _NO_ORDERS:
        return State.PLANNED, reason
    begin, ended = begin_of(begins, zone), end_of(until, zone)
    if begin and begin.at > now:
        return State.PLANNED, reason
    if (ended and ended <= now) or _ran_out(schedule, begins, now, zone):
        return State.COMPLETED, reason
    return state, reason


def _ran_out(schedule: Schedule | None, begins: str | None, now: datetime, zone: ZoneInfo) -> bool:
    """Whether every direction was for a time that is over."""
    held = courses(schedule, zone, start=begins) if schedule else NotEvaluated("")
    return not isinstance(held, NotEvaluated) and all(each.end is not None and each.end <= now for each in held)


def _said_at(treatment: Treatment, state: State, begins: str | None, until: str | None) -> datetime:
    """When it was said or ordered: a word of the source, else the time that it speaks of, else when it came here."""
    content = dict(treatment.content)
    said = take_words(content, "dateAsserted") or take_words(content, "authoredOn")
    told = said or (until if state.is_over else None) or begins
    found = moment(told)
    return found.at if found else treatment.row.at or treatment.row.recorded_at
