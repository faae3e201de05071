"""The published OpenAPI document: every failure is a problem document, and nothing else is promised.

An operation's summary is the first sentence of its description; its example stands in examples.yaml.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from fastapi import FastAPI
from pydantic import BaseModel

from vitasense.api.errors import MEDIA_TYPE, ProblemDocument
from vitasense.api.hooks import DeviceDelivery
from vitasense.api.observations import ObservationRows

Schema = dict[str, Any]
_READ_BY_HAND = (ObservationRows, DeviceDelivery)  # bodies that routes read as they come
_FRAMEWORKS_OWN = ("HTTPValidationError", "ValidationError")
_END = re.compile(r"[.:;] ")
_PROBLEM = {
    "description": "A problem document (RFC 9457)",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
}


def publish(app: FastAPI) -> None:
    """Let the application tell its contract with problem documents in place of the framework's own errors."""
    framework = app.openapi

    def contract() -> Schema:
        if app.openapi_schema is None:
            app.openapi_schema = _told(framework())
        return app.openapi_schema

    app.openapi = contract


def _told(schema: Schema) -> Schema:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            operation["summary"] = _first_sentence(operation["description"])
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = _PROBLEM
            _exemplify(operation, f"{method.upper()} {path}")
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    for name in _FRAMEWORKS_OWN:
        schemas.pop(name, None)
    schemas["ProblemDocument"] = ProblemDocument.model_json_schema()
    for model in _READ_BY_HAND:
        schemas |= _definitions(model)
    return schema


def _definitions(model: type[BaseModel]) -> Schema:
    """The schema of a model and of those that it holds, by name."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    return schema.pop("$defs", {}) | {model.__name__: schema}


def _first_sentence(description: str) -> str:
    """Up to the first full stop, colon or semicolon, without it."""
    line = " ".join(description.split("\n\n")[0].split())
    return _END.split(line, maxsplit=1)[0].rstrip(".")


def _exemplify(operation: Schema, name: str) -> None:
    for media_type, example in examples().get(name, {}).items():
        for answer in operation["responses"].values():
            if media_type in answer.get("content", {}):
                answer["content"][media_type]["example"] = example


@cache
def examples() -> dict[str, Schema]:
    """Operation → media type of its answer → what the answer looks like."""
    return yaml.load((files("vitasense.api") / "examples.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
