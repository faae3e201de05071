"""The words and parts that the answers of all checks have in common."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from vitasense.deterministic.knowledge import Drug, Severity
from vitasense.deterministic.medications.checks.subject import Subject, Taken
from vitasense.deterministic.medications.schemas import Medicine, Person, Who
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value

URGENCY = {
    Severity.CONTRAINDICATED: Urgency.URGENT,
    Severity.MAJOR: Urgency.URGENT,
    Severity.MODERATE: Urgency.ROUTINE,
    Severity.MINOR: Urgency.SELF_CARE,
}
_OBJECT = re.compile(r"\b(tells?|told|makes?|harms?|watch(?:es)?|with|to|for|of|on) you\b")
_ADDRESSED = (("yourself", "themselves"), ("yours", "theirs"), ("your", "their"), ("you", "they"))
_REMEMBERED = 4096
NAMED = 8  # names that one sentence lists; more of them say nothing to a reader
_PRESCRIBED_TOO = ("prescribed", "said")
_WHOSE: Mapping[Who, str] = {"you": "your", "they": "their", "the patient": "the patient's"}


def drug_value(drug: Drug) -> Value:
    """The medicine with its RxNorm number."""
    return _drug_value(drug.name, drug.rxcui)


@lru_cache(_REMEMBERED)
def _drug_value(name: str, rxcui: str | None) -> Value:
    return Value(name="drug", text=name, code=rxcui)


@cache
def rated(severity: Severity, basis: str = "documented") -> tuple[Value, Value]:
    """How much it matters, and whether it is documented or inferred."""
    return Value(name="severity", text=severity.value), Value(name="basis", text=basis)


def capital(text: str) -> str:
    """`text` with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def listed(names: Iterable[str], last: str = "and") -> str:
    """The names, each once, as in "a, b and c"; empty for none."""
    told = list(dict.fromkeys(names))
    return told[0] if len(told) == 1 else f" {last} ".join(filter(None, [", ".join(told[:-1]), *told[-1:]]))


def shortened(names: Sequence[str]) -> str:
    """The names with commas, and how many more there are than a reader takes in."""
    told, more = names[:NAMED], len(names) - NAMED
    return f"{', '.join(told)} and {more} more" if more > 0 else ", ".join(told)


def own(person: Person | None) -> bool:
    """Whether the words may be "you"; for nobody in particular they may."""
    return person is None or person.own


def whose(person: Person | None) -> str:
    """ "your", "their" or "the patient's"."""
    return _WHOSE[person.who if person else "you"]


def does(person: Person | None, many: str, one: str) -> str:
    """Who does it: "you are", "they are", "the patient is", with the verb for many and for one."""
    who = person.who if person else "you"
    return f"{who} {one if who == 'the patient' else many}"


def addressed(text: str, person: Person | None) -> str:
    """`text` as it is for the person's own medicines; of somebody else "they" instead of "you"."""
    if own(person):
        return text
    text = _OBJECT.sub(r"\1 them", text)
    for word, other in _ADDRESSED:
        text = re.sub(rf"\b{word}\b", other, text)
        text = re.sub(rf"\b{word.capitalize()}\b", other.capitalize(), text)
    return text


def what_to_do(severity: Severity, medicine: Medicine, person: Person | None) -> str:
    """One sentence: whom to ask, how soon, and that nothing prescribed is stopped alone."""
    if medicine.origin == "asked":
        return _before_it_begins(severity, own(person))
    if not severity.interrupts:
        ask = "Tell your doctor or pharmacist at your next visit" if own(person) else "Speak of it at the next visit"
        return f"{ask}{_and_go_on(medicine)}."
    if own(person):
        return f"Call your doctor or pharmacist before the next dose{_not_alone(medicine)}."
    return f"The prescriber or pharmacist should look at it before the next dose{_not_alone(medicine)}."


def evidence_of(*found: Evidence | None) -> tuple[Evidence, ...]:
    """What is there, each once, in the order given."""
    return tuple(dict.fromkeys(each for each in found if each))


def categories(evidence: Iterable[Evidence | None], *looked_at: Category) -> frozenset[Category]:
    """`looked_at`, and medications where one of the medicines' `evidence` is a record."""
    recorded = any(each and each.kind == "record" for each in evidence)
    return frozenset({*looked_at, *([Category.MEDICATIONS] if recorded else [])})


def concerned(subject: Subject) -> tuple[Taken, ...]:
    """What a check looks at: what is asked about, where something is, else everything that is taken."""
    asks = any(each.is_looked_at for each in subject.medicines)
    return tuple(each for each in subject.taken if each.medicine.is_looked_at or not asks)


def distinct(taken: Iterable[Taken]) -> list[Drug]:
    """The ingredients, each once, in the order of the list."""
    return distinct_drugs(each.drug for each in taken)


def distinct_drugs(drugs: Iterable[Drug]) -> list[Drug]:
    """Each once, in their order."""
    return list({drug.key: drug for drug in drugs}.values())


def skipped(
    kind: str, text: str, reason: str, names: Sequence[str], found_in: frozenset[Category] = frozenset()
) -> Finding:
    """What was not evaluated, with the medicines that it concerns."""
    values = tuple(Value(name="drug", text=name) for name in names)
    return Finding(kind=kind, text=text, status=Status.NOT_EVALUATED, reason=reason, values=values, categories=found_in)


def _before_it_begins(severity: Severity, is_own: bool) -> str:
    if not severity.interrupts:
        return "Ask a doctor or pharmacist before the first dose."
    agreed = "before a doctor or pharmacist who knows of this has agreed to it"
    return f"Do not take it {agreed}." if is_own else f"It should not be taken {agreed}."


def _not_alone(medicine: Medicine) -> str:
    return "; nobody should stop a prescribed medicine alone" if medicine.origin in _PRESCRIBED_TOO else ""


def _and_go_on(medicine: Medicine) -> str:
    return ", and go on as prescribed until then" if medicine.origin == "prescribed" else ""
