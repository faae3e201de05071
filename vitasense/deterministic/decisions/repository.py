"""All SQL of the decisions; the one long statement of the timeline is in queries.py."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.decisions.models import ActionRow, DecisionRow, RiskRow
from vitasense.deterministic.decisions.queries import TIMELINE_NEWEST, TIMELINE_OLDEST
from vitasense.deterministic.decisions.schemas import Action, ActionKind, Decision, Details, Input, Risk
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.findings import Evidence, Finding, Urgency

_READABLE = text("select sec.readable()")
# Two that look at one patient's risks at the same time would both find the old one.
_TURN = text("select pg_advisory_xact_lock(hashtextextended('risks ' || cast(:patient as text), 0))")
_ALARM = text("select decision_id from phi.alarm where patient_id = :patient and id = :id")
_ALARM_OF = text(
    "select a.ref from phi.action a where a.patient_id = :patient and a.decision_id = :id and a.kind = 'alert' "
    "and a.ref is not null order by a.id limit 1"
)


async def readable(tx: AsyncSession) -> frozenset[Category]:
    """The parts of the record that this transaction may read."""
    return frozenset(map(Category, cast("list[str]", (await tx.execute(_READABLE)).scalar_one())))


async def add(tx: AsyncSession, patient_id: UUID, decision: Decision) -> bool:
    """Write the decision; False when the same event, agent and rule has one."""
    statement = (
        insert(DecisionRow)
        .values(
            patient_id=patient_id,
            id=decision.id,
            category=decision.category.value,
            event_id=decision.event_id,
            correlation_id=decision.correlation_id,
            agent=decision.agent,
            rule=decision.rule,
            rule_version=decision.rule_version,
            model=decision.model,
            outcome=decision.outcome,
            urgency=decision.urgency.value,
            confidence=decision.confidence,
            inputs=[each.model_dump(mode="json") for each in decision.inputs],
            findings=[each.model_dump(mode="json") for each in decision.findings],
            decided_at=decision.decided_at,
        )
        .on_conflict_do_nothing(index_elements=["patient_id", "event_id", "agent", "rule"])
        .returning(DecisionRow.id)
    )
    return (await tx.execute(statement)).scalar_one_or_none() is not None


async def add_actions(
    tx: AsyncSession, patient_id: UUID, decision: Decision, actions: Sequence[Action], ids: NewId
) -> None:
    """Write what was done about the decision, in this order."""
    rows = [
        {
            "patient_id": patient_id,
            "id": ids(),
            "category": decision.category.value,
            "decision_id": decision.id,
            "kind": action.kind.value,
            "ref": action.ref,
            "details": action.details.model_dump(mode="json"),
            "done_at": decision.decided_at,
        }
        for action in actions
    ]
    await tx.execute(insert(ActionRow), rows)


async def between(
    tx: AsyncSession, patient_id: UUID, since: datetime | None, until: datetime | None, limit: int
) -> list[Decision]:
    """The newest decisions from `since` to before `until`."""
    statement = select(DecisionRow).where(DecisionRow.patient_id == patient_id)
    if since is not None:
        statement = statement.where(DecisionRow.decided_at >= since)
    if until is not None:
        statement = statement.where(DecisionRow.decided_at < until)
    statement = statement.order_by(DecisionRow.decided_at.desc(), DecisionRow.id.desc()).limit(limit)
    rows = (await tx.execute(statement)).scalars().all()
    return await _decisions(tx, rows)


async def one(tx: AsyncSession, patient_id: UUID, decision_id: UUID) -> Decision | None:
    """The decision of that id."""
    statement = select(DecisionRow).where(DecisionRow.patient_id == patient_id, DecisionRow.id == decision_id)
    found = await _decisions(tx, (await tx.execute(statement)).scalars().all())
    return found[0] if found else None


async def chain(tx: AsyncSession, patient_id: UUID, decision_id: UUID) -> tuple[UUID, UUID] | None:
    """The event that the decision was about, and the chain it belongs to."""
    statement = select(DecisionRow.event_id, DecisionRow.correlation_id).where(
        DecisionRow.patient_id == patient_id, DecisionRow.id == decision_id
    )
    found = (await tx.execute(statement)).one_or_none()
    return (found[0], found[1]) if found else None


async def behind_alarm(tx: AsyncSession, patient_id: UUID, alarm_id: UUID) -> UUID | None:
    """The decision that the alarm stands on."""
    return (await tx.execute(_ALARM, {"patient": patient_id, "id": alarm_id})).scalar_one_or_none()


async def alarm_of(tx: AsyncSession, patient_id: UUID, decision_id: UUID) -> str | None:
    """The id of the alarm that the decision raised or joined."""
    return (await tx.execute(_ALARM_OF, {"patient": patient_id, "id": decision_id})).scalar_one_or_none()


async def actions_of(tx: AsyncSession, patient_id: UUID, decision_id: UUID) -> tuple[Action, ...]:
    """What was done about it, in order."""
    statement = (
        select(ActionRow)
        .where(ActionRow.patient_id == patient_id, ActionRow.decision_id == decision_id)
        .order_by(ActionRow.id)
    )
    rows = (await tx.execute(statement)).scalars()
    return tuple(Action(ActionKind(row.kind), row.ref, Details.model_validate(row.details)) for row in rows)


async def risks(tx: AsyncSession, patient_id: UUID, key: str | None = None) -> list[Risk]:
    """The newest of each key, or of the one."""
    statement = select(RiskRow).where(RiskRow.patient_id == patient_id)
    if key is not None:
        statement = statement.where(RiskRow.key == key)
    statement = statement.ext(distinct_on(RiskRow.key)).order_by(RiskRow.key, RiskRow.at.desc())
    return [_risk(row) for row in (await tx.execute(statement)).scalars()]


async def wait_for_turn(tx: AsyncSession, patient_id: UUID) -> None:
    """One at a time changes the risks of a patient, to the end of its transaction."""
    await tx.execute(_TURN, {"patient": patient_id})


async def add_risk(tx: AsyncSession, patient_id: UUID, risk: Risk, decision_id: UUID) -> None:
    """Write one more row of the key."""
    await tx.execute(
        insert(RiskRow).values(
            patient_id=patient_id,
            key=risk.key,
            at=risk.at,
            category=risk.category.value,
            label=risk.label,
            text=risk.text,
            evidence=[each.model_dump(mode="json") for each in risk.evidence],
            decision_id=decision_id,
        )
    )


async def timeline_rows(
    tx: AsyncSession, values: Mapping[str, object], *, newest_first: bool
) -> Sequence[Row[tuple[object, ...]]]:
    """Rows of TIMELINE, as many as `values["limit"]` from the place after `values["at"]`, `["rank"]`, `["place"]`."""
    statement = TIMELINE_NEWEST if newest_first else TIMELINE_OLDEST
    return (await tx.execute(text(statement), values)).all()


def _risk(row: RiskRow) -> Risk:
    evidence = tuple(Evidence.model_validate(each) for each in row.evidence)
    return Risk(
        key=row.key, label=row.label, text=row.text, evidence=evidence, at=row.at, category=Category(row.category)
    )


async def _decisions(tx: AsyncSession, rows: Iterable[DecisionRow]) -> list[Decision]:
    seen = await readable(tx)
    return [_decision(row, seen) for row in rows]


def _decision(row: DecisionRow, seen: frozenset[Category]) -> Decision:
    inputs = tuple(each for each in map(Input.model_validate, row.inputs) if each.category in seen)
    findings = tuple(each for each in map(Finding.model_validate, row.findings) if each.categories <= seen)
    return Decision(
        id=row.id,
        category=Category(row.category),
        event_id=row.event_id,
        correlation_id=row.correlation_id,
        agent=row.agent,
        rule=row.rule,
        rule_version=row.rule_version,
        outcome=row.outcome,
        urgency=Urgency(row.urgency),
        confidence=row.confidence,
        decided_at=row.decided_at,
        inputs=inputs,
        findings=findings,
        model=row.model,
        withheld=len(row.inputs) - len(inputs) + len(row.findings) - len(findings),
    )
