"""Effects of several medicines that add up: kidneys, heart rhythm, serotonin, bleeding and others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from vitasense.deterministic import knowledge
from vitasense.deterministic.knowledge import Severity
from vitasense.deterministic.medications.checks import answers
from vitasense.deterministic.medications.checks.aspirin import ANY_DOSE, AspirinDose, in_dose
from vitasense.deterministic.medications.checks.cautions import quiet
from vitasense.deterministic.medications.checks.measures import Measure, measured
from vitasense.deterministic.medications.checks.sites import reaches
from vitasense.deterministic.medications.checks.subject import Subject, Taken
from vitasense.deterministic.medications.rulebook import Members, Rule, Rules, read_rules
from vitasense.deterministic.medications.schemas import Kind, Person, Sex
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Value

_PAIR = 2


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(_Part):
    """A kind of medicine of a load: each of its `members` counts `points`."""

    key: str
    members: Members
    points: int = Field(ge=0)
    doses: frozenset[AspirinDose] = ANY_DOSE


class Factor(_Part):
    """What of the person, or of other medicines, adds `points`; every condition that is set must hold. `words` tell it."""

    words: str
    points: int
    measure: Measure | None = None
    below: float | None = None
    above: float | None = None
    from_years: float | None = None
    sex: Sex | None = None
    members: Members = frozenset()


class Tier(_Part):
    """How severe a load is from its `points`, with so many `medicines`, with all `parts`, from an age in years on."""

    severity: Severity
    points: int
    medicines: int
    parts: frozenset[str] = frozenset()
    from_years: float = 0


class Load(Rule):
    """An effect that adds up over medicines. The first tier that holds is told, unless a load of `unless` is."""

    name: str
    parts: tuple[Part, ...]
    factors: tuple[Factor, ...] = ()
    tiers: tuple[Tier, ...]
    unless: tuple[str, ...] = ()
    what: str
    advice: str


@dataclass(frozen=True, slots=True)
class _Sum:
    """The medicines of one load, what of the person adds to it, and the tier that holds."""

    load: Load
    taken: tuple[Taken, ...]
    factors: tuple[Factor, ...]
    tier: Tier


def loads(subject: Subject) -> list[Finding]:
    """One finding for each effect that adds up over the medicines; with something asked about, only where it adds to it.

    Two medicines whose pair the interaction lists rate as highly are left to the check of pairs, unless something of
    the person makes them worse. not_found: two medicines or more, and no load.
    """
    if len(answers.distinct(subject.taken)) < _PAIR:
        return []
    sums = list(_sums(subject))
    found = [_finding(each, subject) for each in sums if not _told_as_pair(each)]
    return found or ([] if sums else [_nothing(subject)])


@cache
def load_rules() -> Rules[Load]:
    """The rules of `rules/loads.yaml`. Raises ValueError for a part or load that is not there."""
    rules = read_rules("loads", Load)
    for load in rules:
        parts = {part.key for part in load.parts}
        if any(not tier.parts <= parts for tier in load.tiers) or not set(load.unless) <= rules.entries.keys():
            raise ValueError(f"the load {load.key} names a part or load that is not there")
    return rules


def _sums(subject: Subject) -> Iterator[_Sum]:
    asks = any(each.medicine.is_asked for each in subject.taken)
    told: set[str] = set()
    for load in load_rules():
        found = _sum(load, subject)
        if found and told.isdisjoint(load.unless):
            told.add(load.key)
            if not asks or any(each.medicine.is_asked for each in found.taken):
                yield found


def _sum(load: Load, subject: Subject) -> _Sum | None:
    counted = _counted(load, subject)
    if len(counted) < _PAIR:
        return None
    factors = tuple(each for each in load.factors if _holds(each, subject))
    points = sum(part.points for part, _ in counted) + sum(factor.points for factor in factors)
    tier = next((tier for tier in load.tiers if _reached(tier, points, counted, subject.person)), None)
    return _Sum(load, tuple(taken for _, taken in counted), factors, tier) if tier else None


def _counted(load: Load, subject: Subject) -> list[tuple[Part, Taken]]:
    """Each ingredient once, in the first part that has it."""
    found: dict[str, tuple[Part, Taken]] = {}
    for part in load.parts:
        for taken in subject.taken:
            if taken.drug.key in part.members and reaches(taken) and in_dose(taken, part.doses):
                found.setdefault(taken.drug.key, (part, taken))
    return list(found.values())


def _reached(tier: Tier, points: int, counted: Sequence[tuple[Part, Taken]], person: Person | None) -> bool:
    age = person.age_years if person and person.age_years is not None else 0
    parts = {part.key for part, _ in counted}
    return points >= tier.points and len(counted) >= tier.medicines and tier.parts <= parts and age >= tier.from_years


def _holds(factor: Factor, subject: Subject) -> bool:
    """Whether it is known to hold; what is not known adds nothing."""
    person = subject.person
    if factor.members:
        return any(each.drug.key in factor.members and reaches(each) for each in subject.taken)
    if person is None:
        return False
    if factor.measure:
        return _beyond(factor, person)
    if factor.from_years is not None:
        return person.age_years is not None and person.age_years >= factor.from_years
    return factor.sex is not None and person.sex == factor.sex


def _beyond(factor: Factor, person: Person) -> bool:
    found = measured(person, factor.measure) if factor.measure else None
    if found is None:
        return False
    low = factor.below is not None and found.value < factor.below
    return low or (factor.above is not None and found.value > factor.above)


def _told_as_pair(found: _Sum) -> bool:
    """Whether it is one pair that the lists rate as highly, and nothing of the person adds to it."""
    if len(found.taken) > _PAIR or found.factors:
        return False
    one, two = (each.drug for each in found.taken)
    pair = knowledge.pair(one, two)
    return pair is not None and pair.confidence == 1 and pair.urgency.rank >= answers.URGENCY[found.tier.severity].rank


def _finding(found: _Sum, subject: Subject) -> Finding:
    load, severity, person = found.load, found.tier.severity, subject.person
    names = answers.listed(each.drug.name for each in found.taken)
    adds = f" What adds to it: {answers.listed(each.words for each in found.factors)}." if found.factors else ""
    evidence = [load_rules().evidence(load, load.name), *_measures(found, person)]
    return Finding(
        kind=Kind.LOAD,
        text=f"{answers.capital(names)} are {load.name}: {load.what}.{adds} {load.advice}",
        status=Status.FOUND,
        urgency=answers.URGENCY[severity],
        values=(
            *(answers.drug_value(each.drug) for each in found.taken),
            Value(name="load", text=load.name, code=load.key),
            *answers.rated(severity),
        ),
        evidence=answers.evidence_of(*evidence, *(each.medicine.evidence for each in found.taken)),
        categories=answers.categories([each.medicine.evidence for each in found.taken], *_looked_at(found)),
    )


def _measures(found: _Sum, person: Person | None) -> Iterator[Evidence | None]:
    for factor in found.factors:
        value = measured(person, factor.measure) if person and factor.measure else None
        yield value.evidence if value else None


def _looked_at(found: _Sum) -> Iterator[Category]:
    if any(each.measure for each in found.factors):
        yield Category.LABS
    if found.tier.from_years or any(each.from_years or each.sex for each in found.factors):
        yield Category.PROFILE


def _nothing(subject: Subject) -> Finding:
    names = answers.shortened([drug.name for drug in answers.distinct(subject.taken)])
    text = f"I found no effect of {names} that adds up. That does not rule out a problem."
    return quiet(Kind.LOAD, subject.taken, text, "no rule on effects that add up is met")
