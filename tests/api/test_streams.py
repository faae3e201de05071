"""A turn over a real socket: events in order, stopped half-way, and revoked half-way."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.api.conftest import Person, Rows, SignIn
from tests.api.streams import EVENT_STREAM, Event, events_of, names, serving, streamed
from tests.api.test_chat import MEAL, MEMBERS, MESSAGES, PRESSURE, ask, decide, meals
from tests.api.test_record import record, send, share
from vitasense.deterministic.platform.access import Role
from vitasense.graphs.assistant import Assistant, Opened, Outcome
from vitasense.graphs.turn import Ask, Done

Gate = asyncio.Event


@pytest.fixture
async def patient(sign_in: SignIn) -> Person:
    person = await sign_in(Role.PATIENT)
    await send(person, record())
    return person


@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    async with serving(app) as url:
        yield url


def over_socket(person: Person, address: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=address, headers={"Authorization": person.client.headers["Authorization"]})


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Turns wait here, after everything was found and before the reply is kept."""
    opened, keep = Gate(), getattr(Assistant, "_keep")  # noqa: B009 - private

    async def keep_later(self: Assistant, asked: Ask, before: Opened, outcome: Outcome) -> Done:
        await opened.wait()
        return await keep(self, asked, before, outcome)

    monkeypatch.setattr(Assistant, "_keep", keep_later)
    return opened


async def test_the_events_of_a_turn_come_in_order(patient: Person, address: str) -> None:
    async with over_socket(patient, address) as client:
        events = await streamed(client, {"message": PRESSURE})
    assert names(events) == ["progress", "finding", "token", "done"]
    assert set(events[0][1]) == {"step", "text"}
    findings = [data for name, data in events if name == "finding"]
    assert {"kind", "text", "status", "values", "urgency", "evidence", "reason", "categories"} <= set(findings[0])
    done = events[-1][1]
    assert set(done) == MEMBERS
    assert done["findings"] == findings
    assert "".join(data["text"] for name, data in events if name == "token") == done["reply"]


async def test_a_confirmation_comes_before_the_end_and_is_answered_in_a_stream(
    patient: Person, address: str, rows: Rows
) -> None:
    async with over_socket(patient, address) as client:
        asked = await streamed(client, {"message": MEAL})
        assert names(asked)[-3:] == ["token", "confirmation", "done"]
        done = asked[-1][1]
        assert asked[-2][1] == done["confirmation"]
        assert meals(rows, patient) == 0
        answer = {"id": done["confirmation"]["id"], "approved": True}
        written = await streamed(client, {"confirmation": answer, "thread_id": done["thread_id"]})
        assert names(written)[-1] == "done"
        [(name, told)] = await streamed(client, {"confirmation": answer, "thread_id": done["thread_id"]})
        assert (name, told["status"]) == ("error", 409)
    assert meals(rows, patient) == 1


async def first(client: httpx.AsyncClient, body: dict[str, Any], kind: str) -> list[Event]:
    """The events up to the first of this kind; then the person stops the stream."""
    seen: list[Event] = []
    async with client.stream("POST", "/v1/chat", json=body, headers=EVENT_STREAM) as answer:
        async for event in events_of(answer):
            seen.append(event)
            if event[0] == kind:
                break
    return seen


@pytest.mark.parametrize(("message", "kind"), [(PRESSURE, "finding"), (MEAL, "progress")])
async def test_a_stopped_turn_keeps_the_persons_words_and_nothing_else(
    patient: Person, address: str, gate: Gate, rows: Rows, message: str, kind: str
) -> None:
    async with over_socket(patient, address) as client:
        assert names(await first(client, {"message": message}, kind))[-1] == kind
    await asyncio.sleep(0.3)  # the server learns of it
    gate.set()
    [thread] = (await patient.client.get("/v1/threads")).json()["items"]
    after = (await ask(patient, "hello", thread_id=thread["id"])).json()
    assert after["thread_id"] == thread["id"]
    said = [(author, text) for author, text in rows(MESSAGES, owner=patient.id)]
    assert said == [("person", message), ("person", "hello"), ("assistant", after["reply"])]
    assert meals(rows, patient) == 0


async def test_a_yes_that_was_stopped_is_given_again_and_writes_once(
    patient: Person, address: str, gate: Gate, rows: Rows
) -> None:
    gate.set()
    asked = (await ask(patient, MEAL)).json()
    gate.clear()
    answer = {"id": asked["confirmation"]["id"], "approved": True}
    body = {"confirmation": answer, "thread_id": asked["thread_id"]}
    async with over_socket(patient, address) as client:
        await first(client, body, "progress")
    await asyncio.sleep(0.3)
    gate.set()
    waits = (await patient.client.get(f"/v1/threads/{asked['thread_id']}")).json()["confirmation"]
    assert waits == asked["confirmation"]
    assert (await decide(patient, asked)).status_code == 200
    assert meals(rows, patient) == 1


async def test_revoked_in_the_middle_of_an_open_stream_no_token_leaves(
    patient: Person, sign_in: SignIn, address: str, gate: Gate, rows: Rows
) -> None:
    provider = await sign_in(Role.PROVIDER)
    await share(patient, provider, "vitals")
    (given,) = (await patient.client.get("/v1/consents")).json()["items"]
    body = {"message": PRESSURE, "patient_id": str(patient.id)}
    seen: list[Event] = []
    async with over_socket(provider, address) as client:
        async with client.stream("POST", "/v1/chat", json=body, headers=EVENT_STREAM) as answer:
            async for event in events_of(answer):
                seen.append(event)
                if event[0] == "finding":
                    await patient.client.post(f"/v1/consents/{given['id']}/revoke")
                    gate.set()
    assert names(seen) == ["progress", "finding", "error"]
    told = seen[-1][1]
    assert (told["status"], told["type"], told["instance"]) == (403, "/problems/not-allowed", "/v1/chat")
    assert [author for author, _ in rows(MESSAGES, owner=provider.id)] == ["person"]


async def test_a_thread_deleted_while_it_is_answered_stays_deleted(
    patient: Person, address: str, gate: Gate, rows: Rows
) -> None:
    seen: list[Event] = []
    async with over_socket(patient, address) as client:
        async with client.stream("POST", "/v1/chat", json={"message": PRESSURE}, headers=EVENT_STREAM) as answer:
            async for event in events_of(answer):
                seen.append(event)
                if event[0] == "finding" and not gate.is_set():
                    [thread] = (await patient.client.get("/v1/threads")).json()["items"]
                    assert (await patient.client.delete(f"/v1/threads/{thread['id']}")).status_code == 204
                    gate.set()
    assert names(seen)[-1] == "error"
    assert seen[-1][1]["status"] in (403, 404)
    assert rows(MESSAGES, owner=patient.id) == []
