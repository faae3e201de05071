"""Tools about symptoms: writing one down, those that were logged, and readings of the same hours."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from vitasense.deterministic import insights, records
from vitasense.deterministic.intake import Entity, EntityType, IntentName, Reading
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, not_evaluated
from vitasense.tools.context import Call, Proposal
from vitasense.tools.health import subject
from vitasense.tools.tool import Arguments, ReadTool, WriteTool
from vitasense.tools.tracking import STREAMED, VITALS, codes_of, period_of

NOTES = frozenset({Category.NOTES})
MOST_LOGGED = 3  # symptoms that one message writes down
NOT_JUDGED = (
    "I only write it down: I cannot judge it. If it is severe, came suddenly or gets worse, get medical help now."
)
NO_SYMPTOM = 'I need to know which symptom, for example: "Log a headache, 6 out of 10, since this morning".'


class Felt(Arguments):
    """A symptom by its plain name, since when, and how strong: `score` of 10 or a word."""

    name: str
    since: datetime | None = None
    until: datetime | None = None
    score: float | None = None
    severity: str | None = None


class Logged(Arguments):
    """Symptoms of a time, of one name or of any."""

    name: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class Beside(Logged):
    """A symptom beside a measurement (LOINC)."""

    code: str


def _own(reading: Reading) -> list[Entity]:
    """The person's own complaints, each name once."""
    found = [
        each
        for each in reading.of_type(EntityType.SYMPTOM)
        if not each.negated and each.experiencer == "patient" and each.temporality != "hypothetical"
    ]
    return list({each.name: each for each in reversed(found)}.values())[::-1]


def _felt(reading: Reading) -> Sequence[Felt]:
    return [felt for each in _own(reading)[:MOST_LOGGED] if (felt := _said(each, reading))]


def _said(entity: Entity, reading: Reading) -> Felt | None:
    """What may be written; a score with a doubt, or a time that cannot be placed, may not."""
    course, when = entity.course, entity.when or reading.period
    since = course.since if course and course.since else when
    if entity.doubt or (since and since.start is None):
        return None
    until = since.end if since and not (course and course.since) else None
    return Felt(
        name=entity.name,
        since=since.start if since else None,
        until=until,
        score=course.score if course else None,
        severity=course.severity if course else None,
    )


def _logged(reading: Reading) -> Sequence[Logged]:
    time, names = period_of(reading), [each.name for each in reading.of_type(EntityType.SYMPTOM)]
    return [Logged(name=name, since=time.since, until=time.until) for name in dict.fromkeys(names) or [None]]


def _beside(reading: Reading) -> Sequence[Beside]:
    time, codes = period_of(reading), codes_of(reading, EntityType.VITAL)
    names = dict.fromkeys(each.name for each in reading.of_type(EntityType.SYMPTOM))
    return [Beside(name=name, code=code, since=time.since, until=time.until) for name in names for code in codes]


async def _propose(call: Call, asked: Felt) -> Proposal | Sequence[Finding]:
    since, until = _times(call, asked)
    if since > call.said_at:
        text = "That time is in the future, so I did not write it down."
        return [not_evaluated("symptom.future", text, "future")]
    about = subject(call)
    details = {"Symptom": asked.name, "Since": insights.at_words(since, about)}
    if until:
        details["Until"] = insights.at_words(until, about)
    if strong := _strength(asked):
        details["How strong"] = strong
    told = f"{asked.name}{f', {strong}' if strong else ''}, since {details['Since']}"
    return Proposal("Write down this symptom?", f"Shall I write this down: {told}? {NOT_JUDGED}", details)


def _times(call: Call, asked: Felt) -> tuple[datetime, datetime | None]:
    """Since when and until when; what is still going on has no end, and what was said without a time is of now."""
    if asked.since is None:
        return call.said_at, None
    until = asked.until if asked.until and asked.until < call.said_at else None
    return asked.since, until


def _strength(asked: Felt) -> str:
    if asked.score is not None:
        return f"{insights.number(asked.score)} out of 10"
    return asked.severity or ""


async def _write(call: Call, asked: Felt, key: UUID) -> str:
    since, until = _times(call, asked)
    written = await records.write_symptom(
        call.tx,
        call.patient_id,
        observation_id=key,
        name=asked.name,
        since=since,
        until=until,
        told_at=call.said_at,
        score=asked.score,
        severity=asked.severity,
    )
    return f"Observation/{written}"


async def _read_back(call: Call, ref: str) -> Sequence[Finding]:
    stored = [each for each in await records.symptoms(call.tx, call.patient_id) if each.evidence.ref == ref]
    if not stored:
        return [not_evaluated("symptom.log", "The symptom is not there. Please try again.", "not stored")]
    about = subject(call)
    told = insights.symptom_findings(stored, about, "symptom")
    if not call.readable & STREAMED:
        return told
    return [*told, *await insights.beside(call.tx, call.patient_id, stored[0], about)]


async def _list(call: Call, asked: Logged) -> Sequence[Finding]:
    found = await records.symptoms(call.tx, call.patient_id, asked.since, asked.until)
    meant = [each for each in found if asked.name is None or each.name.casefold() == asked.name.casefold()]
    return insights.symptom_findings(meant, subject(call), asked.name or "symptom")


async def _together(call: Call, asked: Beside) -> Sequence[Finding]:
    name = (asked.name or "").casefold()
    about = subject(call)
    return await insights.together(call.tx, call.patient_id, name, asked.code, asked.since, asked.until, about)


LOG = WriteTool(
    name="log_symptom",
    description="Write down a symptom that the person tells, with its score and since when, after they confirmed it.",
    arguments=Felt,
    intents=frozenset({IntentName.SYMPTOMS_LOG}),
    plan=_felt,
    reads=NOTES | STREAMED,
    writes=NOTES,
    propose=_propose,
    write=_write,
    read_back=_read_back,
)
LIST = ReadTool(
    name="symptoms",
    description="The symptoms that were logged, of one name or of any, in a time.",
    arguments=Logged,
    intents=frozenset({IntentName.SYMPTOMS_LIST}),
    plan=_logged,
    reads=NOTES,
    needs=NOTES,
    run=_list,
)
TOGETHER = ReadTool(
    name="symptoms_with_readings",
    description="How often a symptom was logged when a vital sign, by LOINC code, was high or low.",
    arguments=Beside,
    intents=frozenset({IntentName.SYMPTOMS_WITH_READINGS}),
    plan=_beside,
    reads=NOTES | VITALS,
    needs=NOTES | VITALS,
    run=_together,
)

TOOLS = (LOG, LIST, TOGETHER)
