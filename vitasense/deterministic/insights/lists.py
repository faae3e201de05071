"""What the record lists, in sentences: one finding for each entry, each with its own evidence."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from vitasense.deterministic.insights.subject import Subject
from vitasense.deterministic.insights.wording import capital, counted, day, listed, partial_day, plain_name
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Value
from vitasense.deterministic.records import (
    Allergies,
    Allergy,
    AllergyStatement,
    Condition,
    Document,
    Encounter,
    Immunization,
    Medication,
    Procedure,
)

MOST_LISTED = 12  # entries spelled out; the rest is counted
ABSENT = "That does not mean that there is nothing: it means that nothing was entered."

T = TypeVar("T", Condition, Document, Encounter, Immunization, Medication, Procedure)


def allergy_findings(found: Allergies, subject: Subject) -> list[Finding]:
    """Every allergy, then statements about having none; not found when neither was ever entered."""
    if not found.allergies and not found.statements:
        return [_nothing("allergies", f"no allergy is recorded for {subject.who}. {ABSENT}")]
    active = [allergy for allergy in found.allergies if allergy.active]
    past = [allergy for allergy in found.allergies if not allergy.active]
    return [
        *_headed(
            "allergies", active, f"{subject.whose} record lists", "allergy or intolerance", "allergies or intolerances"
        ),
        *(_entry("allergies.active", each.name, _allergy_words(each), each.evidence) for each in active),
        *(_entry("allergies.past", each.name, _past_allergy_words(each), each.evidence) for each in past),
        *(
            _entry("allergies.statement", each.name, _statement_words(each, subject), each.evidence)
            for each in found.statements
        ),
    ]


def medication_findings(found: Sequence[Medication], subject: Subject) -> list[Finding]:
    """The medicines taken now, then those that ended."""
    if not found:
        return [_nothing("medications", f"no medicine is recorded for {subject.who}. {ABSENT}")]
    active = [each for each in found if each.active]
    past = [each for each in found if not each.active]
    none = capital(f"no medicine is recorded as taken now by {subject.who}.")
    return [
        *(
            _headed("medications", active, f"{subject.whose} record lists", "medicine taken now", "medicines taken now")
            or [_nothing("medications", none)]
        ),
        *(_entry("medications.active", each.name, _medicine_words(each), each.evidence) for each in active),
        *_latest("medications.past", past, _past_medicine_words),
    ]


def condition_findings(found: Sequence[Condition], subject: Subject) -> list[Finding]:
    """The active conditions, then the resolved ones."""
    if not found:
        return [_nothing("conditions", f"no condition is recorded for {subject.who}. {ABSENT}")]
    active = [each for each in found if each.active]
    past = [each for each in found if not each.active]
    return [
        *_headed("conditions", active, f"{subject.whose} record lists", "active condition"),
        *(_entry("conditions.active", each.name, _condition_words(each), each.evidence) for each in active),
        *_latest(
            "conditions.past", past, lambda each: f"{_condition_words(each)[:-1]} ({each.status or 'not active'})."
        ),
    ]


def immunization_findings(found: Sequence[Immunization], subject: Subject) -> list[Finding]:
    """The vaccinations, the latest first; one that was not given says so."""
    if not found:
        return [_nothing("immunizations", f"no vaccination is recorded for {subject.who}. {ABSENT}")]
    head = _headed("immunizations", found, f"{subject.whose} record lists", "vaccination")
    return [*head, *_latest("immunizations.entry", found, _vaccine_words)]


def encounter_findings(found: Sequence[Encounter], subject: Subject) -> list[Finding]:
    """The visits, the latest first."""
    if not found:
        return [_nothing("encounters", f"no visit is recorded for {subject.who}. {ABSENT}")]
    head = _headed("encounters", found, f"{subject.whose} record lists", "visit")
    return [*head, *_latest("encounters.entry", found, _visit_words)]


def procedure_findings(found: Sequence[Procedure], subject: Subject) -> list[Finding]:
    """What was done, the latest first."""
    if not found:
        return [_nothing("procedures", f"no procedure is recorded for {subject.who}. {ABSENT}")]
    head = _headed("procedures", found, f"{subject.whose} record lists", "procedure")
    return [*head, *_latest("procedures.entry", found, lambda each: f"{plain_name(each.name)}{_on(each.at)}.")]


def document_findings(found: Sequence[Document], subject: Subject) -> list[Finding]:
    """The documents, the latest first; their text is not told here, as it is not ours."""
    if not found:
        return [_nothing("documents", f"no document is in {subject.whose} record. {ABSENT}")]
    head = _headed("documents", found, f"{subject.whose} record holds", "document")
    return [*head, *_latest("documents.entry", found, _document_words)]


def _headed(
    topic: str, entries: Sequence[Allergy | T], lead: str, noun: str, plural: str | None = None
) -> list[Finding]:
    """ "Your record lists 3 medicines taken now:" with all of them as evidence; nothing for none."""
    if not entries:
        return []
    return [
        Finding(
            kind=f"{topic}.count",
            text=capital(f"{lead} {counted(len(entries), noun, plural)}:"),
            status=Status.FOUND,
            values=(Value(name=f"number of {topic}", number=len(entries)),),
            evidence=tuple(each.evidence for each in entries),
        )
    ]


def _latest(kind: str, entries: Sequence[T], words: Callable[[T], str]) -> list[Finding]:
    """The latest entries one by one, and how many more there are."""
    ordered = sorted(entries, key=lambda each: each.at.timestamp() if each.at else 0.0, reverse=True)
    told = [_entry(kind, each.name, words(each), each.evidence) for each in ordered[:MOST_LISTED]]
    rest = ordered[MOST_LISTED:]
    if not rest:
        return told
    more = Finding(
        kind=kind,
        text=f"And {counted(len(rest), 'older entry', 'older entries')}, which the record shows.",
        status=Status.FOUND,
        values=(Value(name="older entries", number=len(rest)),),
        evidence=tuple(each.evidence for each in rest),
    )
    return [*told, more]


def _entry(kind: str, name: str, text: str, evidence: Evidence) -> Finding:
    at = evidence.at
    return Finding(
        kind=kind,
        text=text,
        status=Status.FOUND,
        values=(Value(name="name", text=name, at=at),),
        evidence=(evidence,),
    )


def _nothing(topic: str, text: str) -> Finding:
    return Finding(kind=f"{topic}.none", text=capital(text), status=Status.NOT_FOUND)


def _allergy_words(each: Allergy) -> str:
    signs = list(dict.fromkeys(plain_name(sign) for reaction in each.reactions for sign in reaction.manifestations))
    severity = [reaction.severity for reaction in each.reactions if reaction.severity]
    parts = [plain_name(each.name)]
    if each.criticality == "high":
        parts.append("high risk")
    if signs:
        parts.append(f"reaction: {listed(signs)}{f' ({severity[0]})' if severity else ''}")
    if each.verification and each.verification != "confirmed":
        parts.append(each.verification)
    return f"{'; '.join(parts)}."


def _past_allergy_words(each: Allergy) -> str:
    return f"{plain_name(each.name)}: no longer active ({each.status or 'ended'})."


def _statement_words(each: AllergyStatement, subject: Subject) -> str:
    kind = {"all": "", "drug": "drug ", "food": "food ", "environment": "environmental "}.get(each.scope, "")
    if not each.known:
        return capital(f"{subject.whose} record says that it is not known whether there is any {kind}allergy.")
    return capital(f"{subject.whose} record says that there is no known {kind}allergy.")


def _medicine_words(each: Medication) -> str:
    parts = [plain_name(each.name)]
    if each.dose:
        parts.append(dose_words(each.dose))
    if each.since:
        parts.append(f"since {partial_day(each.since)}")
    if each.until:
        parts.append(f"until {partial_day(each.until)}")
    if each.prescriber:
        parts.append(f"prescribed by {each.prescriber}")
    if not each.ordered:
        parts.append("as reported, not prescribed here")
    return f"{', '.join(parts)}."


def dose_words(dose: str) -> str:
    """The source's words inside a sentence: "take 1 tablet once a day"."""
    words = dose.strip().rstrip(".")
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


# FHIR R4, ValueSets medicationrequest-status and medication-statement-status, and this record's own do-not-perform.
_NOT_NOW = {
    "stopped": "No longer taken",
    "completed": "No longer taken",
    "active": "Proposed, not ordered",
    "draft": "Not ordered yet",
    "intended": "Intended, not begun",
    "cancelled": "Cancelled",
    "on-hold": "Paused",
    "not-taken": "Not taken",
    "do-not-perform": "Not to be taken",
}


def _past_medicine_words(each: Medication) -> str:
    since = f" from {partial_day(each.since)}" if each.since else ""
    until = f" until {partial_day(each.until)}" if each.until else ""
    return f"{_NOT_NOW.get(each.status or '', 'Not known whether it is taken')}: {plain_name(each.name)}{since}{until}."


def _condition_words(each: Condition) -> str:
    doubt = f" ({each.verification})" if each.verification and each.verification != "confirmed" else ""
    since = f", since {partial_day(each.since)}" if each.since else ""
    return f"{plain_name(each.name)}{doubt}{since}."


def _vaccine_words(each: Immunization) -> str:
    if each.given:
        return f"{plain_name(each.name)}{_on(each.at)}."
    return f"Not given: {plain_name(each.name)}{_on(each.at)}{f' ({each.reason})' if each.reason else ''}."


def _visit_words(each: Encounter) -> str:
    why = f", because of {plain_name(each.reason)}" if each.reason else ""
    who = f", with {each.provider}" if each.provider else ""
    return f"{plain_name(each.name)}{_on(each.at)}{who}{why}."


def _document_words(each: Document) -> str:
    author = f", by {each.author}" if each.author else ""
    return f"{plain_name(each.name)}{_on(each.at)}{author}{f'; {each.unreadable}' if each.unreadable else ''}."


def _on(at: datetime | None) -> str:
    return f", on {day(at)}" if at else ""
