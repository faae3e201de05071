"""Tools about alarms: which wait, why they were raised, acknowledging them and putting them off."""

import re
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from vitasense.deterministic import alarms, decisions, insights
from vitasense.deterministic.alarms import Alarm
from vitasense.deterministic.intake import EntityType, IntentName, Reading, metric, wait_words, waits_until
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.findings import Finding, Status, Value, not_evaluated
from vitasense.tools.context import Call, Proposal
from vitasense.tools.health import subject
from vitasense.tools.tool import Arguments, ReadTool, WriteTool
from vitasense.tools.tracking import STREAMED, WATCHED, codes_of, not_shared

RECENT = timedelta(days=30)
MOST = 100
NONE_OPEN = "There is no open alert, so there is nothing to change."
NO_TIME = 'I need to know until when, for example: "Snooze it for two hours" or "until tomorrow".'
_ALL = re.compile(r"\b(?:all|past|every|history|previous|last|latest|recent)\b", re.IGNORECASE)


class About(Arguments):
    """Which alarm: the measurement (LOINC) that it is about; the only open one, or the last, when none was said."""

    code: str | None = None


class Which(Arguments):
    """Open alarms, or all of the last month."""

    only_open: bool = True


class Snooze(About):
    """Until when, in the person's words."""

    words: str | None = None


def _about(reading: Reading) -> Sequence[About]:
    return [About(code=_code(reading))]


def _code(reading: Reading) -> str | None:
    return next(iter(codes_of(reading, EntityType.VITAL, EntityType.LAB)), None)


def _which(reading: Reading) -> Sequence[Which]:
    return [Which(only_open=not _ALL.search(reading.text))]


def _snooze(reading: Reading) -> Sequence[Snooze]:
    return [Snooze(code=_code(reading), words=wait_words(reading.text))]


async def _list(call: Call, asked: Which) -> Sequence[Finding]:
    if silent := not_shared(call, "alarm.list"):
        return silent
    found = await alarms.alarms(call.tx, call.patient_id, only_open=asked.only_open, limit=MOST)
    kept = [each for each in found if asked.only_open or each.changed_at >= call.now - RECENT]
    return insights.alarm_findings(kept, subject(call), only_open=asked.only_open)


async def _why(call: Call, asked: About) -> Sequence[Finding]:
    if silent := not_shared(call, "alarm.why"):
        return silent
    found = [each for each in await alarms.alarms(call.tx, call.patient_id, limit=MOST) if _is_about(each, asked.code)]
    if not found:
        name = f" about {_name(asked.code)}" if asked.code else ""
        text = f"I raised no alert{name}, or none that may be seen here."
        return [Finding(kind="alarm.why", text=text, status=Status.NOT_FOUND)]
    chosen = max(found, key=lambda each: (each.state.calls, each.changed_at))
    explained = await decisions.why(call.tx, call.patient_id, chosen.id)
    return insights.why_findings(chosen, explained, subject(call))


def _is_about(alarm: Alarm, code: str | None) -> bool:
    """Whether an alarm is about a measurement: its key, its title or a reading that it rests on says so."""
    if code is None:
        return True
    found = metric(code)
    codes = {code, *(found.codes if found else ()), *(found.members if found else ())}
    words = _name(code).lower()
    said = f"{alarm.key.replace('_', ' ')} {alarm.title}".lower()
    return words in said or any(f"/{each}/" in one.ref for each in codes for one in alarm.evidence)


def _name(code: str | None) -> str:
    found = metric(code) if code else None
    return found.name if found else (code or "")


async def _chosen(call: Call, code: str | None, kind: str) -> Alarm | list[Finding]:
    """The one open alarm that is meant, or why it cannot be told."""
    if silent := not_shared(call, kind):
        return silent
    found = await alarms.alarms(call.tx, call.patient_id, only_open=True, limit=MOST)
    meant = [each for each in found if _is_about(each, code)]
    calling = [each for each in meant if each.state.calls] or meant
    if len(calling) == 1:
        return calling[0]
    if not calling:
        text = f"There is no open alert about {_name(code)}." if code and found else NONE_OPEN
        return [not_evaluated(kind, text, "no such alert")]
    names = insights.listed([each.title for each in calling[:5]])
    text = f"There are {len(calling)} open alerts: {names}. Please say which one you mean."
    silence = not_evaluated(kind, text, "several alerts could be meant")
    return [silence.model_copy(update={"values": (Value(name="open alerts", number=len(calling)),)})]


async def _propose_acknowledge(call: Call, asked: About) -> Proposal | Sequence[Finding]:
    chosen = await _chosen(call, asked.code, "alarm.acknowledge")
    if not isinstance(chosen, Alarm):
        return chosen
    summary = f"Shall I note that you have seen this alert: {chosen.title}?"
    return Proposal("Acknowledge this alert?", summary, _details(chosen, call))


def _details(alarm: Alarm, call: Call) -> dict[str, str]:
    return {"Alert": alarm.title, "Raised": insights.at_words(alarm.raised_at, subject(call))}


async def _acknowledge(call: Call, asked: About, key: UUID) -> str:  # noqa: ARG001 the registry writes once
    chosen = await _chosen(call, asked.code, "alarm.acknowledge")
    if isinstance(chosen, Alarm):
        who, now = call.run.principal, call.now
        await alarms.acknowledge(call.tx, call.patient_id, chosen.id, who, now, ids=new_id, version=chosen.version)
        return f"Alarm/{chosen.id}"
    return "Alarm/"


async def _propose_snooze(call: Call, asked: Snooze) -> Proposal | Sequence[Finding]:
    until = waits_until(asked.words, call.said_at) if asked.words else None
    if until is None:
        return [not_evaluated("alarm.snooze", NO_TIME, "no time in the message")]
    if until <= call.now:
        return [not_evaluated("alarm.snooze", "That time is over already, so I put nothing off.", "in the past")]
    chosen = await _chosen(call, asked.code, "alarm.snooze")
    if not isinstance(chosen, Alarm):
        return chosen
    when = insights.at_words(until, subject(call))
    summary = f"Shall I put off this alert until {when}: {chosen.title}?"
    return Proposal("Put this alert off?", summary, {**_details(chosen, call), "Until": when})


async def _write_snooze(call: Call, asked: Snooze, key: UUID) -> str:  # noqa: ARG001 the registry writes once
    chosen, until = await _chosen(call, asked.code, "alarm.snooze"), waits_until(asked.words or "", call.said_at)
    if isinstance(chosen, Alarm) and until:
        who, now = call.run.principal, call.now
        await alarms.snooze(call.tx, call.patient_id, chosen.id, until, who, now, ids=new_id, version=chosen.version)
        return f"Alarm/{chosen.id}"
    return "Alarm/"


async def _alarm_back(call: Call, ref: str) -> Sequence[Finding]:
    named = ref.partition("/")[2]
    if not named:
        return [not_evaluated("alarm.changed", NONE_OPEN, "it is over")]
    changed = await alarms.alarm(call.tx, call.patient_id, UUID(named))
    return insights.alarm_findings([changed], subject(call), only_open=False)


LIST = ReadTool(
    name="alarms",
    description="The alerts that are open, or those of the last month.",
    arguments=Which,
    intents=frozenset({IntentName.ALARMS_LIST}),
    plan=_which,
    admits=lambda _, __: True,
    reads=WATCHED,
    run=_list,
)
WHY = ReadTool(
    name="why_alarm",
    description="Why an alert was raised: reading, guideline, what is usual, rule, confidence and what was done.",
    arguments=About,
    intents=frozenset({IntentName.ALARMS_WHY}),
    plan=_about,
    reads=WATCHED,
    run=_why,
)
ACKNOWLEDGE = WriteTool(
    name="acknowledge_alarm",
    description="Note that the person has seen an alert, after the person confirmed it.",
    arguments=About,
    intents=frozenset({IntentName.ALARMS_ACKNOWLEDGE}),
    plan=_about,
    reads=STREAMED,
    writes=STREAMED,
    propose=_propose_acknowledge,
    write=_acknowledge,
    read_back=_alarm_back,
)
SNOOZE = WriteTool(
    name="snooze_alarm",
    description="Put an alert off until a time that the person said, after the person confirmed it.",
    arguments=Snooze,
    intents=frozenset({IntentName.ALARMS_SNOOZE}),
    plan=_snooze,
    reads=STREAMED,
    writes=STREAMED,
    propose=_propose_snooze,
    write=_write_snooze,
    read_back=_alarm_back,
)
TOOLS = (LIST, WHY, ACKNOWLEDGE, SNOOZE)
