"""What the safety gate says, as findings: its advice carries its source like every other statement."""

from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency
from vitasense.graphs.state import Reply
from vitasense.guardrails import Screening, red_flags_version

AGENT = "safety"
KIND = "safety.advice"


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


def final(screening: Screening) -> Reply:
    """The reply of a turn that ends at the gate."""
    urgency = screening.urgency if screening.urgency.rank >= Urgency.URGENT.rank else Urgency.ROUTINE
    return Reply(text=screening.reply or "", urgency=urgency, findings=tuple(advice(screening)), agents=(AGENT,))
