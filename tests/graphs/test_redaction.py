"""What a remote model is sent: nobody's name, in no message, argument or later turn; and the reply has them back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from starlette.responses import Response

from tests.graphs.conftest import Talk, assistant_of, demo_bundle
from tests.people import access_of, new_principal
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.clock import system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.records import import_bundle
from vitasense.evals.scripted_model import Asked, ScriptedModel, calls, says
from vitasense.graphs.redaction import Redaction
from vitasense.guardrails import KnownIdentifier, Redactor

Asking = Callable[..., Talk]
RELATED = {
    "resourceType": "RelatedPerson",
    "id": "sister",
    "patient": {"reference": "Patient/p"},
    "name": [{"family": "Öztürk", "given": ["Defne"]}],
    "telecom": [{"system": "phone", "value": "+90 212 555 0142"}],
    "address": [{"line": ["Gül Sokak 9"], "city": "Kadıköy"}],
}
# As the record writes them, and what of them may not leave.
SECRETS = ("Álvarez", "lvarez", "maria@example.org", "Larkspur", "62799", "1968-05-14", "MARIA-0001", "Singh", "Brandt")
SECRETS_OF_CONTACTS = ("Öztürk", "Defne", "555 0142", "Sokak", "Kadıköy", "Lakeside")


@pytest.fixture(scope="module")
async def jose(database: Database) -> Principal:
    """Has letters outside ASCII in the name, and a sister in the record."""
    bundle = json.loads(json.dumps(demo_bundle("maria-alvarez")).replace("Alvarez", "Álvarez"))
    patient = next(entry for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Patient")
    related = RELATED | {"patient": {"reference": f"Patient/{patient['resource']['id']}"}}
    bundle["entry"].append({"resource": related} | ({"request": {"method": "PUT", "url": "RelatedPerson/sister"}}))
    person = new_principal(Role.PATIENT)
    async with database.transaction(access_of(person)) as tx:
        await import_bundle(tx, person.account_id, bundle, now=system_clock())
    return person


@pytest.fixture
def ask(database: Database, tmp_path: Path, model: ScriptedModel) -> Asking:
    model.asked.clear()

    def talk(person: Principal, **settings: Any) -> Talk:
        return Talk(assistant_of(database, tmp_path, model, **settings), person)

    return talk


def sent_to(model: ScriptedModel) -> str:
    """Everything that was sent, as it reads after its JSON escapes."""
    return json.dumps(model.asked, ensure_ascii=False) + "".join(
        str(message.get("content")) for asked in model.asked for message in asked["messages"]
    )


def is_writing(asked: Asked) -> bool:
    return not asked.get("tools")


async def test_nobody_whom_the_record_names_is_named(ask: Asking, model: ScriptedModel, jose: Principal) -> None:
    model.script = lambda asked: says("") if is_writing(asked) else says("done")
    talk = ask(jose)
    await talk.say("Which medicines do I take, and who prescribed them? I am María Álvarez, DOB 14.5.1968.")
    await talk.say(
        "Show my last visits.\nDefne Öztürk of Kadıköy, Gül Sokak 9, +90 212 555 0142, drove me to Dr Brandt."
    )
    assert model.asked
    sent = sent_to(model)
    for secret in (*SECRETS, *SECRETS_OF_CONTACTS):
        assert secret not in sent, secret
        assert json.dumps(secret).strip('"') not in sent, secret
    assert "⟦PERSON_" in sent


async def test_the_reply_has_the_names_back(ask: Asking, model: ScriptedModel, jose: Principal) -> None:
    def script(asked: Asked) -> Response:
        if not is_writing(asked):
            return says("done")
        told = json.loads(asked["messages"][-1]["content"])
        return says(" ".join(finding["text"] for finding in told["findings"]))

    model.script = script
    done = await ask(jose).say("Which medicines do I take?")
    assert done.reply.planner == "model"
    assert "⟦" not in done.reply.text
    assert "Singh" in done.reply.text


async def test_names_in_the_arguments_of_earlier_calls_do_not_leave(
    ask: Asking, model: ScriptedModel, jose: Principal
) -> None:
    def script(asked: Asked) -> Response:
        if is_writing(asked):
            return says("")
        answered = any(message["role"] == "tool" for message in asked["messages"])
        words = asked["messages"][-1]["content"]
        return says("done") if answered else calls(("explain", {"term": words[:60]}))

    model.script = script
    await ask(jose).say("María Álvarez asks: what is eGFR?")
    later = [asked for asked in model.asked if any(message["role"] == "tool" for message in asked["messages"])]
    assert later
    assert "lvarez" not in sent_to(model)


async def test_a_trusted_model_is_told_the_names(ask: Asking, model: ScriptedModel, jose: Principal) -> None:
    model.script = lambda asked: says("") if is_writing(asked) else says("done")
    await ask(jose, model_trusted=True).say("I am María Álvarez. Which medicines do I take?")
    assert "María Álvarez" in sent_to(model)
    assert "⟦" not in sent_to(model)


async def test_placeholders_are_the_same_in_a_later_turn(ask: Asking, model: ScriptedModel, jose: Principal) -> None:
    model.script = lambda asked: says("") if is_writing(asked) else says("done")
    talk = ask(jose)
    first = await talk.say("My neighbour Bogdan Zielinski and my aunt Ingeborg ask: what is eGFR?")
    one = _placeholder_after("my aunt ", sent_to(model))
    model.asked.clear()
    await talk.say("My aunt Ingeborg asks again: what is eGFR?".replace("My aunt", "Now my aunt"), first.thread.id)
    assert _placeholder_after("my aunt ", sent_to(model)) == one


def _placeholder_after(words: str, sent: str) -> str:
    return sent.split(words, 1)[1].split("⟧", 1)[0]


def test_json_in_a_frame_is_read_before_names_are_looked_for() -> None:
    redaction = Redaction(Redactor([KnownIdentifier("person", "José Álvarez")]))
    told = json.dumps([{"text": "José\nÁlvarez", "values": [{"value": 7.2}]}])
    framed = f'<frame mark="abc">\n{told}\n</frame>'
    hidden = redaction.hide(framed)
    assert "lvarez" not in hidden
    assert "u00c1" not in hidden
    assert '"value": 7.2' in hidden
    assert hidden.startswith('<frame mark="abc">\n[')


def test_what_a_provider_repeats_beside_a_message_is_left_out() -> None:
    redaction = Redaction(Redactor([KnownIdentifier("person", "José Álvarez")]))
    call = {"name": "explain", "args": {"term": ["José Álvarez", {"deep": "Álvarez"}]}, "id": "1"}
    raw = {"tool_calls": [{"function": {"arguments": '{"term": "José Álvarez"}'}}]}
    message = AIMessage(content="José", tool_calls=[call], additional_kwargs=raw)  # pyright: ignore[reportArgumentType]
    hidden = redaction.hide_all([HumanMessage("Álvarez"), message, ToolMessage("José", tool_call_id="1")])
    assert "lvarez" not in str(hidden)
    assert "Jos" not in str(hidden)
    restored = redaction.restore_message(hidden[1])
    assert restored.tool_calls[0]["args"] == call["args"]
    assert restored.text == "José"
