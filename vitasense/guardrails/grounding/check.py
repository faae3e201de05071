"""One reply against its findings: statement by statement, what no finding carries."""

import re
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property

from vitasense.deterministic.platform.findings import Finding, Status
from vitasense.guardrails.grounding.amounts import Amount
from vitasense.guardrails.grounding.facts import Fact, Facts, as_words
from vitasense.guardrails.grounding.letters import hidden, places, plain
from vitasense.guardrails.grounding.lexicon import Lexicon, rules
from vitasense.guardrails.grounding.quotes import quote
from vitasense.guardrails.grounding.reading import read
from vitasense.guardrails.grounding.statements import NOT_FOUND, Name, Statement
from vitasense.guardrails.grounding.support import Before, carried, misses
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
        tokens = cut(plain(rest.text))
        failed = [miss for said in _with_afterthoughts(read(tokens, self._lexicon)) for miss in self._misses(said)]
        failed += self._silenced(len(tokens))
        if failed:
            cuts, back = spans(plain(rest.text)), places(rest.text)
            for at, to, why in failed:
                first, last = cuts[min(at, len(cuts) - 1)], cuts[min(max(to, at + 1), len(cuts)) - 1]
                yield rest.place(back[first[0]]), rest.place(back[last[1] - 1] + 1), why

    def _misses(self, said: Statement) -> Sequence[Miss]:
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
        goes_on = said.follows or not said.names
        names = frozenset(said.names) | (self._before.names if goes_on else frozenset[Name]())
        self._before = Before(
            support,
            names,
            frozenset[str]().union(*(fact.keeps for fact in self._each(support))) & rules().lasting,
            as_words(names) | frozenset(said.words),
            tuple(date.moment for date in said.dates),
            tuple(each.amount for each in said.amounts if not each.amount.reference) or self._before.amounts,
        )

    def _each(self, mask: int) -> Iterator[Fact]:
        return (fact for place, fact in enumerate(self._facts.facts) if mask >> place & 1)

    def _support(self, said: Statement) -> int:
        """The facts that carry the statement; 0 for none."""
        if said.asked or (said.heading and not any(kind in ("drug", "gene") for kind, _ in said.names)):
            return self._mentioned(said)
        tells = said.words or said.claims or said.typed or (said.noes and said.strength <= NOT_FOUND)
        if not (tells or (self._before.facts and (said.unknowns or said.pronoun))):
            return 0
        goes_on = _goes_on(said)
        everything = (1 << len(self._facts.facts)) - 1
        bound = self._before.facts and (goes_on or said.caused)
        within = self._facts.linked(self._before.facts) if bound else everything
        said.amounts = tuple(each for each in said.amounts if not self._counts(each.amount))
        aside = Before(amounts=self._before.amounts if said.follows else ())
        return carried(said, self._facts, within, self._before if goes_on else aside) or self._shared(said, within)

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
