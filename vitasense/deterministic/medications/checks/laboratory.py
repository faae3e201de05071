"""Medicines and laboratory values: doses by kidney function, salts, clotting, levels, liver and blood cells."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from vitasense.deterministic.knowledge import Drug, Severity
from vitasense.deterministic.medications.checks import answers
from vitasense.deterministic.medications.checks.bands import (
    Band,
    LaboratoryRule,
    child_pugh_rules,
    laboratory_rules,
    rules_for,
)
from vitasense.deterministic.medications.checks.kidneys import clearance, egfr
from vitasense.deterministic.medications.checks.measuring import Lack, Reading, day, recorded, tests
from vitasense.deterministic.medications.checks.naming import conditions_of
from vitasense.deterministic.medications.checks.subject import Subject, Taken
from vitasense.deterministic.medications.schemas import Kind, Person
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, Urgency, Value

_SEVEREST = list(Severity)
_IN_PLACE_OF = 0.7  # confidence where the eGFR stands for the creatinine clearance of the label
_LIVER = frozenset({"liver_disease", "cirrhosis"})
_WORKED_OUT: Mapping[str, Callable[[Person], Reading | Lack]] = {"egfr": egfr, "crcl": clearance}


@dataclass(frozen=True, slots=True)
class _Look:
    """One medicine held against one value by one rule."""

    taken: Taken
    rule: LaboratoryRule
    reading: Reading | Lack

    @property
    def band(self) -> Band | None:
        if isinstance(self.reading, Lack):
            return None
        return next((band for band in self.rule.bands if band.holds(self.reading)), None)

    @property
    def lack(self) -> Lack | None:
        """Why nothing could be said; an eGFR in place of the clearance says nothing when it is high enough."""
        if isinstance(self.reading, Lack):
            return self.reading
        if self.reading.in_place_of and self.band is None:
            return Lack(tests()["crcl"], "cannot be worked out without creatinine, age, sex and weight")
        return None


@dataclass(frozen=True, slots=True)
class _Hit:
    look: _Look
    reading: Reading
    band: Band


def laboratory(subject: Subject) -> list[Finding]:
    """One finding for each medicine and value that a rule joins, and what could not be checked for want of a value.

    found: values give the medicine, the value with its UCUM unit and time, the limit, severity and basis. Values that
    are too old, in an unknown unit or impossible are not_evaluated with their date. not_found names what was compared.
    """
    person, taken = subject.person, _distinct(answers.concerned(subject))
    pairs = [(each, rule) for each in taken for rule in rules_for(each, person)]
    if not pairs:
        return _child_pugh(taken, person)
    if person is None:
        return [_nobody(pairs)]
    values = {key: value_of(key, person) for _, rule in pairs for key in rule.value}
    looks = [_Look(each, rule, values[key]) for each, rule in pairs for key in rule.value]
    hits = _severest(looks)
    return [
        *(_finding(hit, person) for hit in hits),
        *_lacking(looks, person),
        *_child_pugh(taken, person),
        *_nothing(looks, hits, person),
    ]


def codes() -> tuple[str, ...]:
    """The LOINC codes of every value that a rule looks at."""
    return tuple(dict.fromkeys(code for entry in tests() for code in entry.loinc))


def value_of(key: str, person: Person) -> Reading | Lack:
    """The value of a test of measurements.yaml as rules use it: of the record, or worked out of it."""
    return _WORKED_OUT[key](person) if key in _WORKED_OUT else recorded(key, person)


def _distinct(taken: Iterable[Taken]) -> list[Taken]:
    return list({each.drug.key: each for each in taken}.values())


def _severest(looks: Sequence[_Look]) -> list[_Hit]:
    """The severest band for each medicine and kind of value."""
    best: dict[tuple[str, tuple[str, ...]], _Hit] = {}
    for look in looks:
        band, key = look.band, (look.taken.drug.key, look.rule.value)
        if band and isinstance(look.reading, Reading) and (key not in best or _rank(band) < _rank(best[key].band)):
            best[key] = _Hit(look, look.reading, band)
    return list(best.values())


def _rank(band: Band) -> tuple[bool, int]:
    return not band.emergency, _SEVEREST.index(band.severity)


def _finding(hit: _Hit, person: Person) -> Finding:
    look, reading, band = hit.look, hit.reading, hit.band
    drug, medicine = look.taken.drug, look.taken.medicine
    todo = "" if band.emergency else answers.what_to_do(band.severity, medicine, person)
    label = f"{drug.name} and {reading.of.name}"
    return Finding(
        kind=Kind.LABORATORY,
        text=" ".join(
            filter(None, [f"{_measured(reading, band, person)}: {drug.name} {band.what}.", band.advice, todo])
        ),
        status=Status.FOUND,
        urgency=Urgency.EMERGENCY if band.emergency else answers.URGENCY[band.severity],
        confidence=_IN_PLACE_OF if reading.in_place_of else 1.0,
        values=(
            answers.drug_value(drug),
            *reading.values,
            Value(name="limit", number=_limit(band, reading), unit=reading.of.unit),
            *answers.rated(band.severity, "inferred" if reading.in_place_of else "documented"),
        ),
        evidence=answers.evidence_of(
            laboratory_rules().evidence(look.rule, label), *reading.evidence, medicine.evidence
        ),
        categories=answers.categories([medicine.evidence], Category.LABS),
    )


def _measured(reading: Reading, band: Band, person: Person) -> str:
    words, limit = band.limit
    against = f"{words} {limit:g}"
    if band.above_times is not None:
        against = f"more than {limit:g} times the upper limit of normal ({reading.of.upper:g})"
    stands = " (the label goes by creatinine clearance, which I cannot work out)" if reading.in_place_of else ""
    when = f" is {reading.said}, {reading.how}" if reading.how else f" was {reading.said} on {day(reading.at)}"
    return f"{answers.capital(answers.whose(person))} {reading.of.name}{when}{stands}, {against}"


def _limit(band: Band, reading: Reading) -> float:
    limit = band.limit[1]
    return limit if band.above_times is None else limit * (reading.of.upper or 0)


def _nobody(pairs: Sequence[tuple[Taken, LaboratoryRule]]) -> Finding:
    wanted = _wanted((each.drug, key) for each, rule in pairs for key in rule.value)
    text = f"Some of this depends on values of the person who takes it, which I do not know: {wanted}."
    names = [each.drug.name for each in _distinct(each for each, _ in pairs)]
    return answers.skipped(Kind.LABORATORY, text, "the laboratory values are not known", names)


def _wanted(pairs: Iterable[tuple[Drug, str]]) -> str:
    """ "kidney value (eGFR) for metformin and gabapentin; potassium for lisinopril"."""
    drugs: dict[str, dict[str, None]] = {}
    for drug, key in pairs:
        drugs.setdefault(tests()[key].name, {})[drug.name] = None
    return "; ".join(f"{name} for {answers.listed(of)}" for name, of in drugs.items())


def _lacking(looks: Sequence[_Look], person: Person) -> Iterator[Finding]:
    """One answer for everything that is not recorded, and one for each value that is but cannot be used.

    What is optional is not asked for beside what is needed of the same medicine.
    """
    answered = {(look.taken.drug.key, look.rule.key) for look in looks if look.lack is None}
    unanswered = [look for look in looks if look.lack and (look.taken.drug.key, look.rule.key) not in answered]
    needing = {look.taken.drug.key for look in looks if not look.rule.optional}
    missing = [
        look
        for look in unanswered
        if look.lack and look.lack.missing and not (look.rule.optional and look.taken.drug.key in needing)
    ]
    if missing:
        names = dict.fromkeys(tests()[key].name for look in missing for key in look.rule.value)
        reason = f"not in {answers.whose(person)} record: {answers.shortened(list(names))}"
        skipped = _skipped(_missing_text(missing, person), reason, missing)
        quiet = all(look.rule.optional for look in missing)
        yield skipped.model_copy(update={"urgency": Urgency.SELF_CARE}) if quiet else skipped
    for said, group in _by_lack(unanswered).items():
        drugs = answers.listed(look.taken.drug.name for look in group)
        what = f"{answers.whose(person)} {said}"
        yield _skipped(f"{answers.capital(what)}, so I could not check {drugs} by it.", what, group)


def _missing_text(missing: Sequence[_Look], person: Person) -> str:
    needed = _wanted((look.taken.drug, key) for look in missing for key in look.rule.value if not look.rule.optional)
    others = [tests()[key].name for look in missing for key in look.rule.value if look.rule.optional]
    others = [name for name in dict.fromkeys(others) if f"{name} for" not in needed]
    also = f"I could not look at these either: {', '.join(others)}." if others else ""
    record = f"{answers.whose(person)} record or not shared"
    if not needed:
        return f"These values are not in {record}, so I could not look at them: {', '.join(others)}."
    return f"These values are not in {record}, so I could not check them: {needed}. {also}".strip()


def _by_lack(looks: Sequence[_Look]) -> Mapping[str, list[_Look]]:
    groups: dict[str, list[_Look]] = {}
    for look in looks:
        if look.lack and not look.lack.missing:
            groups.setdefault(f"{look.lack.of.name} {look.lack.said}", []).append(look)
    return groups


def _skipped(text: str, reason: str, looks: Sequence[_Look]) -> Finding:
    taken = _distinct(look.taken for look in looks)
    found_in = answers.categories([each.medicine.evidence for each in taken], Category.LABS)
    return answers.skipped(Kind.LABORATORY, text, reason, [each.drug.name for each in taken], found_in)


def _child_pugh(taken: Sequence[Taken], person: Person | None) -> list[Finding]:
    rule = child_pugh_rules()["child_pugh"]
    ill = [each for each in (person.conditions or () if person else ()) if conditions_of(each) & _LIVER]
    names = [each.drug.name for each in taken if each.drug.key in rule.drugs]
    if not ill or not names or person is None:
        return []
    text = (
        f"How {answers.listed(names)} is dosed with {answers.whose(person)} {answers.listed(each.name for each in ill)} "
        "goes by the Child-Pugh class of the liver. It cannot be worked out from the record; ask the doctor for it."
    )
    finding = answers.skipped(
        Kind.LABORATORY, text, "the Child-Pugh class is not known", names, frozenset({Category.CONDITIONS})
    )
    return [finding.model_copy(update={"evidence": (child_pugh_rules().evidence(rule, "Child-Pugh class"),)})]


def _nothing(looks: Sequence[_Look], hits: Sequence[_Hit], person: Person) -> Iterator[Finding]:
    warned = {(look.taken.drug.key, look.rule.value) for look in (hit.look for hit in hits)}
    quiet = [look for look in looks if not look.lack and (look.taken.drug.key, look.rule.value) not in warned]
    readings = {look.reading.of.key: look.reading for look in quiet if isinstance(look.reading, Reading)}
    if not readings:
        return
    taken = _distinct(look.taken for look in quiet)
    said = answers.listed(f"{each.of.name} of {each.said} on {day(each.at)}" for each in readings.values())
    drugs = answers.listed(each.drug.name for each in taken)
    yield Finding(
        kind=Kind.LABORATORY,
        text=f"I held {drugs} against {answers.whose(person)} {said}: no limit in my rules is passed.",
        status=Status.NOT_FOUND,
        reason="the values are within the limits of the rules",
        values=(
            *(answers.drug_value(each.drug) for each in taken),
            *(value for each in readings.values() for value in each.values),
        ),
        evidence=answers.evidence_of(*(found for each in readings.values() for found in each.evidence)),
        categories=answers.categories([each.medicine.evidence for each in taken], Category.LABS),
    )
