"""What people tell about themselves, by topic: rules/statements.yaml as patterns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.intake import EntityType
from vitasense.deterministic.platform.access import Category
from vitasense.memory.schemas import Kind

ITEM = "{item}"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TopicRow(_Row):
    """One topic of the file: see the comment there."""

    key: str
    kind: Literal["fact", "preference"]
    category: Category
    any: tuple[str, ...]
    of: tuple[EntityType, ...] = ()
    needs_entity: bool = False
    yes_or_no: bool = False
    denied: str | None = None
    says: str | None = None
    denies: str | None = None
    asked: tuple[str, ...]


class Rules(_Row):
    """`rules/statements.yaml`."""

    version: str
    source: str
    leads: tuple[str, ...]
    tails: str
    open: str
    supposed: tuple[str, ...]
    quoted: tuple[str, ...]
    asks: tuple[str, ...]
    hedged: tuple[str, ...]
    denied: str
    undenied: str
    excepted: str
    others: str
    begins: str
    asking: tuple[str, ...]
    forgetting: tuple[str, ...]
    everything: str
    this_one: str
    anything: str
    empty: tuple[str, ...]
    entries: tuple[TopicRow, ...]


@dataclass(frozen=True)
class Topic:
    """A topic with its patterns."""

    row: TopicRow

    @property
    def kind(self) -> Kind:
        """Fact or preference."""
        return Kind(self.row.kind)

    @property
    def stem(self) -> str:
        """The key without the part that differs: `allergy/`, `smoking`."""
        return self.row.key.removesuffix(ITEM)

    @cached_property
    def told(self) -> tuple[re.Pattern[str], ...]:
        """What finds the topic in a clause."""
        return tuple(re.compile(each) for each in self.row.any)

    @cached_property
    def denied(self) -> re.Pattern[str] | None:
        """What denies it, where that is not any denial in the clause."""
        return re.compile(self.row.denied) if self.row.denied else None

    @cached_property
    def asked(self) -> re.Pattern[str]:
        """What finds it in a question."""
        return any_of(self.row.asked)

    def find(self, clause: str) -> re.Match[str] | None:
        """Where a clause in small letters speaks of it."""
        return next((found for pattern in self.told if (found := pattern.search(clause))), None)


@cache
def rules() -> Rules:
    """The parsed file."""
    text = (files("vitasense.memory") / "rules" / "statements.yaml").read_text(encoding="utf-8")
    return Rules.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))


@cache
def topics() -> tuple[Topic, ...]:
    """Every topic in the order of the file."""
    return tuple(Topic(row) for row in rules().entries)


def stems_asked(words: str) -> tuple[str, ...]:
    """How the keys begin that a question in these words is about."""
    said = words.casefold().replace("’", "'")
    return tuple(dict.fromkeys(topic.stem for topic in topics() if topic.asked.search(said)))


def any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    """A pattern that finds any of these."""
    return re.compile("|".join(f"(?:{each})" for each in patterns))
