"""`python -m vitasense.evals.retrievals`: how well the embedder that is set finds what was said in other words.

The set is this project's own (datasets/memory/retrieval.yaml). A question's text decides its half. The words of the
lexical embedder were tuned, and its threshold was chosen, on the one half; the other was only counted.
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.api.embedding import embedder_of
from vitasense.deterministic.platform.settings import Settings
from vitasense.memory.embeddings import Embedder, threshold
from vitasense.memory.schemas import Vector

TUNED, HELD_OUT = "tuned", "held out"
FEW = 5  # how many hits a person reads
MOSTLY_SILENT = 0.7  # the share of unanswerable questions of the tuned half that a threshold must leave without a hit
_STEP = 0.01


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    asked: tuple[str, ...]


class _Set(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    entries: tuple[_Told, ...]
    nothing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Similarity and rank (from 0) of the entry that answers a question."""

    question: str
    similarity: float
    rank: int


@dataclass(frozen=True, slots=True)
class Retrieval:
    """One half: what was found for the questions that an entry answers, and the best similarity for those none does."""

    found: Sequence[Found]
    best_of_nothing: Sequence[float]

    def recall(self, least: float = -1.0) -> float:
        """The share of answerable questions whose entry is among the first five, with at least this similarity."""
        return sum(one.rank < FEW and one.similarity >= least for one in self.found) / len(self.found)

    def silence(self, least: float) -> float:
        """The share of unanswerable questions for which no entry has this similarity."""
        return sum(best < least for best in self.best_of_nothing) / len(self.best_of_nothing)

    def least(self) -> float:
        """The lowest similarity, in steps of 0.01, that leaves most of the unanswerable questions without a hit."""
        return next(at for at in np.arange(0.0, 1.0 + _STEP, _STEP).tolist() if self.silence(at) >= MOSTLY_SILENT)


@cache
def told() -> _Set:
    """The set, checked against its form."""
    text = files("vitasense.evals").joinpath("datasets/memory/retrieval.yaml").read_text(encoding="utf-8")
    return _Set.model_validate(yaml.safe_load(text))


def half_of(question: str) -> str:
    """The half that a question belongs to, by its text alone."""
    return HELD_OUT if blake2b(question.encode(), digest_size=2).digest()[0] % 2 else TUNED


async def retrieve(embedder: Embedder, half: str) -> Retrieval:
    """Ask every question of a half of all entries, by vector alone."""
    entries = np.array(await embedder.embed([each.text for each in told().entries]))
    asked = [(q, place) for place, each in enumerate(told().entries) for q in each.asked if half_of(q) == half]
    nothing = [question for question in told().nothing if half_of(question) == half]
    answered = await embedder.embed([question for question, _ in asked], query=True)
    found = [
        _found(question, entries @ vector, place) for (question, place), vector in zip(asked, answered, strict=True)
    ]
    empty = await embedder.embed(nothing, query=True)
    return Retrieval(found, [float((entries @ vector).max()) for vector in empty])


def _found(question: str, similarities: Vector, place: int) -> Found:
    return Found(question, float(similarities[place]), int((similarities > similarities[place]).sum()))


async def _report(embedder: Embedder) -> list[str]:
    chosen = (await retrieve(embedder, TUNED)).least()
    lines = [
        f"{embedder.space.model}: the tuned half would choose {chosen:.2f}, set is {threshold(embedder.space):.2f}"
    ]
    for half in (TUNED, HELD_OUT):
        seen = await retrieve(embedder, half)
        least = threshold(embedder.space) or chosen
        lines.append(
            f"{half}: {len(seen.found)} answerable, recall@{FEW} {seen.recall():.3f}, {seen.recall(least):.3f} above the "
            f"threshold; {len(seen.best_of_nothing)} unanswerable, {seen.silence(least):.3f} without a hit"
        )
    return lines


def main() -> None:
    """Write the figures of the embedder that the settings name."""
    lines = asyncio.run(_report(embedder_of(Settings())))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
