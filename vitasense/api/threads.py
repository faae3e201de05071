"""Conversations that were kept: list, read, rename, delete."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from vitasense.api.deps import Caller, PatientId, Service, access_for
from vitasense.deterministic import threads
from vitasense.deterministic.platform.findings import Finding, Urgency
from vitasense.deterministic.threads import Message, Thread
from vitasense.graphs.turn import waiting_in
from vitasense.tools.registry import Confirmation

router = APIRouter(prefix="/v1/threads", tags=["threads"])


class ThreadPage(BaseModel):
    """The person's conversations, the latest first."""

    items: list[Thread]


class MessageView(BaseModel):
    """A message as it was said; a reply with what it rests on."""

    id: UUID
    role: Literal["person", "assistant"]
    content: str
    urgency: Urgency | None
    findings: list[Finding]
    agents: list[str]
    at: datetime


class ThreadView(BaseModel):
    """A conversation with its messages and the confirmation that waits, if any."""

    id: UUID
    patient_id: UUID
    title: str
    messages: list[MessageView]
    confirmation: Confirmation | None


class NewTitle(BaseModel):
    """Another title."""

    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=1, max_length=200, examples=["Blood pressure in autumn"])


@router.get("", response_model=ThreadPage)
async def list_threads(request: Request, caller: Caller, services: Service, patient_id: PatientId = None) -> ThreadPage:
    """The caller's conversations about one record."""
    access = access_for(request, caller, patient_id)
    async with services.database.transaction(access) as tx:
        return ThreadPage(items=await threads.listed(tx, caller, patient_id or caller.account_id))


@router.get("/{thread_id}", response_model=ThreadView)
async def read_thread(
    request: Request, thread_id: UUID, caller: Caller, services: Service, patient_id: PatientId = None
) -> ThreadView:
    """A conversation; messages that drew on what is no longer shared are not in it."""
    whose = patient_id or caller.account_id
    async with services.database.transaction(access_for(request, caller, patient_id)) as tx:
        thread = await threads.get(tx, whose, thread_id)
        messages = await threads.messages(tx, whose, thread_id)
    return ThreadView(
        id=thread.id,
        patient_id=thread.patient_id,
        title=thread.title,
        messages=[_view(message) for message in messages],
        confirmation=pending[0].confirmation if (pending := waiting_in(messages)) else None,
    )


@router.patch("/{thread_id}", response_model=Thread)
async def rename_thread(
    request: Request, thread_id: UUID, body: NewTitle, caller: Caller, services: Service, patient_id: PatientId = None
) -> Thread:
    """Give a conversation another title."""
    async with services.database.transaction(access_for(request, caller, patient_id)) as tx:
        return await threads.rename(tx, patient_id or caller.account_id, thread_id, body.title)


@router.delete("/{thread_id}", status_code=204)
async def delete_thread(
    request: Request, thread_id: UUID, caller: Caller, services: Service, patient_id: PatientId = None
) -> Response:
    """Delete a conversation with everything kept of it."""
    async with services.database.transaction(access_for(request, caller, patient_id)) as tx:
        await threads.remove(tx, patient_id or caller.account_id, thread_id)
    return Response(status_code=204)


def _view(message: Message) -> MessageView:
    content: dict[str, Any] = message.content
    return MessageView(
        id=message.id,
        role=message.author,
        content=content["text"],
        urgency=content.get("urgency"),
        findings=content.get("findings", []),
        agents=content.get("agents", []),
        at=message.at,
    )
