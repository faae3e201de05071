"""Medicines in pregnancy, by its week where that is known."""

from collections.abc import Mapping, Sequence
from functools import cache

from vitasense.deterministic.knowledge import Severity
from vitasense.deterministic.medications.checks import answers
from vitasense.deterministic.medications.checks.cautions import Caution, Hit, bearing, by_drug, told, unasked
from vitasense.deterministic.medications.checks.subject import Subject, Taken
from vitasense.deterministic.medications.rulebook import Rules, read_rules
from vitasense.deterministic.medications.schemas import Kind, Person
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Value

FERTILE_YEARS = (12, 55)  # ages at which it is asked: our own choice, wider than the 15 to 49 years of WHO
LEAD = {
    Severity.CONTRAINDICATED: "should not be taken in pregnancy",
    Severity.MAJOR: "can do harm in pregnancy",
    Severity.MODERATE: "needs a second look in pregnancy",
    Severity.MINOR: "in pregnancy",
}
_BEFORE = "and birth control"
_SEEN = (Category.PROFILE, Category.CONDITIONS)


class PregnancyRule(Caution):
    """A caution in pregnancy from the week `from_week` on and before `before_week`.

    With `contraception` it is told to a person who could become pregnant, too.
    """

    from_week: float = 0
    before_week: float | None = None
    contraception: bool = False

    @property
    def by_week(self) -> bool:
        """Whether it holds in some weeks only."""
        return self.from_week > 0 or self.before_week is not None

    def holds(self, weeks: float | None) -> bool:
        """Whether it holds in this week; without a week every rule does."""
        return weeks is None or (self.from_week <= weeks and (self.before_week is None or weeks < self.before_week))


def pregnancy(subject: Subject) -> list[Finding]:
    """What speaks against the medicines in pregnancy, and which of them the rules do not know.

    found: minor means that labels or guidelines allow it. not_evaluated: nobody said whether the person is pregnant
    (only where it could be and a rule bears on a medicine), or no rule knows the medicine. Without the week the
    strictest rule of a medicine is told. Who is not pregnant is told of what needs birth control.
    """
    taken, person = answers.concerned(subject), subject.person
    if not taken or (person and not person.pregnant and not possible(person)):
        return []
    if person is None or person.pregnant is None:
        return _not_known(taken, person)
    if not person.pregnant:
        return [_before(hit) for hit in bearing(_by_drug(), taken, lambda rule: rule.contraception)]
    hits = bearing(_by_drug(), taken, lambda rule: rule.holds(person.weeks))
    return [*(_finding(hit, person) for hit in hits), *_not_listed(taken, hits)]


def possible(person: Person) -> bool:
    """Whether the person could be pregnant or breastfeed, as far as sex and age are known."""
    first, last = FERTILE_YEARS
    return person.sex != "male" and (person.age_years is None or first <= person.age_years <= last)


@cache
def pregnancy_rules() -> Rules[PregnancyRule]:
    """The rules of `rules/pregnancy.yaml`."""
    return read_rules("pregnancy", PregnancyRule)


@cache
def _by_drug() -> Mapping[str, tuple[PregnancyRule, ...]]:
    return by_drug(pregnancy_rules())


def _finding(hit: Hit[PregnancyRule], person: Person) -> Finding:
    weeks = [Value(name="weeks of pregnancy", number=person.weeks, unit="wk")] if person.weeks is not None else []
    found = told(Kind.PREGNANCY, pregnancy_rules(), hit, LEAD[hit.rule.severity], *_SEEN, values=weeks)
    if person.weeks is not None or not hit.rule.by_week:
        return found
    return found.model_copy(update={"text": f"{found.text} I do not know the week, so this is the strictest advice."})


def _before(hit: Hit[PregnancyRule]) -> Finding:
    """Before a pregnancy: the same facts, told as something to plan for."""
    severity = Severity.MODERATE if hit.rule.severity is Severity.CONTRAINDICATED else Severity.MINOR
    advice = "Use reliable birth control while you take it, and talk to your doctor before you plan a pregnancy."
    rule = hit.rule.model_copy(update={"severity": severity, "what": f"in pregnancy {hit.rule.what}", "advice": advice})
    return told(Kind.PREGNANCY, pregnancy_rules(), Hit(rule, hit.taken), _BEFORE, *_SEEN)


def _not_known(taken: Sequence[Taken], person: Person | None) -> list[Finding]:
    hits = bearing(_by_drug(), taken, lambda rule: rule.severity is not Severity.MINOR)
    return unasked(
        Kind.PREGNANCY,
        hits,
        f"I do not know whether {answers.does(person, 'are', 'is')} pregnant",
        "for that",
        "pregnancy is not known",
    )


def _not_listed(taken: Sequence[Taken], hits: Sequence[Hit[PregnancyRule]]) -> list[Finding]:
    """What the rules do not know: silence about it would look like an all-clear."""
    listed = {hit.taken.drug.key for hit in hits}
    left = [drug.name for drug in answers.distinct(taken) if drug.key not in listed]
    if not left:
        return []
    text = f"I have no rule on {answers.shortened(left)} in pregnancy. Please ask a doctor, midwife or pharmacist."
    found_in = answers.categories([each.medicine.evidence for each in taken], *_SEEN)
    return [answers.skipped(Kind.PREGNANCY, text, "the medicine is not in the list on pregnancy", left, found_in)]
