"""Whether a fact has the numbers and dates of a statement."""

from dataclasses import replace

from vitasense.guardrails.grounding.amounts import Amount, same_amount
from vitasense.guardrails.grounding.before import Before
from vitasense.guardrails.grounding.dates import Moment
from vitasense.guardrails.grounding.facts import Fact
from vitasense.guardrails.grounding.statements import Statement

_BEYOND = {">": ("<=", "=above"), "<": (">=", "=below")}


def has_amounts(said: Statement, fact: Fact) -> bool:
    """True when the fact has every number of the statement, of the days that the statement gives them."""
    return all(_has_amount(amount, at, said, fact) for amount, at, _ in said.amounts)


def _has_amount(said: Amount, at: int, statement: Statement, fact: Fact) -> bool:
    if said.bound in _BEYOND and _is_beyond(said, fact):
        return True
    basis = (each for each in fact.basis if not said.nouns or said.nouns & each.nouns)
    own = [known for known in (*fact.amounts, *basis) if _is_of_same(said, known, statement, fact)]
    if any(same_amount(said, known) and _same_days(said, at, known, statement) for known in own):
        return True
    if said.reference and any(_is_end(said, known) for known in fact.amounts):
        return True
    if not (statement.words or statement.claims):
        return False
    return _is_of_all(said, statement, fact) or any(_is_context(said, known) for known in fact.context)


def _is_of_same(said: Amount, known: Amount, statement: Statement, fact: Fact) -> bool:
    """ "Medicines: 3" of a record with 3 medicines and 2 allergies must not be told as "allergies: 3"."""
    if said.unit or known.unit or said.nouns or not known.nouns or len(fact.amounts) < 2:
        return True
    beside = any(each.nouns and not each.unit and each.nouns != known.nouns for each in fact.amounts)
    return not beside or not known.nouns.isdisjoint((*statement.words, *statement.nouns))


def _is_end(said: Amount, known: Amount) -> bool:
    """ "Its range, which starts at 30" of a range from 30 to 100."""
    end = {">=": 0, "<=": 1}.get(said.bound)
    if end is None or not known.reference or known.form != "span" or said.unit not in ("", known.unit):
        return False
    return said.form == "one" and said.numbers[0] == known.numbers[end]


def _is_of_all(said: Amount, statement: Statement, fact: Fact) -> bool:
    """ "Out of 60 doses, 58 were taken" when 58 of 60 were."""
    wholes = [said] if said.whole else [each.amount for each in statement.amounts if each.amount.whole]
    parted = [
        each for each in fact.amounts if each.form == "of" and not said.nouns.isdisjoint(each.nouns or said.nouns)
    ]
    return any(
        whole.numbers == known.numbers[1:] and (said is whole or said.numbers == known.numbers[:1])
        for whole in wholes
        for known in parted
    )


def _is_context(said: Amount, known: Amount) -> bool:
    """Whether the number is one that the finding told before, of the same things."""
    if said.whole and not said.nouns and not known.unit:
        return same_amount(said, known)
    return bool(said.nouns & known.nouns) and (said.whole or bool(known.unit)) and same_amount(said, known)


def has_basis(said: Statement, fact: Fact, before: Before) -> bool:
    """True when the statement has what the numbers are of: "100 g has 155 kcal", "72% are in range"."""
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
    if known.form == "one" and said.form == "one" and known.days[0] and not said.days[0]:
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
