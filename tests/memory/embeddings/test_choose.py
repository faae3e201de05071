"""A setting names an embedder, or is told what it must be."""

import importlib.util
from pathlib import Path

import pytest

from tests.memory.embeddings.models import model_in
from vitasense.api.commands.inspection import Verdict, checks
from vitasense.deterministic.platform.problems import InvalidInput, Unavailable
from vitasense.deterministic.platform.settings import Settings
from vitasense.memory.embeddings import LexicalEmbedder, OnnxEmbedder, embedder, threshold
from vitasense.memory.schemas import Space


def test_the_default_needs_nothing(tmp_path: Path) -> None:
    assert isinstance(embedder(Settings(home=tmp_path).embeddings), LexicalEmbedder)


def test_a_folder_is_a_model_of_this_machine(tmp_path: Path) -> None:
    chosen = embedder(f"folder:{model_in(tmp_path)}")
    assert isinstance(chosen, OnnxEmbedder)
    assert chosen.local


@pytest.mark.parametrize("name", ["", "lexicall", "bge-small"])
def test_another_name_is_refused_with_what_it_may_be(name: str) -> None:
    with pytest.raises(InvalidInput, match="fastembed:NAME"):
        embedder(name)


def test_a_remote_model_is_not_asked_without_a_way_to_hide_names() -> None:
    with pytest.raises(InvalidInput, match="hide identifiers"):
        embedder("openai/text-embedding-3-small")
    assert not embedder("openai/text-embedding-3-small", trusted=True).local


@pytest.mark.skipif(bool(importlib.util.find_spec("fastembed")), reason="fastembed is installed here")
def test_fastembed_that_is_not_installed_is_told_with_the_remedy() -> None:
    with pytest.raises(Unavailable, match="extra `embeddings`"):
        embedder("fastembed:BAAI/bge-small-en-v1.5")


def test_a_threshold_belongs_to_its_model_and_the_operator_decides() -> None:
    assert threshold(LexicalEmbedder().space) == 0.22
    assert threshold(Space("unmeasured", "1", 3)) == 0
    assert threshold(LexicalEmbedder().space, 0.4) == 0.4


@pytest.mark.parametrize(
    ("name", "verdict", "words"),
    [
        ("lexical", Verdict.OK, "nothing leaves"),
        ("openai/text-embedding-3-small", Verdict.OK, "told no names"),
        ("openai/never-heard-of", Verdict.MISSING, "VITASENSE_EMBEDDINGS_DIMENSIONS"),
        ("folder:/not/there", Verdict.MISSING, "model.onnx"),
    ],
)
def test_check_says_how_embeddings_are(tmp_path: Path, name: str, verdict: Verdict, words: str) -> None:
    found = next(each for each in checks(Settings(home=tmp_path, embeddings=name)) if each.name == "embeddings")
    assert found.verdict is verdict
    assert words in found.words
