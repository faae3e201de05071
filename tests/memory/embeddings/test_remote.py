"""A remote embedding model, played over real HTTP: what it is sent, and what happens when it does not answer well."""

import json
from collections.abc import Callable, Iterator

import pytest
from pydantic import SecretStr
from starlette.responses import Response

from vitasense.api.embedding import embedder_of
from vitasense.deterministic.platform.problems import InvalidInput, Unavailable
from vitasense.deterministic.platform.settings import Settings
from vitasense.evals.scripted_model import Asked, ScriptedModel, embeds, fails, garbage, serving
from vitasense.memory.embeddings import Refused, RemoteEmbedder, Server

Make = Callable[..., RemoteEmbedder]


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    with serving() as server:
        yield server


@pytest.fixture
def make(server: ScriptedModel) -> Make:
    def embedder(redact: Callable[[str], str] | None = None, now: Callable[[], float] = lambda: 0.0) -> RemoteEmbedder:
        named = Server(model="openai/m", base_url=server.url, api_key=SecretStr("k"), dimensions=2)
        return RemoteEmbedder(named, redact, monotonic=now)

    return embedder


def by_length(asked: Asked) -> Response:
    return embeds([[float(len(text)), 1.0] for text in asked["input"]])


async def test_vectors_come_back_in_order_and_of_length_one(server: ScriptedModel, make: Make) -> None:
    server.embed = by_length
    texts = ["a" * (number % 7) + "b" for number in range(150)]
    made = await make().embed(texts)
    assert [round(float(each[0] / each[1])) for each in made] == [len(text) for text in texts]
    assert all(abs(float(each @ each) - 1) < 1e-5 for each in made)
    assert [len(asked["input"]) for asked in server.embedded] == [64, 64, 22]
    assert await make().embed([]) == []


async def test_an_answer_in_another_order_is_put_right(server: ScriptedModel, make: Make) -> None:
    def reversed_rows(asked: Asked) -> Response:
        rows = [{"object": "embedding", "index": n, "embedding": [n + 1.0, 1.0]} for n in range(len(asked["input"]))]
        answer = {"object": "list", "model": "m", "data": rows[::-1], "usage": {"prompt_tokens": 1, "total_tokens": 1}}
        return Response(json.dumps(answer), media_type="application/json")

    server.embed = reversed_rows
    made = await make().embed(["x", "y", "z"])
    assert [round(float(each[0] / each[1])) for each in made] == [1, 2, 3]


async def test_nothing_leaves_that_names_somebody_unless_the_server_is_trusted(server: ScriptedModel) -> None:
    text = "Daughter Lena Miller, lena@example.org, is allergic to penicillin 5 mg"
    settings = Settings.model_validate(
        {
            "embeddings": "openai/m",
            "embeddings_base_url": server.url,
            "embeddings_api_key": "k",
            "embeddings_dimensions": 2,
        }
    )
    await embedder_of(settings).embed([text, text])
    sent = server.embedded[-1]["input"]
    assert "Miller" not in str(server.embedded)
    assert "lena@" not in str(server.embedded)
    assert sent[0] == sent[1]
    assert "penicillin 5 mg" in sent[0]
    trusted = settings.model_copy(update={"embeddings_trusted": True})
    await embedder_of(trusted).embed([text])
    assert server.embedded[-1]["input"] == [text]
    assert embedder_of(trusted).space != embedder_of(settings).space


async def test_a_server_that_fails_for_a_moment_is_asked_again(server: ScriptedModel, make: Make) -> None:
    server.embed = lambda asked: fails(503) if len(server.embedded) == 1 else by_length(asked)
    assert len(await make().embed(["x"])) == 1
    assert len(server.embedded) == 2


@pytest.mark.parametrize("answer", [garbage(), embeds([]), embeds([[1.0, 0.0, 0.0]]), embeds([[0.0, 0.0]]), fails(401)])
async def test_what_is_no_proper_answer_is_unavailable_and_no_vector(
    server: ScriptedModel, make: Make, answer: Response
) -> None:
    server.embed = lambda _: answer
    with pytest.raises(Unavailable) as raised:
        await make().embed(["my secret words"])
    assert not isinstance(raised.value, Refused)
    assert "secret" not in raised.value.detail


async def test_a_refused_text_is_told_apart_from_a_server_that_is_down(server: ScriptedModel, make: Make) -> None:
    server.embed = lambda _: fails(400)
    with pytest.raises(Refused):
        await make().embed(["x"])
    assert len(server.embedded) == 1


async def test_after_three_failures_the_server_is_left_alone_for_a_while(server: ScriptedModel, make: Make) -> None:
    now = [0.0]
    embedder = make(now=lambda: now[0])
    server.embed = lambda _: fails(401)
    for _ in range(4):
        with pytest.raises(Unavailable):
            await embedder.embed(["x"])
    assert len(server.embedded) == 3
    now[0], server.embed = 31.0, by_length
    assert len(await embedder.embed(["x"])) == 1


def test_the_size_of_a_listed_model_is_known_and_of_another_must_be_set() -> None:
    assert RemoteEmbedder(Server(model="openai/text-embedding-3-small"), None).space.dimensions == 1536
    with pytest.raises(InvalidInput, match="VITASENSE_EMBEDDINGS_DIMENSIONS"):
        RemoteEmbedder(Server(model="openai/never-heard-of"), None)
