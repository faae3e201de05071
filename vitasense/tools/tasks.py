"""Tools about what the person is asked to do: what waits, and answering a question of the service."""

import re
from collections.abc import Sequence
from uuid import UUID

from vitasense.deterministic import alarms, insights
from vitasense.deterministic.alarms import Task, TaskKind, TaskState
from vitasense.deterministic.intake import IntentName, Reading
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.findings import Finding, not_evaluated
from vitasense.deterministic.platform.untrusted import shown
from vitasense.tools.context import Call, Proposal
from vitasense.tools.health import subject
from vitasense.tools.tool import Arguments, Nothing, ReadTool, WriteTool, once
from vitasense.tools.tracking import STREAMED, WATCHED, not_shared

MOST = 100
NO_ANSWER = 'I need your answer in words, for example: "My answer is: no, I took them in the morning."'
NO_QUESTION = "No question waits for an answer of yours."
_ANSWER = re.compile(
    r"^\W*(?:my answer|the answer|answer|i answer|to your question|answering your question)"
    r"(?: to (?:your|the) question)?(?: is)?\s?[:,]?\s?(?P<said>.+)$",
    re.IGNORECASE | re.DOTALL,
)


class Said(Arguments):
    """The answer in the person's words."""

    words: str = ""


def _said(reading: Reading) -> Sequence[Said]:
    found = _ANSWER.search(reading.text)
    return [Said(words=found["said"].strip() if found else "")]


async def _tasks(call: Call, _: Nothing) -> Sequence[Finding]:
    if silent := not_shared(call, "task.list"):
        return silent
    found = await alarms.tasks(call.tx, call.patient_id, TaskState.OPEN, MOST)
    return insights.task_findings(found, subject(call))


async def _question(call: Call) -> Task | list[Finding]:
    found = await alarms.tasks(call.tx, call.patient_id, TaskState.OPEN, MOST)
    asked = [each for each in found if each.kind is TaskKind.QUESTION]
    return asked[0] if asked else [not_evaluated("task.answer", NO_QUESTION, "no open question")]


async def _propose_answer(call: Call, asked: Said) -> Proposal | Sequence[Finding]:
    if not call.run.own_record:
        text = "Only the person answers what the person was asked."
        return [not_evaluated("task.answer", text, "not the own record")]
    question = await _question(call)
    if not isinstance(question, Task):
        return question
    if not asked.words:
        return [not_evaluated("task.answer", f"I asked: {question.text} {NO_ANSWER}", "no answer in the message")]
    details = {"Question": question.text, "Answer": shown(asked.words)}
    return Proposal("Keep this answer?", f"Shall I keep your answer to: {question.text}", details)


async def _write_answer(call: Call, asked: Said, key: UUID) -> str:  # noqa: ARG001 the registry writes once
    question = await _question(call)
    if not isinstance(question, Task):
        return "Task/"
    done = await alarms.answer(
        call.tx, call.patient_id, question.id, asked.words, actor=call.run.principal, now=call.now, ids=new_id
    )
    return f"Task/{done.id}"


async def _answer_back(call: Call, ref: str) -> Sequence[Finding]:
    named = ref.partition("/")[2]
    if not named:
        return [not_evaluated("task.answer", NO_QUESTION, "no open question")]
    done = await alarms.tasks(call.tx, call.patient_id, TaskState.DONE, MOST)
    task = next((each for each in done if str(each.id) == named), None)
    if task is None:
        return [not_evaluated("task.answer", "Your answer is not there. Please try again.", "not stored")]
    return [insights.answer_finding(task)]


TASKS = ReadTool(
    name="tasks",
    description="What the person is asked to do: measure again, answer a question, see to a device.",
    arguments=Nothing,
    intents=frozenset({IntentName.TASKS_LIST}),
    plan=once,
    reads=WATCHED,
    run=_tasks,
)
ANSWER = WriteTool(
    name="answer_question",
    description="Keep the person's answer to a question of the service, after the person confirmed it.",
    arguments=Said,
    intents=frozenset({IntentName.TASKS_ANSWER}),
    plan=_said,
    reads=STREAMED,
    writes=STREAMED,
    propose=_propose_answer,
    write=_write_answer,
    read_back=_answer_back,
)

TOOLS = (TASKS, ANSWER)
