"""Conversations that were kept: listed, read, renamed, deleted without a trace, and held in several tabs at once."""

import asyncio

import pytest

from tests.api.conftest import Person, Rows, SignIn
from tests.api.test_chat import MEAL, MESSAGES, PRESSURE, ask
from tests.api.test_record import record, send, share
from tests.api.test_shell import problem
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id

TRACES = (
    "select 1 from phi.thread where id = :id",
    "select 1 from phi.message where thread_id = :id",
    "select 1 from phi.checkpoints where thread_id = cast(:id as text)",
    "select 1 from phi.checkpoint_blobs where thread_id = cast(:id as text)",
    "select 1 from phi.checkpoint_writes where thread_id = cast(:id as text)",
)


@pytest.fixture
async def patient(sign_in: SignIn) -> Person:
    return await sign_in(Role.PATIENT)


async def test_a_thread_is_listed_read_and_renamed(patient: Person) -> None:
    first = (await ask(patient, "hello")).json()
    asked = (await ask(patient, MEAL)).json()
    listed = (await patient.client.get("/v1/threads")).json()["items"]
    assert [each["id"] for each in listed] == [asked["thread_id"], first["thread_id"]]
    assert set(listed[0]) == {"id", "patient_id", "title", "created_at", "updated_at"}
    assert listed[0]["title"] == MEAL
    read = (await patient.client.get(f"/v1/threads/{asked['thread_id']}")).json()
    assert [(each["role"], each["content"]) for each in read["messages"]] == [
        ("person", MEAL),
        ("assistant", asked["reply"]),
    ]
    assert read["messages"][1]["id"] == asked["message_id"]
    assert read["confirmation"] == asked["confirmation"]
    path = f"/v1/threads/{first['thread_id']}"
    assert (await patient.client.patch(path, json={"title": "  A greeting "})).json()["title"] == "A greeting"
    assert (await patient.client.get(path)).json()["title"] == "A greeting"
    for title in ("", "  ", "x" * 201, "with\0nothing"):
        assert problem(await patient.client.patch(path, json={"title": title}), 422)


async def test_a_deleted_thread_leaves_no_row(patient: Person, rows: Rows) -> None:
    kept, gone = (await ask(patient, MEAL)).json()["thread_id"], (await ask(patient, MEAL)).json()["thread_id"]
    assert all(rows(query, id=gone) for query in TRACES)
    assert (await patient.client.delete(f"/v1/threads/{gone}")).status_code == 204
    assert not any(rows(query, id=gone) for query in TRACES)
    assert all(rows(query, id=kept) for query in TRACES)
    assert problem(await patient.client.get(f"/v1/threads/{gone}"), 404)
    assert problem(await patient.client.delete(f"/v1/threads/{gone}"), 404)
    assert problem(await patient.client.patch(f"/v1/threads/{gone}", json={"title": "x"}), 404)
    assert problem(await ask(patient, "hello", thread_id=gone), 404)


async def test_nobody_elses_thread_is_seen_or_touched(patient: Person, sign_in: SignIn, rows: Rows) -> None:
    other, admin, provider = await sign_in(Role.PATIENT), await sign_in(Role.ADMIN), await sign_in(Role.PROVIDER)
    thread = (await ask(patient, MEAL)).json()["thread_id"]
    await share(patient, provider, "nutrition", "notes")
    path, whose = f"/v1/threads/{thread}", {"patient_id": str(patient.id)}
    for person, params, status in ((other, {}, 404), (other, whose, 403), (admin, whose, 403), (provider, whose, 404)):
        assert problem(await person.client.get(path, params=params), status)
        assert problem(await person.client.delete(path, params=params), status)
        assert problem(await person.client.patch(path, params=params, json={"title": "mine"}), status)
    assert problem(await admin.client.get("/v1/threads"), 403)
    assert problem(await provider.client.get("/v1/threads"), 422)
    assert (await provider.client.get("/v1/threads", params=whose)).json() == {"items": []}
    assert rows("select title from phi.thread where id = :id", id=thread) == [(MEAL,)]
    assert problem(await other.client.get(f"/v1/threads/{new_id()}"), 404)


async def test_a_reply_that_drew_on_what_is_no_longer_shared_is_not_read_again(
    patient: Person, sign_in: SignIn, rows: Rows
) -> None:
    provider = await sign_in(Role.PROVIDER)
    await send(patient, record())
    await share(patient, provider, "vitals")
    await share(patient, provider, "labs")
    whose = {"patient_id": str(patient.id)}
    thread = (await ask(provider, PRESSURE, **whose)).json()["thread_id"]
    vitals = next(
        each for each in (await patient.client.get("/v1/consents")).json()["items"] if each["categories"] == ["vitals"]
    )
    await patient.client.post(f"/v1/consents/{vitals['id']}/revoke")
    read = (await provider.client.get(f"/v1/threads/{thread}", params=whose)).json()
    assert [each["role"] for each in read["messages"]] == ["person"]
    assert (await provider.client.delete(f"/v1/threads/{thread}", params=whose)).status_code == 204
    assert not any(rows(query, id=thread) for query in TRACES)


async def test_two_tabs_on_one_thread_are_both_answered_one_after_the_other(patient: Person, rows: Rows) -> None:
    thread = (await ask(patient, "hello")).json()["thread_id"]
    questions = ("What is eGFR?", "What am I allergic to?", "Which medicines do I take?")
    answers = await asyncio.gather(*(ask(patient, question, thread_id=thread) for question in questions))
    replies = {question: answer.json()["reply"] for question, answer in zip(questions, answers, strict=True)}
    said = rows(MESSAGES, owner=patient.id)[2:]
    assert [author for author, _ in said] == ["person", "assistant"] * 3
    assert {said[place][1]: said[place + 1][1] for place in (0, 2, 4)} == replies


async def test_several_threads_at_once_do_not_mix(patient: Person, rows: Rows) -> None:
    questions = ("What is eGFR?", "What am I allergic to?", MEAL, "What is HbA1c?")
    answers = await asyncio.gather(*(ask(patient, question) for question in questions))
    replies = [answer.json() for answer in answers]
    assert len({reply["thread_id"] for reply in replies}) == len(questions)
    for question, reply in zip(questions, replies, strict=True):
        read = (await patient.client.get(f"/v1/threads/{reply['thread_id']}")).json()
        assert [each["content"] for each in read["messages"]] == [question, reply["reply"]]
        assert (read["confirmation"] is not None) == (question == MEAL)
