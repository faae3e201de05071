"""From which similarity on an entry counts, by model: rules/similarity.yaml says how each number was chosen."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field

from vitasense.memory.schemas import Space


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    entries: Mapping[str, float]
    otherwise: float = Field(ge=-1, le=1)


@cache
def _rules() -> _Rules:
    text = files("vitasense.memory").joinpath("rules/similarity.yaml").read_text(encoding="utf-8")
    return _Rules.model_validate(yaml.safe_load(text))


def threshold(space: Space, setting: float | None = None) -> float:
    """The least cosine that counts in this space: what the operator set, else what was measured for the model."""
    return setting if setting is not None else _rules().entries.get(space.model, _rules().otherwise)
