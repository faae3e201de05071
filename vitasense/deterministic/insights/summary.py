"""A record in short for a doctor, what changed in it, and what to raise at a visit; every line with its evidence."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import records
from vitasense.deterministic.insights.lists import dose_words
from vitasense.deterministic.insights.measurements import latest_measurement
from vitasense.deterministic.insights.results import CRITICAL, is_outside, latest_of_each, result_finding, result_words
from vitasense.deterministic.insights.subject import Subject
from vitasense.deterministic.insights.wording import capital, counted, day, partial_day, plain_name
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value, not_evaluated
from vitasense.deterministic.records import Profile, Result

BLOOD_PRESSURE, HEART_RATE, WEIGHT = "85354-9", "8867-4", "29463-7"  # LOINC
MOST_IN_LINE = 15
VISITS = 3

Section = Callable[[AsyncSession, UUID, Subject], Awaitable[list[Finding]]]


async def summary_findings(
    tx: AsyncSession, patient_id: UUID, subject: Subject, readable: frozenset[Category]
) -> list[Finding]:
    """Who, conditions, medicines, allergies, vital signs, results out of range, visits; and what is not shared."""
    profile = await records.profile(tx, patient_id) if Category.PROFILE in readable else None
    findings = [_who(profile, subject)] if profile else []
    for category, section in _SECTIONS:
        if category in readable:
            findings.extend(await section(tx, patient_id, subject))
    hidden = [category for category, _ in _SECTIONS if category not in readable]
    return [*findings, *([_hidden(hidden)] if hidden else [])]


async def change_findings(
    tx: AsyncSession, patient_id: UUID, since: datetime, subject: Subject, readable: frozenset[Category]
) -> list[Finding]:
    """What the record has from `since` on: conditions, medicines begun or ended, visits, procedures, results."""
    found: list[Finding] = []
    for category, section in _CHANGES:
        if category in readable:
            found.extend(await section(tx, patient_id, since))
    if not found:
        text = capital(f"nothing new is in {subject.whose} record since {day(since)}.")
        found = [
            Finding(kind="changes.none", text=text, status=Status.NOT_FOUND, values=(Value(name="since", at=since),))
        ]
    hidden = [category for category, _ in _CHANGES if category not in readable]
    return [*found, *([_hidden(hidden)] if hidden else [])]


async def visit_findings(
    tx: AsyncSession, patient_id: UUID, subject: Subject, readable: frozenset[Category]
) -> list[Finding]:
    """What is worth raising: vital signs and results that stand out, then what to bring."""
    raised: list[Finding] = []
    if Category.VITALS in readable:
        judged = await latest_measurement(tx, patient_id, BLOOD_PRESSURE, subject)
        raised += [each for each in judged if each.status is Status.FOUND]
    if Category.LABS in readable:
        raised += await _outside(tx, patient_id, subject)
    sections = ((Category.MEDICATIONS, _medications), (Category.ALLERGIES, _allergies))
    bring = [
        each for topic, section in sections if topic in readable for each in await section(tx, patient_id, subject)
    ]
    hidden = [topic for topic in (Category.VITALS, Category.LABS, *dict(sections)) if topic not in readable]
    asked = [_ask_about(raised, subject)] if raised else []
    return [*raised, *bring, *asked, *([_hidden(hidden)] if hidden else [])]


def _who(profile: Profile, subject: Subject) -> Finding:
    age = profile.age_years(subject.now)
    parts = [profile.name or "Name not recorded"]
    parts += [profile.sex] if profile.sex else []
    parts += [f"born {partial_day(profile.birth_date)}"] if profile.birth_date else []
    parts += [f"{age} years old"] if age is not None else []
    values = [Value(name="name", text=profile.name)] if profile.name else []
    values += [Value(name="age", number=age, unit="a")] if age is not None else []
    text = f"Summary of {day(subject.now)}. {', '.join(parts)}."
    return Finding(
        kind="summary.who",
        text=text,
        status=Status.FOUND,
        values=(*values, Value(name="day", at=subject.now)),
        evidence=(profile.evidence,),
    )


async def _conditions(tx: AsyncSession, patient_id: UUID, _: Subject) -> list[Finding]:
    active = [each for each in await records.conditions(tx, patient_id) if each.active]
    words = [f"{plain_name(each.name)}{f' (since {partial_day(each.since)})' if each.since else ''}" for each in active]
    return [_line("conditions", "Active conditions", words, [each.evidence for each in active])]


async def _medications(tx: AsyncSession, patient_id: UUID, _: Subject) -> list[Finding]:
    active = [each for each in await records.medications(tx, patient_id) if each.active]
    words = [f"{plain_name(each.name)}{f', {dose_words(each.dose)}' if each.dose else ''}" for each in active]
    return [_line("medications", "Medicines now", words, [each.evidence for each in active])]


async def _allergies(tx: AsyncSession, patient_id: UUID, _: Subject) -> list[Finding]:
    found = await records.allergies(tx, patient_id)
    active = [each for each in found.allergies if each.active]
    words = [f"{plain_name(each.name)}{' (high risk)' if each.criticality == 'high' else ''}" for each in active]
    said = [each for each in found.statements if not active]
    return [
        _line(
            "allergies",
            "Allergies",
            [*words, *(plain_name(each.name) for each in said)],
            [each.evidence for each in [*active, *said]],
        )
    ]


async def _vitals(tx: AsyncSession, patient_id: UUID, subject: Subject) -> list[Finding]:
    found: list[Finding] = []
    for code in (BLOOD_PRESSURE, HEART_RATE, WEIGHT):
        value, *judged = await latest_measurement(tx, patient_id, code, subject)
        found += [value, *(each for each in judged if each.urgency.rank >= Urgency.URGENT.rank)]
    return [each.model_copy(update={"kind": "summary.vitals"}) for each in found]


async def _outside(tx: AsyncSession, patient_id: UUID, _: Subject) -> list[Finding]:
    latest = latest_of_each(await records.labs(tx, patient_id))
    outside = [each for each in latest if is_outside(each)]
    unknown = [each for each in latest if is_outside(each) is None]
    judged = [each for each in latest if is_outside(each) is not None]
    findings = [_results_line(judged, outside)] if judged or not latest else []
    findings += [result_finding("summary.critical", each) for each in outside if each.interpretation in CRITICAL]
    if unknown:
        text = f"{counted(len(unknown), 'result has', 'results have')} no range in the record, so nothing is said about them."
        findings.append(not_evaluated("summary.labs", text, "no reference range in the record"))
    return findings


def _results_line(judged: Sequence[Result], outside: Sequence[Result]) -> Finding:
    if outside:
        words = [result_words(each).rstrip(".") for each in outside]
        return _line("labs", "Latest results out of range", words, [each.evidence for each in outside], outside)
    if judged:
        text = f"None of the latest results of {counted(len(judged), 'test')} is outside the range given with it."
        evidence = tuple(each.evidence for each in judged)
        tests = Value(name="tests", number=len(judged))
        return Finding(kind="summary.labs", text=text, status=Status.NOT_FOUND, values=(tests,), evidence=evidence)
    return Finding(kind="summary.labs", text="No laboratory result is recorded.", status=Status.NOT_FOUND)


async def _visits(tx: AsyncSession, patient_id: UUID, _: Subject) -> list[Finding]:
    found = sorted(await records.encounters(tx, patient_id), key=lambda each: each.at.timestamp() if each.at else 0.0)
    last = found[-VISITS:][::-1]
    words = [f"{plain_name(each.name)}{f' on {day(each.at)}' if each.at else ''}" for each in last]
    return [_line("encounters", "Last visits", words, [each.evidence for each in last])]


def _line(
    topic: str, title: str, words: Sequence[str], evidence: Sequence[Evidence], results: Sequence[Result] = ()
) -> Finding:
    """One line of the summary; an empty one says that nothing is recorded, not that nothing is there."""
    if not words:
        text = f"{title}: nothing is recorded."
        return Finding(kind=f"summary.{topic}", text=text, status=Status.NOT_FOUND)
    more = f"; and {len(words) - MOST_IN_LINE} more" if len(words) > MOST_IN_LINE else ""
    values = [Value(name="entry", text=word) for word in words]
    values += [Value(name=each.name, number=each.value, unit=each.unit, at=each.at) for each in results]
    return Finding(
        kind=f"summary.{topic}",
        text=f"{title}: {'; '.join(words[:MOST_IN_LINE])}{more}.",
        status=Status.FOUND,
        values=tuple(values),
        evidence=tuple(evidence),
    )


def _hidden(categories: Sequence[Category]) -> Finding:
    names = ", ".join(sorted(categories))
    text = f"Not in here, because it is not shared with you: {names}."
    return not_evaluated("summary.not_shared", text, "no permission")


def _ask_about(raised: Sequence[Finding], subject: Subject) -> Finding:
    text = capital(f"worth asking: what do these values mean for {subject.who}, and what should come next?")
    evidence = tuple(dict.fromkeys(each for finding in raised for each in finding.evidence))
    status = Status.FOUND if evidence else Status.NOT_FOUND
    return Finding(kind="visit.ask", text=text, status=status, urgency=Urgency.ROUTINE, evidence=evidence)


async def _new_conditions(tx: AsyncSession, patient_id: UUID, since: datetime) -> list[Finding]:
    found = [each for each in await records.conditions(tx, patient_id) if _after(each.since, since)]
    words = [f"{plain_name(each.name)}, since {partial_day(each.since or '')}" for each in found]
    return _changed("conditions", "New conditions", words, [each.evidence for each in found])


async def _new_medications(tx: AsyncSession, patient_id: UUID, since: datetime) -> list[Finding]:
    found = await records.medications(tx, patient_id)
    begun = [each for each in found if _after(each.since, since)]
    ended = [each for each in found if _after(each.until, since) and not each.active]
    return [
        *_changed(
            "medications",
            "Medicines begun",
            [plain_name(each.name) for each in begun],
            [each.evidence for each in begun],
        ),
        *_changed(
            "medications",
            "Medicines ended",
            [plain_name(each.name) for each in ended],
            [each.evidence for each in ended],
        ),
    ]


async def _new_visits(tx: AsyncSession, patient_id: UUID, since: datetime) -> list[Finding]:
    found = [each for each in await records.encounters(tx, patient_id) if each.at and each.at >= since]
    words = [f"{plain_name(each.name)} on {day(each.at)}" for each in found if each.at]
    return _changed("encounters", "Visits", words, [each.evidence for each in found])


async def _new_procedures(tx: AsyncSession, patient_id: UUID, since: datetime) -> list[Finding]:
    found = [each for each in await records.procedures(tx, patient_id) if each.at and each.at >= since]
    words = [f"{plain_name(each.name)} on {day(each.at)}" for each in found if each.at]
    return _changed("procedures", "Procedures", words, [each.evidence for each in found])


async def _new_results(tx: AsyncSession, patient_id: UUID, since: datetime) -> list[Finding]:
    latest = latest_of_each(await records.labs(tx, patient_id, since=since))
    words = [result_words(each).rstrip(".") for each in latest]
    line = _changed("labs", "New results", words, [each.evidence for each in latest])
    numbers = tuple(Value(name=each.name, number=each.value, unit=each.unit, at=each.at) for each in latest)
    return [each.model_copy(update={"values": (*each.values, *numbers)}) for each in line]


def _changed(topic: str, title: str, words: Sequence[str], evidence: Sequence[Evidence]) -> list[Finding]:
    lines = [_line(topic, title, words, evidence)] if words else []
    return [line.model_copy(update={"kind": f"changes.{topic}"}) for line in lines]


def _after(written: str | None, since: datetime) -> bool:
    """Whether a FHIR date lies on or after a day; a date less precise than needed counts when it may."""
    return bool(written) and str(written) >= since.date().isoformat()[: len(str(written))]


_SECTIONS: tuple[tuple[Category, Section], ...] = (
    (Category.CONDITIONS, _conditions),
    (Category.MEDICATIONS, _medications),
    (Category.ALLERGIES, _allergies),
    (Category.VITALS, _vitals),
    (Category.LABS, _outside),
    (Category.ENCOUNTERS, _visits),
)
_CHANGES: tuple[tuple[Category, Callable[[AsyncSession, UUID, datetime], Awaitable[list[Finding]]]], ...] = (
    (Category.CONDITIONS, _new_conditions),
    (Category.MEDICATIONS, _new_medications),
    (Category.LABS, _new_results),
    (Category.PROCEDURES, _new_procedures),
    (Category.ENCOUNTERS, _new_visits),
)
