"""Allergies, and statements about having none, which are no allergies."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.records.fhir import Json, objects, text, values, words
from vitasense.deterministic.records.reading import NOT_SO, common
from vitasense.deterministic.records.schemas import Allergies, Allergy, AllergyStatement, Reaction, StoredResource


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    scope: str
    known: bool
    code: str | None = None
    words: tuple[str, ...] = ()


class _Book(BaseModel):
    version: str
    source: str
    entries: tuple[_Entry, ...]
    words: tuple[_Entry, ...]


@cache
def _statements() -> Mapping[str, _Entry]:
    raw = files("vitasense.deterministic.records").joinpath("rules/allergy_statements.yaml").read_text(encoding="utf-8")
    book = _Book.model_validate(yaml.load(raw, Loader=yaml.CSafeLoader))
    coded = {entry.code: entry for entry in book.entries if entry.code}
    return coded | {said: entry for entry in book.words for said in entry.words}


def allergies_of(rows: Sequence[StoredResource]) -> Allergies:
    """The AllergyIntolerance resources, told apart."""
    told = [(row, _statement(row.content)) for row in rows]
    return Allergies(
        allergies=tuple(_allergy(row) for row, entry in told if entry is None),
        statements=tuple(
            AllergyStatement.model_validate(common(row) | {"scope": entry.scope, "known": entry.known})
            for row, entry in told
            if entry
        ),
    )


def _statement(content: Json) -> _Entry | None:
    codes = [code for each in objects(content, "code.coding") if (code := text(each, "code"))]
    found = [_statements()[code] for code in codes if code in _statements()]
    if found or codes:
        return found[0] if found else None
    said = (text(content, "code.text") or "").strip(" .").lower()
    return _statements().get(said)


def _allergy(row: StoredResource) -> Allergy:
    content = row.content
    verification, clinical = (
        text(content, "verificationStatus.coding.code"),
        text(content, "clinicalStatus.coding.code"),
    )
    own = {
        "kind": text(content, "type"),
        "criticality": text(content, "criticality"),
        "verification": verification,
        "active": clinical in {"active", None} and verification not in NOT_SO,
        "reactions": tuple(_reaction(each) for each in objects(content, "reaction")),
    }
    return Allergy.model_validate(common(row) | own)


def _reaction(reaction: Json) -> Reaction:
    signs = (words(each) for each in values(reaction, "manifestation"))
    named = tuple(sign for sign in signs if sign) or tuple(filter(None, [text(reaction, "description")]))
    return Reaction(manifestations=named, severity=text(reaction, "severity"))
