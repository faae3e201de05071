"""The front door: everything that speaks against a list of medicines, and what could not be checked."""

from collections.abc import Callable, Sequence

from vitasense.deterministic import knowledge
from vitasense.deterministic.knowledge import Ingredient, Library, Resolution
from vitasense.deterministic.medications.checks.allergies import allergies
from vitasense.deterministic.medications.checks.answers import addressed, drug_value, listed, own
from vitasense.deterministic.medications.checks.breastfeeding import breastfeeding
from vitasense.deterministic.medications.checks.children import children
from vitasense.deterministic.medications.checks.conditions import conditions
from vitasense.deterministic.medications.checks.duplication import duplication
from vitasense.deterministic.medications.checks.foods import foods
from vitasense.deterministic.medications.checks.laboratory import laboratory
from vitasense.deterministic.medications.checks.loads import loads
from vitasense.deterministic.medications.checks.maximum import maximum
from vitasense.deterministic.medications.checks.older import older
from vitasense.deterministic.medications.checks.pairs import pairs
from vitasense.deterministic.medications.checks.pregnancy import pregnancy
from vitasense.deterministic.medications.checks.subject import Subject, Taken
from vitasense.deterministic.medications.schemas import Kind, Medicine, Person
from vitasense.deterministic.platform.findings import Finding, Status, Value, not_evaluated

CHECKS: tuple[Callable[[Subject], list[Finding]], ...] = (
    *(loads, duplication, allergies, conditions, laboratory, maximum),
    *(pregnancy, breastfeeding, children, older, foods),
)
_ORDER = {Status.FOUND: 0, Status.NOT_EVALUATED: 1, Status.NOT_FOUND: 2}


def check(
    medications: Sequence[Medicine | str], *, person: Person | None = None, library: Library | None = None
) -> list[Finding]:
    """Every finding about the medicines: who is not known first, then what is found, the most urgent first.

    A name that may be another one is told with typed values: `written`, and behind it each `suggestion`, the whole name
    as it would be written. found: `urgency` urgent means that it interrupts; evidence names the entry and its source. not_found: the check was
    made and nothing speaks against them. not_evaluated: `reason` says what is missing. With a medicine that
    is asked about only what it has a part in is told of pairs. `library` is what is known; without it the rules of the service.
    """
    library = library or knowledge.library()
    subject = subject_of(medications, person, library)
    found = [*pairs(subject, library), *(each for run in CHECKS for each in run(subject))]
    told = [
        *_unknown(subject),
        *_read_as(subject),
        *sorted(_once(found, subject), key=lambda each: (-each.urgency.rank, _ORDER[each.status])),
    ]
    return told if own(person) else [each.model_copy(update={"text": addressed(each.text, person)}) for each in told]


def subject_of(medications: Sequence[Medicine | str], person: Person | None, library: Library) -> Subject:
    """The medicines with their ingredients; a part of a product that is not known is among the unknown."""
    medicines = tuple(each if isinstance(each, Medicine) else Medicine(each) for each in medications)
    taken: list[Taken] = []
    unknown: dict[str, None] = {}
    readings: dict[str, Resolution] = {}
    for medicine in medicines:
        read = knowledge.resolve(medicine.name, library)
        if read.how != "exact":
            readings[read.written] = read
        for part in read.ingredients or (Ingredient(read.written, None),):
            if part.drug:
                taken.append(Taken(medicine, part.drug))
            elif part.written:
                unknown[part.written] = None
    return Subject(medicines, tuple(taken), tuple(unknown), person, tuple(readings.values()))


def _once(findings: Sequence[Finding], subject: Subject) -> list[Finding]:
    """Without pairs of a medicine and a food of which the check of foods tells more."""
    foods = {each.drug.name for each in subject.taken if each.drug.kind == "food"}
    told = {_drugs(each) for each in findings if each.kind in (Kind.FOOD, Kind.ALCOHOL) and each.status is Status.FOUND}
    return [
        each
        for each in findings
        if each.kind != Kind.INTERACTION or foods.isdisjoint(_drugs(each)) or _drugs(each) - foods not in told
    ]


def _drugs(finding: Finding) -> frozenset[str]:
    return frozenset(value.text or "" for value in finding.values if value.name == "drug")


def _read_as(subject: Subject) -> list[Finding]:
    """How misspelt names were read: whoever meant another one must see it."""
    book = knowledge.rulebook().drugs
    return [
        Finding(
            kind=Kind.NAME,
            text=read.note or "",
            status=Status.FOUND,
            values=(*map(drug_value, drugs), *_meant(read)),
            evidence=tuple(book.evidence(drug, drug.name) for drug in drugs if drug.key in book.entries),
        )
        for read in subject.readings
        if read.how == "corrected" and (drugs := [part.drug for part in read.ingredients if part.drug])
    ]


def _unknown(subject: Subject) -> list[Finding]:
    eaten = {medicine.name.strip() for medicine in subject.medicines if medicine.origin == "food"}
    unknown = [name for name in subject.unknown if name not in eaten]
    if not unknown:
        return []
    names = ", ".join(f"“{name}”" for name in unknown)
    it, one = ("it", "this name") if len(unknown) == 1 else ("them", "these names")
    nobody_knows = [read for read in subject.readings if read.how == "unknown" and read.written not in eaten]
    meant = [name for read in nobody_knows for name in read.suggestions]
    ask = f" Did you mean {listed(meant, 'or')}?" if meant else ""
    text = f"I do not know {names}, so I could not check {it}.{ask} Please compare {one} with the pack, or ask a pharmacist."
    values = [Value(name="drug", text=name) for name in unknown]
    values += [value for read in nobody_knows for value in _meant(read)]
    finding = not_evaluated(Kind.INTERACTION, text, f"unknown medicine: {names}")
    return [finding.model_copy(update={"values": tuple(values)})]


def _meant(read: Resolution) -> tuple[Value, ...]:
    """The name as it is written, and behind it each that may be meant; nothing where there is none."""
    names = tuple(Value(name="suggestion", text=name) for name in read.meant)
    return (Value(name="written", text=read.written), *names) if names else ()
