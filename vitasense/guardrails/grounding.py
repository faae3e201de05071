"""A reply may say only what its findings say: numbers, units, dates, names, comparisons and absences are checked."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from vitasense.deterministic.platform.findings import Finding, Status
from vitasense.guardrails.amounts import Amount, Moment, amounts, moments
from vitasense.guardrails.claims import absences, judgements, supported
from vitasense.guardrails.facts import (
    Facts,
    NumberFact,
    drug_mentions,
    gather,
    gene_mentions,
    grounding_rules,
    mark,
    sentences,
    unit_names,
)

# A rounded number may be off by this share of the stated one at most: 5.4 may not become 5.
_MOST_ROUNDING = 0.05
_YEARS = range(1900, 2101)
_SPACES = re.compile(r"\s+")
_DENIAL = re.compile(r"\b(?:not|no|never|false|untrue|wrong|incorrect|doubt|ignore)\b|n['’]t\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A piece of the reply that no finding supports, and which kind of claim it is."""

    start: int
    end: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Verification:
    """`supported` is True when nothing in the reply goes beyond the findings."""

    supported: bool
    unsupported: tuple[Unsupported, ...]


def verify(
    reply: str,
    findings: Sequence[Finding],
    *,
    drugs: Mapping[str, str] | None = None,
    genes: Collection[str] = (),
) -> Verification:
    """Which pieces of `reply` the findings do not support, in the order of the reply.

    `drugs` maps each lower-case way to write a drug to one name; `genes` are gene symbols. A finding's own text is
    always supported. What was not evaluated supports no judgement and no absence.
    """
    known = drugs or {}
    facts = gather(findings, known)
    quoted = mark(_quotations(reply, findings), len(reply))
    found = [
        *_numbers_and_dates(reply, facts, quoted),
        *_named(reply, facts, known, genes),
        *_claims(reply, facts),
    ]
    open_claims = {
        Unsupported(start, end, reply[start:end], why) for start, end, why in found if not all(quoted[start:end])
    }
    ordered = tuple(sorted(open_claims, key=lambda piece: (piece.start, piece.end, piece.why)))
    return Verification(not ordered, ordered)


def _quotations(reply: str, findings: Sequence[Finding]) -> Iterator[tuple[int, int]]:
    for finding in findings:
        words = _SPACES.split(finding.text.strip())
        pattern = r"(?<![\w.,-])" + r"\s+".join(map(re.escape, words)) + r"(?![\w%])"
        for match in re.finditer(pattern, reply):
            lead = re.split(r"[.!?\n]", reply[: match.start()])[-1]
            if words != [""] and not _DENIAL.search(lead):
                yield match.span()


def _numbers_and_dates(reply: str, facts: Facts, quoted: bytearray) -> Iterator[tuple[int, int, str]]:
    for start, sentence in sentences(reply):
        days = list(moments(sentence))
        for day in days:
            if not any(_same_day(day, known) for known in facts.dates):
                yield start + day.start, start + day.end, "date"
        taken = mark(((day.start, day.end) for day in days), len(sentence))
        own_days = [day for day in days if not quoted[start + day.start]]
        for amount in amounts(sentence, unit_names(), taken):
            if not _is_supported(amount, sentence, own_days, facts):
                yield start + amount.start, start + amount.end, "number"
    yield from _relative_dates(reply, facts)


def _relative_dates(reply: str, facts: Facts) -> Iterator[tuple[int, int, str]]:
    if not facts.dates:
        for phrase in grounding_rules().relative_dates:
            for match in re.finditer(rf"(?<!\w){phrase}(?!\w)", reply, re.IGNORECASE):
                yield *match.span(), "date"


def _is_supported(amount: Amount, sentence: str, days: Sequence[Moment], facts: Facts) -> bool:
    if not amount.unit and amount.decimals == 0 and amount.number in _YEARS and _is_known_year(amount, facts):
        return True
    if _counts(amount, facts):
        return True
    name = facts.names.nearest(sentence, amount.start)
    return any(
        _same_number(amount, fact) and _same_name(name, fact) and _same_time(fact, days) for fact in facts.numbers
    )


def _same_number(amount: Amount, fact: NumberFact) -> bool:
    if amount.unit and amount.unit != fact.unit:
        return False
    if amount.number == fact.number:
        return True
    if amount.decimals >= fact.decimals or (amount.number < 0) != (fact.number < 0):
        return False
    off = abs(amount.number - fact.number)
    return off <= 0.5 * 10**-amount.decimals + 1e-9 and off <= _MOST_ROUNDING * abs(fact.number)


def _same_name(name: str | None, fact: NumberFact) -> bool:
    return name is None or fact.name is None or fact.name == name


def _same_time(fact: NumberFact, days: Sequence[Moment]) -> bool:
    return not days or not fact.dates or any(_same_day(day, known) for day in days for known in fact.dates)


def _same_day(day: Moment, known: datetime | Moment) -> bool:
    if isinstance(known, datetime):
        return day.fits(known)
    if day.clock is not None or known.clock is not None:
        return day.clock == known.clock
    if day.year is not None and day.year != known.year:
        return False
    return any(
        month in (None, other_month) and date in (None, other_date)
        for month, date in day.readings
        for other_month, other_date in known.readings
    )


def _is_known_year(amount: Amount, facts: Facts) -> bool:
    return any(known.year == amount.number for known in facts.dates)


def _counts(amount: Amount, facts: Facts) -> bool:
    """ "Three medicines" when there are three findings of one kind, or three values or records behind one finding."""
    counted = grounding_rules().counted
    nouns = [word.strip(".,:;") for word in amount.following.split()[:3]]
    if amount.unit or amount.decimals or not counted.intersection(nouns):
        return False
    if any(counted.intersection(fact.following.split()[:3]) and not fact.unit for fact in facts.numbers):
        return False
    found = [finding for finding in facts.findings if finding.status is Status.FOUND]
    kinds = {finding.kind: 0 for finding in found}
    for finding in found:
        kinds[finding.kind] += 1
    sizes = {len(found), *kinds.values()} | {
        size for finding in found for size in (len(finding.values), len(finding.evidence))
    }
    return amount.number in sizes


def _named(
    reply: str, facts: Facts, drugs: Mapping[str, str], genes: Collection[str]
) -> Iterator[tuple[int, int, str]]:
    for start, end, name in drug_mentions(reply, drugs):
        if name not in facts.drugs:
            yield start, end, "drug"
    for start, end, symbol in gene_mentions(reply, genes):
        if symbol not in facts.words and symbol not in facts.codes:
            yield start, end, "gene"
    for match in re.finditer(r"[A-Za-z]+", reply):
        word = match.group().casefold()
        if word in grounding_rules().multipliers and word not in facts.words:
            yield *match.span(), "number"


def _claims(reply: str, facts: Facts) -> Iterator[tuple[int, int, str]]:
    for claim in judgements(reply):
        if not supported(claim, facts):
            yield claim.start, claim.end, "comparison"
    for claim in absences(reply):
        if not supported(claim, facts):
            yield claim.start, claim.end, "absence"
