"""What the safety gate says, as findings: its advice carries its source like every other statement."""

from vitasense.deterministic.intake import Intent, IntentName, Reading
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency
from vitasense.graphs.plan import SURE
from vitasense.graphs.state import Reply
from vitasense.guardrails import Deference, Screening, red_flags_version

AGENT = "safety"
KIND = "safety.advice"
DECIDES = "safety.decides"
# The wish for the part of the record that belongs beside a decision, and those that look at what is asked more closely.
RECORDED = {
    "medicine": (IntentName.MEDICATIONS_LIST,),
    "illness": (IntentName.CONDITIONS_LIST, IntentName.MEDICATIONS_SIDE_EFFECTS),
}


def advice(screening: Screening) -> list[Finding]:
    """One finding with the advice of the message's red flags and their sources; none when there is no advice."""
    if not screening.reply or not screening.flags:
        return []
    evidence = tuple(
        Evidence(
            kind="knowledge",
            ref=f"guardrails/red_flags#{flag.key}",
            version=red_flags_version(),
            label=flag.key.replace("_", " "),
            source=flag.source,
        )
        for flag in screening.flags
    )
    return [
        Finding(
            kind=KIND,
            text=screening.reply,
            status=Status.FOUND,
            urgency=screening.urgency,
            evidence=tuple(dict.fromkeys(evidence)),
            agent=AGENT,
        )
    ]


def deferred(found: Deference) -> Finding:
    """Who decides what the message asks for."""
    ref = f"guardrails/deference#{found.key}"
    source = Evidence(
        kind="knowledge", ref=ref, version=found.version, label=found.key.replace("_", " "), source=found.source
    )
    return Finding(kind=DECIDES, text=found.reply, status=Status.FOUND, evidence=(source,), agent=AGENT)


def with_record(reading: Reading, found: Deference) -> Reading:
    """The reading with a wish for the part of the record that belongs beside a decision."""
    wishes = RECORDED[found.about]
    if any(intent.name in wishes for intent in reading.intents):
        return reading
    return reading.model_copy(update={"intents": (*reading.intents, Intent(name=wishes[0], confidence=SURE))})


def final(screening: Screening) -> Reply:
    """The reply of a turn that ends at the gate."""
    urgency = screening.urgency if screening.urgency.rank >= Urgency.URGENT.rank else Urgency.ROUTINE
    return Reply(text=screening.reply or "", urgency=urgency, findings=tuple(advice(screening)), agents=(AGENT,))
