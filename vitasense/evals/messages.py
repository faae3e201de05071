"""The messages of the triage datasets: the one place that knows where they are."""

from collections.abc import Sequence
from pathlib import Path

import yaml

FOLDER = Path(__file__).parents[2] / "tests" / "guardrails"
HELD_OUT = ("first", "second", "third", "fourth")


def all_messages() -> list[str]:
    """Every message, ordinary and emergency."""
    return [*_written("benign"), *_written("emergencies"), *_held_out("emergencies"), *_held_out("ordinary")]


def ordinary_messages() -> list[str]:
    """Messages that are no emergency."""
    return [*_written("benign"), *_held_out("ordinary")]


def benign_questions() -> list[str]:
    """Ordinary questions in the words of harmful ones."""
    return _lines(FOLDER / "questions.txt")


def _written(name: str) -> Sequence[str]:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def _held_out(kind: str) -> list[str]:
    return [line for name in HELD_OUT for line in _lines(FOLDER / "heldout" / f"{name}_{kind}.txt")]


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line]
