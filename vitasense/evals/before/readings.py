"""Messages with what they mean, written for this project, and how a reading compares with it."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import yaml

from vitasense.deterministic.intake import Entity, EntityType, Period, Reading, read

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)  # a Monday
TUNED, HELD_OUT = "tuned", "held out"
FOLDER = Path(__file__).parents[1] / "datasets" / "reading"
GIVEN = "given"
# Names of parts of the record are not findings; they are measured through the intents.
SCORED = tuple(kind for kind in EntityType if kind is not EntityType.CATEGORY)
# Said of every entity; what a case does not name is expected not to be there.
_ALWAYS: Mapping[str, object] = {
    **dict.fromkeys(("value", "second_value", "unit", "quantity", "portion", "per_day", "doubt", "owner")),
    "negated": False,
    "experiencer": "patient",
}
_ANY = "any"
_NEARLY = 1e-3

Expected = dict[str, object]


@dataclass(frozen=True, slots=True)
class Case:
    """A message, the locale and moment it is read in, and what it means; `ignore` names fields and types not compared."""

    say: str
    find: Sequence[Expected]
    part: str
    kind: str
    locale: str | None = None
    now: datetime | None = NOW
    intents: Sequence[str] = ()
    ignore: frozenset[str] = frozenset()
    times: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Wish:
    """An utterance and the intents of which one (`any_of`) or each is wanted; none when nothing of ours is."""

    say: str
    wanted: frozenset[str]
    each: bool
    part: str


def part_of(text: str, file: str = "") -> str:
    """Which part a message is in: held out when the CRC-32 of its text is odd; the examples given are always tuned."""
    return HELD_OUT if file != GIVEN and zlib.crc32(text.encode()) % 2 else TUNED


def cases() -> Iterator[Case]:
    """Every message of the data set."""
    for file in sorted(FOLDER.glob("*.yaml")):
        if file.stem != "intents":
            rows = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            yield from (_case(row, file.stem) for row in cast("list[Expected]", rows))


def _case(row: Expected, kind: str) -> Case:
    say, locale = cast("str", row["say"]), cast("str | None", row.get("locale"))
    return Case(
        say=say,
        find=cast("list[Expected]", row["find"]),
        part=part_of(f"{say}|{locale or ''}", kind),
        kind=kind,
        locale=locale,
        now=None if "now" in row else NOW,
        intents=cast("list[str]", row.get("intents", [])),
        ignore=frozenset(cast("list[str]", row.get("ignore", []))),
        times={name: row[name] for name in ("period", "periods") if name in row},
    )


def wishes() -> Iterator[Wish]:
    """Every utterance with its intents."""
    rows = yaml.load((FOLDER / "intents.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for say, wanted in cast("list[tuple[str, str | list[str]]]", rows):
        names = wanted if isinstance(wanted, list) else [] if wanted == "none" else wanted.split("|")
        yield Wish(say, frozenset(names), isinstance(wanted, list), part_of(say))


@dataclass(slots=True)
class Score:
    """What was found, missed and made up by type, and which fields were right.

    `fields` are those that a case names, `silent` those that it does not and that must be empty.
    """

    found: list[str] = field(default_factory=list[str])
    missed: list[str] = field(default_factory=list[str])
    made_up: list[str] = field(default_factory=list[str])
    fields: list[tuple[str, bool]] = field(default_factory=list[tuple[str, bool]])
    silent: list[tuple[str, bool]] = field(default_factory=list[tuple[str, bool]])
    wrong: list[str] = field(default_factory=list[str])

    def compare(self, where: str, name: str, wanted: object, said: object, *, named: bool = True) -> None:
        """Count one field."""
        right = _same(wanted, said)
        (self.fields if named else self.silent).append((name, right))
        if not right:
            self.wrong.append(f"{where}: {name} is {_shown(said)}, not {_shown(wanted)}")


def score(case: Case, into: Score) -> Reading:
    """Read one message and count what is right."""
    reading = read(case.say, now=case.now, locale=case.locale)
    expected = [one for row in case.find for one in _with_dose(row) if _kind(one) not in case.ignore]
    left = [one for one in reading.entities if one.type in SCORED and one.type.value not in case.ignore]
    for wanted in sorted(expected, key=lambda one: "text" not in one):
        entity = _match(case.say, wanted, left)
        if entity is None:
            into.missed.append(_kind(wanted))
            into.wrong.append(f"{case.say}: no {_kind(wanted)} {wanted[_kind(wanted)]}")
            continue
        left.remove(entity)
        into.found.append(_kind(wanted))
        _fields(case, wanted, entity, into)
    for entity in left:
        into.made_up.append(entity.type.value)
        into.wrong.append(f"{case.say}: made up {entity.type.value} {entity.name} ({entity.text})")
    _times(case, reading, into)
    for intent in case.intents:
        sure = [one.name.value for one in reading.intents if one.confidence >= 0.5]
        into.compare(case.say, "intents", True, intent in sure)
    return reading


def _with_dose(row: Expected) -> Iterator[Expected]:
    yield {name: value for name, value in row.items() if name != "dose"}
    if "dose" in row:
        shared = {name: row[name] for name in ("value", "unit", "quantity", "per_day", "doubt") if name in row}
        yield {"dose": row["drug"], "text": str(row["dose"]), **shared, "owner": _ANY, "experiencer": _ANY}


def _kind(wanted: Expected) -> str:
    return next(name for name in wanted if name in set(EntityType))


def _match(say: str, wanted: Expected, left: Sequence[Entity]) -> Entity | None:
    kind = _kind(wanted)
    start = say.find(cast("str", wanted["text"])) if "text" in wanted else 0
    end = start + len(cast("str", wanted["text"])) if "text" in wanted else len(say)
    same = [one for one in left if one.type.value == kind and one.name == wanted[kind]]
    return next((one for one in same if one.start < end and start < one.end), None)


def _fields(case: Case, wanted: Expected, entity: Entity, into: Score) -> None:
    kind = _kind(wanted)
    always = _ALWAYS if kind != EntityType.PERSON else dict[str, object]()
    flat = {name: value for name, value in {**always, **wanted}.items() if name != kind and value != _ANY}
    for name, value in flat.items():
        if name in case.ignore:
            continue
        said = entity.variant if name == "variant_of" else getattr(entity, name)
        if name == "doubt":
            said = said is not None or None
        if isinstance(value, dict):
            _nested(case.say, f"{kind}.{name}", cast("dict[str, object]", value), said, into)
        else:
            into.compare(case.say, f"{kind}.{name}", value, said, named=name in wanted)


def _nested(say: str, where: str, wanted: Mapping[str, object], said: object, into: Score) -> None:
    for name, value in wanted.items():
        part = getattr(said, name, None)
        if isinstance(value, dict):
            _nested(say, f"{where}.{name}", cast("dict[str, object]", value), part, into)
        else:
            into.compare(say, f"{where}.{name}", value, part)


def _times(case: Case, reading: Reading, into: Score) -> None:
    if "period" in case.times:
        into.compare(case.say, "period", case.times["period"], reading.period)
    for place, wanted in enumerate(cast("list[object]", case.times.get("periods", []))):
        said = reading.periods[place] if place < len(reading.periods) else None
        into.compare(case.say, "periods", wanted, said)


def _same(wanted: object, said: object) -> bool:
    if isinstance(said, Period):
        if isinstance(wanted, str):
            return said.text == wanted or said.text.endswith(f" {wanted}")
        return isinstance(wanted, list) and _shown(said) == _shown(cast("list[object]", wanted))
    if isinstance(wanted, bool) or isinstance(said, bool):
        return wanted == said
    if isinstance(wanted, int | float) and isinstance(said, int | float):
        return abs(wanted - said) <= max(abs(wanted) * _NEARLY * 2, 1e-9)
    if isinstance(said, tuple):
        return isinstance(wanted, list) and list(cast("tuple[object, ...]", said)) == wanted
    return wanted == said


def _shown(said: object) -> str:
    if isinstance(said, Period):
        return f"{_moment(said.start)} to {_moment(said.end)}"
    if isinstance(said, list):
        return " to ".join(str(one) for one in cast("list[object]", said))
    return repr(said)


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return "None"
    whole = (moment.hour, moment.minute) == (0, 0)
    return f"{moment:%Y-%m-%d}" if whole else f"{moment:%Y-%m-%dT%H:%M}"
