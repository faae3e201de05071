"""The words of health: every lexicon of rules/*.yaml as one table from phrase to meanings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, cast

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.intake.medicine_names import Spoken, spoken_names
from vitasense.deterministic.intake.schemas import EntityType, Metric
from vitasense.deterministic.intake.tokens import phrase

Phrase = tuple[str, ...]
_ABBREVIATION = 2
_SAID_IN_WORDS = ("symptom", "condition", "allergen")


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Row):
    """A unit in which a person may say a value, and the limits outside which it is taken for a slip.

    `unsure` units are taken with a doubt where they were neither said nor usual in the locale.
    """

    unit: str
    low: float
    high: float
    unsure: bool = False


class Bounds(_Row):
    """Limits of a second value that shares the unit of the first."""

    low: float
    high: float


class Measure(_Row):
    """One row of vitals.yaml or labs.yaml."""

    name: str
    code: str
    codes: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    words: tuple[str, ...]
    symbols: tuple[str, ...] = ()
    units: tuple[Limits, ...]
    second: Bounds | None = None
    implied: tuple[str, ...] = ()
    told_by: tuple[str, ...] = ()
    least: float = 0
    category: Literal["vitals", "labs"]


class _Named(_Row):
    name: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase may stand for; `measure` for vitals and labs."""

    type: EntityType
    name: str
    measure: Measure | None = None


def load(name: str) -> Mapping[str, object]:
    """The parsed content of rules/<name>.yaml, every scalar as text: "no" and "on" are words here, not booleans."""
    text = files("vitasense.deterministic.intake").joinpath(f"rules/{name}.yaml").read_text(encoding="utf-8")
    return cast("Mapping[str, object]", yaml.load(text, Loader=yaml.CBaseLoader))  # noqa: S506 - makes only text


@cache
def measures() -> tuple[Measure, ...]:
    """Every vital and lab, vitals first."""
    return tuple(
        Measure.model_validate(row | {"category": category})
        for category in ("vitals", "labs")
        for row in cast("list[dict[str, object]]", load(category)["entries"])
    )


@cache
def symbols() -> Mapping[str, Measure]:
    """Symbols in their own letters ("Na") → the lab that they are before a number."""
    return {symbol: row for row in measures() for symbol in row.symbols}


@cache
def _named(name: str) -> tuple[_Named, ...]:
    return tuple(_Named.model_validate(row) for row in cast("list[object]", load(name)["entries"]))


@cache
def drug_names() -> Mapping[str, str]:
    """Lower-case surface (generic, brand or other name) → generic name, as in RxNorm; several for several ingredients."""
    taken = frozenset(phrase(words) for words, _ in _other_meanings())
    return MappingProxyType(spoken_names(_spoken(), taken))


@cache
def medicine_words() -> frozenset[str]:
    """Single words that tell that a text is about medicines: their names, and words such as "take" and "mg"."""
    return _spoken().around | {name for name in (*drug_names(), *class_names()) if name.isalpha()}


@cache
def _spoken() -> Spoken:
    return Spoken.model_validate(load("medicine_names"))


@cache
def class_names() -> frozenset[str]:
    """The names of drug classes ("statin", "blood thinner"), which are drug entities too."""
    return frozenset(row.name for row in _named("classes"))


@cache
def symptom_names() -> frozenset[str]:
    """The canonical names of symptoms."""
    terms = cast("Mapping[str, Mapping[str, Sequence[str]]]", load("terms")["entries"])
    return frozenset(terms["symptom"])


@cache
def gene_names() -> frozenset[str]:
    """The gene symbols (HGNC) that intake recognises."""
    return frozenset(row.name for row in _named("genes"))


@cache
def word_groups() -> tuple[tuple[str, ...], ...]:
    """The name and the other words of each vital, lab, drug class, symptom, condition and allergen."""
    terms = cast("Mapping[str, Mapping[str, Sequence[str]]]", load("terms")["entries"])
    named = (item for kind in _SAID_IN_WORDS for item in terms[kind].items())
    rows = (*measures(), *_named("classes"))
    return (*((row.name, *row.words) for row in rows), *((name, *words) for name, words in named))


@cache
def _metrics() -> Mapping[str, Metric]:
    table: dict[str, Metric] = {}
    for row in measures():
        for code in (row.code, *row.codes):
            table.setdefault(code, _metric(row))
    return table


def _metric(row: Measure) -> Metric:
    return Metric(
        code=row.code,
        name=row.name,
        unit=row.units[0].unit if row.units else None,
        category=row.category,
        codes=(row.code, *row.codes),
        members=row.members,
    )


def metric(code: str) -> Metric | None:
    """The measure of a LOINC code, primary or not; None when the lexicon does not have it."""
    return _metrics().get(code)


def answering_codes(row: Measure) -> tuple[str, ...]:
    """Every LOINC code that answers a question about the measure, primary first, parts included."""
    own = (row.code, *row.codes, *row.members)
    parts = [code for member in row.members for code in _metrics()[member].codes]
    return tuple(dict.fromkeys((*own, *parts)))


@cache
def meanings() -> Mapping[Phrase, tuple[Meaning, ...]]:
    """Phrase (words as `tokens.cut` gives them) → what it may mean."""
    table: dict[Phrase, dict[Meaning, None]] = {}
    for words, meaning in _all_meanings():
        key = phrase(words)
        if key:
            table.setdefault(key, {})[meaning] = None
    return {key: tuple(found) for key, found in table.items()}


def _all_meanings() -> Iterator[tuple[str, Meaning]]:
    yield from ((word, Meaning(EntityType.DRUG, name)) for word, name in drug_names().items())
    yield from _other_meanings()


def _other_meanings() -> Iterator[tuple[str, Meaning]]:
    """What phrases mean that are no names of single medicines."""
    for row in measures():
        kind = EntityType.VITAL if row.category == "vitals" else EntityType.LAB
        yield from ((word, Meaning(kind, row.name, row)) for word in _plurals((row.name, *row.words)))
    for row in _named("genes"):
        yield from ((word, Meaning(EntityType.GENE, row.name)) for word in (row.name, *row.words))
    for row in _named("classes"):
        yield from ((word, Meaning(EntityType.DRUG, row.name)) for word in _plurals((row.name, *row.words)))
    for row in _named("foods"):
        yield from ((word, Meaning(EntityType.FOOD, row.name)) for word in _plurals((row.name, *row.words)))
    terms = cast("Mapping[str, Mapping[str, Sequence[str]]]", load("terms")["entries"])
    for kind, names in terms.items():
        for name, words in names.items():
            every = (name, *words) if kind == "category" else _plurals((name, *words))
            yield from ((word, Meaning(EntityType(kind), name)) for word in every)


def _plurals(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        yield word
        if not word.endswith("s") and len(word) > _ABBREVIATION:
            yield f"{word}s"


@cache
def openings() -> Mapping[str, tuple[tuple[Phrase, tuple[Meaning, ...]], ...]]:
    """First word → the phrases that begin with it, longest first."""
    table: dict[str, list[tuple[Phrase, tuple[Meaning, ...]]]] = {}
    for key, found in meanings().items():
        table.setdefault(key[0], []).append((key, found))
    return {word: tuple(sorted(rows, key=lambda row: -len(row[0]))) for word, rows in table.items()}


@cache
def portions() -> Mapping[str, str]:
    """Portion word → its canonical form ("slices" → "slice")."""
    rows = cast("Mapping[str, Sequence[str]]", load("foods")["portions"])
    return {word: name for name, words in rows.items() for word in words}


@cache
def between_words() -> frozenset[str]:
    """Words that may stand between a quantity and its food."""
    return frozenset(cast("Sequence[str]", load("foods")["between"]))
