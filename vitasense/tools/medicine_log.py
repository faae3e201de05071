"""Tools that write which medicines are taken: one that is begun, one that is stopped. Each asks first."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import Field

from vitasense.deterministic import insights, medications
from vitasense.deterministic.intake import Entity, EntityType, IntentName, Period, Reading
from vitasense.deterministic.medications import NewMedicine, RegimenEntry
from vitasense.deterministic.platform.findings import Finding, Status, Urgency, Value, not_evaluated
from vitasense.tools.context import Call, Proposal
from vitasense.tools.medications import MEDICATIONS, entries, unlisted
from vitasense.tools.medicine_words import called, directions
from vitasense.tools.tool import Arguments, WriteTool
from vitasense.tools.tracking import timezone

WRITTEN = "It is in your record now."
MOST = 3  # medicines that one message writes down
UNCLEAR = "Several medicines of that name are in the record. Say which one, with its strength."
NOT_A_DECISION = "I only write down what was decided. Whether to start or stop a medicine is for your doctor to say."


class Begun(Arguments):
    """A medicine as it was said: its name, the directions in words, and since which day."""

    name: str = Field(min_length=1, max_length=200)
    directions: str | None = None
    since: datetime | None = None


class Ended(Arguments):
    """A medicine that is not taken any more, since when where that was said."""

    name: str = Field(min_length=1, max_length=200)
    on: datetime | None = None


def own_medicines(reading: Reading) -> list[Entity]:
    """The medicines that the person tells of themselves, each once."""
    found = [each for each in reading.of_type(EntityType.DRUG) if not each.negated and each.experiencer == "patient"]
    return list({each.name: each for each in found}.values())[:MOST]


def _begun(reading: Reading) -> Sequence[Begun]:
    return [
        Begun(
            name=called(each), directions=directions(each), since=begin_of(each.dosage.start if each.dosage else None)
        )
        for each in own_medicines(reading)
        if not each.doubt
    ]


def begin_of(period: Period | None) -> datetime | None:
    """When what was said of a time begins; None where none was said."""
    return period.start if period else None


def _ended(reading: Reading) -> Sequence[Ended]:
    return [
        Ended(name=each.name, on=begin_of(each.dosage.stop if each.dosage else None) or begin_of(reading.period))
        for each in own_medicines(reading)
    ]


async def the_one(call: Call, name: str) -> RegimenEntry | Finding:
    """The one medicine of the record that is meant, or why there is none."""
    found = await entries(call, name)
    if not found:
        return unlisted(name, call)
    return found[0] if len(found) == 1 else not_evaluated("medications.unclear", UNCLEAR, "several medicines fit")


async def _propose_begun(call: Call, asked: Begun) -> Proposal | Sequence[Finding]:
    if asked.since and asked.since > call.said_at:
        text = "That day is still to come, so I did not write it down. Tell me when you have begun."
        return [not_evaluated("medications.future", text, "future")]
    unread = medications.unread(asked.directions) if asked.directions else None
    how = asked.directions or "not said"
    details = {"Medicine": asked.name, "How": f"{how} (kept as text: {unread})" if unread else how}
    details["Since"] = insights.day(asked.since) if asked.since else "not said"
    warnings = await _warnings(call, asked)
    if warnings:
        details["Before you do"] = " ".join(warnings)
    told = f"{asked.name}{f', {asked.directions}' if asked.directions else ''}"
    summary = " ".join([*warnings, f"Shall I write down that you take {told}? {NOT_A_DECISION}"])
    return Proposal("Write down this medicine?", summary, details)


async def _warnings(call: Call, begun: Begun) -> list[str]:
    """What interrupts when this medicine is held against the record; it is said before anything is written."""
    current = await medications.taken_now(call.tx, call.patient_id, call.now, timezone=timezone(call))
    person = await medications.person_of(
        call.tx, call.patient_id, now=call.now, readable=call.readable, own=call.run.own_record
    )
    schedule = medications.schedule_from_words(begun.directions) if begun.directions else None
    dose = medications.dose_of(schedule.steps) if schedule and len(schedule.steps) == 1 else None
    asked = medications.Medicine(begun.name, dose, origin="asked")
    found = medications.check([asked, *current], person=person, library=call.run.library)
    return [each.text for each in found if each.urgency is Urgency.URGENT and each.status is Status.FOUND]


async def _write_begun(call: Call, asked: Begun, key: UUID) -> str:
    new = NewMedicine(asked.name, asked.directions, since=_date(asked.since))
    entry = await medications.add_medicine(
        *(call.tx, call.patient_id, new),
        statement_id=key,
        actor=call.run.principal,
        now=call.now,
        timezone=timezone(call),
    )
    return f"Medicine/{entry.id}"


def _date(at: datetime | None) -> str | None:
    return at.date().isoformat() if at else None


async def read_back(call: Call, ref: str) -> Sequence[Finding]:
    """The medicine as it is in the record now."""
    entry = await medications.medicine(
        call.tx, call.patient_id, UUID(ref.partition("/")[2]), call.now, timezone=timezone(call)
    )
    how = f", {medications.schedule_words(entry.schedule)}" if entry.schedule else ""
    state = "is taken" if entry.is_taken else f"is not taken any more{f' since {entry.until}' if entry.until else ''}"
    text = f"{WRITTEN} {insights.capital(entry.name)} {state}{how}."
    values = (Value(name="drug", text=entry.name),)
    return [Finding(kind="medications.written", text=text, status=Status.FOUND, values=values, evidence=entry.evidence)]


async def _propose_ended(call: Call, asked: Ended) -> Proposal | Sequence[Finding]:
    entry = await the_one(call, asked.name)
    if isinstance(entry, Finding):
        return [entry]
    on = asked.on or call.said_at
    details = {"Medicine": entry.name, "Stopped on": insights.day(on)}
    summary = f"Shall I write down that {entry.name} was stopped on {insights.day(on)}? {NOT_A_DECISION}"
    return Proposal("Write down that this medicine was stopped?", summary, details)


async def _write_ended(call: Call, asked: Ended, key: UUID) -> str:
    entry = await the_one(call, asked.name)
    assert isinstance(entry, RegimenEntry), "it was there when it was proposed"
    stopped = await medications.stop(
        *(call.tx, call.patient_id, entry.id),
        on=_date(asked.on),
        reason=None,
        version=None,
        actor=call.run.principal,
        now=call.now,
        ids=lambda: key,
        timezone=timezone(call),
    )
    return f"Medicine/{stopped.id}"


LOG_MEDICINE = WriteTool(
    name="log_medicine",
    description="Write down a medicine that the person takes, with its directions, after the person confirmed it.",
    arguments=Begun,
    intents=frozenset({IntentName.MEDICATIONS_LOG}),
    plan=_begun,
    reads=medications.USED,
    writes=MEDICATIONS,
    propose=_propose_begun,
    write=_write_begun,
    read_back=read_back,
)
STOP_MEDICINE = WriteTool(
    name="stop_medicine",
    description="Write down that a medicine was stopped, after the person confirmed it.",
    arguments=Ended,
    intents=frozenset({IntentName.MEDICATIONS_STOP}),
    plan=_ended,
    writes=MEDICATIONS,
    propose=_propose_ended,
    write=_write_ended,
    read_back=read_back,
)

TOOLS = (LOG_MEDICINE, STOP_MEDICINE)
