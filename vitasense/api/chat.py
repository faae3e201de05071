"""Conversations over HTTP: one answer as JSON, or the turn step by step as server-sent events."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator

from vitasense.api.deps import Caller, Service, access_for
from vitasense.api.errors import document, problem_of
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.findings import Finding, Urgency
from vitasense.graphs.turn import LONGEST_MESSAGE, Answer, Ask, Done, Found, Progress, Token, TurnEvent
from vitasense.tools.registry import Confirmation

router = APIRouter(prefix="/v1", tags=["chat"])
_UNBUFFERED = {"X-Accel-Buffering": "no"}  # a proxy passes each event on as it comes
_STREAM = {
    "text/event-stream": {
        "schema": {
            "type": "string",
            "description": "Events: progress {step, text}, finding (Finding), token {text}, confirmation (Confirmation), "
            "done (ChatReply), error (ProblemDocument)",
        }
    }
}


class ConfirmationAnswer(BaseModel):
    """Yes or no to the confirmation with this id."""

    id: str
    approved: bool


class ChatRequest(BaseModel):
    """A message, or the answer to a confirmation of the thread."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"message": "What was my last blood pressure and is it all right?"},
                {
                    "thread_id": "0199f3f2-7a10-7b52-8c11-5d2e6f708192",
                    "confirmation": {"id": "5f0c2b9e-6a51-5c0f-9d3a-7b1e2f304152", "approved": True},
                },
            ]
        },
    )

    message: str | None = Field(default=None, min_length=1, max_length=LONGEST_MESSAGE)
    thread_id: UUID | None = None
    patient_id: UUID | None = None
    confirmation: ConfirmationAnswer | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if (self.message is None) == (self.confirmation is None):
            raise ValueError("send either a message or a confirmation")
        if self.confirmation is not None and self.thread_id is None:
            raise ValueError("a confirmation needs its thread_id")
        return self


class ChatReply(BaseModel):
    """The reply with its evidence; `confirmation` is what the person must answer before anything is written."""

    thread_id: UUID
    message_id: UUID
    reply: str
    urgency: Urgency
    findings: list[Finding]
    agents: list[str]
    confirmation: Confirmation | None
    planner: Literal["embedded", "model"]

    @classmethod
    def of(cls, done: Done) -> Self:
        """The reply as it is sent, over HTTP and by `vitasense ask --json`."""
        return cls(
            thread_id=done.thread.id,
            message_id=done.message_id,
            reply=done.reply.text,
            urgency=done.reply.urgency,
            findings=list(done.reply.findings),
            agents=list(done.reply.agents),
            confirmation=done.confirmation,
            planner="model" if done.reply.planner == "model" else "embedded",
        )


@router.post("/chat", response_model=ChatReply, responses={200: {"content": _STREAM}})
async def chat(
    request: Request,
    body: ChatRequest,
    caller: Caller,
    services: Service,
    accept: Annotated[str, Header(include_in_schema=False)] = "application/json",
) -> Response | ChatReply:
    """Ask, and get the answer: as JSON, or with `Accept: text/event-stream` as it comes about."""
    ask = _ask(request, body, caller)
    if "text/event-stream" in accept:
        steps = _stream(services.assistant.turn(ask), request.url.path)
        return StreamingResponse(steps, media_type="text/event-stream", headers=_UNBUFFERED)
    return ChatReply.of(await services.assistant.reply(ask))


def _ask(request: Request, body: ChatRequest, caller: Principal) -> Ask:
    access = access_for(request, caller, body.patient_id)
    assert access.patient_id is not None, "access to a record names the patient"
    return Ask(
        principal=caller,
        purpose=access.purpose,
        patient_id=access.patient_id,
        message=body.message,
        answer=Answer(body.confirmation.id, body.confirmation.approved) if body.confirmation else None,
        thread_id=body.thread_id,
    )


async def _stream(turn: AsyncGenerator[TurnEvent], instance: str) -> AsyncIterator[str]:
    """Server-sent events; when the person stops listening the turn stops too."""
    async with aclosing(turn):
        try:
            async for event in turn:
                for name, data in _named(event):
                    yield f"event: {name}\ndata: {data}\n\n"
        except Exception as error:  # noqa: BLE001 the answer has begun: what went wrong can only be told in the stream
            told = document(problem_of(error), instance)
            yield f"event: error\ndata: {told.model_dump_json(exclude_none=True)}\n\n"


def _named(event: TurnEvent) -> list[tuple[str, str]]:
    match event:
        case Progress():
            return [("progress", _Step(step=event.step, text=event.text).model_dump_json())]
        case Found():
            return [("finding", event.finding.model_dump_json())]
        case Token():
            return [("token", _Piece(text=event.text).model_dump_json())]
        case Done():
            reply = ChatReply.of(event)
            asked = [("confirmation", reply.confirmation.model_dump_json())] if reply.confirmation else []
            return [*asked, ("done", reply.model_dump_json())]


class _Step(BaseModel):
    step: str
    text: str


class _Piece(BaseModel):
    text: str
