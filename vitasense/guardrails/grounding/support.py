"""Whether one fact carries a statement, and what of it no fact carries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from vitasense.guardrails.grounding.amounts import Amount, same_amount
from vitasense.guardrails.grounding.dates import Moment
from vitasense.guardrails.grounding.facts import Fact, Facts, as_words
from vitasense.guardrails.grounding.lexicon import rules
from vitasense.guardrails.grounding.statements import NOT_FOUND, NOT_RECORDED, PEOPLE, Act, Name, Statement

_BEYOND = {">": ("<=", "=above"), "<": (">=", "=below")}
_MODAL = frozenset({"can", "must", "will"})
_VARIANT = re.compile(r"rs\d+|.*\*\d")


@dataclass(frozen=True, slots=True)
class Before:
    """What the statement before told: the facts behind it, its names, words, days and amounts, its qualifications.

    A sentence that goes on with it ("It was …") is about the same names and need not repeat the qualifications.
    `quoted` is the number of a finding that was told word for word, -1 for none.
    """

    facts: int = 0
    names: frozenset[Name] = frozenset()
    keeps: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    days: tuple[Moment, ...] = ()
    amounts: tuple[Amount, ...] = ()
    quoted: int = -1


def carried(said: Statement, facts: Facts, within: int, before: Before) -> int:
    """The facts among `within` that carry all of the statement, which goes on with `before`."""
    candidates = within
    for word in needed(said):
        candidates &= facts.index.get(word, 0)
        if not candidates:
            return 0
    found = 0
    while candidates:
        bit = candidates & -candidates
        candidates ^= bit
        fact = facts.facts[bit.bit_length() - 1]
        if _agrees(said, fact, before) and _goes_on(said, fact, before):
            found |= bit
    return found


def needed(said: Statement) -> Iterator[str]:
    """The words, claims and, beside a "no", nouns that a fact must have."""
    yield from said.words
    yield from (f"={claim}" for claim in said.claims)
    if said.noes:
        yield from (noun for noun in said.nouns if noun != "record")


def _agrees(said: Statement, fact: Fact, before: Before) -> bool:
    if not _same_certainty(said, fact, before):
        return False
    if fact.required and not fact.required <= said.words.keys() | as_words(before.names):
        return False
    if said.amounts and not (_has_amounts(said, fact) and (not fact.basis or _has_basis(said, fact, before))):
        return False
    if said.dates and not all(has_date(relation, moment, fact) for relation, moment, _, _ in said.dates):
        return False
    if not (said.clocks.keys() <= fact.clocks and said.often.keys() <= fact.often):
        return False
    return _same_kind(said, fact, before) and _same_roles(said, fact)


def _same_kind(said: Statement, fact: Fact, before: Before) -> bool:
    """ "You had influenza" is not what an influenza vaccine says, "you have cancer" not what causes cancer."""
    if said.verb and fact.matter and fact.matter.isdisjoint(needed(said)) and not fact.noes:
        return False
    if fact.predicates and not _MODAL.isdisjoint(said.keeps) and fact.predicates.isdisjoint(said.predicates):
        return False
    for parts, head in fact.heads:
        if head not in said.words and head not in before.words and not parts.isdisjoint(said.words):
            return False
    if (said.owned and fact.generic and not fact.owned) or (said.titled and not said.acts and not fact.titled):
        return False
    if not said.personal or fact.personal or not rules().verbal.isdisjoint(said.words):
        return True
    done = {act.verb for act in fact.acts} - rules().relations
    return not fact.generic and (not done or not done.isdisjoint(said.claims))


def _same_certainty(said: Statement, fact: Fact, before: Before) -> bool:
    if not (said.keeps or fact.keeps or said.noes or fact.noes or said.unknowns or fact.unknowns or said.referral):
        return True
    if "sought" in said.keeps:
        return True
    keeps, told = frozenset(said.keeps), before.keeps
    if said.referral and not said.empty:
        keeps |= {"referral"}
    if any(relation == "until" for relation, *_ in said.dates):
        told = told | {"ended"}
    if "someone" in keeps and (people := (keeps | told) & PEOPLE - {"someone"}):
        keeps = keeps - {"someone"} | people
    if not keeps <= fact.keeps <= keeps | told or len(said.unknowns) != fact.unknowns or len(said.noes) != fact.noes:
        return False
    tells = bool(said.words or said.claims)
    bare = not fact.own and fact.strength == NOT_RECORDED
    if tells and (said.noes or said.unknowns) and not bare and fact.own.isdisjoint(needed(said)):
        return False
    return not said.noes or (
        (said.strength <= fact.strength or fact.strength == NOT_FOUND)
        and (not tells or _denies_no_more(said, fact, before))
    )


def _denies_no_more(said: Statement, fact: Fact, before: Before) -> bool:
    """ "No food allergy" is not "no allergy": a "no" must keep every word and day of what it denies."""
    told = {*said.words, *(f"={claim}" for claim in said.claims)}
    days = (*(date.moment for date in said.dates), *before.days)
    return fact.denied <= told | before.words and all(any(d.fits(own) for d in days) for own in fact.denied_days)


def _has_amounts(said: Statement, fact: Fact) -> bool:
    return all(_has_amount(amount, at, said, fact) for amount, at, _ in said.amounts)


def _has_amount(said: Amount, at: int, statement: Statement, fact: Fact) -> bool:
    if said.bound in _BEYOND and _is_beyond(said, fact):
        return True
    return any(same_amount(said, known) and _same_days(said, at, known, statement) for known in fact.amounts)


def _has_basis(said: Statement, fact: Fact, before: Before) -> bool:
    """ "100 g has 155 kcal" and "72% are in range" need the 100 g and the 72%."""
    told = [each.amount for each in said.amounts if not each.amount.reference]
    if not fact.basis or not told or len(fact.basis) == len(fact.amounts):
        return True
    return any(same_amount(mine, basis) for mine in (*told, *before.amounts) for basis in fact.basis)


def _is_beyond(said: Amount, fact: Fact) -> bool:
    """ "Above 100" when something is above its range, which goes up to 100."""
    bound, claim = _BEYOND[said.bound]
    limits = (k for k in fact.amounts if k.reference and k.form != "span" and k.bound in ("", bound))
    plain = replace(said, bound="")
    return claim in fact.words and any(same_amount(plain, replace(known, bound="")) for known in limits)


def _same_days(said: Amount, at: int, known: Amount, statement: Statement) -> bool:
    if known.form == "one" and known.days[0]:
        return all(moment.says_no_more_than(known.days[0]) for moment in _days_beside(at, statement))
    return all(
        mine is None or theirs is None or mine.says_no_more_than(theirs)
        for mine, theirs in zip(said.days, known.days, strict=True)
    )


def _days_beside(at: int, statement: Statement) -> list[Moment]:
    """The days that a number at token `at` is of: behind "than in March" it is March's, else the statement's own."""
    than = next((date for date in statement.dates if date[0] == "than"), None)
    if than and than[2] < at:
        return [than[1]]
    return [moment for relation, moment, _, _ in statement.dates if relation != "than"]


def has_date(relation: str, moment: Moment, fact: Fact) -> bool:
    """True when the fact has the day and relates it so."""
    return any(relation in relations and moment.says_no_more_than(known) for relations, known in fact.dates)


def _goes_on(said: Statement, fact: Fact, before: Before) -> bool:
    """Whether a fact can be about what was told before: not about another name, and "that" not another number."""
    kinds = {kind for kind, _ in before.names}
    theirs = {name for name in fact.names if name[0] in kinds}
    if theirs and not theirs & before.names:
        return False
    if not said.pronoun or not said.claims:
        return True
    units = {each.unit for each in before.amounts} - {each.amount.unit for each in said.amounts}
    known = [each for each in fact.amounts if not each.reference and each.unit in units]
    return not known or any(same_amount(mine, each) for mine in before.amounts for each in known)


def _same_roles(said: Statement, fact: Fact) -> bool:
    if fact.joint and len(fact.names) > 1 and fact.names & said.names.keys() and not fact.names <= said.names.keys():
        return False
    if fact.acts:
        if any(_unjoined(said, act) for act in fact.acts):
            return False
        acts = {act.verb: act for act in said.acts}
        theirs = [(acts[act.verb], act) for act in fact.acts if act.verb in acts]
        if theirs:
            return any(not _swapped(one, other) for one, other in theirs)
    if not said.directed or said.joined or fact.joined:
        return True
    common = [name for name in fact.order if name in said.names]
    mine = [name for name in said.names if name in fact.names]
    if any(at < said.by for at in said.names.values()) and any(at > said.by for at in said.names.values()):
        mine.reverse()
    return common == mine


def _unjoined(said: Statement, known: Act) -> bool:
    """ "Metformin … blood sugar" without "lowers": both sides of a verb without the verb say something else."""
    told = known.verb in said.words or known.verb in said.claims
    return not told and not known.doer.isdisjoint(said.words) and not (known.done - known.doer).isdisjoint(said.words)


def _swapped(said: Act, known: Act) -> bool:
    """Whether what is done to one thing is told as done by it, or the other way round."""
    if said.doer & (known.done - known.doer) and not said.doer & known.doer:
        return True
    return bool(said.done & (known.doer - known.done)) and "each-other" not in known.done


def misses(said: Statement, facts: Facts) -> Iterator[tuple[int, int, str]]:
    """First token, token after the last, and kind of claim of what no fact carries; else of what no one fact joins."""
    found = [*_missing_words(said, facts), *_missing_types(said, facts)]
    found += [(at, at + 1, "absence") for at in (*said.noes, *said.unknowns)]
    if found:
        yield from found
        return
    yield from ((at, to, "number") for _, at, to in said.amounts)
    yield from ((at, at + 1, "number") for at in said.often.values())
    if not said.amounts:
        yield from ((at, to, "date") for _, _, at, to in said.dates)
    yield from ((at, at + 1, "comparison") for at in said.claims.values())
    yield from ((at, at + 1, "statement") for at in said.keeps.values())
    if not (said.typed or said.claims or said.keeps):
        yield said.at, said.to, "statement"


def _missing_words(said: Statement, facts: Facts) -> Iterator[tuple[int, int, str]]:
    kinds = {f"{kind}:{key}": kind for kind, key in said.names}
    for word, at in said.words.items():
        if word not in facts.index:
            yield at, at + 1, _why(word, kinds.get(word, ""))
    for claim, at in said.claims.items():
        if f"={claim}" not in facts.index:
            yield at, at + 1, "comparison"
    kept = {keep for fact in facts.facts for keep in fact.keeps}
    yield from ((at, at + 1, "statement") for keep, at in said.keeps.items() if keep not in kept)


def _missing_types(said: Statement, facts: Facts) -> Iterator[tuple[int, int, str]]:
    for amount, at, to in said.amounts:
        if not any(same_amount(amount, known) for fact in facts.facts for known in fact.amounts):
            yield at, to, "number"
    for relation, moment, at, to in said.dates:
        if not any(has_date(relation, moment, fact) for fact in facts.facts):
            yield at, to, "date"
    yield from (
        (at, at + 1, "number") for key, at in said.often.items() if not any(key in f.often for f in facts.facts)
    )
    yield from (
        (at, at + 1, "date") for key, at in said.clocks.items() if not any(key in f.clocks for f in facts.facts)
    )


def _why(word: str, kind: str) -> str:
    if kind in ("drug", "gene"):
        return kind
    if word in rules().multiples:
        return "number"
    return "gene" if _VARIANT.match(word) else "statement"
