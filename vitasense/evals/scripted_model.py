"""A language model played over real HTTP: an OpenAI-compatible server whose every answer a script writes."""

import json
import socket
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Asked = dict[str, Any]
Script = Callable[[Asked], Response]


def says(text: str) -> Response:
    """The model answers in words."""
    return completes({"role": "assistant", "content": text})


def calls(*wanted: tuple[str, dict[str, Any]]) -> Response:
    """The model calls tools."""
    made = [
        {"id": f"call_{index}", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
        for index, (name, arguments) in enumerate(wanted)
    ]
    return completes({"role": "assistant", "content": None, "tool_calls": made})


def embeds(vectors: Sequence[Sequence[float]]) -> Response:
    """The embedding model answers with one vector for each text."""
    rows = [{"object": "embedding", "index": index, "embedding": list(row)} for index, row in enumerate(vectors)]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return _json({"object": "list", "model": "scripted", "data": rows, "usage": usage})


def fails(status: int) -> Response:
    """The model's server refuses."""
    return JSONResponse({"error": {"message": "no", "type": "server_error", "code": status}}, status_code=status)


def garbage() -> Response:
    """The model's server answers with something that is no answer."""
    return Response("<html>\x00\x01 not json {", media_type="application/json")


def stalls(seconds: float) -> Response:
    """The model's server keeps silent."""
    time.sleep(seconds)
    return says("late")


def completes(message: dict[str, Any]) -> Response:
    """The model answers with this message, whatever it is."""
    reason = "tool_calls" if message.get("tool_calls") else "stop"
    return _json(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 0,
            "model": "scripted",
            "choices": [{"index": 0, "message": message, "finish_reason": reason}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
    )


def _json(body: dict[str, Any]) -> Response:
    """Written in ASCII, so that any character can be sent, half a surrogate pair too."""
    return Response(json.dumps(body), media_type="application/json")


@dataclass
class ScriptedModel:
    """The running server: `script` answers, `asked` keeps every request as it came; `embed` and `embedded` for vectors."""

    url: str
    script: Script = field(default=lambda _: says("hello"))
    asked: list[Asked] = field(default_factory=list[Asked])
    embed: Script = field(default=lambda asked: embeds([[1.0, 0.0]] * len(asked["input"])))
    embedded: list[Asked] = field(default_factory=list[Asked])

    def answer(self, asked: Asked) -> Response:
        """One request, one answer."""
        self.asked.append(asked)
        return self.script(asked)

    def vectors(self, asked: Asked) -> Response:
        """One request for vectors, one answer."""
        self.embedded.append(asked)
        return self.embed(asked)


@contextmanager
def serving() -> Generator[ScriptedModel]:
    """The server on a free port of 127.0.0.1, for as long as the context lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    model = ScriptedModel(f"http://127.0.0.1:{port}/v1")

    async def complete(request: Request) -> Response:
        return await run_in_threadpool(model.answer, await request.json())

    async def embed(request: Request) -> Response:
        return await run_in_threadpool(model.vectors, await request.json())

    app = Starlette(
        routes=[
            Route("/v1/chat/completions", complete, methods=["POST"]),
            Route("/v1/embeddings", embed, methods=["POST"]),
        ]
    )
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield model
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(timeout=5)
