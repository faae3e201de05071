"""The facts of a finding's values: each number with its name and day, and how a series changed."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from datetime import datetime

from vitasense.deterministic.platform.findings import Finding, Value
from vitasense.guardrails.grounding.amounts import Amount
from vitasense.guardrails.grounding.dates import moment_of
from vitasense.guardrails.grounding.facts import NONE, Fact, as_words
from vitasense.guardrails.grounding.letters import plain
from vitasense.guardrails.grounding.lexicon import Lexicon, rules, unit_codes
from vitasense.guardrails.grounding.reading import read
from vitasense.guardrails.grounding.statements import Name
from vitasense.guardrails.grounding.terms import terms
from vitasense.guardrails.grounding.tokens import cut
from vitasense.guardrails.grounding.told import EARLIER, LATER, day, ends_of, fact_of

_NAMES = frozenset({"measure", "drug", "gene"})
_PRESSURE: Name = ("measure", "blood pressure")
_PRESSURES: frozenset[Name] = frozenset({("measure", "systolic"), ("measure", "diastolic")})
_EXTREMES = ("=lowest", "=highest")


class Named:
    """The words of a value's name, and the names among them."""

    def __init__(self, name: str, lexicon: Lexicon) -> None:
        found = terms(cut(plain(name.replace("_", " "))), lexicon)
        self.order: tuple[Name, ...] = tuple((kind, key) for kind, key, *_ in found if kind in _NAMES)
        plain_words = (key for kind, key, *_ in found if kind in ("word", "noun"))
        self.words = frozenset(plain_words) | as_words(self.order)
        self.limits = not rules().references.isdisjoint(self.words)


def of_values(finding: Finding, facts: Sequence[Fact], lexicon: Lexicon) -> Iterator[Fact]:
    """The facts that the values add to those of the text; a number of the text gets the name and day of its value."""
    if not finding.values or not facts:
        return
    named: dict[str, Named] = {}
    text = plain(finding.text)
    for value in finding.values:
        if value.number is not None:
            if _is_told(value, text, facts):
                continue
            name = named.get(value.name) or named.setdefault(value.name, Named(value.name, lexicon))
            if fact := _of_number(value, name, facts):
                _set_rank(fact, value, _rank(value, finding.values, facts))
                fact.context = facts[-1].context
                yield fact
        elif value.text and plain(value.text) not in text and (fact := _of_text(value, facts, lexicon)):
            yield fact
    if len(finding.values) > 1:
        yield from _changes(finding.values, named, facts[0], lexicon)


def _is_told(value: Value, text: str, facts: Sequence[Fact]) -> bool:
    """Whether one statement of the text gives the number under its name, and no other: it only gets the day then."""
    if plain(value.name) not in text:
        return False
    unit = _unit_of(value)
    hosts = [(fact, each) for fact in facts for each in fact.amounts if value.number in each.numbers]
    if len(hosts) != 1 or hosts[0][1].unit != unit or hosts[0][1].form != "one":
        return False
    host, within = hosts[0]
    if len(host.amounts) > 1 and _shared(host, within):
        return False
    host.clocks |= _clock(value)
    if value.at and not host.dates:
        host.dates = (day("at", moment_of(value.at)),)
    return True


def _of_number(value: Value, named: Named, facts: Sequence[Fact]) -> Fact | None:
    """The fact of a number; None when it stands alone in a statement of the text, which then gets its name."""
    amount = _amount_of(value, named)
    hosts = [(fact, each) for fact in facts for each in fact.amounts if _is_in(amount, each, fact, named)]
    if len(hosts) != 1 and not _of_its_day(hosts, value):
        return _standing_alone(value, amount, named, facts[0])
    host, within = hosts[0]
    if within.form == "pair" and not _PRESSURES.isdisjoint(named.order):
        host.words |= as_words((_PRESSURE,))
    amount.days = within.days
    if within.form == "one" and not _shared(host, within):
        _complete(host, within, amount, value, named)
        return None
    fact = copy(host)
    alone = within.form == "one"
    words = host.words if alone else frozenset(word for word in host.words if word[0] != "=" or word == "=latest")
    fact.words, fact.names = words | named.words, host.names | frozenset(named.order)
    fact.required = named.words - host.words if within.form == "pair" else NONE
    fact.amounts = tuple(amount if each is within else each for each in host.amounts)
    fact.clocks = host.clocks | _clock(value)
    if value.at and not alone:
        fact.dates = (day("at", moment_of(value.at)),)
    return fact


def _shared(host: Fact, within: Amount) -> bool:
    """True when the statement has another number that may be another value's."""
    return any(each is not within and each.unit == within.unit and not each.reference for each in host.amounts)


def _complete(host: Fact, within: Amount, amount: Amount, value: Value, named: Named) -> None:
    host.words |= named.words
    host.names |= frozenset(named.order)
    host.clocks |= _clock(value)
    within.unit = within.unit or amount.unit


def _standing_alone(value: Value, amount: Amount, named: Named, first: Fact) -> Fact:
    fact = _beside(first, named)
    fact.amounts = (amount,)
    fact.dates = (day("at", moment_of(value.at)),) if value.at else first.dates
    fact.clocks = _clock(value)
    return fact


def _beside(first: Fact, named: Named) -> Fact:
    """A fact of a value by its name, with the certainty of the text's first statement."""
    names = frozenset(named.order) or first.names
    fact = Fact(first.finding, named.words | as_words(names))
    fact.own, fact.names, fact.order = named.words, names, tuple(names)
    fact.keeps, fact.noes, fact.unknowns, fact.strength = first.keeps, first.noes, first.unknowns, first.strength
    fact.inherited = first.subject - fact.words
    fact.generic, fact.listed = first.generic, not first.generic
    return fact


def _clock(value: Value) -> frozenset[str]:
    at = value.at
    return frozenset({f"{at.hour:02}:{at.minute:02}"}) if at and (at.hour or at.minute) else NONE


def _of_its_day(hosts: Sequence[tuple[Fact, Amount]], value: Value) -> bool:
    """Whether the first of several places of a number is the one of the value's day."""
    if not hosts or value.at is None:
        return False
    at = moment_of(value.at)
    return any(at.fits(known) for _, known in hosts[0][0].dates)


def _amount_of(value: Value, named: Named) -> Amount:
    number = value.number or 0.0
    written = "" if number == int(number) else f"{number:.10f}".rstrip("0").partition(".")[2]
    unit = _unit_of(value)
    return Amount("one", (number,), (len(written),), unit, reference=named.limits, nouns=NONE if unit else named.words)


def _unit_of(value: Value) -> str:
    unit = "".join((value.unit or "").lower().split())
    return unit_codes().get(unit, "" if unit.startswith("{") else unit)


def _is_in(amount: Amount, other: Amount, fact: Fact, named: Named) -> bool:
    """Whether the amount of a value is this one of the text: of the same thing, with the same unit or none."""
    same_thing = other.form == "pair" or not fact.own or not named.words.isdisjoint(fact.words)
    bare = not other.unit and not other.counts
    return amount.numbers[0] in other.numbers and same_thing and (amount.unit == other.unit or bare)


def _set_rank(fact: Fact, value: Value, rank: frozenset[str]) -> None:
    """The rank is that of the value alone, and not of what else the sentence compares it with."""
    if rank:
        unit = _unit_of(value)
        fact.words |= rank
        fact.amounts = tuple(each for each in fact.amounts if each.unit != unit or value.number in each.numbers)


def _rank(value: Value, values: Sequence[Value], facts: Sequence[Fact]) -> frozenset[str]:
    """Whether the value is the first or latest of its series, and the lowest or highest that the text names."""
    if value.at is None:
        return NONE
    times = sorted({each.at for each in values if each.at and (each.name, each.unit) == (value.name, value.unit)})
    if len(times) < 2:
        return NONE
    extremes = [
        rank
        for rank in _EXTREMES
        if any(rank in fact.words and fact.amounts and fact.amounts[0].numbers == (value.number,) for fact in facts)
    ]
    ends = [rank for rank, time in (("=first", times[0]), ("=latest", times[-1])) if value.at == time]
    return frozenset((*extremes, *ends))


def _of_text(value: Value, facts: Sequence[Fact], lexicon: Lexicon) -> Fact | None:
    """A value in words that the text does not have, with the qualifications of the text."""
    first, name = facts[0], Named(value.name, lexicon)
    said = [fact_of(first.finding, each, NONE) for each in read(cut(plain(value.text or "")), lexicon)]
    words = frozenset[str]().union(*(fact.words for fact in said))
    if words <= frozenset[str]().union(*(fact.words for fact in facts)):
        return None
    fact = _beside(first, name)
    fact.words, fact.own = fact.words | words | as_words(first.names), words
    fact.names = frozenset[Name]().union(first.names, name.order, *(each.names for each in said))
    fact.noes = max((first.noes, *(each.noes for each in said)))
    fact.amounts = tuple(amount for each in said for amount in each.amounts)
    fact.dates = (day("at", moment_of(value.at)),) if value.at else first.dates
    return fact


def _changes(values: Sequence[Value], named: Mapping[str, Named], first: Fact, lexicon: Lexicon) -> Iterator[Fact]:
    """How the newest value of each name stands to each older one."""
    series: dict[tuple[str, str | None], list[Value]] = {}
    for value in values:
        if value.at is not None and value.number is not None:
            series.setdefault((value.name, value.unit), []).append(value)
    for each in series.values():
        *older, newest = sorted(each, key=_time)
        for place, value in enumerate(older):
            if value.at != newest.at:
                name = named.get(newest.name) or Named(newest.name, lexicon)
                yield _change(value, newest, name, first, previous=place == len(older) - 1)


def _time(value: Value) -> datetime:
    return value.at or datetime.min


def _change(older: Value, newest: Value, named: Named, first: Fact, *, previous: bool) -> Fact:
    one, other = _amount_of(older, named), _amount_of(newest, named)
    if older.at is None or newest.at is None:
        raise ValueError("a series has dates")
    days = moment_of(older.at), moment_of(newest.at)
    change = (newest.number or 0.0) - (older.number or 0.0)
    claim = "=up" if change > 0 else "=down" if change < 0 else "=same"
    span = Amount("span", one.numbers + other.numbers, one.decimals + other.decimals, one.unit, days=days)
    fact = _beside(first, named)
    fact.words |= {claim} | ({"=previous"} if previous else NONE)
    fact.own |= {claim}
    fact.amounts = (span, *ends_of(span, *days))
    fact.dates = ((EARLIER, days[0]), (LATER, days[1]))
    return fact


def of_extremes(facts: Sequence[Fact]) -> Iterator[Fact]:
    """The lowest and the highest value together are a range."""
    low, high = (next((f for f in facts if rank in f.words and len(f.amounts) == 1), None) for rank in _EXTREMES)
    if low is None or high is None or low.amounts[0].form != "one" or high.amounts[0].form != "one":
        return
    one, other = low.amounts[0], high.amounts[0]
    span = Amount("span", one.numbers + other.numbers, one.decimals + other.decimals, one.unit or other.unit)
    fact = copy(low)
    fact.words = (low.words | high.words | facts[0].words) - set(_EXTREMES)
    fact.amounts, fact.dates = (span, *(each for each in facts[0].amounts if not each.unit)), facts[0].dates
    yield fact
