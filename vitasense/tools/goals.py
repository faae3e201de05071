"""Tools about goals: setting one, how it goes, and answering a suggestion."""

import re
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Literal
from uuid import UUID

from vitasense.deterministic import goals, insights, tracking
from vitasense.deterministic.goals import Goal, GoalState, Per, Person
from vitasense.deterministic.intake import Entity, EntityType, IntentName, Reading, metric
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.findings import Finding, Status, not_evaluated
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units import convert
from vitasense.tools.context import Call, Proposal
from vitasense.tools.health import subject
from vitasense.tools.tool import Arguments, ReadTool, WriteTool
from vitasense.tools.tracking import STREAMED, VITALS, codes_of, timezone

HEIGHT = "8302-2"
# Words that name what is aimed at where intake finds no measurement ("my step goal") → LOINC code.
_NAMED = {"step": "55423-8", "walk": "55423-8", "sleep": "93832-4", "weight": "29463-7", "exercise": "55411-3"}
_WORD = re.compile(r"\b(step|walk|sleep|weight|exercise)(?:s|ing|ed)?\b", re.IGNORECASE)
_MOST = re.compile(r"\b(?:at most|under|below|less than|no more than|not more than|maximum|max)\b", re.IGNORECASE)
_LEAST = re.compile(r"\b(?:at least|over|above|more than|minimum|min)\b", re.IGNORECASE)
_WEEK = re.compile(r"\b(?:per|a|each|every) week\b|\bweekly\b", re.IGNORECASE)
_LOWERED = frozenset({"29463-7", "8480-6", "8462-4", "39156-5", "41982-0", "8280-0", "40443-4", "8867-4", "2339-0"})
NO_TARGET = 'I need what you aim for with its number, for example: "Set a goal of 8,000 steps".'
ONLY_THE_PERSON = "Only the person accepts, refuses or ends a goal of theirs."


class NewGoal(Arguments):
    """What to aim for: LOINC metric, number and UCUM unit; None when the message does not say it."""

    metric: str | None = None
    target: float | None = None
    unit: str | None = None
    direction: Literal["at_least", "at_most"] = "at_least"
    per: Per | None = None


class Which(Arguments):
    """Which goal, by its LOINC metric; the only one when none was said."""

    metric: str | None = None


def _new(reading: Reading) -> Sequence[NewGoal]:
    valued = [each for each in reading.of_type(EntityType.VITAL, EntityType.LAB) if _usable(each)]
    if not valued:
        return [NewGoal(metric=_metric(reading))]
    return [_of_entity(each, reading.text) for each in valued[:1]]


def _usable(entity: Entity) -> bool:
    own = not entity.negated and entity.experiencer == "patient" and not entity.doubt
    return own and entity.value is not None and entity.second_value is None and entity.unit is not None


def _of_entity(entity: Entity, text: str) -> NewGoal:
    found = metric(entity.code or "")
    code = found.members[0] if found and found.members else entity.code
    said: Literal["at_least", "at_most"] = "at_most" if code in _LOWERED else "at_least"
    if _MOST.search(text):
        said = "at_most"
    elif _LEAST.search(text):
        said = "at_least"
    per: Per | None = "week" if _WEEK.search(text) else None
    return NewGoal(metric=code, target=entity.value, unit=entity.unit, direction=said, per=per)


def _metric(reading: Reading) -> str | None:
    named = next(iter(codes_of(reading, EntityType.VITAL, EntityType.LAB)), None)
    word = _WORD.search(reading.text)
    return named or (_NAMED[word[1].lower()] if word else None)


def _which(reading: Reading) -> Sequence[Which]:
    return [Which(metric=_metric(reading))]


async def _person(call: Call) -> Person:
    """What the limits of a goal need to know; the record does not say whether there is a pregnancy."""
    height = (await tracking.latest(call.tx, call.patient_id, [HEIGHT])).get(HEIGHT)
    try:
        tall = convert(height.value, height.unit, "cm", HEIGHT) if height else None
    except InvalidInput:
        tall = None
    age = call.run.person.age
    return Person(int(age) if age is not None else None, tall)


async def _propose_new(call: Call, asked: NewGoal) -> Proposal | Sequence[Finding]:  # noqa: ARG001 every tool is called alike
    if asked.metric is None or asked.target is None or asked.unit is None:
        return [not_evaluated("goal.set", NO_TARGET, "no target in the message")]
    per = "week" if asked.per == "week" else ""
    name, bound = insights.measures(asked.metric), asked.direction.replace("_", " ")
    aim = f"{name}: {bound} {insights.amount(asked.target, asked.unit)}{f' per {per}' if per else ''}"
    summary = f"Shall I set this goal: {aim}?"
    return Proposal("Set this goal?", summary, {"Goal": aim})


async def _set(call: Call, asked: NewGoal, key: UUID) -> str:  # noqa: ARG001 the registry writes once
    assert asked.metric is not None and asked.target is not None, "only a goal with a target is proposed"
    made = await goals.set_goal(
        call.tx,
        call.patient_id,
        metric=asked.metric,
        target=asked.target,
        unit=asked.unit,
        direction=asked.direction,
        per=asked.per,
        person=await _person(call),
        actor=call.run.principal,
        now=call.now,
        ids=new_id,
    )
    return f"Goal/{made.goal.id}/{'|'.join(made.notes)}"


async def _set_back(call: Call, ref: str) -> Sequence[Finding]:
    _, named, notes = ref.split("/", 2)
    kept = insights.goal_finding(await goals.goal(call.tx, call.patient_id, UUID(named)), subject(call))
    said = " ".join(notes.split("|")).strip()
    return [kept.model_copy(update={"text": f"{kept.text} {said}".strip()})]


async def _progress(call: Call, asked: Which) -> Sequence[Finding]:
    states = frozenset({GoalState.ACTIVE, GoalState.SUGGESTED})
    found = await goals.goals(call.tx, call.patient_id, states, asked.metric)
    if not found:
        about = f" for {insights.measures(asked.metric)}" if asked.metric else ""
        whose = "You have" if call.run.own_record else "The patient has"
        return [Finding(kind="goal.progress", text=f"{whose} no goal{about}.", status=Status.NOT_FOUND)]
    return [await _told(call, each) for each in found]


async def _told(call: Call, goal: Goal) -> Finding:
    about = subject(call)
    if goal.state is not GoalState.ACTIVE:
        return insights.goal_finding(goal, about)
    how = await insights.progress_of(call.tx, call.patient_id, goal, about, timezone(call))
    return insights.progress_finding(goal, how, about)


async def _chosen(call: Call, asked: Which, state: GoalState, kind: str) -> Goal | list[Finding]:
    if not call.run.own_record:
        return [not_evaluated(kind, ONLY_THE_PERSON, "not the own record")]
    found = await goals.goals(call.tx, call.patient_id, frozenset({state}), asked.metric)
    if len(found) == 1:
        return found[0]
    what = "suggested goal" if state is GoalState.SUGGESTED else "active goal"
    if not found:
        return [not_evaluated(kind, f"There is no {what} of that kind, so I changed nothing.", "no such goal")]
    names = insights.listed([insights.goal_words(each) for each in found])
    return [not_evaluated(kind, f"There are several: {names}. Please say which one you mean.", "several goals")]


async def _propose(
    call: Call, asked: Which, *, state: GoalState, kind: str, title: str, words: str
) -> Proposal | Sequence[Finding]:
    chosen = await _chosen(call, asked, state, kind)
    if not isinstance(chosen, Goal):
        return chosen
    aim = insights.goal_words(chosen)
    return Proposal(title, words.format(goal=aim), {"Goal": aim})


Change = Callable[[Call, UUID], Awaitable[Goal]]


async def _write(call: Call, asked: Which, key: UUID, *, state: GoalState, kind: str, change: Change) -> str:  # noqa: ARG001
    chosen = await _chosen(call, asked, state, kind)
    if not isinstance(chosen, Goal):
        return "Goal//"
    changed = await change(call, chosen.id)
    return f"Goal/{changed.id}/"


async def _accept(call: Call, goal_id: UUID) -> Goal:
    who, now = call.run.principal, call.now
    return await goals.accept(call.tx, call.patient_id, goal_id, actor=who, now=now, ids=new_id)


async def _refuse(call: Call, goal_id: UUID) -> Goal:
    who, now = call.run.principal, call.now
    return await goals.refuse(call.tx, call.patient_id, goal_id, actor=who, now=now, ids=new_id)


async def _end(call: Call, goal_id: UUID) -> Goal:
    who, now = call.run.principal, call.now
    return await goals.end(call.tx, call.patient_id, goal_id, actor=who, now=now, ids=new_id)


async def _changed_back(call: Call, ref: str) -> Sequence[Finding]:
    named = ref.split("/")[1]
    if not named:
        return [not_evaluated("goal.changed", "That goal was changed in the meantime.", "changed since")]
    return [insights.goal_finding(await goals.goal(call.tx, call.patient_id, UUID(named)), subject(call))]


def _answering(
    name: str, description: str, intent: IntentName, state: GoalState, title: str, words: str, change: Change
) -> WriteTool[Which]:
    kind = intent.value.replace("goals", "goal")
    return WriteTool(
        name=name,
        description=description,
        arguments=Which,
        intents=frozenset({intent}),
        plan=_which,
        reads=STREAMED,
        writes=VITALS,
        propose=partial(_propose, state=state, kind=kind, title=title, words=words),
        write=partial(_write, state=state, kind=kind, change=change),
        read_back=_changed_back,
    )


SET = WriteTool(
    name="set_goal",
    description="Set a goal that the person said, after the person confirmed it.",
    arguments=NewGoal,
    intents=frozenset({IntentName.GOALS_SET}),
    plan=_new,
    reads=STREAMED,
    writes=VITALS,
    propose=_propose_new,
    write=_set,
    read_back=_set_back,
)
PROGRESS = ReadTool(
    name="goal_progress",
    description="The goals of the person and how they go, of one measurement or of all.",
    arguments=Which,
    intents=frozenset({IntentName.GOALS_PROGRESS}),
    plan=_which,
    admits=lambda asked, _: asked.metric is None or metric(asked.metric) is not None,
    reads=STREAMED,
    needs=VITALS,
    run=_progress,
)
ACCEPT = _answering(
    "accept_goal",
    "Take on a goal that was suggested, after the person confirmed it.",
    IntentName.GOALS_ACCEPT,
    GoalState.SUGGESTED,
    "Take on this goal?",
    "Shall I take on this goal from now on: {goal}?",
    _accept,
)
REFUSE = _answering(
    "refuse_goal",
    "Refuse a goal that was suggested, after the person confirmed it.",
    IntentName.GOALS_REFUSE,
    GoalState.SUGGESTED,
    "Refuse this goal?",
    "Shall I drop this suggestion: {goal}? It is not made again for a while.",
    _refuse,
)
STOP = _answering(
    "stop_goal",
    "End an active goal, after the person confirmed it.",
    IntentName.GOALS_STOP,
    GoalState.ACTIVE,
    "End this goal?",
    "Shall I end this goal: {goal}? How it went stays in your record.",
    _end,
)

TOOLS = (SET, PROGRESS, ACCEPT, REFUSE, STOP)
