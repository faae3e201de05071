"""The facts of a finding's text: its statements, each with what goes without saying in it."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from vitasense.deterministic.platform.findings import Finding, Status
from vitasense.guardrails.grounding.amounts import Amount
from vitasense.guardrails.grounding.dates import Moment, moment_of
from vitasense.guardrails.grounding.facts import NONE, Day, Fact, as_words
from vitasense.guardrails.grounding.letters import plain
from vitasense.guardrails.grounding.lexicon import Lexicon, rule_lexicon, rules
from vitasense.guardrails.grounding.reading import read
from vitasense.guardrails.grounding.statements import PEOPLE, Act, Statement
from vitasense.guardrails.grounding.tokens import cut, stem

_YEARS = range(1950, 2100)
_DAYTIMES = {
    "morning": range(4, 12),
    "afternoon": range(12, 18),
    "evening": range(17, 24),
    "night": (21, 22, 23, *range(5)),
}
_RANKS = frozenset({"highest", "lowest", "first", "latest", "previous"})
_POINTING = frozenset({"value", "test"})
# How a reply may relate a date that a finding relates so; the ends of a change are told in more ways.
_RELATIONS = {
    "at": frozenset({"at", "from"}),
    "since": frozenset({"since", "from"}),
    "from": frozenset({"from", "since", "at"}),
}
_CHANGES = frozenset({"up", "down"})
EARLIER, LATER = frozenset({"at", "from", "since", "than"}), frozenset({"at", "until", "by"})


def told(number: int, finding: Finding, lexicon: Lexicon) -> list[Fact]:
    """The facts of the text of finding `number`, and of the reason why it was not evaluated."""
    topics = topics_of(finding)
    facts = list(_of_text(number, finding.text, topics, lexicon))
    if finding.reason and finding.reason not in finding.text:
        facts += _of_text(number, finding.reason, NONE, lexicon)
    _tell_apart([fact for fact in facts if fact.amounts and fact.own])
    days = {moment_of(each.at) for each in finding.evidence if each.at and each.kind == "record"}
    guarded = not topics.isdisjoint(rules().guarded_topics)
    generic = bool(finding.evidence) and all(each.kind == "knowledge" for each in finding.evidence)
    for fact in facts:
        if len(days) == 1 and not fact.dates:
            # A statement without a date is of the day of its record, when all its records have one day.
            fact.dates = (day("at", *days),)
        if guarded:
            fact.matter = topics
        fact.generic, fact.listed = generic, fact.listed and not generic
    return facts


def _tell_apart(facts: Sequence[Fact]) -> None:
    """ "Saturated fat" beside "fat": its number may not be told without "saturated"."""
    for fact in facts:
        shorter = (
            other.own for other in facts if other.own < fact.own and other.amounts[0].unit == fact.amounts[0].unit
        )
        if found := frozenset[str]().union(*(fact.own - own for own in shorter)):
            fact.required |= frozenset(word for word in found if word[0] != "=")


def topics_of(finding: Finding) -> frozenset[str]:
    """What the kind of a finding says of its entries, as words: entries of `allergies` are allergies."""
    return _topics(finding.kind) if finding.status is Status.FOUND else NONE


@cache
def _topics(kind: str) -> frozenset[str]:
    parts = kind.replace("_", ".").split(".")
    return frozenset(_concept(word) for part in parts for word in rules().topics.get(part, ()))


def _concept(word: str) -> str:
    entry = rule_lexicon().entry(word)
    mark = next((mark for mark in entry.alone if mark.kind in ("claim", "word")), None) if entry else None
    if mark is None:
        return stem(word)
    return f"={mark.key}" if mark.kind == "claim" else mark.key


def _of_text(number: int, text: str, topics: frozenset[str], lexicon: Lexicon) -> Iterator[Fact]:
    last: tuple[Fact, Statement] | None = None
    context: tuple[Amount, ...] = ()
    sentence: list[Statement] = []
    spread = False
    for said in read(cut(plain(text)), lexicon):
        spread = _spread(said, spread=spread and said.follows)
        fact = fact_of(number, said, topics)
        if last is not None:
            _inherit(fact, said, *last)
            if said.pronoun and not said.follows:
                _inherit_list(fact, sentence)
        fact.context = context
        yield fact
        last = fact, said
        sentence = [*sentence, said] if said.follows else [said]
        context += tuple(each.amount for each in said.amounts if each.amount.nouns)


def _spread(said: Statement, *, spread: bool) -> bool:
    """An "about" may hold for the numbers behind it in the sentence too; returns whether it does at the end."""
    for amount, _, _ in said.amounts:
        amount.spread = spread
        spread = spread or amount.bound == "~"
    return spread


def fact_of(number: int, said: Statement, topics: frozenset[str]) -> Fact:
    """The statement as a fact of finding `number`, whose entries are `topics`."""
    own = frozenset((*said.words, *said.nouns, *(claims(said.claims) if said.claims else ())))
    fact = Fact(number, own | topics | said.header if topics or said.header else own)
    fact.own, fact.strength = own, said.strength
    fact.subject = frozenset(word for word in said.subject if word in said.words and ":" not in word)
    fact.listed = bool(topics or said.amounts) or own <= as_words(said.names)
    if said.names:
        fact.names, fact.order = frozenset(said.names), tuple(said.names)
    if said.compounds:
        forms = rules().forms
        fact.heads = tuple((frozenset(parts[:-1]), parts[-1]) for parts in said.compounds if parts[-1] not in forms)
    if said.often or said.clocks:
        fact.often, fact.clocks = frozenset(said.often), frozenset(said.clocks)
        fact.words |= frozenset(name for clock in said.clocks for name in daytimes(clock))
    _set_certainty(fact, said)
    fact.acts, fact.predicates, fact.basis = said.acts, said.predicates, said.basis
    fact.personal, fact.owned, fact.titled = said.personal, said.owned, said.titled
    fact.directed, fact.joined = said.directed, said.joined
    fact.joint = said.joint or not rules().joint.isdisjoint(said.words)
    if said.joint:
        fact.words |= {"together"}
    if said.amounts or said.dates:
        _set_amounts(fact, said)
        fact.dates += tuple(day("at", Moment(year, None, None)) for year in _years(said))
    return fact


def _set_certainty(fact: Fact, said: Statement) -> None:
    fact.noes, fact.unknowns, fact.caveat = len(said.noes), len(said.unknowns), said.caveat and bool(said.noes)
    if said.keeps:
        fact.keeps = frozenset(said.keeps)
    if said.referral and not said.empty:
        fact.keeps |= {"referral"}
    if said.asked:
        fact.keeps |= {"asked"}
    if said.noes:
        fact.denied = frozenset((*said.words, *(f"={claim}" for claim in said.claims))) - rules().forms
        fact.denied_days = tuple(date.moment for date in said.dates)


def _years(said: Statement) -> Iterator[int]:
    """ "(2021)" may be told as a year."""
    bare = (each for each, _, _ in said.amounts if each.form == "one" and not (each.unit or each.nouns or each.bound))
    return (int(each.numbers[0]) for each in bare if each.numbers[0] in _YEARS)


def daytimes(clock: str) -> Iterator[str]:
    """What a time ("21:40") may be called."""
    return (name for name, hours in _DAYTIMES.items() if int(clock[:2]) in hours)


def claims(said: Iterable[str]) -> Iterator[str]:
    """The claims with what follows from them, as they stand among words."""
    for claim in said:
        yield f"={claim}"
        yield from (f"={other}" for other in rules().implied.get(claim, ()))


def day(relation: str, moment: Moment, *, strict: bool = False) -> Day:
    """The ways to relate the day; with an end written too, "from" is a beginning and not a date of its own."""
    relation = "since" if strict and relation == "from" else relation
    return _RELATIONS.get(relation, frozenset({relation})), moment


def _set_amounts(fact: Fact, said: Statement) -> None:
    """The amounts and dates of a statement; the ends of a change are told with their own days."""
    amounts = tuple(amount for amount, _, _ in said.amounts)
    dates = [(date.relation, date.moment) for date in said.dates]
    until = any(relation == "until" for relation, _ in dates)
    fact.amounts = amounts
    fact.dates = tuple(day(relation, moment, strict=until) for relation, moment in dates)
    than = next((date for date in said.dates if date.relation == "than"), None)
    now = next((date for date in said.dates if date.relation == "at"), None)
    if than and now:
        for amount, at, _ in said.amounts:
            amount.days = (than.moment if at > than.at else now.moment, None)
        fact.dates = ((EARLIER, than.moment), (LATER, now.moment))
        return
    span = next((amount for amount in amounts if amount.form == "span" and not amount.reference), None)
    if span is None:
        return
    first = span.days[0] or next((moment for relation, moment in dates if relation in ("since", "from")), None)
    last = span.days[1] or next((moment for relation, moment in dates if relation == "until"), None)
    if first is None or last is None:
        if not _CHANGES.isdisjoint(said.claims):
            fact.amounts = (*amounts, *ends_of(span, None, None))
    else:
        rest = (each for each in fact.dates if each[1] not in (first, last))
        fact.amounts = (*amounts, *ends_of(span, first, last))
        fact.dates = ((EARLIER, first), (LATER, last), *rest)


def ends_of(span: Amount, first: Moment | None, last: Moment | None) -> Iterator[Amount]:
    """The two numbers of a span, each with its day, if it is known."""
    for i, (at, lead) in enumerate(((first, "from"), (last, "to"))):
        yield Amount("one", span.numbers[i : i + 1], span.decimals[i : i + 1], span.unit, days=(at, None), lead=lead)


def _inherit(fact: Fact, said: Statement, before: Fact, opening: Statement) -> None:
    """What goes without saying: a clause without a subject of its own goes on with the one before."""
    led = opening.leading and not opening.verb
    if said.header and not fact.dates:
        fact.dates = before.dates
    if said.pronoun or (said.follows and (led or not (said.subject and (said.verb or said.amounts)))):
        words, fact.chained = _passed_on(fact, before), _RANKS.isdisjoint(said.claims)
        fact.words |= words
        fact.keeps |= before.keeps & PEOPLE
        fact.amounts += tuple(each for each in before.amounts if _goes_with(each, fact))
        fact.dates = fact.dates or before.dates
        fact.often = fact.often or before.often
        fact.acts = tuple(Act(act.verb, act.doer or words, act.done or words) for act in fact.acts)
    elif said.follows and not said.verb and said.amounts and before.subject and not _are_alike(fact, before):
        # "100 g of egg has 155 kcal and 13 g of protein": the protein is the egg's.
        fact.chained, fact.words = True, fact.words | before.subject
        fact.subject = fact.inherited = before.subject
        fact.basis = before.basis
    elif said.subject and _POINTING.issuperset(said.subject):
        # "A low value …" is one of what the sentence before explains.
        fact.words |= as_words(before.names)
        fact.names, fact.order = fact.names | before.names, before.order + fact.order
    elif not fact.names:
        fact.words |= as_words(before.names)
    else:
        return
    if not fact.names:
        fact.names, fact.order = before.names, before.order


def _are_alike(fact: Fact, other: Fact) -> bool:
    """Whether both name something of one kind, so that the second has a subject of its own."""
    return not {kind for kind, _ in fact.names}.isdisjoint(kind for kind, _ in other.names)


def _inherit_list(fact: Fact, sentence: Sequence[Statement]) -> None:
    """ "This meal: rice and beans. It has …": what is told of the meal is not told of the rice alone."""
    header = next((each.header for each in sentence if each.header), NONE)
    listed = frozenset(word for each in sentence for word in each.words) - header
    if header and listed:
        fact.words |= header | listed
        fact.heads = (*fact.heads, *((listed, word) for word in header))


def _passed_on(fact: Fact, before: Fact) -> frozenset[str]:
    """The words of the statement before: of one that denies or doubts only its names, claims where there are none."""
    mine, theirs = fact.keeps - PEOPLE, before.keeps - PEOPLE
    alike = (before.noes, before.unknowns, theirs) == (fact.noes, fact.unknowns, mine)
    if not alike and (before.noes or before.unknowns or theirs):
        return as_words(before.names)
    judged = fact.noes or fact.unknowns or any(word[0] == "=" for word in fact.words)
    return frozenset(word for word in before.words if word[0] != "=" or not judged)


def _goes_with(amount: Amount, fact: Fact) -> bool:
    return all(amount.unit != own.unit or amount.reference != own.reference for own in fact.amounts)
