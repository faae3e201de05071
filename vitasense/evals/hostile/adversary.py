"""The adversary: answers every request of the assistant with the worst that a seeded chance picks."""

import json
import random
from collections.abc import Iterator
from typing import Any, cast

from starlette.responses import Response

from vitasense.evals.hostile import calls, replies
from vitasense.evals.hostile.target import Target
from vitasense.evals.scripted_model import Asked, completes, garbage, says

_BROKEN_ANSWERS = 0.02
_SILENT = 0.05  # how often it calls no tool, so that the planner has to
_MOST_CALLS = 25


class Adversary:
    """A script for the scripted model. It counts what it does, and remembers what it said in the present turn."""

    def __init__(self, seed: str, target: Target) -> None:
        self._chance = random.Random(seed)  # noqa: S311 (no secret: the same attacks each time)
        self._target = target
        self.calls = 0
        self.replies = 0
        self.said: list[str] = []
        self.lies: list[str] = []
        self.requests: list[str] = []

    def begin(self) -> None:
        """A new turn."""
        self.said.clear()
        self.lies.clear()
        self.requests.clear()

    def __call__(self, asked: Asked) -> Response:
        """The answer to one request."""
        self.requests.append(json.dumps(asked, ensure_ascii=False))
        if self._chance.random() < _BROKEN_ANSWERS:
            self.replies += 1
            return garbage()
        tools = _schemas(asked)
        if tools and self._chance.random() > _SILENT:
            return self._call(tools)
        return self._reply(_told(asked))

    def _call(self, tools: calls.Schemas) -> Response:
        many = self._chance.choice((1, 2, 4, 8, 12, 16, 16, _MOST_CALLS))
        made = [self._chance.choice(calls.STRATEGIES)(self._chance, tools, self._target) for _ in range(many)]
        if self._chance.random() < 0.1:
            made = [made[0]] * many
        self.calls += len(made)
        self.said.extend(f"{name} {arguments}" for name, arguments in made)
        one_id = self._chance.random() < 0.1
        return completes(
            {
                "role": "assistant",
                "content": self._chance.choice((None, "", "I call a tool.")),
                "tool_calls": [
                    {
                        "id": "call_same" if one_id else f"call_{self.calls}_{index}",
                        "type": "function",
                        "function": {"name": name, "arguments": arguments},
                    }
                    for index, (name, arguments) in enumerate(made)
                ],
            }
        )

    def _reply(self, told: list[str]) -> Response:
        written = self._chance.choice(replies.STRATEGIES)(self._chance, told, self._target)
        self.replies += 1
        self.said.append(written.text)
        self.lies.extend(written.lies)
        return says(written.text)


def _schemas(asked: Asked) -> calls.Schemas:
    functions = (tool["function"] for tool in asked.get("tools") or ())
    return {function["name"]: function.get("parameters", {}) for function in functions}


def _told(asked: Asked) -> list[str]:
    """The sentences that the adversary was given to write from; none where it is asked something else."""
    for message in asked["messages"]:
        try:
            content: Any = json.loads(message["content"] or "")
        except (TypeError, ValueError):
            continue
        if isinstance(content, dict) and "findings" in content:
            return list(_texts(cast("dict[str, Any]", content)))
    return []


def _texts(content: dict[str, Any]) -> Iterator[str]:
    for finding in content["findings"]:
        yield finding["text"]
