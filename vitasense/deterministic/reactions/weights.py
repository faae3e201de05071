"""Weight that moves too fast: what the rules of tracking/weight find in the weights of a person."""

from datetime import timedelta

from vitasense.deterministic import goals, records, tracking
from vitasense.deterministic.goals import GoalState
from vitasense.deterministic.insights import amount, day
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value
from vitasense.deterministic.reactions.noticed import Noticed
from vitasense.deterministic.reactions.occasion import Occasion
from vitasense.deterministic.tracking import Weighed, WeightChange

WEIGHT = "29463-7"
LOOKED_AT = timedelta(days=400)  # the longest of the weight rules, a year, with room for its medians


async def weights(occasion: Occasion) -> list[Noticed]:
    """Weight that rises as heart failure guidelines warn of, or falls without being wanted."""
    since = occasion.now - LOOKED_AT
    series = await tracking.merged_series(occasion.tx, occasion.patient_id, WEIGHT, since, occasion.now)
    if len(series) < 2:
        return []
    weighed = [Weighed(each.at, each.value, each.unit) for each in series]
    conditions = [each.name for each in await records.conditions(occasion.tx, occasion.patient_id) if each.active]
    profile = await records.profile(occasion.tx, occasion.patient_id)
    wanted = await goals.goals(occasion.tx, occasion.patient_id, frozenset({GoalState.ACTIVE}), WEIGHT)
    gain = tracking.fluid_gain(weighed, now=occasion.now, conditions=conditions)
    loss = tracking.unintended_loss(
        weighed,
        now=occasion.now,
        age_years=profile.age_years(occasion.now) if profile else None,
        intended=True if any(goal.direction == "at_most" for goal in wanted) else None,
    )
    last = tracking.sample_ref(series[-1]) if series[-1].by_device else f"Observation/{series[-1].record_id}"
    evidence = Evidence(
        kind="record", ref=last, version="1", label=f"Body weight, {day(series[-1].at)}", at=series[-1].at
    )
    # That a gain is judged at all says that the record has heart failure: it is shared as conditions are.
    answers = ((gain, Category.CONDITIONS), (loss, Category.VITALS))
    sure = tracking.confidence(each.quality for each in series)
    return [_noticed(each, evidence, shared, sure) for each, shared in answers if each.status is Status.FOUND]


def _noticed(change: WeightChange, evidence: Evidence, shared: Category, sure: float) -> Noticed:
    assert change.change_kg is not None and change.since is not None, "what was found has its numbers"
    text = (
        f"Your weight changed by {amount(round(change.change_kg, 1), 'kg')} since {day(change.since)}: {change.label}."
    )
    pressing = change.urgency in (Urgency.URGENT, Urgency.EMERGENCY)
    advice = "Talk to your doctor today." if pressing else "If you did not want this, tell your doctor."
    finding = Finding(
        kind="reaction.weight",
        text=text,
        status=Status.FOUND,
        values=(Value(name="change", number=round(change.change_kg, 2), unit="kg", code=WEIGHT),),
        urgency=change.urgency,
        evidence=(evidence, change.evidence),
        categories=frozenset({Category.VITALS, shared}),
    )
    rule = f"tracking/weight#{change.key}"
    return Noticed(f"weight.{change.key}", rule, f"Weight: {change.name}", advice, finding, shared, change.since, sure)
