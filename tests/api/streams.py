"""A real socket before the application, and what comes through it as server-sent events."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

EVENT_STREAM = {"Accept": "text/event-stream"}
Event = tuple[str, dict[str, Any]]


class _Quiet(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncGenerator[str]:
    """The application on a free port of 127.0.0.1, in this very loop; gives its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=2)
        server = _Quiet(config)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running


async def events_of(answer: httpx.Response) -> AsyncIterator[Event]:
    """The events as they come, each with its data."""
    name = ""
    async for line in answer.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def streamed(client: httpx.AsyncClient, body: dict[str, Any]) -> list[Event]:
    """All events of one turn."""
    async with client.stream("POST", "/v1/chat", json=body, headers=EVENT_STREAM) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-accel-buffering"] == "no"
        return [event async for event in events_of(answer)]


def names(events: list[Event]) -> list[str]:
    """The kinds of the events, repetitions told once."""
    told = [name for name, _ in events]
    return [name for place, name in enumerate(told) if place == 0 or told[place - 1] != name]
