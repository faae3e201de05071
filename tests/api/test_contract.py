"""The published OpenAPI document is valid, and says of every operation what it does, answers and refuses."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, cast

import httpx
import jsonschema
import pytest
from fastapi import FastAPI
from fastapi.openapi.models import OpenAPI

Schema = dict[str, Any]
DRAFT = cast(Any, jsonschema).Draft202012Validator  # the dialect of OpenAPI 3.1
PROBLEM = "application/problem+json"
WITH_EXAMPLES = (
    *("POST /v1/auth/login", "POST /v1/chat", "GET /v1/record", "GET /v1/record/measurements/{metric}"),
    *("POST /v1/imports", "POST /v1/consents"),
    *("GET /v1/memories", "DELETE /v1/memories/{memory_id}"),
    *("GET /v1/tracking/series/{metric}", "GET /v1/tracking/settings", "GET /v1/tracking/glucose"),
    *("GET /v1/alarms", "GET /v1/alarms/{alarm_id}", "GET /v1/alarms/stream", "GET /v1/tasks"),
    *("GET /v1/timeline", "GET /v1/risks", "GET /v1/goals"),
    *("POST /v1/observations", "POST /v1/hooks/{hook_id}", "GET /v1/devices"),
    *("GET /v1/medications", "POST /v1/medications", "GET /v1/medications/{medicine_id}"),
    *("GET /v1/medications/{medicine_id}/doses", "POST /v1/medications/{medicine_id}/doses"),
    *("GET /v1/medications/{medicine_id}/adherence", "GET /v1/medications/{medicine_id}/refill"),
    *("GET /v1/medications/{medicine_id}/side-effects", "GET /v1/medications/overrides"),
    *("GET /v1/knowledge/path", "GET /v1/knowledge/search", "GET /v1/knowledge/node", "POST /v1/knowledge/materials"),
    *("GET /v1/knowledge/candidates", "POST /v1/knowledge/candidates/{candidate_id}/accept"),
)


@pytest.fixture
def contract(app: FastAPI) -> Schema:
    return app.openapi()


def operations(contract: Schema) -> Iterator[tuple[str, Schema]]:
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def parts(node: object) -> Iterator[Schema]:
    """Every object in the document."""
    if isinstance(node, dict):
        each = cast(Schema, node)
        yield each
        for value in each.values():
            yield from parts(value)
    elif isinstance(node, list):
        for value in cast(list[object], node):
            yield from parts(value)


def valid(contract: Schema, schema: Schema, example: object) -> list[str]:
    """What is wrong with an example."""
    whole = {**schema, "components": contract["components"]}
    return [str(error.message) for error in DRAFT(whole).iter_errors(example)]


def test_the_document_is_valid_and_its_references_lead_somewhere(contract: Schema) -> None:
    OpenAPI.model_validate(contract)
    assert contract["openapi"].startswith("3.1")
    for name, schema in contract["components"]["schemas"].items():
        DRAFT.check_schema(schema)
        assert re.fullmatch(r"[\w.-]+", name)
    for part in parts(contract):
        reference = part.get("$ref")
        if isinstance(reference, str):
            assert reference.removeprefix("#/components/schemas/") in contract["components"]["schemas"], reference
    for name, operation in operations(contract):
        told = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
        assert told == set(re.findall(r"{(\w+)}", name)), name


def test_every_operation_says_what_it_does_answers_and_refuses(contract: Schema) -> None:
    for name, operation in operations(contract):
        assert operation["summary"] and len(operation["summary"]) < 120, name
        assert operation["tags"], name
        assert list(operation["responses"]["default"]["content"]) == [PROBLEM], name
        assert "422" not in operation["responses"]
        answers = {status: answer for status, answer in operation["responses"].items() if status != "default"}
        assert len(answers) == 1, name
        for status, answer in answers.items():
            assert (status == "204") == ("content" not in answer), name
            if " /v1/" in name and status != "204":
                assert "$ref" in answer["content"]["application/json"]["schema"], f"{name} has no response model"


def test_every_body_of_v1_has_an_example_that_fits(contract: Schema) -> None:
    for name, operation in operations(contract):
        schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            continue
        reference = next(part["$ref"] for part in parts(schema) if "$ref" in part)
        model = contract["components"]["schemas"][reference.rsplit("/", 1)[1]]
        examples = model.get("examples") or [_from_members(model)]
        for example in examples:
            assert valid(contract, model, example) == [], name


def _from_members(model: Schema) -> Schema:
    members = model["properties"]
    return {name: members[name].get("examples", members[name].get("enum", []))[0] for name in model.get("required", [])}


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_main_answers_have_an_example_that_fits(contract: Schema, name: str) -> None:
    operation = dict(operations(contract))[name]
    [answer] = [answer for status, answer in operation["responses"].items() if status != "default"]
    for content in answer["content"].values():
        assert valid(contract, content["schema"], content["example"]) == []


def test_every_example_is_of_an_operation_that_exists(contract: Schema) -> None:
    from vitasense.api.contract import examples

    assert set(examples()) == set(WITH_EXAMPLES) <= {name for name, _ in operations(contract)}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


async def test_the_reference_needs_nothing_that_the_content_policy_forbids(
    client: httpx.AsyncClient, contract: Schema
) -> None:
    answer = await client.get("/docs")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page = _Page()
    page.feed(answer.text)
    assert not {tag for tag, _ in page.seen} & {"script", "style", "link", "img", "iframe"}
    assert not any(name == "style" or name.startswith("on") for _, attributes in page.seen for name in attributes)
    for name, _ in operations(contract):
        assert name in answer.text
