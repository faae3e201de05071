"""The health specialist's look at longer stretches: what is new in them is decided about and told once."""

from collections.abc import Mapping, Sequence
from typing import cast

from vitasense.deterministic import alarms, decisions
from vitasense.deterministic.decisions import Action, ActionKind, Decision, Details, Input
from vitasense.deterministic.platform.findings import Finding
from vitasense.deterministic.reactions.levels import levels, unusual
from vitasense.deterministic.reactions.noticed import VERSION, Noticed
from vitasense.deterministic.reactions.occasion import Occasion
from vitasense.deterministic.reactions.readings import AGENT
from vitasense.deterministic.reactions.weights import WEIGHT, weights


async def reviews(occasion: Occasion) -> list[Noticed]:
    """What is new in the stretches that the event touches."""
    found = await weights(occasion) if _touches_weight(occasion) else []
    if occasion.event.type == "day.ended":
        found += [*await levels(occasion), *await unusual(occasion)]
    if not found:
        return []
    told = await alarms.alarms(occasion.tx, occasion.patient_id, limit=500)
    last = {each.key: max(each.raised_at, each.last_seen_at) for each in reversed(told)}
    return [each for each in found if each.key not in last or last[each.key] < each.since]


def _touches_weight(occasion: Occasion) -> bool:
    payload = occasion.event.payload
    streams = cast("Sequence[Mapping[str, str]]", payload.get("streams", ()))
    return occasion.event.type != "samples.received" or any(stream["metric"] == WEIGHT for stream in streams)


def weigh(noticed: Noticed) -> Finding:
    """What is said about it."""
    return noticed.finding


async def tell_of_it(occasion: Occasion, noticed: Noticed, finding: Finding) -> None:
    """Keep the decision and raise its alarm."""
    category = noticed.category
    decision = Decision(
        id=occasion.ids(),
        category=category,
        event_id=occasion.event.id,
        correlation_id=occasion.correlation_id,
        agent=AGENT,
        rule=noticed.rule,
        rule_version=VERSION,
        outcome=noticed.title,
        urgency=finding.urgency,
        confidence=noticed.confidence,
        decided_at=occasion.now,
        inputs=tuple(Input(kind="context", category=category, evidence=each) for each in finding.evidence),
        findings=(finding,),
    )
    if not await decisions.record(occasion.tx, occasion.patient_id, decision, actor=occasion.actor, ids=occasion.ids):
        return
    raised = await alarms.raise_alarm(
        occasion.tx,
        occasion.patient_id,
        key=noticed.key,
        title=noticed.title,
        text=f"{finding.text} {noticed.advice}",
        urgency=finding.urgency,
        category=category,
        decision_id=decision.id,
        evidence=finding.evidence,
        actor=occasion.actor,
        now=occasion.now,
        ids=occasion.ids,
    )
    actions = [
        Action(ActionKind.ALERT, str(raised.alarm.id), Details(text=noticed.title)),
        Action(ActionKind.RECOMMEND, None, Details(text=noticed.advice, evidence=finding.evidence)),
    ]
    await decisions.act(occasion.tx, occasion.patient_id, decision, actions, ids=occasion.ids)
