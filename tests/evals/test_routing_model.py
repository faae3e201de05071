"""Routing with a model, over real HTTP: it is asked where the rules know nobody, and a paired run names what changed."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from starlette.responses import Response

from tests.evals.conftest import RunTiny
from vitasense.evals.compare import compared
from vitasense.evals.scripted_model import Asked, calls, says, serving
from vitasense.evals.suite import Case, Suite
from vitasense.evals.suites.routing import EVERY, SUITE
from vitasense.evals.words import comparison

UNKNOWN = "Which of the things on my shelf belong to me?"  # no rule knows it
KNOWN = "Which chronic conditions does the patient have?"
WEATHER = "What's the weather going to be like tomorrow?"


def _suite() -> Suite:
    own = {case.input: case for case in SUITE.cases(Path())}
    facts = own[KNOWN].facts
    unknown = Case(id="shelf", input=UNKNOWN, target="health", facts=facts)
    return replace(SUITE, cases=partial(_only, (own[KNOWN], own[WEATHER], unknown)))


def _only(chosen: Sequence[Case], _: Path) -> Sequence[Case]:
    return chosen


def _plays(asked: Asked) -> Response:
    """A model that knows the shelf: it names the specialist, and the tool when it is its turn."""
    messages = asked["messages"]
    if "tools" in asked:
        done = any(message["role"] == "tool" for message in messages)
        return says("done") if done or UNKNOWN not in str(messages) else calls(("medications", {}))
    if "Choose the one specialist" in str(messages[0]["content"]):
        return says("health" if UNKNOWN in str(messages) else "none")
    return says("no")


async def test_a_model_is_asked_only_where_the_rules_know_nobody_and_what_it_changes_is_said(
    run_tiny: RunTiny, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    choice = {"suites": ("routing",)}
    without = await run_tiny("without", _suite(), **choice)
    with serving() as model:
        model.script = _plays
        monkeypatch.setenv("VITASENSE_MODEL_BASE_URL", model.url)
        monkeypatch.setenv("VITASENSE_MODEL_API_KEY", "none")
        with_model = await run_tiny("with", _suite(), model="openai/scripted", **choice)
        routed = [asked for asked in model.asked if "Choose the one specialist" in str(asked["messages"][0])]
    assert [message for message in (UNKNOWN, WEATHER, KNOWN) if any(message in str(each) for each in routed)] == [
        UNKNOWN,
        WEATHER,
    ]
    told = compared(without, with_model)
    every = next(each for each in told.measures if each.measure == EVERY)
    assert (every.broken, every.fixed, every.both) == (0, 1, 3)
    assert [(change.now.id, change.kind) for change in told.changes] == [("shelf", "fixed")]
    lines = "\n".join(comparison(told, most=5))
    assert UNKNOWN in lines and "fixed, 1" in lines
