"""Embeds with fastembed: small models by their names, on ONNX Runtime. Nothing is downloaded unless allowed.

Written against fastembed 0.9.1 (`TextEmbedding` with `passage_embed`, `query_embed`,
`embedding_size`, `list_supported_models`; `cache_dir` and `local_files_only` as its download takes them), whose names and
signatures were checked; no model of it could be had, so no text was embedded with it. fastembed is
not among the packages that the tests install: a stand-in with these names is what ran.
"""

import asyncio
import importlib
import importlib.metadata
import importlib.util
import json
from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any

from vitasense.deterministic.platform.problems import Unavailable
from vitasense.memory.embeddings.lengths import unit
from vitasense.memory.schemas import Space, Vector

BATCH = 32
_VERSION_BYTES = 8


class FastEmbedder:
    """A model of fastembed's list, kept in `folder`; `download` allows to fetch it there once.

    Raises Unavailable with the remedy when the extra `embeddings` is not installed, and on first use when the model is
    not in the list or not in the folder.
    """

    local = True

    def __init__(self, name: str, *, folder: Path, download: bool = False) -> None:
        if not importlib.util.find_spec("fastembed"):
            raise Unavailable(
                "VITASENSE_EMBEDDINGS names a model of fastembed, which is not installed: "
                "install VitaSense with the extra `embeddings`, or unset it."
            )
        self._name, self._folder, self._download = name, folder, download
        self._one_at_a_time = Lock()

    @property
    def space(self) -> Space:
        """Named by the model; the version is that of fastembed, which decides on pooling, with its entry of the list."""
        return self._space

    @cached_property
    def _space(self) -> Space:
        with self._one_at_a_time:
            dimensions = int(self._model.embedding_size)
        return Space(f"fastembed:{self._name}", self._version, dimensions)

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[Vector]:
        """Unit vectors, made in a thread. Raises Unavailable when the model cannot be had."""
        return await asyncio.to_thread(self._all, list(texts), query)

    def _all(self, texts: list[str], query: bool) -> list[Vector]:
        if not texts:
            return []
        with self._one_at_a_time:
            ask = self._model.query_embed if query else self._model.passage_embed
            return unit(list(ask(texts, batch_size=BATCH)))

    @cached_property
    def _model(self) -> Any:
        """The model, loaded by its one loader."""
        fastembed: Any = importlib.import_module("fastembed")  # heavy and optional
        try:
            return fastembed.TextEmbedding(
                model_name=self._name, cache_dir=str(self._folder), local_files_only=not self._download
            )
        except Exception as error:
            raise Unavailable(
                f"The model {self._name} of fastembed cannot be had from {self._folder} ({type(error).__name__}). "
                "VITASENSE_EMBEDDINGS_DOWNLOAD=true lets the service fetch it once."
            ) from error

    @cached_property
    def _version(self) -> str:
        listed: list[Any] = [
            one for one in self._model.list_supported_models() if one["model"].lower() == self._name.lower()
        ]
        said = json.dumps([importlib.metadata.version("fastembed"), listed], sort_keys=True, default=str)
        return blake2b(said.encode(), digest_size=_VERSION_BYTES).hexdigest()
