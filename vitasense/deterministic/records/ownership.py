"""Whose a file is: which of its Patients is the person of the record, and which entries are somebody else's."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from vitasense.deterministic.platform.problems import Conflict
from vitasense.deterministic.records.bundles import Candidate, Source
from vitasense.deterministic.records.fhir import Json, objects, text
from vitasense.deterministic.records.kinds import rules
from vitasense.deterministic.records.persons import Person, person_of, same_person, same_source
from vitasense.deterministic.records.references import source_of

ANOTHER = "it is about another patient than the person of this record"
UNCHECKED = "the access does not cover the profile, so that whose it is cannot be checked"
_PATIENT = "Patient"


@dataclass(frozen=True, slots=True)
class Known:
    """What the record says of its person: the stored Patients, and patients that entries named before there was one.

    `checkable` is False when the profile may not be read: then only what names the record itself is accepted.
    """

    patient_id: UUID
    persons: Sequence[Person] = ()
    named: frozenset[Source] = frozenset()
    checkable: bool = True


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who the person is, for one file. `main` is the Patient that becomes the record's, if there was none."""

    persons: tuple[Person, ...]
    sources: frozenset[Source]
    urls: frozenset[str]
    main: Candidate | None = None
    unnamed: frozenset[Source] = frozenset()
    adopted: frozenset[Source] = frozenset()
    checkable: bool = True
    _identifiers: frozenset[tuple[str, str]] = field(default=frozenset())

    def owns(self, source: Source) -> bool:
        """Whether the Patient of this name is the person, as a stored or accepted Patient shows."""
        return any(same_source(source, own) for own in self.sources)

    def refusal(self, candidate: Candidate) -> str | None:
        """Why the entry is not the person's; None when it is, or when it is about nobody."""
        if candidate.source.type == _PATIENT:
            return self._refuse_patient(candidate)
        for subject in objects(candidate.resource, *rules().subjects):
            if reason := self._refuse(subject, candidate):
                return reason
        return None

    def _refuse_patient(self, candidate: Candidate) -> str | None:
        if not self.checkable:
            return UNCHECKED
        return None if self.owns(candidate.source) else ANOTHER

    def _refuse(self, subject: Json, candidate: Candidate) -> str | None:
        reference = text(subject, "reference")
        if reference is None:
            return None if self._known(objects(subject, "identifier")) else ANOTHER
        if reference.startswith("#"):
            return self._refuse_contained(reference[1:], candidate.resource)
        if reference in self.urls:
            return None
        if "?" in reference:
            system, _, value = reference.partition("identifier=")[2].partition("|")
            return None if (system, value) in self._identifiers else ANOTHER
        source = subject_source(reference, candidate.source.base)
        if source.type != _PATIENT or self.owns(source) or any(same_source(source, one) for one in self.adopted):
            return None
        return ANOTHER if self.checkable else UNCHECKED

    def _known(self, identifiers: Sequence[Json]) -> bool:
        given = {(text(each, "system") or "", text(each, "value") or "") for each in identifiers}
        return not given or bool(given & self._identifiers)

    def _refuse_contained(self, own_id: str, resource: Json) -> str | None:
        inner = [each for each in objects(resource, "contained") if text(each, "id") == own_id]
        for each in inner:
            person = person_of(each)
            nameless = not (person.names or person.birth_date or person.identifiers)
            if text(each, "resourceType") == _PATIENT and not nameless and not _is_one(person, self.persons):
                return ANOTHER
        return None


def subject_source(reference: str, base: str | None) -> Source:
    """The source that a subject reference names; a urn:uuid names a Patient of that id."""
    return source_of(reference, base) or Source(_PATIENT, reference.removeprefix("urn:uuid:"))


def ownership(known: Known, candidates: Sequence[Candidate]) -> Ownership:
    """Who the person is. Raises Conflict when the file is about somebody else, or cannot be told whose it is."""
    record = Source(_PATIENT, str(known.patient_id))
    if not known.checkable:
        return Ownership((), frozenset({record}), frozenset(), checkable=False)
    patients = [(each, person_of(each.resource, each.source)) for each in candidates if each.source.type == _PATIENT]
    mine = _mine(known, patients, candidates)
    persons = (*known.persons, *(person for _, person in mine))
    adopted, unnamed = _adopted(known, persons, candidates)
    return Ownership(
        persons=persons,
        sources=frozenset({record}.union(*(person.sources for person in persons))),
        urls=frozenset(each.full_url for each, _ in mine if each.full_url),
        main=_main(mine, candidates) if mine and not known.persons else None,
        unnamed=unnamed,
        adopted=adopted,
        _identifiers=frozenset[tuple[str, str]]().union(*(person.identifiers for person in persons)),
    )


Described = tuple[Candidate, Person]


def _mine(known: Known, patients: Sequence[Described], candidates: Sequence[Candidate]) -> list[Described]:
    if not patients:
        return []
    if known.persons:
        mine = _joined(known.persons, patients)
        if not mine:
            raise Conflict(
                "This file is about another person: its patient has another id and identifiers than the person of "
                "this record, and not the same name and birth date. Nothing was imported."
            )
        return mine
    groups = _groups(patients)
    weights = [sum(_mentions(each, candidates) for each, _ in group) for group in groups]
    if weights.count(max(weights)) > 1:
        raise Conflict(
            "This file is about several people, and it does not show whose record it is. Send one at a time."
        )
    return groups[weights.index(max(weights))]


def _joined(persons: Iterable[Person], patients: Sequence[Described]) -> list[Described]:
    """The patients that are one of the persons, directly or through another such patient."""
    accepted: list[Person] = list(persons)
    mine: list[Described] = []
    waiting = list(patients)
    while found := [each for each in waiting if _is_one(each[1], accepted)]:
        mine += found
        accepted += [person for _, person in found]
        waiting = [each for each in waiting if each not in found]
    return mine


def _is_one(person: Person, persons: Iterable[Person]) -> bool:
    return any(same_person(person, other) for other in persons)


def _groups(patients: Sequence[Described]) -> list[list[Described]]:
    groups: list[list[Described]] = []
    waiting = list(patients)
    while waiting:
        group = [waiting[0], *_joined([waiting[0][1]], waiting[1:])]
        groups.append(group)
        waiting = [each for each in waiting if each not in group]
    return groups


def _mentions(patient: Candidate, candidates: Sequence[Candidate]) -> int:
    names = Counter(
        text(subject, "reference") for each in candidates for subject in objects(each.resource, *rules().subjects)
    )
    return (
        names[patient.source.relative]
        + names[str(patient.source)] * bool(patient.source.base)
        + (names[patient.full_url] if patient.full_url and patient.full_url != str(patient.source) else 0)
    )


def _main(mine: Sequence[Described], candidates: Sequence[Candidate]) -> Candidate:
    """The Patient that says most, the same one in whatever order they come."""
    return max(mine, key=lambda one: (one[1].known, bool(one[1].names), _mentions(one[0], candidates), one[0].hash))[0]


def _adopted(
    known: Known, persons: Sequence[Person], candidates: Sequence[Candidate]
) -> tuple[frozenset[Source], frozenset[Source]]:
    """Patients that are named but not described: accepted as the person's while nobody is described, if only one."""
    if persons:
        unnamed = frozenset(
            one for one in known.named if not any(same_source(one, s) for p in persons for s in p.sources)
        )
        return known.named, unnamed if not known.persons else frozenset()
    if known.named:
        return known.named, frozenset()
    record = Source(_PATIENT, str(known.patient_id))
    named = {
        source
        for each in candidates
        for subject in objects(each.resource, *rules().subjects)
        if (reference := text(subject, "reference")) and not reference.startswith("#") and "?" not in reference
        if (source := subject_source(reference, each.source.base)).type == _PATIENT
        and source.relative != record.relative
    }
    if len({source.relative for source in named}) > 1:
        raise Conflict("This file names several patients and describes none. Import the Patient resource first.")
    return frozenset(named), frozenset()
