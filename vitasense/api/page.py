"""The page: the built files when they are there, else how to build them; and the reference of the API."""

from html import escape
from pathlib import Path
from typing import cast

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

WEB = Path(__file__).parent / "web"
FOREVER = "public, max-age=31536000, immutable"  # built files carry their hash in their name
ASK_AGAIN = "no-cache"

_UNBUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>VitaSense</title>
<h1>VitaSense is running, its page is not built</h1>
<p>Run <code>make web</code> (it needs Node 20 or newer) and reload. The API works without it:
<a href="/docs">its reference</a>.</p></html>"""

_REFERENCE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>VitaSense API</title>
<h1>VitaSense API</h1><p>Machine-readable: <a href="/openapi.json">openapi.json</a></p>{body}</html>"""


class _Assets(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOREVER
        return response


def serve_page(app: FastAPI, folder: Path = WEB) -> None:
    """Add the page's routes: `/`, `/assets/…` and the single files beside them; nothing else is served."""
    if not (folder / "index.html").is_file():
        app.add_api_route("/", _unbuilt, include_in_schema=False)
        return
    for file in folder.iterdir():
        if file.is_file():
            address = "/" if file.name == "index.html" else f"/{file.name}"
            app.add_api_route(address, _file(file), include_in_schema=False, methods=["GET", "HEAD"])
    if (folder / "assets").is_dir():
        app.router.routes.append(Mount("/assets", _Assets(directory=folder / "assets")))


def serve_reference(app: FastAPI) -> None:
    """Add `/docs`: every operation in plain HTML, without scripts or foreign hosts."""

    async def reference() -> HTMLResponse:
        return HTMLResponse(_REFERENCE.format(body=_operations(app.openapi())))

    app.add_api_route("/docs", reference, include_in_schema=False)


async def _unbuilt() -> HTMLResponse:
    return HTMLResponse(_UNBUILT)


def _file(path: Path):
    async def send() -> FileResponse:
        return FileResponse(path, headers={"Cache-Control": ASK_AGAIN})

    return send


def _operations(schema: dict[str, object]) -> str:
    rows: list[str] = []
    for path, methods in cast(dict[str, dict[str, dict[str, str]]], schema["paths"]).items():
        for method, operation in methods.items():
            words = escape(operation.get("description", operation.get("summary", "")))
            rows.append(f"<dt><code>{method.upper()} {escape(path)}</code></dt><dd>{words}</dd>")
    return f"<dl>{''.join(rows)}</dl>"
