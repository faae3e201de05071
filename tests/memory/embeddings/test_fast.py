"""fastembed, which is not installed for the tests: a stand-in with its names shows what it is asked."""

import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import numpy as np
import pytest

from vitasense.deterministic.platform.problems import Unavailable
from vitasense.memory.embeddings import FastEmbedder


class TextEmbedding:
    """The part of fastembed's class of this name that is used."""

    made_with: ClassVar[dict[str, Any]] = {}
    embedding_size = 2

    def __init__(self, **options: Any) -> None:
        type(self).made_with = options
        if options["model_name"] == "not/there":
            raise ValueError("Could not load model from any source")

    @classmethod
    def list_supported_models(cls) -> list[dict[str, Any]]:
        return [{"model": "some/Model", "dim": 2}]

    def passage_embed(self, texts: Sequence[str], *, batch_size: int) -> Iterator[Any]:
        return (np.array([len(text), 0.0]) for text in texts)

    def query_embed(self, query: Sequence[str], *, batch_size: int) -> Iterator[Any]:
        return (np.array([0.0, len(text)]) for text in query)


def _found(_: str) -> object:
    return object()


def _version(_: str) -> str:
    return "0.9.1"


@pytest.fixture
def _stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("fastembed")
    module.TextEmbedding = TextEmbedding  # pyright: ignore[reportAttributeAccessIssue]
    monkeypatch.setitem(sys.modules, "fastembed", module)
    monkeypatch.setattr(importlib.util, "find_spec", _found)
    monkeypatch.setattr(importlib.metadata, "version", _version)


@pytest.mark.usefixtures("_stand_in")
async def test_questions_and_passages_are_told_apart_and_made_one_long(tmp_path: Path) -> None:
    embedder = FastEmbedder("some/model", folder=tmp_path)
    assert [each.tolist() for each in await embedder.embed(["abc", "a"])] == [[1, 0], [1, 0]]
    assert [each.tolist() for each in await embedder.embed(["abc"], query=True)] == [[0, 1]]
    assert await embedder.embed([]) == []
    assert (embedder.space.model, embedder.space.dimensions) == ("fastembed:some/model", 2)


@pytest.mark.usefixtures("_stand_in")
@pytest.mark.parametrize("download", [False, True])
def test_nothing_is_downloaded_unless_it_is_allowed(tmp_path: Path, download: bool) -> None:
    assert FastEmbedder("some/model", folder=tmp_path, download=download).space
    assert TextEmbedding.made_with == {
        "model_name": "some/model",
        "cache_dir": str(tmp_path),
        "local_files_only": not download,
    }


@pytest.mark.usefixtures("_stand_in")
async def test_a_model_that_cannot_be_had_is_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="VITASENSE_EMBEDDINGS_DOWNLOAD"):
        await FastEmbedder("not/there", folder=tmp_path).embed(["a"])
