"""Scenes: scripted people who talk to the real service, step by step, and what each step must bring about.

A scene is one entry of `datasets/scenes/<suite>.yaml`: `record` names a patient of the demo (null is an empty record),
and each step has one act and what is expected of it.

Acts: `say` (with `thread: new` in another conversation), `answer` yes or no to what waits, `grant` categories to the
provider, `revoke` it, `get` a path, `remove` one or `tell` something to a path. `by: provider` acts as the provider.
Expected: `tools` and `agents` that the findings came from, `asks` (the tool that wants a confirmation, true for any,
null for none), `details` of that confirmation, `has` and `lacks` in the words (alternatives by |), `urgency`, `status`
(of at least one finding), `refused` (the HTTP status), and `rows` that were added to a table for the patient: what is
not listed must not have changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import yaml

from vitasense.deterministic.platform.access import Category, Role
from vitasense.deterministic.platform.findings import Status
from vitasense.evals.accounts import Account
from vitasense.evals.suite import Answer, Case
from vitasense.evals.system import Refused, System, Turn

WATCHED = ("phi.resource", "phi.meal", "consent.access_grant", "phi.memory", "phi.goal", "phi.personal_range")
_COUNTS = """
select (select count(*) from phi.resource where patient_id = :patient),
  (select count(*) from phi.meal where patient_id = :patient),
  (select count(*) from consent.access_grant where patient_id = :patient and revoked_at is null),
  (select count(*) from phi.memory
   where patient_id = :patient and kind in ('fact', 'preference') and ended_at is null),
  (select count(*) from phi.goal where patient_id = :patient),
  (select count(*) from phi.personal_range where patient_id = :patient)"""
_CHANGES = ("answer", "grant", "revoke", "remove", "tell", "asks", "rows")

Step = Mapping[str, Any]


def cases(name: str) -> Iterator[Case]:
    """The scenes of one file as cases."""
    for scene in _scenes(name):
        steps: list[Step] = scene["steps"]
        words = " / ".join(str(step.get("say", next(iter(step.items())))) for step in steps)
        yield Case(id=scene["id"], input=words, target=scene.get("goal", ""), facts=scene)


@cache
def _scenes(name: str) -> Sequence[Mapping[str, Any]]:
    return yaml.safe_load(files("vitasense.evals").joinpath("datasets", "scenes", f"{name}.yaml").read_text("utf-8"))


async def perform(case: Case, system: System) -> Answer:
    """Play the scene; `facts["steps"]` of the answer says what came of each step."""
    scene: Mapping[str, Any] = case.facts
    steps: Sequence[Step] = scene["steps"]
    stage = await _stage(system, scene)
    done = [await stage.step(step) for step in steps]
    return Answer(text="\n".join(each["text"] for each in done), facts={"steps": done})


async def _stage(system: System, scene: Mapping[str, Any]) -> "_Stage":
    """Scenes that change nothing share one account for each record."""
    steps: Sequence[Step] = scene["steps"]
    changes = any(step.get(name) for step in steps for name in _CHANGES)
    patient = await system.holder(scene["record"], fresh=changes)
    provider = await system.newcomer(Role.PROVIDER) if any("provider" in str(step) for step in steps) else None
    return _Stage(system, patient, provider)


@dataclass
class _Stage:
    """One scene as it goes on: whose conversation, what waits for an answer, what was granted."""

    system: System
    patient: Account
    provider: Account | None
    threads: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    waiting: dict[UUID, str] = field(default_factory=dict[UUID, str])
    answered: str = ""
    granted: UUID | None = None

    async def step(self, step: Step) -> dict[str, Any]:
        """Do it and tell what came of it."""
        before = await self._counted()
        try:
            told = await self._act(step)
        except Refused as refused:
            told = {"text": str(refused), "refused": refused.status}
        after = await self._counted()
        return told | {
            "rows": {table: after[table] - before[table] for table in WATCHED if after[table] != before[table]}
        }

    async def _act(self, step: Step) -> dict[str, Any]:
        actor = self.provider if step.get("by") == "provider" else self.patient
        assert actor is not None, "a scene with a provider names one"
        about = self.patient.id if actor is not self.patient else None
        if "say" in step:
            thread = None if step.get("thread") == "new" else self.threads.get(actor.id)
            return self._took(actor, await self.system.send(actor, step["say"], thread, about))
        if "answer" in step:
            self.answered = self.waiting.get(actor.id, self.answered)
            thread = self.threads[actor.id]
            return self._took(actor, await self.system.confirm(actor, thread, self.answered, step["answer"], about))
        return await self._directly(step, actor)

    async def _directly(self, step: Step, actor: Account) -> dict[str, Any]:
        if "grant" in step:
            assert self.provider is not None
            categories = frozenset(map(Category, step["grant"]))
            self.granted = await self.system.grant(self.patient, self.provider, categories)
        elif "revoke" in step:
            assert self.granted is not None
            await self.system.revoke(self.patient, self.granted)
        else:
            return await self._request(step, actor)
        return {"text": ""}

    async def _request(self, step: Step, actor: Account) -> dict[str, Any]:
        method, path = next((method, step[name]) for name, method in _METHODS.items() if name in step)
        client = await self.system.client(actor)
        answer = await client.request(method, path.format(patient=self.patient.id), json=step.get("body"))
        if not answer.is_success:
            raise Refused(answer)
        return {"text": answer.text}

    def _took(self, actor: Account, turn: Turn) -> dict[str, Any]:
        self.threads[actor.id] = turn.thread_id
        self.waiting.pop(actor.id, None)
        asked = turn.confirmation
        if asked is not None:
            self.waiting[actor.id] = asked.id
        return {
            "text": turn.reply,
            "urgency": turn.urgency.value,
            "agents": turn.agents,
            "tools": sorted({finding.tool for finding in turn.findings if finding.tool}),
            "statuses": sorted({finding.status.value for finding in turn.findings}),
            "found": [finding.text for finding in turn.findings if finding.status is Status.FOUND],
            "asks": asked.tool if asked else None,
            "details": _details(turn),
        }

    async def _counted(self) -> dict[str, int]:
        return dict(zip(WATCHED, (await self.system.rows(_COUNTS, patient=self.patient.id))[0], strict=True))


_METHODS = {"get": "GET", "remove": "DELETE", "tell": "POST"}


def _details(turn: Turn) -> str:
    asked = turn.confirmation
    if asked is None:
        return ""
    return "; ".join((asked.summary, *(f"{each['label']}: {each['value']}" for each in asked.details)))
