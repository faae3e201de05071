"""Medicines while breastfeeding."""

from collections.abc import Mapping, Sequence
from functools import cache

from vitasense.deterministic.knowledge import Severity
from vitasense.deterministic.medications.checks import answers
from vitasense.deterministic.medications.checks.cautions import Caution, Hit, bearing, by_drug, told, unasked
from vitasense.deterministic.medications.checks.pregnancy import possible
from vitasense.deterministic.medications.checks.subject import Subject, Taken
from vitasense.deterministic.medications.rulebook import Rules, read_rules
from vitasense.deterministic.medications.schemas import Kind, Person
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding

LEAD = {
    Severity.CONTRAINDICATED: "should not be taken while breastfeeding",
    Severity.MAJOR: "can harm a breastfed baby",
    Severity.MODERATE: "needs a second look while breastfeeding",
    Severity.MINOR: "while breastfeeding",
}


def breastfeeding(subject: Subject) -> list[Finding]:
    """What speaks against the medicines while breastfeeding, and which of them the rules do not know.

    found: minor means that labels or LactMed see no reason against it. not_evaluated: nobody said whether the person
    breastfeeds (only where it could be and a rule that interrupts bears on a medicine), or no rule knows the medicine.
    """
    taken, person = answers.concerned(subject), subject.person
    if not taken or (person and not person.breastfeeding and not possible(person)):
        return []
    if person is None or person.breastfeeding is None:
        return _not_known(taken, person)
    if not person.breastfeeding:
        return []
    hits = bearing(_by_drug(), taken)
    found = [told(Kind.BREASTFEEDING, breastfeeding_rules(), hit, LEAD[hit.rule.severity]) for hit in hits]
    return [*found, *_not_listed(taken, hits)]


@cache
def breastfeeding_rules() -> Rules[Caution]:
    return read_rules("breastfeeding", Caution)


@cache
def _by_drug() -> Mapping[str, tuple[Caution, ...]]:
    return by_drug(breastfeeding_rules())


def _not_known(taken: Sequence[Taken], person: Person | None) -> list[Finding]:
    hits = bearing(_by_drug(), taken, lambda rule: rule.severity.interrupts)
    who = answers.does(person, "breastfeed", "breastfeeds")
    reason = "breastfeeding is not known"
    return unasked(Kind.BREASTFEEDING, hits, f"I do not know whether {who}", "for that", reason)


def _not_listed(taken: Sequence[Taken], hits: Sequence[Hit[Caution]]) -> list[Finding]:
    listed = {hit.taken.drug.key for hit in hits}
    left = [drug.name for drug in answers.distinct(taken) if drug.key not in listed]
    if not left:
        return []
    text = (
        f"I have no rule on {answers.shortened(left)} while breastfeeding. Please ask a doctor, midwife or pharmacist."
    )
    reason = "the medicine is not in the list on breastfeeding"
    found_in = answers.categories([each.medicine.evidence for each in taken], Category.PROFILE)
    return [answers.skipped(Kind.BREASTFEEDING, text, reason, left, found_in)]
