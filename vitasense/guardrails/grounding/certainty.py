"""Whether a fact and a statement are as certain: the same negations, doubts, people and other qualifications."""

from collections.abc import Iterator

from vitasense.guardrails.grounding.before import Before
from vitasense.guardrails.grounding.facts import Fact
from vitasense.guardrails.grounding.statements import NOT_FOUND, NOT_RECORDED, PEOPLE, Statement

_EMPTY = frozenset({"record", "thing", "information", "entry"})


def needed(said: Statement) -> Iterator[str]:
    """The words, claims and, beside a "no", nouns that a fact must have."""
    yield from said.words
    yield from (f"={claim}" for claim in said.claims)
    if said.noes:
        yield from (noun for noun in said.nouns if noun != "record")


def same_certainty(said: Statement, fact: Fact, before: Before) -> bool:
    """True when both say it of the same person, and deny, doubt and qualify it alike."""
    if not (said.keeps or fact.keeps or said.noes or fact.noes or said.unknowns or fact.unknowns or said.referral):
        return True
    if "sought" in said.keeps:
        return not said.noes or fact.noes > 0
    if not _same_qualifications(said, fact, before):
        return False
    if len(said.unknowns) != fact.unknowns or len(said.noes) != fact.noes:
        return False
    bare = not fact.own and fact.strength == NOT_RECORDED
    tells = bool(said.words or said.claims)
    if tells and said.denies and not bare and fact.own.isdisjoint(needed(said)):
        return False
    return not said.noes or (
        (said.strength <= fact.strength or fact.strength == NOT_FOUND)
        and ((not tells and _EMPTY.issuperset(said.nouns)) or _denies_no_more(said, fact, before))
    )


def _same_qualifications(said: Statement, fact: Fact, before: Before) -> bool:
    keeps, told = frozenset(said.keeps), before.keeps - PEOPLE if said.yours else before.keeps
    if not (PEOPLE.isdisjoint(keeps) or said.words or said.claims or said.pronoun):
        return False
    if fact.generic and "if" not in fact.keeps:
        # "If it is high, it points to …" says of a value in general what "a high value points to …" does.
        keeps -= {"if"}
    if said.referral and not said.empty:
        keeps |= {"referral"}
    if said.follows and not said.verb:
        told = told | {"sought"}
    if any(relation == "until" for relation, *_ in said.dates):
        told = told | {"ended"}
    if "someone" in keeps and (people := (keeps | told) & PEOPLE - {"someone"}):
        keeps = keeps - {"someone"} | people
    return keeps <= fact.keeps <= keeps | told


def _denies_no_more(said: Statement, fact: Fact, before: Before) -> bool:
    """ "No food allergy" is not "no allergy": a "no" must keep every word and day of what it denies."""
    told = {*said.words, *(f"={claim}" for claim in said.claims)}
    days = (*(date.moment for date in said.dates), *(date.moment for date in before.dates))
    return fact.denied <= told | before.words and all(any(d.fits(own) for d in days) for own in fact.denied_days)
