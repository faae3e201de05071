"""Whether one fact carries a statement."""

from vitasense.guardrails.grounding.amounts import same_amount
from vitasense.guardrails.grounding.before import Before
from vitasense.guardrails.grounding.certainty import needed, same_certainty
from vitasense.guardrails.grounding.facts import Fact, Facts, as_words
from vitasense.guardrails.grounding.lexicon import rules
from vitasense.guardrails.grounding.quantities import has_amounts, has_basis, has_date
from vitasense.guardrails.grounding.statements import Act, Statement

_CHANGES = frozenset({"up", "down", "same"})
_MODAL = frozenset({"can", "must", "will"})


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


def _agrees(said: Statement, fact: Fact, before: Before) -> bool:
    if not same_certainty(said, fact, before):
        return False
    if fact.required and not fact.required <= said.words.keys() | as_words(before.names):
        return False
    if said.amounts and not (has_amounts(said, fact) and (not fact.basis or has_basis(said, fact, before))):
        return False
    if said.dates and not all(has_date(relation, moment, fact) for relation, moment, _, _ in said.dates):
        return False
    if not (said.clocks.keys() <= fact.clocks and said.often.keys() <= fact.often):
        return False
    return _same_kind(said, fact, before) and _same_roles(said, fact)


def _same_kind(said: Statement, fact: Fact, before: Before) -> bool:
    """ "You had influenza" is not what an influenza vaccine says, "you have cancer" not what causes cancer."""
    if said.verb and not (fact.noes or fact.unknowns) and not _says_what_of(said, fact):
        return False
    if fact.predicates and not _MODAL.isdisjoint(said.keeps) and fact.predicates.isdisjoint(said.predicates):
        return False
    if said.past and "next" in fact.words and "next" not in said.words:
        return False
    told = before.words | before.sentence
    for parts, head in fact.heads:
        if head not in said.words and head not in told and not parts.isdisjoint(said.words):
            return False
    if (said.owned and fact.generic and not fact.owned) or (said.titled and not said.acts and not fact.titled):
        return False
    if not said.personal or fact.personal or not rules().verbal.isdisjoint(said.words):
        return True
    done = {act.verb for act in fact.acts} - rules().relations
    return not fact.generic and (not done or not done.isdisjoint(said.claims))


def _says_what_of(said: Statement, fact: Fact) -> bool:
    """ "You have metformin" needs a finding that lists it, "You have penicillin" is not what an allergy says."""
    told = frozenset(needed(said))
    if fact.matter and fact.matter.isdisjoint(told) and len(told) < 2:
        return False
    return fact.listed or said.typed or not told <= as_words(said.names)


def _goes_on(said: Statement, fact: Fact, before: Before) -> bool:
    """Whether a fact can be about what was told before: not about another name, and "that" not another number."""
    kinds = {kind for kind, _ in before.names}
    theirs = {name for name in fact.names if name[0] in kinds}
    if theirs and not theirs & before.names:
        return False
    changes = not _CHANGES.isdisjoint(said.claims)
    if not before.amounts or not (changes or (said.pronoun and said.claims)):
        return True
    told = [each for each in before.amounts if not changes or each.form in ("one", "pair")]
    units = {each.unit for each in told} - (set() if changes else {each.amount.unit for each in said.amounts})
    others = [each for each in fact.amounts if each.unit in units and not each.reference and each.form != "span"]
    known = [each for each in others if not any(same_amount(mine, each) for mine, _, _ in said.amounts)]
    # "It is 92 kg. It fell." would tell the beginning of the change as its end.
    either_end = bool(said.amounts or before.dates or not changes)
    return not known or any(
        same_amount(mine, each) for mine in told for each in known if either_end or each.lead != "from"
    )


def _same_roles(said: Statement, fact: Fact) -> bool:
    if fact.joint and len(fact.names) > 1 and fact.names & said.names.keys() and not fact.names <= said.names.keys():
        return False
    if fact.acts:
        if any(_unjoined(said, act) for act in fact.acts):
            return False
        acts = {act.verb: act for act in said.acts}
        if any(_is_undirected(said, act) for act in fact.acts):
            return False
        theirs = [(acts[act.verb], act) for act in fact.acts if act.verb in acts]
        if theirs:
            return any(not _swapped(one, other) for one, other in theirs)
    if fact.directed and said.joined and fact.names <= said.names.keys() and not fact.joined:
        return False
    if not said.directed or said.joined or fact.joined:
        return True
    common = [name for name in fact.order if name in said.names]
    mine = [name for name in said.names if name in fact.names]
    if any(at < said.by for at in said.names.values()) and any(at > said.by for at in said.names.values()):
        mine.reverse()
    return common == mine


def _is_undirected(said: Statement, known: Act) -> bool:
    """ "The level of A is lower with B" does not say which of them lowers the other."""
    names = as_words(said.names)
    both = not names.isdisjoint(known.doer) and not names.isdisjoint(known.done - known.doer)
    return both and known.verb in said.claims and all(act.verb != known.verb for act in said.acts)


def _unjoined(said: Statement, known: Act) -> bool:
    """ "Metformin … blood sugar" without "lowers": both sides of a verb without the verb say something else."""
    told = known.verb in said.words or known.verb in said.claims or _done_by(said, known)
    return not told and not known.doer.isdisjoint(said.words) and not (known.done - known.doer).isdisjoint(said.words)


def _done_by(said: Statement, known: Act) -> bool:
    """ "A letter by Dr. Weiss" names who did it."""
    doers, done = ([at for word, at in said.words.items() if word in side] for side in (known.doer, known.done))
    return said.by >= 0 and bool(doers) and min(doers) > said.by > max(done, default=said.by)


def _swapped(said: Act, known: Act) -> bool:
    """Whether what is done to one thing is told as done by it, or the other way round."""
    doer, done = said.doer - rules().verbal, said.done - rules().verbal
    turned = doer & (known.done - known.doer)
    if turned and (not doer & known.doer or any(":" in word for word in turned)):
        return True
    return bool(done & (known.doer - known.done)) and "each-other" not in known.done
