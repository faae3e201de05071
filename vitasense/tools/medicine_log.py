"""Tools that write of medicines: one that is begun or stopped, a dose, what is left, what came of it. Each asks first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from vitasense.deterministic import insights, medications
from vitasense.deterministic.intake import Dosage, Entity, EntityType, IntentName, Period, Reading
from vitasense.deterministic.medications import DoseSaid, DoseStatus, NewMedicine, RegimenEntry, SymptomSaid
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value, not_evaluated
from vitasense.tools.context import Call, Proposal
from vitasense.tools.medications import MEDICATIONS, NOTES, entries, supply_in, unlisted
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


class Taken(Arguments):
    """A dose that was taken or missed."""

    name: str = Field(min_length=1, max_length=200)
    status: Literal["taken", "missed"]
    at: datetime | None = None


class Left(Arguments):
    """How much of a medicine is left, in pieces."""

    name: str = Field(min_length=1, max_length=200)
    quantity: float = Field(gt=0, le=10_000)


class Blamed(Arguments):
    """A symptom that is put down to a medicine."""

    name: str = Field(min_length=1, max_length=200)
    symptom: str = Field(min_length=1, max_length=200)
    since: datetime | None = None


def _own(reading: Reading) -> list[Entity]:
    """The medicines that the person tells of themselves, each once."""
    found = [each for each in reading.of_type(EntityType.DRUG) if not each.negated and each.experiencer == "patient"]
    return list({each.name: each for each in found}.values())[:MOST]


def _begun(reading: Reading) -> Sequence[Begun]:
    return [
        Begun(
            name=_called(each), directions=_directions(each), since=_start(each.dosage.start if each.dosage else None)
        )
        for each in _own(reading)
        if not each.doubt
    ]


def _called(entity: Entity) -> str:
    strength = entity.dosage.strength if entity.dosage else None
    name = entity.text or entity.name
    return f"{name} {insights.amount(strength.value, strength.unit or '')}" if strength else name


def _directions(entity: Entity) -> str | None:
    """The directions in the words that schedules are read from ("2 tablets three times a day with food")."""
    dosage = entity.dosage
    if dosage is None:
        return None
    parts = [_amount(entity, dosage), dosage.frequency.text if dosage.frequency else None, dosage.food]
    parts.append("as needed" if dosage.as_needed else None)
    return " ".join(filter(None, parts)) or None


def _amount(entity: Entity, dosage: Dosage) -> str | None:
    if dosage.dose:
        return insights.amount(dosage.dose.value, dosage.dose.unit or "")
    if entity.quantity and dosage.form:
        return f"{insights.number(entity.quantity)} {dosage.form}{'s' if entity.quantity != 1 else ''}"
    return None


def _start(period: Period | None) -> datetime | None:
    return period.start if period else None


def _ended(reading: Reading) -> Sequence[Ended]:
    return [
        Ended(name=each.name, on=_start(each.dosage.stop if each.dosage else None) or _start(reading.period))
        for each in _own(reading)
    ]


def _doses(reading: Reading) -> Sequence[Taken]:
    words = reading.text.casefold()
    missed = any(word in words for word in ("missed", "forgot", "skip", "left out"))
    return [
        Taken(name=each.name, status="missed" if missed else "taken", at=_start(each.when or reading.period))
        for each in _own(reading)
    ]


def _left(reading: Reading) -> Sequence[Left]:
    return [
        Left(name=each.name, quantity=each.quantity) for each in _own(reading) if each.quantity and supply_in(reading)
    ]


def _blamed(reading: Reading) -> Sequence[Blamed]:
    if reading.question:
        return []
    symptoms = [each for each in reading.of_type(EntityType.SYMPTOM) if not each.negated]
    return [
        Blamed(name=drug.name, symptom=each.name, since=_start(each.when or reading.period))
        for drug in _own(reading)[:1]
        for each in symptoms[:MOST]
    ]


async def _one(call: Call, name: str) -> RegimenEntry | Finding:
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


async def _read_back(call: Call, ref: str) -> Sequence[Finding]:
    entry = await medications.medicine(
        call.tx, call.patient_id, UUID(ref.partition("/")[2]), call.now, timezone=timezone(call)
    )
    how = f", {medications.schedule_words(entry.schedule)}" if entry.schedule else ""
    state = "is taken" if entry.is_taken else f"is not taken any more{f' since {entry.until}' if entry.until else ''}"
    text = f"{WRITTEN} {insights.capital(entry.name)} {state}{how}."
    values = (Value(name="drug", text=entry.name),)
    return [Finding(kind="medications.written", text=text, status=Status.FOUND, values=values, evidence=entry.evidence)]


async def _propose_ended(call: Call, asked: Ended) -> Proposal | Sequence[Finding]:
    entry = await _one(call, asked.name)
    if isinstance(entry, Finding):
        return [entry]
    on = asked.on or call.said_at
    details = {"Medicine": entry.name, "Stopped on": insights.day(on)}
    summary = f"Shall I write down that {entry.name} was stopped on {insights.day(on)}? {NOT_A_DECISION}"
    return Proposal("Write down that this medicine was stopped?", summary, details)


async def _write_ended(call: Call, asked: Ended, key: UUID) -> str:
    entry = await _one(call, asked.name)
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


async def _propose_dose(call: Call, asked: Taken) -> Proposal | Sequence[Finding]:
    entry = await _one(call, asked.name)
    if isinstance(entry, Finding):
        return [entry]
    at = asked.at or call.said_at
    if at > call.said_at:
        return [
            not_evaluated("medications.future", "That time is still to come, so I did not write it down.", "future")
        ]
    details = {"Medicine": entry.name, "Dose": asked.status, "When": f"{at:%d %B %Y, %H:%M %Z}".strip()}
    told = f"a dose of {entry.name} was {asked.status} ({details['When']})"
    return Proposal("Write down this dose?", f"Shall I write down that {told}?", details)


async def _write_dose(call: Call, asked: Taken, key: UUID) -> str:
    entry = await _one(call, asked.name)
    assert isinstance(entry, RegimenEntry), "it was there when it was proposed"
    said = DoseSaid(DoseStatus(asked.status), min(asked.at or call.said_at, call.now))
    await medications.log_dose(
        *(call.tx, call.patient_id, entry.id, said),
        dose_id=key,
        actor=call.run.principal,
        now=call.now,
        ids=new_id,
        timezone=timezone(call),
    )
    return f"Dose/{key}"


async def _read_dose(call: Call, ref: str) -> Sequence[Finding]:
    dose_id = UUID(ref.partition("/")[2])
    last = (await medications.dose_history(call.tx, call.patient_id, dose_id))[-1]
    text = f"It is in the log: {last.status.value} on {insights.day(last.at)}."
    evidence = Evidence(kind="record", ref=ref, version=str(last.version), label="Dose", at=last.at)
    return [Finding(kind="medications.dose", text=text, status=Status.FOUND, evidence=(evidence,))]


async def _propose_left(call: Call, asked: Left) -> Proposal | Sequence[Finding]:
    entry = await _one(call, asked.name)
    if isinstance(entry, Finding):
        return [entry]
    told = f"{insights.number(asked.quantity)} of {entry.name}"
    details = {"Medicine": entry.name, "Left": insights.number(asked.quantity)}
    return Proposal("Write down what is left?", f"Shall I write down that {told} are left?", details)


async def _write_left(call: Call, asked: Left, key: UUID) -> str:
    entry = await _one(call, asked.name)
    assert isinstance(entry, RegimenEntry), "it was there when it was proposed"
    await medications.count_supply(
        *(call.tx, call.patient_id, entry.id),
        count_id=key,
        quantity=asked.quantity,
        unit=None,
        at=call.said_at,
        actor=call.run.principal,
        now=call.now,
        timezone=timezone(call),
    )
    return f"Medicine/{entry.id}"


async def _propose_blamed(call: Call, asked: Blamed) -> Proposal | Sequence[Finding]:
    entry = await _one(call, asked.name)
    if isinstance(entry, Finding):
        return [entry]
    since = asked.since or call.said_at
    details = {"Symptom": asked.symptom, "Medicine": entry.name, "Since": insights.day(since)}
    told = f"{asked.symptom} since {insights.day(since)}, which you put down to {entry.name}"
    return Proposal("Write down this side effect?", f"Shall I write down {told}?", details)


async def _write_blamed(call: Call, asked: Blamed, key: UUID) -> str:
    entry = await _one(call, asked.name)
    assert isinstance(entry, RegimenEntry), "it was there when it was proposed"
    await medications.report_side_effect(
        *(call.tx, call.patient_id, entry.id, SymptomSaid(asked.symptom, asked.since or call.said_at)),
        link_id=key,
        note=None,
        actor=call.run.principal,
        now=call.now,
        timezone=timezone(call),
    )
    return f"Medicine/{entry.id}"


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
    read_back=_read_back,
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
    read_back=_read_back,
)
LOG_DOSE = WriteTool(
    name="log_dose",
    description="Write down that a dose was taken or missed, after the person confirmed it.",
    arguments=Taken,
    intents=frozenset({IntentName.MEDICATIONS_TAKEN}),
    plan=_doses,
    writes=MEDICATIONS,
    propose=_propose_dose,
    write=_write_dose,
    read_back=_read_dose,
)
COUNT_SUPPLY = WriteTool(
    name="count_supply",
    description="Write down how much of a medicine is left, after the person confirmed it.",
    arguments=Left,
    intents=frozenset({IntentName.MEDICATIONS_REFILL}),
    plan=_left,
    writes=MEDICATIONS,
    propose=_propose_left,
    write=_write_left,
    read_back=_read_back,
)
BLAME_MEDICINE = WriteTool(
    name="report_side_effect",
    description="Write down a symptom that the person puts down to a medicine, after the person confirmed it.",
    arguments=Blamed,
    intents=frozenset({IntentName.MEDICATIONS_SIDE_EFFECTS}),
    plan=_blamed,
    writes=MEDICATIONS | NOTES,
    propose=_propose_blamed,
    write=_write_blamed,
    read_back=_read_back,
)

TOOLS = (LOG_MEDICINE, STOP_MEDICINE, LOG_DOSE, COUNT_SUPPLY, BLAME_MEDICINE)
