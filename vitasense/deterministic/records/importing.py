"""Import of FHIR R4: everything is read and decided before the first row is written."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import tracking
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.events import Event, append
from vitasense.deterministic.records import repository
from vitasense.deterministic.records.bundles import Candidate, Contents, Source, read_contents
from vitasense.deterministic.records.kinds import category_of
from vitasense.deterministic.records.linking import Linker, relinked
from vitasense.deterministic.records.moments import moment
from vitasense.deterministic.records.numbers import samples_of
from vitasense.deterministic.records.ownership import Known, Ownership, ownership
from vitasense.deterministic.records.persons import person_of
from vitasense.deterministic.records.references import references, source_of
from vitasense.deterministic.records.register import Key, Register, possible_ids
from vitasense.deterministic.records.repository import NewVersion, Rights, StoredVersion
from vitasense.deterministic.records.rows import new_version
from vitasense.deterministic.records.schemas import ImportProblem, ImportReport
from vitasense.deterministic.records.validation import canonical

JOINED = "the record already held entries of a patient without a name: they are taken to be this person's"
_NEVER = datetime.min.replace(tzinfo=UTC)
Accepted = list[tuple[Key, Candidate]]


@dataclass(slots=True)
class _Outcome:
    """What was decided, entry by entry."""

    problems: list[ImportProblem] = field(default_factory=list[ImportProblem])
    imported: list[NewVersion] = field(default_factory=list[NewVersion])
    updated: list[NewVersion] = field(default_factory=list[NewVersion])
    samples: list[tracking.Sample] = field(default_factory=list[tracking.Sample])
    by_type: Counter[str] = field(default_factory=Counter[str])
    unchanged: int = 0

    def report(self, entries: int) -> ImportReport:
        taken = len(self.imported) + len(self.updated) + self.unchanged
        return ImportReport(
            imported=len(self.imported),
            updated=len(self.updated),
            unchanged=self.unchanged,
            skipped=entries - taken,
            problems=tuple(sorted(self.problems, key=lambda one: _place(one.entry))),
            by_type=dict(sorted(self.by_type.items())),
        )


def _place(entry: str) -> tuple[int, str]:
    digits = entry.partition("[")[2].partition("]")[0]
    return int(digits or 0), entry


async def import_bundle(
    tx: AsyncSession, patient_id: UUID, bundle: Mapping[str, object], *, now: datetime
) -> ImportReport:
    """Take a FHIR R4 bundle or single resource into the record, and say what became of every entry.

    Taken are transaction, batch, collection, searchset and document bundles. The same content again changes nothing;
    another content becomes a new version. What cannot be taken is named by its place with the reason, and the rest is
    taken. Raises InvalidInput for what is no such file, TooLarge beyond 20,000 entries, and Conflict for a file about
    another person; nothing is written then.
    """
    contents = await asyncio.to_thread(read_contents, bundle)
    await repository.lock(tx, patient_id)
    rights = await repository.rights(tx)
    known, patients = await _known(tx, patient_id, rights)
    owner = ownership(known, contents.candidates)
    outcome = _Outcome(list(contents.problems))
    if owner.main and owner.unnamed:
        outcome.problems.append(owner.main.problem(JOINED))
    candidates = _permitted(contents, owner, rights, outcome)
    stored = await _stored(tx, patient_id, candidates)
    register = _register(patient_id, patients, stored.values(), owner)
    accepted = _settled(candidates, register, outcome)
    exported = await _exported(tx, patient_id, accepted)
    linker = Linker(patient_id, register, owner, {c.full_url: key for key, c in accepted if c.full_url})

    def decide() -> None:
        for key, candidate in accepted:
            _decide(key, candidate, stored.get(key), exported.get(key), linker, outcome)

    await asyncio.to_thread(decide)  # a large file must not hold up everybody else
    await _write(tx, patient_id, outcome, linker, rights, now)
    return outcome.report(contents.entries)


async def _known(tx: AsyncSession, patient_id: UUID, rights: Rights) -> tuple[Known, list[tuple[Key, Source]]]:
    if Category.PROFILE not in rights.readable:
        return Known(patient_id, checkable=False), []
    rows = await repository.patients(tx, patient_id)
    described = [(row, source_of(row.source_id, None)) for row in rows]
    persons = [person_of(row.content, source, Source("Patient", str(row.id))) for row, source in described if source]
    named = [source_of(name, None) for name in await repository.named_patients(tx, patient_id)]
    known = Known(patient_id, persons, frozenset(source for source in named if source))
    return known, [((row.type, row.id), source) for row, source in described if source]


def _permitted(contents: Contents, owner: Ownership, rights: Rights, outcome: _Outcome) -> list[Candidate]:
    permitted: list[Candidate] = []
    for candidate in contents.candidates:
        category = category_of(candidate.resource)
        reason = owner.refusal(candidate)
        if reason is None and category not in rights.readable & rights.writable:
            reason = f"the access does not cover writing {category.value}"
        if reason:
            outcome.problems.append(candidate.problem(reason))
        else:
            permitted.append(candidate)
    return permitted


async def _stored(tx: AsyncSession, patient_id: UUID, candidates: Sequence[Candidate]) -> dict[Key, StoredVersion]:
    named = {each.source for each in candidates}
    for each in candidates:
        found = (source_of(reference, each.source.base) for reference in references(each.resource))
        named.update(source for source in found if source)
    ids = {own_id for source in named for own_id in possible_ids(patient_id, source)}
    return {(each.type, each.id): each for each in await repository.stored(tx, patient_id, {patient_id, *ids})}


def _register(
    patient_id: UUID, patients: Sequence[tuple[Key, Source]], stored: Iterable[StoredVersion], owner: Ownership
) -> Register:
    sources = [((each.type, each.id), source_of(each.source_id, None)) for each in stored]
    register = Register(patient_id, [*patients, *((key, source) for key, source in sources if source)])
    if owner.main:
        register.name(("Patient", patient_id), owner.main.source)
    return register


def _settled(candidates: Sequence[Candidate], register: Register, outcome: _Outcome) -> Accepted:
    """Each resource once: of two entries for one resource the newer is taken."""
    found: dict[Key, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        found[register.settle(candidate.source)].append(candidate)
    for key, same in found.items():
        same.sort(key=lambda one: (one.updated.at if one.updated else _NEVER, one.hash), reverse=True)
        for other in same[1:]:
            how = "the same" if other.hash == same[0].hash else "another version"
            outcome.problems.append(other.problem(f"{how} of this resource is in the file: {same[0].place} was taken"))
        found[key] = same[:1]
    return [(key, same[0]) for key, same in found.items()]


async def _exported(tx: AsyncSession, patient_id: UUID, accepted: Accepted) -> dict[Key, dict[str, object]]:
    """The stored content of what comes under this service's own ids: its hash was made of the source's."""
    own = [key[1] for key, candidate in accepted if candidate.source.id == str(key[1])]
    return await repository.contents(tx, patient_id, own) if own else {}


def _decide(
    key: Key,
    candidate: Candidate,
    stored: StoredVersion | None,
    exported: Mapping[str, object] | None,
    linker: Linker,
    outcome: _Outcome,
) -> None:
    if stored and candidate.hash != stored.content_hash and _older(candidate, stored):
        outcome.problems.append(candidate.problem("the record holds a newer version of it"))
        return
    outcome.by_type[key[0]] += 1
    if stored and (candidate.hash == stored.content_hash or _same_export(candidate, exported)):
        outcome.unchanged += 1
        return
    version = new_version(key, candidate, stored, linker)
    (outcome.updated if stored else outcome.imported).append(version)
    _measure(candidate, version, outcome)


def _older(candidate: Candidate, stored: StoredVersion) -> bool:
    before = moment(stored.last_updated)
    return before is not None and candidate.updated is not None and candidate.updated.at < before.at


def _same_export(candidate: Candidate, exported: Mapping[str, object] | None) -> bool:
    return exported is not None and canonical(exported) == canonical(candidate.resource)


def _measure(candidate: Candidate, version: NewVersion, outcome: _Outcome) -> None:
    if version.type == "Observation":
        samples, reasons = samples_of(candidate.resource, version.id, version.category)
        outcome.samples += samples
        outcome.problems += [candidate.problem(f"in the record, but not in the series: {why}") for why in reasons]


async def _write(
    tx: AsyncSession, patient_id: UUID, outcome: _Outcome, linker: Linker, rights: Rights, now: datetime
) -> None:
    written = [*outcome.imported, *outcome.updated]
    if not written:
        return
    await repository.write(tx, patient_id, written, now)
    await tracking.drop_record(tx, patient_id, *(each.id for each in outcome.updated if each.type == "Observation"))
    await tracking.put(tx, patient_id, outcome.samples, now=now)
    await relinked(tx, patient_id, outcome.imported, linker)
    await append(tx, _event(patient_id, outcome, rights.actor_id, now))


def _event(patient_id: UUID, outcome: _Outcome, actor_id: UUID | None, now: datetime) -> Event:
    records: dict[str, list[str]] = defaultdict(list)
    for each in (*outcome.imported, *outcome.updated):
        records[each.type].append(str(each.id))
    payload: dict[str, object] = {
        "imported": len(outcome.imported),
        "updated": len(outcome.updated),
        "unchanged": outcome.unchanged,
        "records": dict(records),
    }
    return Event(new_id(), "records.imported", 1, patient_id, actor_id, now, now, payload=payload)
