"""A model in a folder: pooled as it says, cut off where it ends, and told what is wrong with it."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from tests.memory.embeddings.models import TABLE, model_in
from vitasense.deterministic.platform.problems import Unavailable
from vitasense.memory.embeddings import OnnxEmbedder

CLS, SUGAR, HEART, QUERY = TABLE[2], TABLE[3], TABLE[5], TABLE[6]


def absent(_: str) -> None:
    """Stands for `find_spec` where nothing is installed."""


def unit(*rows: np.ndarray) -> list[float]:
    mean = np.mean(rows, axis=0)
    return [round(float(number), 5) for number in mean / np.linalg.norm(mean)]


async def embedded(folder: Path, *texts: str, query: bool = False) -> list[list[float]]:
    made = await OnnxEmbedder(folder).embed(texts, query=query)
    assert all(each.dtype == np.float32 for each in made)
    return [[round(float(number), 5) for number in each] for each in made]


async def test_the_mean_leaves_out_what_only_fills_the_batch(tmp_path: Path) -> None:
    short, long = await embedded(model_in(tmp_path), "sugar", "sugar heart heart heart")
    assert short == unit(CLS, SUGAR)
    assert long == unit(CLS, SUGAR, HEART, HEART, HEART)


async def test_the_first_token_is_taken_where_the_folder_says_so(tmp_path: Path) -> None:
    assert await embedded(model_in(tmp_path / "a", pooling="cls"), "sugar") == [unit(CLS)]
    folder = model_in(tmp_path / "b")
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_cls_token": True}))
    assert await embedded(folder, "sugar") == [unit(CLS)]


async def test_a_long_text_is_cut_off_and_prefixes_stand_before_questions_only(tmp_path: Path) -> None:
    folder = model_in(tmp_path, max_length=3, query_prefix="query ", hidden_size=3)
    assert await embedded(folder, "sugar sugar heart heart") == [unit(CLS, SUGAR, SUGAR)]
    assert await embedded(folder, "sugar heart", query=True) == [unit(CLS, QUERY, SUGAR)]


async def test_more_texts_than_one_batch_come_back_in_order(tmp_path: Path) -> None:
    texts = ["sugar" if number % 3 else "heart heart" for number in range(100)]
    made = await embedded(model_in(tmp_path), *texts)
    assert made == [unit(CLS, SUGAR) if number % 3 else unit(CLS, HEART, HEART) for number in range(100)]


async def test_the_space_changes_with_the_files_and_only_with_them(tmp_path: Path) -> None:
    first = OnnxEmbedder(model_in(tmp_path / "one" / "m")).space
    assert first == OnnxEmbedder(model_in(tmp_path / "two" / "m")).space
    assert (first.model, first.dimensions) == ("folder:m", 3)
    assert first.version != OnnxEmbedder(model_in(tmp_path / "three" / "m", pooling="cls")).space.version


def test_a_wrong_folder_is_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"model\.onnx"):
        OnnxEmbedder(tmp_path)
    with pytest.raises(Unavailable, match=r"config\.json"):
        OnnxEmbedder(model_in(tmp_path, pooling="median"))


@pytest.mark.parametrize("content", [b"", b"not a model"])
async def test_a_broken_model_is_unavailable(tmp_path: Path, content: bytes) -> None:
    (model_in(tmp_path) / "model.onnx").write_bytes(content)
    with pytest.raises(Unavailable, match="cannot be loaded"):
        await OnnxEmbedder(tmp_path).embed(["sugar"])


async def test_a_model_that_is_not_for_text_is_refused(tmp_path: Path) -> None:
    folder = model_in(tmp_path, inputs=("input_ids", "pixel_values"))
    with pytest.raises(Unavailable, match="pixel_values"):
        await OnnxEmbedder(folder).embed(["sugar"])


def test_without_the_extra_the_remedy_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = model_in(tmp_path)
    monkeypatch.setattr(importlib.util, "find_spec", absent)
    with pytest.raises(Unavailable, match="extra `embeddings`"):
        OnnxEmbedder(folder)
