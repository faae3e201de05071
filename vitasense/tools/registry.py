"""The one way any tool is called: allow-list, consent, confirmation, audit, timing and errors happen here, once."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID, uuid5

from langgraph.errors import GraphBubbleUp
from langgraph.types import interrupt
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import records
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, not_evaluated
from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed, Problem
from vitasense.deterministic.platform.telemetry import Metrics, span
from vitasense.deterministic.platform.untrusted import shown
from vitasense.guardrails import quoted
from vitasense.tools.context import Call, Proposal, RunContext
from vitasense.tools.tool import AnyTool, Arguments, ReadTool, WriteTool

_READABLE = text("select sec.readable()")
_WRITTEN = text("select record_ref from phi.confirmed_write where patient_id = :patient and id = :id")
_REMEMBER = text(
    "insert into phi.confirmed_write (patient_id, id, category, tool, record_ref, recorded_at) "
    "values (:patient, :id, :category, :tool, :ref, :now)"
)


WRITES_WHAT_WAS_SAID = "the values to write must be exactly those in the person's message"
READS_WHAT_IS_KNOWN = "use only names that the person said or that this service knows, and no time of your own"
BROKEN = "I could not look this up because of a fault on my side. Please try again, or tell whoever runs this service."

log = get_logger(__name__)


class Confirmation(BaseModel):
    """What the person is shown before a change: the id to answer with and the actual values."""

    id: str
    tool: str
    title: str
    summary: str
    details: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Registry:
    """Every tool that exists, by name. A call outside an agent's own tools is refused before anything is read."""

    tools: tuple[AnyTool, ...]
    metrics: Metrics

    async def call(self, allowed: Sequence[AnyTool], name: str, arguments: Arguments, run: RunContext) -> list[Finding]:
        """The findings of one tool call; expected failures become findings that say why nothing was evaluated.

        Raises NotAllowed for a tool that is not the agent's, and InvalidInput for a write with values that the person
        did not say or a read with words of a model's own: both are told to whoever made the call, not to the person.
        """
        tool = next((tool for tool in allowed if tool.name == name and tool in self.tools), None)
        if tool is None:
            raise NotAllowed(f"{run.agent} has no tool of that name")
        if not _asked_for(tool, arguments, run):
            self.metrics.tool_call(name, "refused")
            raise InvalidInput(WRITES_WHAT_WAS_SAID if isinstance(tool, WriteTool) else READS_WHAT_IS_KNOWN)
        with span("tool", tool=name, agent=run.agent):
            try:
                findings = await self._dispatch(tool, arguments, run)
            except GraphBubbleUp:
                raise  # a question to the person, not a failure
            except Problem as problem:
                self.metrics.tool_call(name, "refused")
                findings = [not_evaluated(f"{name}.failed", f"I could not do that: {problem.detail}", problem.title)]
            except Exception:
                self.metrics.tool_call(name, "failed")
                log.error("tool.failed", tool=name, exc_info=True)
                findings = [not_evaluated(f"{name}.failed", BROKEN, "internal error")]
            else:
                self.metrics.tool_call(name, "ok")
        return [finding.model_copy(update={"agent": run.agent, "tool": name}) for finding in quoted(findings)]

    async def _dispatch(self, tool: AnyTool, arguments: Arguments, run: RunContext) -> list[Finding]:
        prepared = await tool.prepare(run, arguments) if tool.prepare else None
        if isinstance(tool, WriteTool):
            return await _write(tool, arguments, run, prepared)
        return await _read(tool, tool.reads, run, lambda call: tool.run(replace(call, prepared=prepared), arguments))


def _asked_for(tool: AnyTool, arguments: Arguments, run: RunContext) -> bool:
    """Whether the person's words ask for exactly this, or a tool that only reads admits it."""
    if run.reading is None:
        return False
    return arguments in tool.plan(run.reading) or (isinstance(tool, ReadTool) and tool.admits(arguments, run.reading))


async def _read(
    tool: AnyTool, reads: frozenset[Category], run: RunContext, ask: Callable[[Call], Awaitable[Sequence[Finding]]]
) -> list[Finding]:
    async with run.database.transaction(run.access(f"tool:{tool.name}", reads)) as tx:
        readable = await _readable(tx, reads)
        if missing := tool.needs - readable:
            return [_no_permission(tool, missing, run)]
        findings = await ask(Call(tx, run, run.clock(), readable))
        if lost := readable - await _readable(tx, reads):
            return [_no_permission(tool, lost, run)]
    return [_with_categories(finding, readable) for finding in findings]


async def _write(tool: WriteTool[Any], arguments: Arguments, run: RunContext, prepared: object) -> list[Finding]:
    proposal = await _propose(tool, arguments, run, prepared)
    if not isinstance(proposal, Proposal):
        return proposal
    key = _key_of(tool, arguments, run, proposal)
    said = _approved(interrupt(_confirmation(key, tool, proposal).model_dump()))
    if said is None:
        return [_declined(tool)]
    if said != key and not await _was_written(tool, run, said):
        return [_changed(tool)]
    ref = await _write_once(tool, arguments, run, said, prepared)
    return await _read(tool, tool.reads | tool.writes, run, lambda call: tool.read_back(call, ref))


async def _propose(
    tool: WriteTool[Any], arguments: Arguments, run: RunContext, prepared: object
) -> Proposal | list[Finding]:
    reads = tool.reads | tool.writes | {Category.PROFILE}
    async with run.database.transaction(run.access(f"tool:{tool.name}:propose", reads)) as tx:
        readable = await _readable(tx, reads)
        if missing := (tool.needs | tool.writes) - readable:
            return [_no_permission(tool, missing, run)]
        proposal = await tool.propose(Call(tx, run, run.clock(), readable, prepared), arguments)
        if isinstance(proposal, Proposal):
            return replace(proposal, details={**proposal.details, **await _circumstances(tx, run)})
    return [_with_categories(finding, readable) for finding in proposal]


async def _circumstances(tx: AsyncSession, run: RunContext) -> dict[str, str]:
    """In whose record it will be written, and the words that the values were taken from."""
    profile = None if run.own_record else await records.profile(tx, run.patient_id)
    named = f"the patient's: {profile.name}" if profile and profile.name else "the patient's"
    said = run.reading.text if run.reading else ""
    return {"Record": "your own" if run.own_record else named, "Taken from your words": shown(said)}


async def _write_once(tool: WriteTool[Any], arguments: Arguments, run: RunContext, key: UUID, prepared: object) -> str:
    identity: dict[str, Any] = {"patient": run.patient_id, "id": key}
    reads = tool.reads | tool.writes
    async with run.database.transaction(run.access(f"tool:{tool.name}", reads, tool.writes)) as tx:
        if done := (await tx.execute(_WRITTEN, identity)).first():
            return done.record_ref
        now = run.clock()
        ref = await tool.write(Call(tx, run, now, reads, prepared), arguments, key)
        category = min(tool.writes).value
        await tx.execute(_REMEMBER, identity | {"category": category, "tool": tool.name, "ref": ref, "now": now})
    return ref


async def _was_written(tool: WriteTool[Any], run: RunContext, key: UUID) -> bool:
    """Whether this was confirmed and written before the turn was cut off."""
    async with run.database.transaction(run.access(f"tool:{tool.name}", tool.reads | tool.writes)) as tx:
        return (await tx.execute(_WRITTEN, {"patient": run.patient_id, "id": key})).first() is not None


async def _readable(tx: Any, asked: frozenset[Category]) -> frozenset[Category]:
    if not asked:
        return asked
    return frozenset(Category(name) for name in (await tx.execute(_READABLE)).scalar_one())


def _key_of(tool: AnyTool, arguments: Arguments, run: RunContext, proposal: Proposal) -> UUID:
    """The same for the same proposal of the same turn, so that resuming twice writes once, and only what was shown."""
    digest = hashlib.sha256(f"{arguments.model_dump_json()}\n{proposal.summary}".encode()).hexdigest()
    return uuid5(run.thread_id, f"{run.turn_id}/{tool.name}/{digest}")


def _confirmation(key: UUID, tool: AnyTool, proposal: Proposal) -> Confirmation:
    details = [{"label": label, "value": value} for label, value in proposal.details.items()]
    return Confirmation(id=str(key), tool=tool.name, title=proposal.title, summary=proposal.summary, details=details)


def _approved(answer: object) -> UUID | None:
    """Which proposal an explicit yes was said to; None for anything else."""
    said: Mapping[str, object] = cast("Mapping[str, object]", answer) if isinstance(answer, Mapping) else {}
    return UUID(str(said["id"])) if set(said) == {"id", "approved"} and said["approved"] is True else None


def _declined(tool: AnyTool) -> Finding:
    return not_evaluated(f"{tool.name}.declined", "All right, I did not write anything.", "not confirmed")


def _changed(tool: AnyTool) -> Finding:
    text = "What I showed you has changed in the meantime, so I did not write anything. Please ask me again."
    return not_evaluated(f"{tool.name}.changed", text, "changed since it was shown")


def _no_permission(tool: AnyTool, missing: frozenset[Category], run: RunContext) -> Finding:
    if run.own_record:  # a context that ran out shows no rows, which must not be told as an empty record
        return not_evaluated(f"{tool.name}.failed", BROKEN, "the access ran out")
    names = ", ".join(sorted(missing))
    text = f"I cannot look at {names}: the patient has not shared this with you."
    return not_evaluated(f"{tool.name}.no_permission", text, "no permission")


def _with_categories(finding: Finding, readable: frozenset[Category]) -> Finding:
    """It draws on nothing that was not there to be read, also where it says that something was missing."""
    drawn = finding.categories & readable if finding.categories else readable
    return finding.model_copy(update={"categories": drawn})
