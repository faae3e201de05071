"""One reply against its findings: statement by statement, what no finding carries."""

import re
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property

from vitasense.deterministic.platform.findings import Finding, Status
from vitasense.guardrails.grounding.amounts import Amount
from vitasense.guardrails.grounding.before import Before
from vitasense.guardrails.grounding.facts import Fact, Facts, as_words
from vitasense.guardrails.grounding.joining import told_apart
from vitasense.guardrails.grounding.letters import hidden, places, plain
from vitasense.guardrails.grounding.lexicon import Lexicon, rules
from vitasense.guardrails.grounding.misses import misses
from vitasense.guardrails.grounding.quotes import quote
from vitasense.guardrails.grounding.reading import read
from vitasense.guardrails.grounding.statements import NOT_FOUND, Name, Statement
from vitasense.guardrails.grounding.support import carried
from vitasense.guardrails.grounding.tokens import cut, spans
from vitasense.guardrails.grounding.told import told, topics_of
from vitasense.guardrails.grounding.values import of_extremes, of_values

Miss = tuple[int, int, str]
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_WIDTHS = {"list": 1, "pairs": 2}
# Nouns that only point back: "the value was 3".
_POINTING = frozenset({"value", "record", "thing", "entry", "information"})
_UNCOUNTED = frozenset({"past", "none", "count", "statement"})


def gather(findings: Sequence[Finding], lexicon: Lexicon) -> Facts:
    """The facts of the findings: of their texts, of their values, and what follows from several of them."""
    facts = Facts(findings)
    for number, finding in enumerate(findings):
        own = told(number, finding, lexicon)
        facts.add([*own, *of_values(finding, own, lexicon), *of_extremes(own)])
    return facts


class Check:
    """A reply, its findings, and what has been told so far. The findings are read only if there is need to."""

    def __init__(self, reply: str, findings: Sequence[Finding], lexicon: Lexicon) -> None:
        self._reply = reply
        self._findings = findings
        self._lexicon = lexicon
        self._quoted: set[int] = set()
        self._used = 0
        self._told = False
        self._tokens: Sequence[str] = ()
        self._before = Before()

    @cached_property
    def _facts(self) -> Facts:
        return gather(self._findings, self._lexicon)

    @cached_property
    def _topics(self) -> frozenset[str]:
        return frozenset[str]().union(*map(topics_of, self._findings))

    def open_spans(self) -> Iterator[Miss]:
        """Start, end and kind of everything in the reply that is not supported."""
        if found := [(match.start(), match.end(), "hidden") for match in _PRIVATE.finditer(self._reply)]:
            yield from found
            return
        rest = quote(self._reply, self._findings)
        yield from ((rest.place(start), rest.place(end), "hidden") for start, end in hidden(rest.text))
        self._tokens = tokens = cut(plain(rest.text))
        failed = [miss for said in _with_afterthoughts(read(tokens, self._lexicon)) for miss in self._misses(said)]
        failed += self._silenced(len(tokens))
        if not self._told and any(token.isalnum() for token in tokens):
            failed.append((0, len(tokens), "statement"))
        if failed:
            cuts, back = spans(plain(rest.text)), places(rest.text)
            for at, to, why in failed:
                first, last = cuts[min(at, len(cuts) - 1)], cuts[min(max(to, at + 1), len(cuts)) - 1]
                yield rest.place(back[first[0]]), rest.place(back[last[1] - 1] + 1), why

    def _misses(self, said: Statement) -> Sequence[Miss]:
        self._told = self._told or said.quote >= 0 or said.referral or not said.empty
        if said.quote >= 0:
            self._quoted.add(said.quote)
            self._before = Before(quoted=said.quote)
            return ()
        if said.empty:
            return ()
        if self._before.quoted >= 0:
            names = self._facts.names[self._before.quoted]
            self._before = Before(self._facts.of_finding[self._before.quoted], names, words=as_words(names))
        support = self._support(said)
        if not support:
            return list(misses(said, self._facts)) or [(said.at, said.to, "statement")]
        self._remember(said, support)
        return ()

    def _remember(self, said: Statement, support: int) -> None:
        self._used |= support
        goes_on = said.follows or (
            not said.names and any(fact.names & self._before.names for fact in self._each(support))
        )
        names = frozenset(said.names) | (self._before.names if goes_on else frozenset[Name]())
        self._before = Before(
            support,
            names,
            frozenset[str]().union(*(fact.keeps for fact in self._each(support))) & rules().lasting,
            as_words(names) | frozenset(said.words),
            said.dates,
            said.amounts or self._before.measured,
            frozenset(said.words) | (self._before.sentence if said.follows else frozenset[str]()),
        )

    def _each(self, mask: int) -> Iterator[Fact]:
        return (fact for place, fact in enumerate(self._facts.facts) if mask >> place & 1)

    def _support(self, said: Statement) -> int:
        """The facts that carry the statement; 0 for none."""
        if said.asked or (said.heading and not any(kind in ("drug", "gene") for kind, _ in said.names)):
            return self._mentioned(said)
        tells = said.words or said.claims or said.typed or (said.noes and said.strength <= NOT_FOUND)
        if not (tells or (self._before.facts and (said.unknowns or said.pronoun or said.object))):
            return 0
        self._complete(said)
        goes_on = _goes_on(said)
        everything = (1 << len(self._facts.facts)) - 1
        bound = self._before.facts and (goes_on or said.caused)
        within = self._linked() if bound else everything
        said.amounts = tuple(each for each in said.amounts if not self._counts(each.amount))
        aside = self._aside(said)
        found = carried(said, self._facts, within, self._before if goes_on else aside) or self._shared(said, within)
        return self._with_subject(said, found)

    def _aside(self, said: Statement) -> Before:
        """What a statement with a subject of its own takes from the one before.

        "Metformin … The dose is 5 mg" gives no dose of another medicine.
        """
        unnamed = said.typed and not said.names and "medicine" not in said.words
        drugs = frozenset(name for name in self._before.names if name[0] == "drug") if unnamed else frozenset[Name]()
        if not said.follows:
            return Before(names=drugs)
        return Before(names=drugs, measured=self._before.measured, sentence=self._before.sentence)

    def _complete(self, said: Statement) -> None:
        """A date or a number by itself is that of what was told before."""
        alone = said.typed and not (said.words or said.claims or said.denies) and _POINTING.issuperset(said.nouns)
        if self._before.facts and alone and not any(each.amount.counts for each in said.amounts):
            said.amounts = said.amounts or tuple(each for each in self._before.measured if not each.amount.whole)
            said.dates = said.dates or self._before.dates

    def _linked(self) -> int:
        return self._facts.linked(self._before.facts, self._before.names)

    def _with_subject(self, said: Statement, found: int) -> int:
        """Without the facts whose subject is neither told by the statement nor by what was told before."""
        linked = sum(own for own in self._facts.of_finding if own & self._before.facts)
        points = self._points_back(said)
        for place, fact in enumerate(self._facts.facts) if found else ():
            if said.under and not _stands_under(fact, said.under):
                stray = True
            elif linked >> place & 1:
                stray = points and not self._is_next(fact, place)
            else:
                stray = bool(fact.inherited) and fact.inherited.isdisjoint(said.words)
            found &= ~(stray << place)
        return found

    def _points_back(self, said: Statement) -> bool:
        """ "The reaction was mild", "it was mild": of a finding that tells several things, it is of the one told before."""
        states = (said.typed or said.claims) and not (said.names or said.denies)
        alone = not (said.words or said.claims)
        return bool(states) and (alone or said.pronoun or self._tokens[said.at] == "the")

    def _is_next(self, fact: Fact, place: int) -> bool:
        """Whether the fact is of what was told before: of the same name, or the same or the next thing said of it."""
        before = self._before.facts
        again = before >> place & 1 or not fact.names.isdisjoint(self._before.names)
        return bool(again or (fact.chained and before & self._facts.of_finding[fact.finding] & ((1 << place) - 1)))

    def _mentioned(self, said: Statement) -> int:
        """A heading, or what one may ask a doctor, states nothing: its words must only be known."""
        states = said.typed or said.keeps or said.denies
        known = all(word in self._facts.index for word in said.words)
        return (self._before.facts or 1) if known and not states else 0

    def _shared(self, said: Statement, within: int) -> int:
        """Support for "A and B were 1 and 2", where each name has its own fact."""
        if not said.joined or said.joint:
            return 0
        found = 0
        for place, name in enumerate(said.names):
            support = carried(_only(said, name, place), self._facts, within, Before())
            if not support:
                return 0
            found |= support
        return found

    def _counts(self, amount: Amount) -> bool:
        """ "Three medicines" when three findings of that kind were found and none states another number."""
        if amount.form != "one" or amount.unit or amount.bound:
            return False
        if amount.lead == "the" and amount.numbers[0] == len(self._before.names) and not amount.counts:
            return True
        nouns = amount.nouns
        if nouns.isdisjoint(self._topics):
            return False
        if any(nouns & known.nouns and not known.unit for fact in self._facts.facts for known in fact.amounts):
            return False
        return amount.numbers[0] == sum(self._tells_of(number, nouns) for number in range(len(self._findings))) > 0

    def _tells_of(self, number: int, nouns: frozenset[str]) -> bool:
        finding, own = self._findings[number], self._facts.of_finding[number]
        counted = not nouns.isdisjoint(topics_of(finding)) and not _UNCOUNTED.intersection(finding.kind.split("."))
        return counted and any(nouns <= fact.words for fact in self._each(own))

    def _silenced(self, end: int) -> Iterator[Miss]:
        """What was not found is told with the sentence that says what this does not mean."""
        if not self._used:
            return
        for number, own in enumerate(self._facts.of_finding):
            told_in_part = own & self._used and number not in self._quoted
            not_found = self._findings[number].status is Status.NOT_FOUND
            if told_in_part and not_found and any(fact.caveat for fact in self._each(own & ~self._used)):
                yield 0, end, "absence"


def _stands_under(fact: Fact, heading: frozenset[str]) -> bool:
    """Whether a fact is of the kind that a heading names; one that tells apart ("evening", a gene) must be its own."""
    strict = frozenset(
        word for word in heading if word.removeprefix("=") in told_apart() or word[:5] in ("drug:", "gene:")
    )
    return strict <= fact.words and not heading.isdisjoint(fact.words)


def _goes_on(said: Statement) -> bool:
    """Whether the statement has no subject of its own and goes on about what was told before."""
    if said.names:
        return False
    bare = not said.words and _POINTING.issuperset(said.nouns)
    own_subject = said.subject and (said.verb or said.amounts)
    return bool(said.pronoun or said.object or bare or (said.follows and not own_subject))


def _with_afterthoughts(found: Sequence[Statement]) -> Iterator[Statement]:
    """ "… It has resolved." only qualifies what was said before, so it is read with it."""
    last: Statement | None = None
    lasting = rules().lasting | {"ended"}
    for said in found:
        qualifies = said.keeps and not (said.words or said.claims or said.typed or said.denies)
        aside = qualifies and (said.pronoun or said.follows) and lasting.issuperset(said.keeps)
        if aside and last is not None and last.quote < 0:
            last.keeps = {**said.keeps, **last.keeps}
            continue
        if last is not None:
            yield last
        last = said
    if last is not None:
        yield last


def _only(said: Statement, name: Name, place: int) -> Statement:
    """What the statement says of one of its names; a list of as many numbers gives each name its own."""
    others = as_words(other for other in said.names if other != name)
    one = copy(said)
    one.joined = False
    one.names = {name: said.names[name]}
    one.words = {word: at for word, at in said.words.items() if word not in others}
    one.amounts = tuple(each._replace(amount=_member(each.amount, place, len(said.names))) for each in said.amounts)
    return one


def _member(amount: Amount, place: int, names: int) -> Amount:
    width = _WIDTHS.get(amount.form, 0)
    if len(amount.numbers) != names * width:
        return amount
    part = slice(place * width, (place + 1) * width)
    form = "one" if width == 1 else "pair"
    return replace(amount, form=form, numbers=amount.numbers[part], decimals=amount.decimals[part])
