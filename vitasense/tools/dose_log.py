"""Tools that write what happens with a medicine: a dose, what is left, what came of it. Each asks first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from vitasense.deterministic import insights, medications
from vitasense.deterministic.intake import EntityType, IntentName, Reading
from vitasense.deterministic.medications import DoseSaid, DoseStatus, RegimenEntry, SymptomSaid
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, not_evaluated
from vitasense.tools.context import Call, Proposal
from vitasense.tools.medications import MEDICATIONS, NOTES, supply_in
from vitasense.tools.medicine_asking import asks_for_check
from vitasense.tools.medicine_log import MOST, begin_of, own_medicines, read_back, the_one
from vitasense.tools.tool import Arguments, WriteTool
from vitasense.tools.tracking import timezone


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


def _doses(reading: Reading) -> Sequence[Taken]:
    """None beside a question whether it may be taken: "I took ibuprofen, can I still take my apixaban tonight?"."""
    if reading.question and asks_for_check(reading):
        return []
    words = reading.text.casefold()
    missed = any(word in words for word in ("missed", "forgot", "skip", "left out"))
    return [
        Taken(name=each.name, status="missed" if missed else "taken", at=begin_of(each.when or reading.period))
        for each in own_medicines(reading)
    ]


def _left(reading: Reading) -> Sequence[Left]:
    return [
        Left(name=each.name, quantity=each.quantity)
        for each in own_medicines(reading)
        if each.quantity and supply_in(reading)
    ]


def _blamed(reading: Reading) -> Sequence[Blamed]:
    if reading.question:
        return []
    symptoms = [each for each in reading.of_type(EntityType.SYMPTOM) if not each.negated]
    return [
        Blamed(name=drug.name, symptom=each.name, since=begin_of(each.when or reading.period))
        for drug in own_medicines(reading)[:1]
        for each in symptoms[:MOST]
    ]


async def _propose_dose(call: Call, asked: Taken) -> Proposal | Sequence[Finding]:
    entry = await the_one(call, asked.name)
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
    entry = await the_one(call, asked.name)
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
    entry = await the_one(call, asked.name)
    if isinstance(entry, Finding):
        return [entry]
    told = f"{insights.number(asked.quantity)} of {entry.name}"
    details = {"Medicine": entry.name, "Left": insights.number(asked.quantity)}
    return Proposal("Write down what is left?", f"Shall I write down that {told} are left?", details)


async def _write_left(call: Call, asked: Left, key: UUID) -> str:
    entry = await the_one(call, asked.name)
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
    entry = await the_one(call, asked.name)
    if isinstance(entry, Finding):
        return [entry]
    since = asked.since or call.said_at
    details = {"Symptom": asked.symptom, "Medicine": entry.name, "Since": insights.day(since)}
    told = f"{asked.symptom} since {insights.day(since)}, which you put down to {entry.name}"
    return Proposal("Write down this side effect?", f"Shall I write down {told}?", details)


async def _write_blamed(call: Call, asked: Blamed, key: UUID) -> str:
    entry = await the_one(call, asked.name)
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
    read_back=read_back,
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
    read_back=read_back,
)

TOOLS = (LOG_DOSE, COUNT_SUPPLY, BLAME_MEDICINE)
