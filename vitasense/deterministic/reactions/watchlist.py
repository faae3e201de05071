"""What is watched: rules/watch.yaml, read once."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, cast

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.platform.findings import Evidence, Urgency


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rest(_Frozen):
    """When a value of a stream is one at rest."""

    minutes: int
    most_steps: int


class Confirmation(_Frozen):
    """How many values of a stream, over how many minutes, must agree."""

    values: int
    minutes: int


class Watched(_Frozen):
    """One kind of reading: its parts by LOINC code, what an alarm of it is called, and what follows one."""

    key: str
    name: str
    metrics: tuple[str, ...]
    titles: Mapping[str, str]
    calm_after: int
    check: Mapping[Urgency, int]
    advice: Mapping[Urgency, str]
    source: str
    risk: bool
    version: str
    origin: Literal["any", "device"] = "any"
    rest: Rest | None = None
    confirm: Confirmation | None = None
    question: str | None = None

    @property
    def evidence(self) -> Evidence:
        """The entry, as what is advised rests on it."""
        return Evidence(
            kind="knowledge",
            ref=f"reactions/watch#{self.key}",
            version=self.version,
            label=f"What to do about {self.name}",
            source=self.source,
        )


@cache
def watchlist() -> tuple[Watched, ...]:
    """Every kind of reading that is watched."""
    text = files("vitasense.deterministic.reactions").joinpath("rules/watch.yaml").read_text(encoding="utf-8")
    book = cast("dict[str, object]", yaml.load(text, Loader=yaml.CSafeLoader))
    rows = cast("list[dict[str, object]]", book["entries"])
    return tuple(Watched.model_validate({"version": book["version"], **row}) for row in rows)


@cache
def watched_by_metric() -> Mapping[str, Watched]:
    """LOINC code → the kind of reading that it is a part of."""
    return {code: each for each in watchlist() for code in each.metrics}
