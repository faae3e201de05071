"""The published OpenAPI document: every failure is a problem document, and nothing else is promised."""

from typing import Any

from fastapi import FastAPI

from vitasense.api.errors import MEDIA_TYPE, ProblemDocument

Schema = dict[str, Any]
_FRAMEWORKS_OWN = ("HTTPValidationError", "ValidationError")
_PROBLEM = {
    "description": "A problem document (RFC 9457)",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
}


def publish(app: FastAPI) -> None:
    """Let the application tell its contract with problem documents in place of the framework's own errors."""
    framework = app.openapi

    def contract() -> Schema:
        if app.openapi_schema is None:
            app.openapi_schema = _with_problems(framework())
        return app.openapi_schema

    app.openapi = contract


def _with_problems(schema: Schema) -> Schema:
    for methods in schema["paths"].values():
        for operation in methods.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = _PROBLEM
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    for name in _FRAMEWORKS_OWN:
        schemas.pop(name, None)
    schemas["ProblemDocument"] = ProblemDocument.model_json_schema()
    return schema
