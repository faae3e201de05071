"""The same ingredient, or two medicines of a kind of which one is enough."""

from collections.abc import Iterator, Sequence
from functools import cache

from vitasense.deterministic.knowledge import Severity, normalise
from vitasense.deterministic.medications.checks import answers
from vitasense.deterministic.medications.checks.aspirin import ANY_DOSE, AspirinDose, in_dose
from vitasense.deterministic.medications.checks.cautions import Sites, quiet
from vitasense.deterministic.medications.checks.sites import BODY, sites
from vitasense.deterministic.medications.checks.subject import Subject, Taken
from vitasense.deterministic.medications.rulebook import Members, Rule, Rules, read_rules
from vitasense.deterministic.medications.schemas import Kind
from vitasense.deterministic.platform.findings import Finding, Status, Value

_OTHER = "same_other"
_TWO = 2


class Duplicate(Rule):
    """A kind of medicine (`name`) of which one is enough, or with `same` what it means to take one ingredient twice.

    Only medicines that act at one of the `sites` count, and aspirin only in the `doses`.
    """

    name: str = ""
    same: bool = False
    members: Members = frozenset()
    severity: Severity
    what: str
    advice: str
    sites: Sites = BODY
    doses: frozenset[AspirinDose] = ANY_DOSE


def duplication(subject: Subject) -> list[Finding]:
    """One finding for each ingredient that is in two medicines and for each kind that is taken twice.

    Kinds that the rules do not list are not compared: many belong together. With something asked about, only what it
    has a part in is told. not_found: two medicines or more, and nothing twice.
    """
    if len(subject.medicines) < _TWO or not subject.taken:
        return []
    same = [_same(each) for each in _repeated(subject)]
    kinds = [_kind(rule, each) for rule, each in _of_kinds(subject)]
    return [*same, *kinds] or [_nothing(subject)]


@cache
def duplicates() -> Rules[Duplicate]:
    """The rules of `rules/duplication.yaml`."""
    return read_rules("duplication", Duplicate)


@cache
def _kinds() -> tuple[Duplicate, ...]:
    return tuple(rule for rule in duplicates() if not rule.same)


@cache
def _same_rule(key: str) -> Duplicate:
    found = (rule for rule in duplicates() if rule.same and key in rule.members)
    return next(found, duplicates()[_OTHER])


def _asks(taken: Sequence[Taken], subject: Subject) -> bool:
    """Whether it belongs to what is asked about, where something is."""
    asked = [each.medicine.is_asked for each in subject.taken]
    return not any(asked) or any(each.medicine.is_asked for each in taken)


def _repeated(subject: Subject) -> Iterator[list[Taken]]:
    """The medicines of each ingredient that two or more of them hold and that meet at one site."""
    groups: dict[str, list[Taken]] = {}
    for each in subject.taken:
        held = groups.setdefault(each.drug.key, [])
        if all(other.medicine is not each.medicine for other in held):
            held.append(each)
    for held in groups.values():
        meeting = [each for each in held if any(_meet(each, other) for other in held if other is not each)]
        if meeting and _asks(meeting, subject):
            yield meeting


def _meet(one: Taken, other: Taken) -> bool:
    return not sites(one).isdisjoint(sites(other))


def _of_kinds(subject: Subject) -> Iterator[tuple[Duplicate, list[Taken]]]:
    """The medicines of each kind; of two kinds that hold the same medicines the first, which is the narrower one."""
    told: list[frozenset[str]] = []
    for rule in _kinds():
        group = _of_kind(rule, subject)
        keys = frozenset(each.drug.key for each in group)
        if len({id(each.medicine) for each in group}) < _TWO or any(keys <= others for others in told):
            continue
        told.append(keys)
        if _asks(group, subject):
            yield rule, group


def _of_kind(rule: Duplicate, subject: Subject) -> list[Taken]:
    """The ingredients of the kind, each once."""
    found: dict[str, Taken] = {}
    for each in subject.taken:
        if each.drug.key in rule.members and in_dose(each, rule.doses) and not sites(each).isdisjoint(rule.sites):
            found.setdefault(each.drug.key, each)
    return list(found.values())


def _same(taken: Sequence[Taken]) -> Finding:
    drug = taken[0].drug
    names = [each.medicine.name.strip() for each in taken]
    again = len({normalise(name) for name in names}) == 1
    rule = _again(_same_rule(drug.key)) if again else _same_rule(drug.key)
    quoted = answers.listed(f"“{name}”" for name in names)
    both = "both contain" if len(names) == _TWO else "all contain"
    lead = f"{quoted} is on the list {_times(len(names))}" if again else f"{quoted} {both} {drug.name}"
    return _finding(rule, taken, f"{lead}: {rule.what}. {rule.advice}", f"{drug.name} in two medicines")


def _again(rule: Duplicate) -> Duplicate:
    """The same name twice is more often one medicine that was entered twice."""
    return rule.model_copy(
        update={
            "severity": Severity.MODERATE if rule.severity.interrupts else Severity.MINOR,
            "what": "it may only have been entered again, but taken twice it would be a double dose",
            "advice": "Take it as the doctor or the pack says, and have the list put right.",
        }
    )


def _times(count: int) -> str:
    return "twice" if count == _TWO else f"{count} times"


def _kind(rule: Duplicate, taken: Sequence[Taken]) -> Finding:
    names = answers.listed(each.drug.name for each in taken)
    lead = "are both" if len(taken) == _TWO else "are all"
    text = f"{answers.capital(names)} {lead} {rule.name}: {rule.what}. {rule.advice}"
    return _finding(rule, taken, text, f"{names}: {rule.name}")


def _finding(rule: Duplicate, taken: Sequence[Taken], text: str, label: str) -> Finding:
    return Finding(
        kind=Kind.DUPLICATION,
        text=text,
        status=Status.FOUND,
        urgency=answers.URGENCY[rule.severity],
        values=(
            *(answers.drug_value(drug) for drug in answers.distinct(taken)),
            *(Value(name="medicine", text=each.medicine.name) for each in taken),
            *answers.rated(rule.severity),
        ),
        evidence=answers.evidence_of(duplicates().evidence(rule, label), *(each.medicine.evidence for each in taken)),
        categories=answers.categories([each.medicine.evidence for each in taken]),
    )


def _nothing(subject: Subject) -> Finding:
    names = answers.shortened([drug.name for drug in answers.distinct(subject.taken)])
    text = f"I found nothing twice among {names}, and no two of a kind that my rules list."
    return quiet(Kind.DUPLICATION, subject.taken, text, "no ingredient and no listed kind is there twice")
