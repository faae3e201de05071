"""A model is asked for real: its calls are counted, its cost is said or unknown, and a paired run shows what it changes."""

from pathlib import Path

import pytest

from tests.api.command import free_port
from tests.evals.conftest import RunTiny
from vitasense.evals.compare import compared
from vitasense.evals.gates import failures, judged
from vitasense.evals.report import write_report
from vitasense.evals.scripted_model import says, serving
from vitasense.evals.suite import Answer, Case, Mark, Suite, Verdict
from vitasense.evals.system import System
from vitasense.graphs.model import price

QUESTION = "What is eGFR?"
WORDS = "Your kidneys filter the blood, and eGFR says how well."


async def _answer(case: Case, system: System) -> Answer:
    turn = await system.send(await system.account(), case.input)
    return Answer(turn.reply, {"planner": turn.planner})


def _judge(case: Case, said: Answer) -> Verdict:
    plain = said.facts["planner"] == "embedded"
    return Verdict((Mark("Answered by the embedded planner", int(plain)),), "" if plain else "the model answered")


SUITE = Suite(
    name="tiny",
    title="Tiny",
    about="one question",
    cases=lambda _: [Case("egfr", QUESTION)],
    answer=_answer,
    judge=_judge,
    needs=frozenset({"service"}),
)


async def test_a_paired_run_shows_what_the_model_changed_and_what_it_took(
    run_tiny: RunTiny, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    without = await run_tiny("without", SUITE)
    with serving() as model:
        model.script = lambda asked: says("no" if "tools" in asked else WORDS)
        monkeypatch.setenv("VITASENSE_MODEL_BASE_URL", model.url)
        monkeypatch.setenv("VITASENSE_MODEL_API_KEY", "none")
        with_model = await run_tiny("with", SUITE, model="openai/scripted")
        assert model.asked
    spent = with_model.run.spent
    assert spent.calls == len(model.asked) and spent.tokens_out >= spent.calls and spent.dollars is None
    assert without.run.spent.calls == 0 and without.run.latency and with_model.run.latency
    told = compared(without, with_model)
    assert told.measures[0].before.hits == 1
    assert [change.now.id for change in told.changes] in ([], ["egfr"])


async def test_a_model_that_is_down_is_said_and_does_not_pass(
    run_tiny: RunTiny, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VITASENSE_MODEL_BASE_URL", f"http://127.0.0.1:{free_port()}/v1")
    monkeypatch.setenv("VITASENSE_MODEL_API_KEY", "none")
    kept = await run_tiny("down", SUITE, model="openai/scripted")
    assert kept.run.spent.failed and not kept.run.spent.calls and not kept.run.spent.by_model
    assert [gate.suite for gate in failures(judged(kept.run, {}, {}))] == ["the model"]
    assert "openai/scripted answered no call" in write_report(kept, tmp_path).read_text("utf-8")


def test_the_price_of_a_known_model_is_known_and_of_another_it_is_not() -> None:
    known = price("gpt-4o-mini", 1000, 1000)
    assert known is not None and known > 0
    assert price("openai/scripted", 1000, 1000) is None
