"""Conversations over HTTP: shapes, confirmations, whose record, and what cannot be asked."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.api.conftest import Person, Rows, SignIn
from tests.api.streams import streamed
from tests.api.test_record import record, send, share
from tests.api.test_shell import problem
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id

PRESSURE = "What was my last blood pressure?"
MEAL = "I had two eggs and toast for breakfast"
MEMBERS = {"thread_id", "message_id", "reply", "urgency", "findings", "agents", "confirmation", "planner"}
MESSAGES = "select author, content->>'text' from phi.message where owner_id = :owner order by id"


async def ask(person: Person, message: str, **more: object) -> httpx.Response:
    return await person.client.post("/v1/chat", json={"message": message, **more})


async def decide(person: Person, reply: dict[str, Any], *, approved: bool = True, **more: object) -> httpx.Response:
    confirmation = {"id": reply["confirmation"]["id"], "approved": approved}
    body = {"confirmation": confirmation, "thread_id": reply["thread_id"], **more}
    return await person.client.post("/v1/chat", json=body)


def meals(rows: Rows, person: Person) -> int:
    return len(rows("select 1 from phi.meal where patient_id = :p", p=person.id))


@pytest.fixture
async def patient(sign_in: SignIn) -> Person:
    return await sign_in(Role.PATIENT)


async def test_a_reply_carries_findings_with_evidence_that_opens(patient: Person) -> None:
    await send(patient, record())
    reply = (await ask(patient, PRESSURE)).json()
    assert set(reply) == MEMBERS
    assert "122" in reply["reply"]
    assert (reply["agents"], reply["planner"], reply["confirmation"]) == (["health"], "embedded", None)
    evidence = [each for finding in reply["findings"] for each in finding["evidence"]]
    records = [each for each in evidence if each["kind"] == "record"]
    assert records
    for each in records:
        assert (await patient.client.get(f"/v1/record/items/{each['ref']}")).status_code == 200


async def test_a_thread_goes_on_and_an_emergency_is_answered_at_once(patient: Person) -> None:
    first = (await ask(patient, "hello")).json()
    second = (await ask(patient, "I have crushing chest pain", thread_id=first["thread_id"])).json()
    assert (second["thread_id"], second["urgency"], second["agents"]) == (first["thread_id"], "emergency", ["safety"])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": ""},
        {"message": " \n\t"},
        {"message": "x" * 4001},
        {"message": "hello\0there"},
        {"message": "hello", "confirmation": {"id": "1", "approved": True}, "thread_id": str(new_id())},
        {"confirmation": {"id": "1", "approved": True}},
        {"confirmation": {"id": "1", "approved": "perhaps"}, "thread_id": str(new_id())},
        {"message": "hello", "thread_id": "mine"},
        {"message": "hello", "role": "admin"},
    ],
)
async def test_what_cannot_be_asked_is_a_problem_and_keeps_nothing(
    patient: Person, rows: Rows, body: dict[str, object]
) -> None:
    assert problem(await patient.client.post("/v1/chat", json=body), 422)
    assert rows(MESSAGES, owner=patient.id) == []
    assert rows("select 1 from phi.thread where owner_id = :owner", owner=patient.id) == []


async def test_half_a_character_is_a_problem(patient: Person, rows: Rows) -> None:
    for text in (r"\ud800", r"hello \udfff"):
        content = f'{{"message": "{text}"}}'
        answer = await patient.client.post("/v1/chat", content=content, headers={"Content-Type": "application/json"})
        assert problem(answer, 422)
    assert rows(MESSAGES, owner=patient.id) == []


async def test_the_longest_message_is_answered(patient: Person) -> None:
    assert (await ask(patient, "hello " * 666 + "hey!")).status_code == 200
    assert (await ask(patient, "é" * 4000)).status_code == 200


async def test_a_thread_that_is_not_there_or_not_the_persons_is_not_found(
    patient: Person, sign_in: SignIn, rows: Rows
) -> None:
    other = await sign_in(Role.PATIENT)
    theirs = (await ask(other, "hello")).json()["thread_id"]
    unknown = problem(await ask(patient, "hello", thread_id=str(new_id())), 404)
    foreign = problem(await ask(patient, "hello", thread_id=theirs), 404)
    assert unknown["detail"] == foreign["detail"]
    [(name, told)] = await streamed(patient.client, {"message": "hello", "thread_id": theirs})
    assert (name, told["status"], told["instance"]) == ("error", 404, "/v1/chat")
    assert told["request_id"]
    assert rows(MESSAGES, owner=patient.id) == []
    assert len(rows(MESSAGES, owner=other.id)) == 2


async def test_a_confirmation_writes_once_and_only_after_the_yes(patient: Person, rows: Rows) -> None:
    asked = (await ask(patient, MEAL)).json()
    assert set(asked["confirmation"]) == {"id", "tool", "title", "summary", "details"}
    assert {"label", "value"} == set(asked["confirmation"]["details"][0])
    assert meals(rows, patient) == 0
    done = await decide(patient, asked)
    assert "food diary" in done.json()["reply"]
    assert problem(await decide(patient, asked), 409)
    assert problem(await decide(patient, asked, approved=False), 409)
    assert meals(rows, patient) == 1


async def test_two_answers_at_once_write_once(patient: Person, rows: Rows) -> None:
    asked = (await ask(patient, MEAL)).json()
    answers = await asyncio.gather(*(decide(patient, asked) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert meals(rows, patient) == 1


async def test_a_no_writes_nothing(patient: Person, rows: Rows) -> None:
    asked = (await ask(patient, MEAL)).json()
    assert "did not write" in (await decide(patient, asked, approved=False)).json()["reply"]
    assert problem(await decide(patient, asked), 409)
    assert meals(rows, patient) == 0


async def test_a_confirmation_belongs_to_its_thread_and_its_person(
    patient: Person, sign_in: SignIn, rows: Rows
) -> None:
    other = await sign_in(Role.PATIENT)
    asked, elsewhere = (await ask(patient, MEAL)).json(), (await ask(patient, "hello")).json()
    theirs = (await ask(other, "hello")).json()
    assert problem(await decide(patient, asked | {"thread_id": elsewhere["thread_id"]}), 409)
    assert problem(await decide(patient, asked | {"confirmation": {"id": str(new_id())}}), 409)
    assert problem(await decide(other, asked), 404)
    assert problem(await decide(other, asked | {"thread_id": theirs["thread_id"]}), 409)
    assert problem(await decide(patient, asked | {"thread_id": str(new_id())}), 404)
    assert (meals(rows, patient), meals(rows, other)) == (0, 0)
    assert (await decide(patient, asked)).status_code == 200


async def test_a_patient_cannot_name_another_and_an_administrator_nobody(
    patient: Person, sign_in: SignIn, rows: Rows
) -> None:
    other, admin = await sign_in(Role.PATIENT), await sign_in(Role.ADMIN)
    assert problem(await ask(patient, PRESSURE, patient_id=str(other.id)), 403)
    assert (await ask(patient, PRESSURE, patient_id=str(patient.id))).status_code == 200
    assert problem(await ask(admin, PRESSURE), 403)
    assert problem(await ask(admin, PRESSURE, patient_id=str(patient.id)), 403)
    assert rows(MESSAGES, owner=admin.id) == []
    assert rows("select 1 from phi.thread where patient_id = :p", p=other.id) == []


async def test_a_provider_names_a_patient_who_shares_and_no_other(patient: Person, sign_in: SignIn, rows: Rows) -> None:
    provider = await sign_in(Role.PROVIDER)
    await send(patient, record())
    whose = str(patient.id)
    assert problem(await ask(provider, PRESSURE), 422)
    assert problem(await ask(provider, PRESSURE, patient_id=whose), 403)
    assert problem(await ask(provider, PRESSURE, patient_id=str(new_id())), 403)
    [(name, told)] = await streamed(provider.client, {"message": PRESSURE, "patient_id": whose})
    assert (name, told["status"], told["type"]) == ("error", 403, "/problems/not-allowed")
    assert rows("select 1 from phi.thread where owner_id = :p", p=provider.id) == []
    await share(patient, provider, "vitals")
    reply = (await ask(provider, PRESSURE, patient_id=whose)).json()
    assert "122" in reply["reply"]
    assert problem(await ask(provider, "hello", thread_id=reply["thread_id"]), 422)
    assert problem(await ask(provider, "hello", thread_id=reply["thread_id"], patient_id=str(new_id())), 404)


async def test_a_provider_who_may_only_read_writes_nothing(patient: Person, sign_in: SignIn, rows: Rows) -> None:
    provider = await sign_in(Role.PROVIDER)
    await share(patient, provider, "nutrition", "vitals")
    answer = await ask(provider, "log the patient's blood pressure 131/84", patient_id=str(patient.id))
    if (reply := answer.json())["confirmation"]:
        refused = await decide(provider, reply, patient_id=str(patient.id))
        assert refused.status_code == 200, "an honest reply, no failure"
    assert rows("select 1 from phi.sample where patient_id = :p", p=patient.id) == []


async def test_an_access_that_ended_closes_the_conversation(patient: Person, sign_in: SignIn) -> None:
    provider = await sign_in(Role.PROVIDER)
    await send(patient, record())
    await share(patient, provider, "vitals")
    whose = {"patient_id": str(patient.id)}
    thread = (await ask(provider, PRESSURE, **whose)).json()["thread_id"]
    (given,) = (await patient.client.get("/v1/consents")).json()["items"]
    await patient.client.post(f"/v1/consents/{given['id']}/revoke")
    assert problem(await ask(provider, "And before?", thread_id=thread, **whose), 404)
    assert (await provider.client.get("/v1/threads", params=whose)).json() == {"items": []}
    assert problem(await provider.client.get(f"/v1/threads/{thread}", params=whose), 404)
    assert problem(await provider.client.delete(f"/v1/threads/{thread}", params=whose), 404)
