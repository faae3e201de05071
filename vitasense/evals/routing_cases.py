"""Messages with the specialists that are wanted for them, and where the rules alone would send them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NotRequired, TypedDict, cast

import yaml

from vitasense.agents import AGENTS
from vitasense.deterministic.intake import Reading, read
from vitasense.graphs import front_desk, route, safety
from vitasense.guardrails import PersonFacts, deference, screen

FOLDER = Path(__file__).parent / "datasets" / "routing"
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)  # a Monday
NONE, SEVERAL = "none", "several"
TUNED, UNTOUCHED, FRESH = "tuned", "untouched", "fresh"


Part = Literal["tuned", "untouched", "fresh"]


class _Row(TypedDict):
    say: str
    before: NotRequired[str]
    wanted: list[str]
    may: NotRequired[list[str]]
    style: str
    part: Part


@dataclass(frozen=True, slots=True)
class RoutingCase:
    """A message, perhaps after another one (`before`), and who is wanted for it.

    `wanted` is empty when nobody should answer; `may` are specialists whose answer beside it does no harm. `group` is
    the file, `style` how it is said. `part`: the rules were mended with the `tuned` ones; the `untouched` ones were read
    only after two looks at them, and mended for then; for the `fresh` ones nothing was mended.
    """

    id: str
    say: str
    before: str | None
    wanted: frozenset[str]
    may: frozenset[str]
    group: str
    style: str
    part: Part

    def right(self, got: frozenset[str]) -> bool:
        """Whether exactly those who are wanted answered, beside whom it does no harm."""
        return self.wanted <= got <= self.wanted | self.may


def routing_cases() -> Iterator[RoutingCase]:
    """Every message of the data set, in the order of the files."""
    for file in sorted(FOLDER.glob("*.yaml")):
        rows = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for place, row in enumerate(cast("list[_Row]", rows), start=1):
            yield _case(row, file.stem, place)


def _case(row: _Row, group: str, place: int) -> RoutingCase:
    return RoutingCase(
        id=f"{group}-{place:03}",
        say=row["say"],
        before=row.get("before"),
        wanted=frozenset(row["wanted"]),
        may=frozenset(row.get("may", [])),
        group=group,
        style=row["style"],
        part=row["part"],
    )


def answered(agents: Sequence[str]) -> frozenset[str]:
    """Who counts as having answered: the gate only when it answered alone, as its advice may stand beside others'."""
    names = frozenset(agents)
    return names - {safety.AGENT} or names


def label(names: frozenset[str]) -> str:
    """A row or column of the confusion matrix."""
    if len(names) > 1:
        return SEVERAL
    return next(iter(names), NONE)


def by_rules(case: RoutingCase) -> frozenset[str]:
    """Where gate, reading and route would send the message in the own record, without service, database and model."""
    previous = _read(case.before, None) if case.before else None
    screening = screen(case.say, person=PersonFacts())
    if screening.decision != "pass":
        return frozenset({safety.AGENT})
    reading = _read(case.say, previous)
    if front_desk.answer(reading, AGENTS, own_record=True) is None:
        names = route.by_intent(AGENTS, reading)
        if names:
            return frozenset(names)
    return frozenset({safety.AGENT}) if safety.advice(screening) else frozenset()


def _read(text: str, previous: Reading | None) -> Reading:
    reading = read(text, now=NOW, previous=previous)
    found = deference(reading)
    return safety.with_record(reading, found) if found else reading
