"""Embeds with a model in a local folder, on ONNX Runtime, without torch and without a network."""

import asyncio
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitasense.deterministic.platform.problems import Unavailable
from vitasense.memory.embeddings.folder import MODEL, TOKENIZER, Folder, read_folder
from vitasense.memory.embeddings.lengths import unit
from vitasense.memory.schemas import Space, Vector

BATCH = 32
_NEEDED = ("onnxruntime", "tokenizers")
_SENTENCE = "sentence_embedding"  # the output that some exports pool themselves
_REMEDY = "Install VitaSense with the extra `embeddings`, or unset VITASENSE_EMBEDDINGS."
_EACH_TOKEN = 3  # axes of an output that has a vector for each token


@dataclass(frozen=True, slots=True)
class _Model:
    encode: Callable[[Sequence[str]], tuple[NDArray[np.int64], NDArray[np.int64]]]  # token ids and mask
    run: Callable[[Mapping[str, NDArray[np.int64]]], NDArray[np.float32]]
    inputs: frozenset[str]


class OnnxEmbedder:
    """A folder with `model.onnx` and `tokenizer.json`; see docs/embeddings.md for its `config.json`.

    Raises Unavailable when the folder is not one, or the extra `embeddings` is not installed. The model is loaded when
    it is first asked.
    """

    local = True

    def __init__(self, path: Path) -> None:
        self._folder = read_folder(path)
        if missing := [name for name in _NEEDED if not importlib.util.find_spec(name)]:
            raise Unavailable(f"A model in a folder needs {' and '.join(missing)}. {_REMEDY}")
        self._one_at_a_time = Lock()

    @property
    def space(self) -> Space:
        """Named by the folder, with a hash of its files as version. Loads the model."""
        return self._space

    @cached_property
    def _space(self) -> Space:
        with self._one_at_a_time:
            dimensions = len(self._batch(["a"])[0])
        return Space(f"folder:{self._folder.path.name}", self._folder.version, dimensions)

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[Vector]:
        """Unit vectors, made in a thread; a text longer than the model reads is cut off at its end.

        Raises Unavailable when the model cannot be loaded or does not run.
        """
        prefix = self._folder.prefixes[query]
        return await asyncio.to_thread(self._all, [prefix + text for text in texts])

    def _all(self, texts: Sequence[str]) -> list[Vector]:
        with self._one_at_a_time:
            batches = [self._batch(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return [vector for batch in batches for vector in batch]

    def _batch(self, texts: Sequence[str]) -> list[Vector]:
        model = self._model
        ids, mask = model.encode(texts)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        try:
            found = model.run({name: given[name] for name in model.inputs})
        except Exception as error:
            raise Unavailable(f"The model in {self._folder.path} does not run ({type(error).__name__}).") from error
        return unit(_pooled(found, mask, self._folder.pooling))

    @cached_property
    def _model(self) -> _Model:
        try:
            return _load(self._folder)
        except Unavailable:
            raise
        except Exception as error:
            words = f"The model in {self._folder.path} cannot be loaded ({type(error).__name__}): is it whole?"
            raise Unavailable(words) from error


def _pooled(found: NDArray[np.float32], mask: NDArray[np.int64], pooling: str) -> NDArray[np.float32]:
    if found.ndim < _EACH_TOKEN:
        return found
    if pooling == "cls":
        return found[:, 0]
    weights = mask[:, :, None].astype(np.float32)
    return (found * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)


def _load(folder: Folder) -> _Model:
    """The one loader of the two libraries."""
    import onnxruntime  # noqa: PLC0415 heavy and optional
    import tokenizers  # noqa: PLC0415

    tokenizer: Any = tokenizers.Tokenizer.from_file(str(folder.path / TOKENIZER))
    tokenizer.enable_truncation(folder.longest)
    tokenizer.enable_padding(**(tokenizer.padding or {}) | {"length": None})
    session: Any = onnxruntime.InferenceSession(str(folder.path / MODEL), providers=["CPUExecutionProvider"])
    inputs = frozenset(str(one.name) for one in session.get_inputs())
    if unknown := inputs - {"input_ids", "attention_mask", "token_type_ids"}:
        raise Unavailable(f"The model in {folder.path} asks for {', '.join(sorted(unknown))}: it is not a text model.")
    outputs = [str(one.name) for one in session.get_outputs()]
    wanted = _SENTENCE if _SENTENCE in outputs else outputs[0]

    def encode(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        read = tokenizer.encode_batch(list(texts))
        return np.array([one.ids for one in read], np.int64), np.array([one.attention_mask for one in read], np.int64)

    def run(given: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        return np.asarray(session.run([wanted], dict(given))[0], np.float32)

    return _Model(encode, run, inputs)
