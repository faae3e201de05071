"""The rules of the checks as edges of the knowledge graph: which illness, value, state or food each medicine meets.

What goes by a dose, an age or several medicines at once is no edge between two things, and stays with its check.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from vitasense.deterministic import knowledge
from vitasense.deterministic.knowledge import (
    Book,
    Drug,
    EdgeFact,
    Level,
    NodeFact,
    NodeKind,
    Relation,
    Severity,
    Volume,
    key_of,
    rulebook,
    volume,
)
from vitasense.deterministic.medications.checks import answers, breastfeeding, conditions, pregnancy
from vitasense.deterministic.medications.checks.aspirin import ASPIRIN
from vitasense.deterministic.medications.checks.bands import Band, LaboratoryRule, laboratory_rules
from vitasense.deterministic.medications.checks.cautions import Caution
from vitasense.deterministic.medications.checks.conditions import ConditionRule, condition_rules
from vitasense.deterministic.medications.checks.eating import FoodName, food_names
from vitasense.deterministic.medications.checks.foods import FoodRule, food_rules
from vitasense.deterministic.medications.checks.laboratory import value_of
from vitasense.deterministic.medications.checks.measuring import Measurement, Reading, amount, tests
from vitasense.deterministic.medications.checks.naming import ConditionName, condition_names, conditions_of
from vitasense.deterministic.medications.checks.pregnancy import PregnancyRule
from vitasense.deterministic.medications.checks.sites import BODY
from vitasense.deterministic.medications.rulebook import R, Rule, Rules
from vitasense.deterministic.medications.schemas import Person

PREGNANCY = f"{NodeKind.CONDITION}:pregnancy"
BREASTFEEDING = NodeFact(f"{NodeKind.CONDITION}:breastfeeding", "breastfeeding", ("lactation", "nursing"))
_LOINC = "loinc"


def volumes() -> tuple[Volume, ...]:
    """One volume for each rules file that joins medicines with something, and one for the names of each of these."""
    names, values, foods = condition_names(), tests(), food_names()
    return (
        volume(_book(names), _conditions(names), _kinds_of_conditions(names)),
        volume(_book(values), map(_value, values), []),
        volume(_book(foods), map(_food, foods), []),
        volume(_book(condition_rules()), [], _against_conditions()),
        volume(_book(laboratory_rules()), [], _by_values()),
        volume(_book(food_rules()), [], _with_foods()),
        volume(_book(pregnancy.pregnancy_rules()), [], _in_pregnancy()),
        volume(_book(breastfeeding.breastfeeding_rules()), [BREASTFEEDING], _while_breastfeeding()),
    )


def nodes_of(person: Person) -> tuple[str, ...]:
    """The nodes of the illnesses that the person is known to have, and of the values that rules can use."""
    named = [_condition_key(key) for each in person.conditions or () for key in sorted(conditions_of(each))]
    states = [PREGNANCY] * bool(person.pregnant) + [BREASTFEEDING.key] * bool(person.breastfeeding)
    values = [_value_key(test.key) for test in tests() if isinstance(value_of(test.key, person), Reading)]
    return tuple(dict.fromkeys((*named, *states, *values)))


def _book(rules: Rules[R]) -> Book:
    return Book(rules.name, rules.version, rules.source, "medications")


def _conditions(names: Rules[ConditionName]) -> Iterator[NodeFact]:
    """A word that several conditions share belongs to the narrowest of them."""
    owners: dict[str, str] = {}
    for each in sorted(names, key=_depth):
        owners |= dict.fromkeys(each.words, each.key)
    for each in names:
        if each.told:
            words = tuple(word for word in each.words if owners[word] == each.key)
            yield NodeFact(_condition_key(each.key), each.name, words, _codes(each))


def _codes(name: ConditionName) -> Mapping[str, tuple[str, ...]]:
    return {system: tuple(sorted(codes)) for system, codes in (("snomed", name.snomed), ("icd10", name.icd10)) if codes}


def _depth(name: ConditionName) -> int:
    return 1 + max((_depth(condition_names()[up]) for up in name.is_a), default=0)


def _condition_key(key: str) -> str:
    return f"{NodeKind.CONDITION}:{condition_names()[key].term or key}"


def _kinds_of_conditions(names: Rules[ConditionName]) -> Iterator[EdgeFact]:
    for each in names:
        for up in each.is_a:
            says = f"{each.name} is a kind of {names[up].name}"
            yield _edge(each, _condition_key(each.key), Relation.IS_A, _condition_key(up), says)


def _value(test: Measurement) -> NodeFact:
    return NodeFact(_value_key(test.key), test.name, (test.key.replace("_", " "),), {_LOINC: test.loinc})


def _value_key(key: str) -> str:
    return f"{NodeKind.LAB}:{tests()[key].term or key}"


def _food(name: FoodName) -> NodeFact:
    return NodeFact(f"{NodeKind.FOOD}:{name.key}", name.names[0], name.names[1:])


def _against_conditions() -> Iterator[EdgeFact]:
    for rule in condition_rules():
        for drug, key in product(_drugs(rule.drugs), rule.conditions):
            name = condition_names()[key].name
            says = (
                f"{drug.name}{_way(rule, drug)} {conditions.LEAD[rule.severity]} {name}{_limits(rule)}: it {rule.what}"
            )
            yield _rated(rule, drug, _condition_key(key), says)


def _limits(rule: ConditionRule) -> str:
    """When the rule does not hold, in brackets."""
    told = [
        *([f"from {rule.from_age:g} years on"] if rule.from_age is not None else []),
        *([f"not with {answers.listed(condition_names()[key].name for key in rule.unless)}"] if rule.unless else []),
        *(["not beside a medicine that makes up for it"] if rule.unless_taken else []),
    ]
    return f" ({'; '.join(told)})" if told else ""


def _by_values() -> Iterator[EdgeFact]:
    for rule in laboratory_rules():
        for drug, key in product(_drugs(rule.drugs), rule.value):
            says = f"for {drug.name}, {tests()[key].name} matters{_from_age(rule)}: {_bands(rule, tests()[key])}"
            yield _edge(rule, key_of(drug), Relation.GUIDED_BY, _value_key(key), says)


def _from_age(rule: LaboratoryRule) -> str:
    return f" from {rule.from_age:g} years on" if rule.from_age is not None else ""


def _bands(rule: LaboratoryRule, test: Measurement) -> str:
    return "; ".join(f"{_limit(band, test)} it {band.what}" for band in rule.bands)


def _limit(band: Band, test: Measurement) -> str:
    words, limit = band.limit
    if band.above_times is not None:
        return f"{words} {limit:g} times the upper limit of normal"
    return f"{words} {amount(limit, test.unit)}"


def _with_foods() -> Iterator[EdgeFact]:
    """What the lists of interactions do not have already."""
    library = knowledge.library()
    for rule in food_rules():
        for drug, (key, name) in product(_drugs(rule.members), _eaten(rule)):
            one, two = library.place(key), library.place(key_of(drug))
            if key == key_of(drug) or (one is not None and two is not None and library.listed(one, two)):
                continue
            says = f"{name} and {drug.name}: {rule.what}"
            yield _edge(rule, key, Relation.CHANGES, key_of(drug), says, rule.severity, rule.what, rule.advice)


def _eaten(rule: FoodRule) -> Iterator[tuple[str, str]]:
    """The nodes of the foods of a rule with their names, and of the herbs and foods of the knowledge room that are such."""
    for food in (food_names()[key] for key in rule.foods):
        yield from {
            _food(food).key: food.names[0],
            **{key_of(drug): drug.name for drug in _drugs(food.members)},
        }.items()


def _in_pregnancy() -> Iterator[EdgeFact]:
    for rule in pregnancy.pregnancy_rules():
        yield from _in_state(rule, PREGNANCY, f"{pregnancy.LEAD[rule.severity]}{_weeks(rule)}")


def _weeks(rule: PregnancyRule) -> str:
    told = [
        *([f"from week {rule.from_week:g} on"] if rule.from_week else []),
        *([f"before week {rule.before_week:g}"] if rule.before_week is not None else []),
    ]
    return f" ({' and '.join(told)})" if told else ""


def _while_breastfeeding() -> Iterator[EdgeFact]:
    for rule in breastfeeding.breastfeeding_rules():
        yield from _in_state(rule, BREASTFEEDING.key, breastfeeding.LEAD[rule.severity])


def _in_state(rule: Caution, state: str, lead: str) -> Iterator[EdgeFact]:
    """Nothing for a minor rule: it says that the medicine is allowed."""
    if rule.severity is not Severity.MINOR:
        for drug in _drugs(rule.members):
            yield _rated(rule, drug, state, f"{drug.name}{_way(rule, drug)} {lead}: {rule.what}")


def _way(rule: ConditionRule | Caution, drug: Drug) -> str:
    """In which dose, and where it acts, when the rule does not hold for what is taken into the body in any dose."""
    low = isinstance(rule, Caution) and drug.key == ASPIRIN and "low" not in rule.doses
    where = "" if rule.sites & BODY else f" used in the {answers.listed(sorted(rule.sites), 'or')}"
    return f"{where}{' in more than the low dose' if low else ''}"


def _rated(rule: ConditionRule | Caution, drug: Drug, target: str, says: str) -> EdgeFact:
    severity, what, advice = rule.severity, rule.what, rule.advice or None
    return _edge(rule, key_of(drug), Relation.CONTRAINDICATED, target, says, severity, what, advice)


def _drugs(keys: frozenset[str]) -> Sequence[Drug]:
    return [rulebook().drugs[key] for key in sorted(keys)]


def _edge(
    rule: Rule,
    source: str,
    relation: Relation,
    target: str,
    says: str,
    severity: Severity | None = None,
    what: str | None = None,
    advice: str | None = None,
) -> EdgeFact:
    level = Level.of(rule.source)
    return EdgeFact(source, relation, target, says, rule.source, rule.key, level, severity, what, advice)
