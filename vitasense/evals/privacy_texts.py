"""The texts that privacy is measured on: with identifiers marked, and with none."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import yaml

from vitasense.deterministic import knowledge
from vitasense.evals import corpora
from vitasense.guardrails import KnownIdentifier

_MARKED = re.compile(r"<<(\w+)\|(.*?)>>", re.DOTALL)
_SAID = ("display", "text", "conclusion", "description", "valueString")
_WHO = ("Patient", "Practitioner", "Organization")


@dataclass(frozen=True, slots=True)
class Marked:
    """A text, its identifiers as (kind, start, end), and what is known in advance."""

    text: str
    spans: tuple[tuple[str, int, int], ...] = ()
    known: tuple[KnownIdentifier, ...] = ()


@cache
def own(name: str) -> Any:
    """A file of `datasets/privacy`."""
    return yaml.safe_load(files("vitasense.evals").joinpath("datasets", "privacy", f"{name}.yaml").read_text("utf-8"))


def marked() -> list[Marked]:
    """Own messages, notes and letters with their identifiers; nobody in them is known."""
    return [_unmarked(text) for text in own("identifiers")["texts"]]


def public(file: Path) -> list[Marked]:
    """The texts of presidio-research with their identifiers; the names of their persons are known."""
    return [_public(each) for each in json.loads(file.read_text("utf-8"))]


def notes(file: Path) -> list[str]:
    """The sentences of clinical notes that come with NegEx."""
    lines = file.read_text("latin-1").splitlines()
    return [line.split("\t")[2] for line in lines[1:] if line.count("\t") > 3]


def messages() -> list[str]:
    """The messages that triage and refusal are measured on."""
    named = (*corpora.TUNED, *corpora.UNTOUCHED)
    texts = [text for name in named for text in (*corpora.emergencies(name), *corpora.ordinary(name))]
    return list(dict.fromkeys((*texts, *corpora.questions())))


def knowledge_texts() -> list[str]:
    """What the knowledge rules call and say things, without their sources."""
    book = knowledge.rulebook()
    entries = [entry for each in (book.drugs, book.classes, book.interactions, book.terms) for entry in each]
    told = [entry.model_dump(mode="json", exclude={"key", "source"}) for entry in entries]
    return sorted({text for text in _strings(told, "") if text})


def demo_texts() -> list[Marked]:
    """What the demo's records say; the people and institutions of each record are known."""
    return [each for file in files("vitasense.demo").joinpath("patients").iterdir() for each in _demo(file.read_text())]


def _demo(bundle: str) -> Iterator[Marked]:
    resources = [entry["resource"] for entry in json.loads(bundle)["entry"]]
    known = tuple(each for one in resources if one["resourceType"] in _WHO for each in _names(one["name"]))
    clinical = [one for one in resources if one["resourceType"] not in _WHO]
    for text in sorted({text for one in clinical for name in _SAID for text in _strings(one, "", only=name)}):
        yield Marked(text, known=known)


def _names(name: Any) -> Iterator[KnownIdentifier]:
    if isinstance(name, str):
        yield KnownIdentifier("organisation", name)
        return
    for each in name:
        yield KnownIdentifier("person", " ".join((*each["given"], each["family"])))


def _unmarked(written: str) -> Marked:
    spans: list[tuple[str, int, int]] = []
    text, last = "", 0
    for mark in _MARKED.finditer(written):
        text += written[last : mark.start()]
        spans.append((mark.group(1), len(text), len(text) + len(mark.group(2))))
        text, last = text + mark.group(2), mark.end()
    return Marked(text + written[last:], tuple(spans))


def _public(each: dict[str, Any]) -> Marked:
    spans = tuple((span["entity_type"], span["start_position"], span["end_position"]) for span in each["spans"])
    names = [span["entity_value"] for span in each["spans"] if span["entity_type"] == "PERSON"]
    return Marked(each["full_text"], spans, tuple(KnownIdentifier("person", name) for name in names))


def _strings(value: object, name: str, *, only: str = "") -> Iterator[str]:
    """Every string in a JSON value; those named `only` if a name is given."""
    if isinstance(value, str) and only in ("", name):
        yield value
    if isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            yield from _strings(item, key, only=only)
    if isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _strings(item, name, only=only)
