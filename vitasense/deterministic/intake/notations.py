"""How laboratories write variants: star alleles, rs numbers, HGVS descriptions, and names in use."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vitasense.deterministic.intake.details import VariantKind
from vitasense.deterministic.intake.durations import places
from vitasense.deterministic.intake.tokens import Token

_STAR_ALLELE = r"\*\d{1,4}(?:[A-Z](?![A-Za-z]))?(?::\d{2,3}){0,3}(?:[x×](?:N|\d))?"
_STARS = re.compile(rf"(?<!\*)(?P<one>{_STAR_ALLELE})(?:\s?/\s?(?P<two>{_STAR_ALLELE}))?(?![\w*])")
_RSID = re.compile(
    r"\b(?P<rsid>[rR][sS]\d{3,12})\b(?:(?:[ :]{1,2}\(?|\()(?P<one>[ACGT])\s?[/;|]?\s?(?P<two>[ACGT])\)?(?![A-Za-z]))?"
)
_ACCESSION = r"(?:(?:N[CGMRPT]|LRG|ENST)_?\d+(?:\.\d+)?(?:t\d)?(?:\([A-Z0-9-]+\))?:)?"
_POSITION = r"[-*]?\d+(?:[+-]\d+)?(?:_[-*]?\d+(?:[+-]\d+)?)?"
_CHANGE = r"(?:[ACGT]+>[ACGT]+|delins[ACGT]+|(?:del|dup|ins|inv)[ACGT]{0,40}|=)"
_PROTEIN = r"p\.(?P<open>\()?[A-Z][a-z]{0,2}\d+(?:_[A-Z][a-z]{0,2}\d+)?(?:[A-Z][a-z]{0,2}(?:fs(?:\*|Ter)?\d*)?|\*|=|fs(?:\*|Ter)?\d*|del|dup)(?(open)\))"
_HGVS = re.compile(rf"(?<![\w.]){_ACCESSION}(?:[cgmnr]\.{_POSITION}{_CHANGE}|{_PROTEIN})")
_LEGACY = r"(?:[a-z]\d{2,5}[a-z]|-\d{1,5}[acgt]>[acgt]|[a-z]\d{2,5}del|(?:Δ|delta\s?)[a-z]\d{1,4}|\d{3,6}[acgt]>[acgt]|\d{3,5}[acgt]{2}|-\d{1,5}\s?[acgt]{2}(?![a-z]))"
_NAMED = re.compile(rf"(?<![\w*.:-])(?P<one>{_LEGACY})(?:\s?/\s?(?P<two>{_LEGACY}))?(?![\w>])", re.IGNORECASE)
_EPSILON = re.compile(r"(?<![\w*])(?P<one>[eEεɛ][234])(?:\s?/\s?(?P<two>[eEεɛ]?[234]))?(?!\w)")


@dataclass(frozen=True, slots=True)
class Notation:
    """A variant as it stands at tokens `[first, last)`, before its gene is known; `name` is it without spaces or genotype."""

    kind: VariantKind
    name: str
    start: int
    end: int
    first: int
    last: int
    alleles: tuple[str, ...] = ()


def find_notations(text: str, tokens: Sequence[Token]) -> tuple[Notation, ...]:
    """Every notation of a variant by place, without overlaps; what needs a gene beside it is only a candidate."""
    found = [*_all(text, tokens)]
    kept: list[Notation] = []
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        if one.first < one.last and (not kept or one.start >= kept[-1].end):
            kept.append(one)
    return tuple(kept)


def _all(text: str, tokens: Sequence[Token]) -> Iterator[Notation]:
    kinds: tuple[tuple[VariantKind, re.Pattern[str]], ...] = (
        ("star", _STARS),
        ("rsid", _RSID),
        ("hgvs", _HGVS),
        ("named", _NAMED),
        ("named", _EPSILON),
    )
    for kind, pattern in kinds:
        for found in pattern.finditer(text):
            said = found.groupdict()
            alleles = tuple(allele for name in ("one", "two") if (allele := said.get(name)))
            if pattern is _EPSILON:
                alleles = tuple(f"e{allele[-1]}" for allele in alleles)
            first, last = places(tokens, found.start(), found.end())
            name = (said.get("rsid") or "").lower() or "/".join(alleles) or found[0]
            yield Notation(kind, name, found.start(), found.end(), first, last, alleles)
