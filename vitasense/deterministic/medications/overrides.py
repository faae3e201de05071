"""Findings that somebody chose to live with: listed and not shouted, until something that mattered changes."""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.knowledge import normalise
from vitasense.deterministic.medications import repository
from vitasense.deterministic.medications.doing import words_of
from vitasense.deterministic.medications.log import Override
from vitasense.deterministic.medications.rulebook import Rule, Rules, read_rules
from vitasense.deterministic.platform.access import Category, Principal, Role
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.events import Event, append
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound

SHORTEST_REASON, LONGEST_KIND = 3, 60
OVERRIDDEN = "overridden"
# How much a finding matters, and how it is known: part of what mattered, not of what it is about.
_RATED = frozenset({"severity", "basis", "level", "strength"})
# Entries of the record whose every version counts. A measurement counts by the band of its value.
_ENTRIES = ("Medication", "Condition/", "AllergyIntolerance/")
_BAND = math.log(1.25)  # our own choice: a number a quarter higher or lower is another one
_DIGITS = 3


class Bands(Rule):
    """The edges between the bands of one kind of value."""

    names: tuple[str, ...] = Field(min_length=1)
    edges: tuple[float, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Heard:
    """A finding as it is told; with an `override` it is quiet: its urgency is self_care, and a value says so."""

    finding: Finding
    override: Override | None


@cache
def _bands() -> Rules[Bands]:
    return read_rules("bands", Bands)


def finding_key(finding: Finding) -> str:
    """What a finding is about, as a digest: its kind, the medicines, and the illness, value, food … beside them."""
    about = sorted({f"{value.name}={_name(value)}" for value in finding.values if _is_named(value)})
    return _digest([finding.kind, *about])


def fingerprint(finding: Finding) -> str:
    """What mattered of a finding, as a digest.

    Its severity and urgency, the entries of medicines, illnesses and allergies with their versions, doses to three
    digits, and the band of each measured value.
    """
    rated = sorted(f"{value.name}={value.text}" for value in finding.values if value.name in _RATED)
    numbers = sorted(set(_numbers(finding.values)))
    entries = sorted({f"{each.ref}/{each.version}" for each in finding.evidence if _is_entry(each)})
    return _digest([finding.status.value, finding.urgency.value, *rated, "|", *numbers, "|", *entries])


def _is_named(value: Value) -> bool:
    return value.name not in _RATED and (value.text is not None or value.code is not None)


def _name(value: Value) -> str:
    """The code where there is one, so that another way to write the name is the same."""
    return value.code or normalise(value.text or "")


def _numbers(values: Iterable[Value]) -> Iterator[str]:
    for value in values:
        if value.number is not None:
            yield f"{value.name}:{_band(value)}:{value.unit or ''}"


def _band(value: Value) -> str:
    number = value.number or 0.0
    edges = next((each.edges for each in _bands() if value.name in each.names), None)
    if edges is not None:
        return f"band {sum(number >= edge for edge in edges)}"
    is_measured = value.at is not None or value.code is not None
    if is_measured and number > 0:
        return f"about {math.floor(math.log(number) / _BAND)}"
    return f"{number:.{_DIGITS}g}"


def _is_entry(evidence: Evidence) -> bool:
    return evidence.kind == "record" and evidence.ref.startswith(_ENTRIES)


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def quiet(findings: Sequence[Finding], overrides: Iterable[Override]) -> list[Heard]:
    """Each finding, in the order given, with the override that keeps it quiet while its fingerprint is the same.

    An emergency is never quiet.
    """
    standing = {(each.key, each.fingerprint): each for each in overrides if each.ended_at is None}
    return [_heard(finding, standing.get((finding_key(finding), fingerprint(finding)))) for finding in findings]


def _heard(finding: Finding, override: Override | None) -> Heard:
    if override is None or not _may_be_quiet(finding):
        return Heard(finding, None)
    said = Value(name=OVERRIDDEN, text=override.reason, at=override.at)
    told = finding.model_copy(update={"urgency": Urgency.SELF_CARE, "values": (*finding.values, said)})
    return Heard(told, override)


def _may_be_quiet(finding: Finding) -> bool:
    return finding.status is Status.FOUND and finding.urgency is not Urgency.EMERGENCY


async def override_finding(
    tx: AsyncSession,
    patient_id: UUID,
    finding: Finding,
    reason: str,
    *,
    override_id: UUID,
    actor: Principal,
    now: datetime,
    ids: NewId,
) -> Override:
    """Keep that somebody chose to live with a finding, and why; the same finding again is the same override.

    One of the same thing that was not as it is now ends with it. Raises NotAllowed for anybody but the person and
    providers; InvalidInput without a reason, for an emergency, and for what was not found; Conflict when the id belongs
    to another.
    """
    if actor.role not in (Role.PATIENT, Role.PROVIDER):
        raise NotAllowed("Only the person or a provider chooses to live with a finding.")
    why = words_of(reason, "reason") or ""
    if len(why) < SHORTEST_REASON:
        raise InvalidInput("Say why, in a few words.")
    if not _may_be_quiet(finding):
        raise InvalidInput("An emergency, and what was not found, cannot be kept quiet.")
    await repository.wait_for_turn(tx, patient_id)
    key, mattered = finding_key(finding), fingerprint(finding)
    standing = await repository.overrides(tx, patient_id, [key])
    same = next((each for each in standing if each.fingerprint == mattered), None)
    if same:
        return same
    await repository.end_overrides(tx, patient_id, [each.id for each in standing], now)
    made = Override(
        id=override_id,
        key=key,
        fingerprint=mattered,
        categories=finding.categories | {Category.MEDICATIONS},
        kind=finding.kind[:LONGEST_KIND],
        reason=why,
        actor_id=actor.account_id,
        actor_role=actor.role.value,
        at=now,
    )
    if not await repository.add_override(tx, patient_id, made):
        raise Conflict("Another override is already stored under this id.")
    await _tell(tx, patient_id, override_id, "standing", actor, now, ids)
    return made


async def _tell(
    tx: AsyncSession, patient_id: UUID, override_id: UUID, state: str, actor: Principal, now: datetime, ids: NewId
) -> None:
    payload = {"override_id": str(override_id), "state": state}
    await append(tx, Event(ids(), "override.changed", 1, patient_id, actor.account_id, now, now, payload=payload))


async def overrides(tx: AsyncSession, patient_id: UUID, *, ended: bool = False) -> list[Override]:
    """The overrides that hold, with `ended` the earlier ones, too; newest first, of what may be seen."""
    return await repository.overrides(tx, patient_id, ended=ended)


async def end_override(
    tx: AsyncSession, patient_id: UUID, override_id: UUID, *, actor: Principal, now: datetime, ids: NewId
) -> Override:
    """The override, ended: the finding speaks again. Again changes nothing. Raises NotFound, NotAllowed."""
    if actor.role not in (Role.PATIENT, Role.PROVIDER):
        raise NotAllowed("Only the person or a provider ends it.")
    found = await repository.overrides(tx, patient_id, ended=True)
    known = next((each for each in found if each.id == override_id), None)
    if known is None:
        raise NotFound("There is no such override.")
    if known.ended_at is not None:
        return known
    await repository.end_overrides(tx, patient_id, [override_id], now)
    await _tell(tx, patient_id, override_id, "ended", actor, now, ids)
    again = await repository.overrides(tx, patient_id, [known.key], ended=True)
    return next(each for each in again if each.id == override_id)
