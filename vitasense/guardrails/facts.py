"""What a set of findings says, taken apart: numbers, dates, names, drugs, genes, and words."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from vitasense.deterministic.platform.findings import Finding, Status, Value
from vitasense.guardrails.amounts import Amount, Moment, amounts, moments
from vitasense.guardrails.rulebook import Rule, load

_TOKEN = re.compile(r"[\w*'’-]+")
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.](?=\d)[^.!?\n]+)*[.!?\n]*")
_LONGEST_NAME = 5
_LONGEST_SENTENCE = 500
_CODES = re.compile(r"\b(?:rs\d{2,}|CYP\d\w*|HLA-\w+(?:\*[\d:]+)?)|(?<!\w)\*\d+\w*", re.IGNORECASE)


class GroundingRules(Rule):
    """`rules/grounding.yaml`."""

    version: str
    source: str
    units: Mapping[str, tuple[str, ...]]
    counted: frozenset[str]
    multipliers: frozenset[str]
    claims: Mapping[str, tuple[str, ...]]
    earlier: tuple[str, ...]
    implied: Mapping[str, tuple[str, ...]]
    opposite: Mapping[str, str]
    absence: tuple[str, ...]
    not_absence: tuple[str, ...]
    missing: frozenset[str]
    conditional: tuple[str, ...]
    relative_dates: tuple[str, ...]
    ignored_topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class NumberFact:
    """A number that a finding states; `name` is what it measures, `dates` when it was true."""

    number: float
    decimals: int
    unit: str
    name: str | None
    dates: tuple[datetime | Moment, ...]
    following: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """The words that stand for one known value name each ("ldl" for "LDL cholesterol")."""

    by_phrase: Mapping[str, str]

    def nearest(self, text: str, place: int) -> str | None:
        """The name mentioned last before `place`, else first after it, in `text`."""
        mentions = [
            (match.start(), name)
            for phrase, name in self.by_phrase.items()
            for match in re.finditer(rf"(?<!\w){re.escape(phrase)}(?!\w)", text, re.IGNORECASE)
        ]
        before = [mention for mention in mentions if mention[0] <= place]
        if before:
            return max(before)[1]
        return min(mentions)[1] if mentions else None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a reply may rest on."""

    findings: Sequence[Finding]
    numbers: Sequence[NumberFact]
    dates: Sequence[datetime | Moment]
    names: Names
    drugs: frozenset[str]
    words: frozenset[str]
    codes: frozenset[str]


@cache
def grounding_rules() -> GroundingRules:
    """The rules of grounding, loaded once."""
    return load("grounding", GroundingRules)


@cache
def unit_names() -> Mapping[str, str]:
    """Every written unit, lower case and without spaces, to its one name."""
    return {written: name for name, ways in grounding_rules().units.items() for written in (*ways, name.lower())}


def gather(findings: Sequence[Finding], drugs: Mapping[str, str]) -> Facts:
    """The facts of the findings; `drugs` maps every way to write a drug (lower case) to one name."""
    names = known_names(findings)
    numbers = [fact for finding in findings for fact in _numbers(finding, names)]
    dates = [day for finding in findings for day in _dates(finding)]
    said = "\n".join(written for finding in findings for written in texts(finding))
    return Facts(
        findings,
        numbers,
        dates,
        names,
        frozenset(name for _, _, name in drug_mentions(said, drugs)),
        frozenset(token.casefold() for token in _TOKEN.findall(said)),
        frozenset(code.group().casefold() for code in _CODES.finditer(said)),
    )


def texts(finding: Finding) -> Iterator[str]:
    """All words of a finding: its text, reason, values and the labels of its evidence."""
    yield finding.text
    if finding.reason:
        yield finding.reason
    for value in finding.values:
        yield from (piece for piece in (value.name, value.text, value.code) if piece)
    for evidence in finding.evidence:
        yield evidence.label


def known_names(findings: Sequence[Finding]) -> Names:
    """Value names in full, and those of their words that only one name has."""
    full = {_plain(value.name) for finding in findings for value in finding.values if value.number is not None}
    phrases = {name: name for name in full}
    owners: dict[str, set[str]] = {}
    for name in full:
        for word in name.split():
            owners.setdefault(word, set()).add(name)
    phrases |= {word: min(names) for word, names in owners.items() if len(names) == 1 and len(word) > 1}
    return Names(phrases)


def drug_mentions(text: str, drugs: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Start, end and one name of every drug in `text`; the longest name at a place."""
    tokens = list(re.finditer(r"[\w'’-]+", text))
    place = 0
    while place < len(tokens) and drugs:
        for count in range(min(_LONGEST_NAME, len(tokens) - place), 0, -1):
            written = " ".join(token.group().casefold() for token in tokens[place : place + count])
            if written in drugs:
                yield tokens[place].start(), tokens[place + count - 1].end(), drugs[written].casefold()
                place += count - 1
                break
        place += 1


def gene_mentions(text: str, genes: Collection[str]) -> Iterator[tuple[int, int, str]]:
    """Start, end and symbol of gene symbols, rs numbers and star alleles in `text`."""
    symbols = frozenset(genes)
    folded = frozenset(gene.casefold() for gene in symbols if any(mark.isdigit() for mark in gene))
    for match in _CODES.finditer(text):
        yield match.start(), match.end(), match.group().casefold()
    for token in _TOKEN.finditer(text):
        piece = token.group().partition("*")[0].strip("-'’")
        if piece in symbols or piece.casefold() in folded:
            yield token.start(), token.end(), piece.casefold()


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Start and text of each sentence; an endless one is cut, so that work stays linear."""
    for match in _SENTENCE.finditer(text):
        start = match.start()
        while match.end() - start > _LONGEST_SENTENCE:
            cut = text.rfind(" ", start + 1, start + _LONGEST_SENTENCE)
            cut = cut if cut > 0 else start + _LONGEST_SENTENCE
            yield start, text[start:cut]
            start = cut
        yield start, text[start : match.end()]


def mark(spans: Iterator[tuple[int, int]], length: int) -> bytearray:
    """A map of the text with 1 where a span lies."""
    taken = bytearray(length + 1)
    for start, end in spans:
        taken[start:end] = b"\x01" * (end - start)
    return taken


def states(finding: Finding) -> bool:
    """True when the finding concluded something."""
    return finding.status is not Status.NOT_EVALUATED


def _numbers(finding: Finding, names: Names) -> Iterator[NumberFact]:
    units = unit_names()
    written_dates = tuple(moment for text in texts(finding) for moment in moments(text))
    for value in finding.values:
        if value.number is not None:
            unit = "".join((value.unit or "").lower().split())
            dates = _when(value, written_dates)
            yield NumberFact(value.number, _decimals(value.number), units.get(unit, unit), _plain(value.name), dates)
    for text in texts(finding):
        for _, sentence in sentences(text):
            for amount in _amounts(sentence, units):
                owner = next((value for value in finding.values if value.number == amount.number), None)
                name = _plain(owner.name) if owner else names.nearest(sentence, amount.start)
                dates = _when(owner, written_dates) if owner else written_dates
                yield NumberFact(amount.number, amount.decimals, amount.unit, name, dates, amount.following)


def _amounts(sentence: str, units: Mapping[str, str]) -> Iterator[Amount]:
    taken = mark(((moment.start, moment.end) for moment in moments(sentence)), len(sentence))
    return amounts(sentence, units, taken)


def _when(value: Value, written: Sequence[Moment]) -> tuple[datetime | Moment, ...]:
    """When the value was true, also as the text writes it: the person's day may differ from the UTC day by one."""
    if value.at is None:
        return tuple(written)
    near = [value.at + timedelta(days=days) for days in (-1, 0, 1)]
    return value.at, *(moment for moment in written if any(moment.fits(day) for day in near))


def _dates(finding: Finding) -> Iterator[datetime | Moment]:
    yield from (value.at for value in finding.values if value.at)
    yield from (evidence.at for evidence in finding.evidence if evidence.at)
    for text in texts(finding):
        yield from moments(text)


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


def _decimals(number: float) -> int:
    return len(f"{number:.10f}".rstrip("0").partition(".")[2])
