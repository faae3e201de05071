"""Embeds through any embedding API that litellm speaks. What it is sent names nobody, unless it is trusted."""

import asyncio
import importlib.util
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.problems import InvalidInput, Unavailable
from vitasense.memory.embeddings.lengths import unit
from vitasense.memory.schemas import Space, Vector

BATCH = 64
ATTEMPTS = 3
LONGEST_WAIT_SECONDS = 2.0
FAILURES_TO_REST = 3
REST_SECONDS = 30.0
_TABLE = "model_prices_and_context_window_backup.json"  # litellm's own list of models, read without importing it
_VERSION_BYTES = 8
_TOO_MANY, _SERVER_ERROR, _TIMED_OUT = 429, 500, 408
_ABOUT_THE_TEXT = (400, 413, 422)

Redact = Callable[[str], str]
log = get_logger(__name__)


class Refused(Unavailable):
    """The model's server answers, but not to these texts: another try is no use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where the model is: a litellm name, its address and key, and how many seconds a request may take."""

    model: str
    base_url: str | None = None
    api_key: SecretStr | None = None
    timeout_seconds: float = 20.0
    dimensions: int | None = None


class RemoteEmbedder:
    """A litellm embedding model; after repeated failures it is left alone for a while.

    `redact` takes out of each text who it is about, and must give the same for the same text; None for a server that
    is trusted. Raises InvalidInput when nobody says how many numbers its vectors have.
    """

    local = False

    def __init__(
        self, server: Server, redact: Redact | None, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._server = server
        self._redact = redact
        self._monotonic = monotonic
        self._failures = 0
        self._rests_until = 0.0
        self._dimensions = server.dimensions or _listed_dimensions(server.model)

    @property
    def space(self) -> Space:
        """Versioned by the server's address and by whether names are taken out: the API tells no version."""
        return self._space

    @cached_property
    def _space(self) -> Space:
        said = json.dumps([self._server.base_url, self._redact is not None])
        version = blake2b(said.encode(), digest_size=_VERSION_BYTES).hexdigest()
        return Space(self._server.model, version, self._dimensions)

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[Vector]:  # noqa: ARG002 - one for both
        """Unit vectors of the texts without identifiers.

        Raises Refused when the server does not take the texts, and Unavailable when it gives no proper answer.
        """
        sent = await asyncio.to_thread(self._without_names, list(texts))
        batches = [await self._ask(sent[at : at + BATCH]) for at in range(0, len(sent), BATCH)]
        return [vector for batch in batches for vector in batch]

    def _without_names(self, texts: list[str]) -> list[str]:
        return [self._redact(text) for text in texts] if self._redact else texts

    async def _ask(self, texts: list[str]) -> list[Vector]:
        if self._monotonic() < self._rests_until:
            raise Unavailable("The embedding model did not answer several times and is left alone for a moment.")
        try:
            vectors = unit(_rows(await self._attempts(texts), len(texts), self._dimensions))
        except Exception as error:
            raise self._failed(error) from error
        self._failures = 0
        return vectors

    async def _attempts(self, texts: list[str]) -> object:
        retrying = AsyncRetrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.2, max=LONGEST_WAIT_SECONDS),
            retry=retry_if_exception(_worth_another_try),
            reraise=True,
        )
        litellm = await asyncio.to_thread(_litellm)

        async def attempt() -> object:
            key = self._server.api_key
            return await litellm.aembedding(
                model=self._server.model,
                input=texts,
                api_base=self._server.base_url,
                api_key=key.get_secret_value() if key else None,
                timeout=self._server.timeout_seconds,
                max_retries=0,
            )

        async with asyncio.timeout(self._server.timeout_seconds):
            return await retrying(attempt)

    def _failed(self, error: Exception) -> Unavailable:
        if _status(error) in _ABOUT_THE_TEXT:
            return Refused("The embedding model does not take these texts.")
        self._failures += 1
        log.warning("embeddings.failed", attempt=self._failures, exc_info=error)
        if self._failures >= FAILURES_TO_REST:
            self._failures = 0
            self._rests_until = self._monotonic() + REST_SECONDS
        if isinstance(error, Unavailable):
            return error
        return Unavailable(f"The embedding model gave no answer ({type(error).__name__}).")


def _rows(answer: object, count: int, dimensions: int) -> list[Sequence[float]]:
    """The vectors of an answer in the order of the texts, whatever order the server gave them in."""
    data = cast("list[Mapping[str, Any]]", getattr(answer, "data", None) or [])
    rows = {int(row["index"]): cast("Sequence[float]", row["embedding"]) for row in data}
    if sorted(rows) != list(range(count)):
        raise Unavailable("The embedding model did not answer with one vector for each text.")
    if any(len(row) != dimensions for row in rows.values()):
        raise Unavailable(
            f"The embedding model does not give {dimensions} numbers: set VITASENSE_EMBEDDINGS_DIMENSIONS to what it gives."
        )
    return [rows[number] for number in range(count)]


def _worth_another_try(error: BaseException) -> bool:
    """Rate limits, server errors and broken connections pass; a refusal does not."""
    status = _status(error)
    return status is not None and (status in (_TOO_MANY, _TIMED_OUT) or status >= _SERVER_ERROR)


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def _listed_dimensions(model: str) -> int:
    found = importlib.util.find_spec("litellm")
    places = found.submodule_search_locations if found else None
    file = Path(places[0]) / _TABLE if places else None
    table = cast("dict[str, dict[str, Any]]", json.loads(file.read_bytes()) if file and file.is_file() else {})
    listed = table.get(model) or table.get(model.partition("/")[2]) or {}
    if not isinstance(size := listed.get("output_vector_size"), int):
        raise InvalidInput(
            f"How many numbers a vector of {model} has is not known: set VITASENSE_EMBEDDINGS_DIMENSIONS."
        )
    return size


def _litellm() -> Any:
    """The library; importing it takes seconds, so it happens on first use, and without a download."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm  # noqa: PLC0415 heavy: this is its one loader here

    litellm.suppress_debug_info = True
    return litellm
