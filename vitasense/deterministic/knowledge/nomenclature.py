"""How names of medicines are written: spellings of other countries, and words that add an ingredient to a name."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.knowledge.rulebook import rulebook

_LEAST_STEM = 4


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Addition(_Row):
    word: str
    adds: str
    after: tuple[str, ...]


class _Nomenclature(_Row):
    version: str
    source: str
    spellings: tuple[tuple[str, str], ...]
    endings: tuple[tuple[str, ...], ...]
    additions: tuple[_Addition, ...]
    named: tuple[_Addition, ...]


def international(name: str) -> str:
    """A generic name (normalised) in the one spelling in which those of all countries meet.

    "cephalexin" and "cefalexin", "amlodipin" and "amlodipine", "omeprazolum" and "omeprazole" give the same.
    """
    return " ".join(_ending(_letters(word)) for word in name.split())


def added(word: str, name: str, keys: Iterable[str]) -> str | None:
    """The key of the ingredient that `word` after a name adds ("HCT"); None when it adds nothing that is known.

    `name` is the normalised name before the word and `keys` are the ingredients that it has by itself.
    """
    after = _additions().get(word, {})
    return next((after[key] for key in keys if key in after), None) or _named().get(f"{name} {word}")


def _letters(word: str) -> str:
    for written, letter in _rules().spellings:
        word = word.replace(written, letter)
    return word


def _ending(word: str) -> str:
    found = _endings().search(word, _LEAST_STEM)
    return word[: found.start()] + _first()[found.group()] if found else word


@cache
def _rules() -> _Nomenclature:
    text = (files("vitasense.deterministic.knowledge") / "rules/nomenclature.yaml").read_text("utf-8")
    return _Nomenclature.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))


@cache
def _first() -> Mapping[str, str]:
    return {ending: row[0] for row in _rules().endings for ending in row}


@cache
def _endings() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(sorted(_first(), key=len, reverse=True))})$")


@cache
def _additions() -> Mapping[str, Mapping[str, str]]:
    """By word, the keys of the medicines it may follow with the key that it adds."""
    found: dict[str, dict[str, str]] = {}
    for row in _rules().additions:
        found.setdefault(row.word, {}).update(
            dict.fromkeys(rulebook().members(row.after), rulebook().drugs[row.adds].key)
        )
    return found


@cache
def _named() -> Mapping[str, str]:
    return {
        f"{name.casefold()} {row.word}": rulebook().drugs[row.adds].key for row in _rules().named for name in row.after
    }
