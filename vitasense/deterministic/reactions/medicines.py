"""The knowledge specialist's reaction: what speaks loudly against a person's medicines is told once, and taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from vitasense.deterministic import alarms, decisions, medications
from vitasense.deterministic.alarms import Alarm
from vitasense.deterministic.decisions import Action, ActionKind, Decision, Details, Input
from vitasense.deterministic.medications import Kind
from vitasense.deterministic.platform.access import ALL_CATEGORIES, Category
from vitasense.deterministic.platform.findings import Finding, Status, Urgency
from vitasense.deterministic.reactions.occasion import Occasion

AGENT = "knowledge"
PREFIX = "medicines."
VERSION = "2026.11"
MOST = 500
DIGEST = 16
# Resources of the record whose coming may change what speaks against a medicine.
WATCHED = frozenset(
    {
        *("MedicationRequest", "MedicationStatement", "MedicationDispense", "AllergyIntolerance"),
        *("Condition", "Observation", "Patient"),
    }
)
# What a check of that kind draws on beside the medicines: its alarm does not say what it is.
BESIDE: Mapping[str, Category] = {
    Kind.CONDITION: Category.CONDITIONS,
    Kind.PREGNANCY: Category.CONDITIONS,
    Kind.BREASTFEEDING: Category.CONDITIONS,
    Kind.ALLERGY: Category.ALLERGIES,
    Kind.LABORATORY: Category.LABS,
    Kind.FOOD: Category.NUTRITION,
    Kind.ALCOHOL: Category.NUTRITION,
    Kind.CHILD: Category.PROFILE,
    Kind.OLDER: Category.PROFILE,
}
LOOK = "Ask me to check your medicines to see what it is. Do not stop a medicine by yourself."
NEWS = "What is known of medicines was brought up to date. "


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that speaks against the medicines (`finding`), or an alarm of which nothing is left (`alarm`)."""

    key: str
    finding: Finding | None = None
    alarm: Alarm | None = None


async def medicine_matters(occasion: Occasion) -> list[Matter]:
    """What is new among the interrupting findings, and the alarms whose ground is gone."""
    if not _concerns(occasion):
        return []
    standing = await alarms.alarms(occasion.tx, occasion.patient_id, only_open=True, limit=MOST)
    told = {each.key: each for each in standing if each.key.startswith(PREFIX)}
    findings = await medications.own_findings(
        occasion.tx, occasion.patient_id, now=occasion.now, readable=ALL_CATEGORIES, library=occasion.library
    )
    loud = {key_of(each): each for each in findings if each.status is Status.FOUND and _interrupts(each)}
    silent = {each.kind for each in findings if each.status is Status.NOT_EVALUATED}
    new = [Matter(key, finding=each) for key, each in loud.items() if key not in told]
    gone = [Matter(key, alarm=each) for key, each in told.items() if key not in loud and _kind(key) not in silent]
    return [*new, *gone]


def judge_matter(matter: Matter) -> Urgency:
    """How soon it matters; what is gone matters to nobody."""
    return matter.finding.urgency if matter.finding else Urgency.SELF_CARE


async def conclude_matter(occasion: Occasion, matter: Matter, urgency: Urgency) -> None:
    """Keep the decision and raise the alarm, or close it."""
    decision = _decision(occasion, matter, urgency)
    if not await decisions.record(occasion.tx, occasion.patient_id, decision, actor=occasion.actor, ids=occasion.ids):
        return
    action = await (_close(occasion, matter.alarm) if matter.alarm else _raise(occasion, matter, decision))
    await decisions.act(occasion.tx, occasion.patient_id, decision, [action], ids=occasion.ids)


def key_of(finding: Finding) -> str:
    """What the alarm about a finding is known by: its kind, and a digest of what it is about."""
    return f"{PREFIX}{finding.kind}.{medications.finding_key(finding)[:DIGEST]}"


def _kind(key: str) -> str:
    return key.removeprefix(PREFIX).partition(".")[0]


def _concerns(occasion: Occasion) -> bool:
    if occasion.event.type != "records.imported":
        return True
    records = cast("Mapping[str, Sequence[str]]", occasion.event.payload.get("records", {}))
    return not WATCHED.isdisjoint(records)


def _interrupts(finding: Finding) -> bool:
    return finding.urgency.rank >= Urgency.URGENT.rank


def _decision(occasion: Occasion, matter: Matter, urgency: Urgency) -> Decision:
    finding = matter.finding
    beside = BESIDE.get(finding.kind) if finding else None
    inputs = tuple(
        Input(kind="context", category=_category(each.ref, beside), evidence=each)
        for each in (finding.evidence if finding else ())
    )
    return Decision(
        id=occasion.ids(),
        category=Category.MEDICATIONS,
        event_id=occasion.event.id,
        correlation_id=occasion.correlation_id,
        agent=AGENT,
        rule=f"medications/check#{matter.key}",
        rule_version=VERSION,
        outcome=_title(matter),
        urgency=urgency,
        confidence=finding.confidence if finding else 1.0,
        decided_at=occasion.now,
        inputs=inputs,
        findings=(_shared(finding, beside),) if finding else (),
    )


def _category(ref: str, beside: Category | None) -> Category:
    """What the evidence is shared as: the medicine's own, or that of what stands beside it."""
    return Category.MEDICATIONS if beside is None or ref.startswith(("Medication", "knowledge/")) else beside


def _shared(finding: Finding, beside: Category | None) -> Finding:
    parts = frozenset({Category.MEDICATIONS, *((beside,) if beside else ())})
    return finding.model_copy(update={"categories": parts})


def _drugs(finding: Finding) -> str:
    names = list(dict.fromkeys(value.text or "" for value in finding.values if value.name == "drug"))
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else "your medicines"


def _title(matter: Matter) -> str:
    if matter.alarm:
        return matter.alarm.title
    assert matter.finding is not None, "a matter is a finding or an alarm"
    return f"Check with a doctor or pharmacist: {_drugs(matter.finding)}"


def _text(occasion: Occasion, finding: Finding) -> str:
    """The whole sentence where it speaks of medicines alone; else that something else in the record matters."""
    news = NEWS if occasion.event.type == "recheck.due" else ""
    if finding.kind not in BESIDE:
        return f"{news}{finding.text}"
    return f"{news}Something else in your record speaks against {_drugs(finding)}. {LOOK}"


async def _raise(occasion: Occasion, matter: Matter, decision: Decision) -> Action:
    assert matter.finding is not None, "only a finding is told"
    raised = await alarms.raise_alarm(
        occasion.tx,
        occasion.patient_id,
        key=matter.key,
        title=decision.outcome,
        text=_text(occasion, matter.finding),
        urgency=matter.finding.urgency,
        category=Category.MEDICATIONS,
        decision_id=decision.id,
        evidence=tuple(each.evidence for each in decision.inputs if each.category is Category.MEDICATIONS),
        actor=occasion.actor,
        now=occasion.now,
        ids=occasion.ids,
    )
    return Action(ActionKind.ALERT, str(raised.alarm.id), Details(text=decision.outcome))


async def _close(occasion: Occasion, alarm: Alarm) -> Action:
    await alarms.clear(
        occasion.tx,
        occasion.patient_id,
        alarm.id,
        actor=occasion.actor,
        now=occasion.now,
        ids=occasion.ids,
        note="the medicines or what speaks against them changed, or somebody chose to live with it",
    )
    return Action(ActionKind.CLEAR_ALERT, str(alarm.id), Details(text=alarm.title))
