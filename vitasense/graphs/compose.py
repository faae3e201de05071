"""Turns findings into a reply: plain words by rule, or a model's words when each of them is supported."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from vitasense.deterministic.platform.findings import Finding, Status, Urgency, most_urgent
from vitasense.deterministic.platform.untrusted import visible
from vitasense.graphs.model import LanguageModel, ModelUnavailable
from vitasense.graphs.redaction import Redaction
from vitasense.graphs.state import Reply, Said
from vitasense.guardrails import origin, strip_links_and_images, verify
from vitasense.tools.context import RunContext

WRITING_ATTEMPTS = 2
_BULLET = re.compile(r"^[\s\-*•]+")


def reply_of(findings: Sequence[Finding], text: str | None = None, *, planner: str = "embedded") -> Reply:
    """The reply that findings make, in plain words unless `text` is given."""
    ordered = in_order(findings)
    return Reply(
        text=text if text is not None else plain(ordered),
        urgency=most_urgent(*(finding.urgency for finding in ordered)) if ordered else Urgency.ROUTINE,
        findings=tuple(ordered),
        agents=tuple(dict.fromkeys(finding.agent for finding in ordered if finding.agent)),
        planner=planner,
    )


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """The most urgent first; otherwise as they were found, with what could not be checked last in each topic."""

    def rank(finding: Finding) -> int:
        return -finding.urgency.rank if finding.urgency.rank >= Urgency.URGENT.rank else 0

    return sorted(findings, key=rank)


def plain(findings: Sequence[Finding]) -> str:
    """Short sentences, one paragraph for each topic; several findings of one kind make a list."""
    paragraphs: list[str] = []
    for _, group in groupby(findings, key=lambda finding: finding.kind):
        texts = [finding.text.strip() for finding in group]
        paragraphs.append(texts[0] if len(texts) == 1 else "\n".join(f"- {text}" for text in texts))
    return "\n\n".join(paragraphs)


async def write(findings: Sequence[Finding], said: Said, run: RunContext, model: LanguageModel, prompt: str) -> Reply:
    """The model's words if every statement in them is supported; otherwise the plain ones."""
    redaction = Redaction.of(run, model)
    request = json.dumps({"question": said.text, "findings": [_told(finding) for finding in findings]})
    asked = "\n".join(filter(None, (run.before, request)))
    messages: list[BaseMessage] = [SystemMessage(prompt), HumanMessage(redaction.hide(asked))]
    for _ in range(WRITING_ATTEMPTS):
        try:
            answer = await model.run(partial(model.chat.ainvoke, list(messages)))
        except ModelUnavailable:
            break
        text = visible(strip_links_and_images(redaction.restore(str(answer.text)))).strip()
        complaint = complaint_about(text, findings)
        if complaint is None:
            return reply_of(findings, text, planner="model")
        messages[2:] = [HumanMessage(redaction.hide(f"Write it again. {complaint}"))]
    return reply_of(findings)


def _told(finding: Finding) -> Mapping[str, object]:
    """A finding as the model reads it; words that come from elsewhere carry the label of where they are from."""
    told = finding.model_dump(mode="json", include={"status", "text", "urgency", "reason"})
    source = origin(finding)
    return told | {"quotes": source} if source else told


def complaint_about(text: str, findings: Sequence[Finding]) -> str | None:
    """Why a model's words may not be sent, or None when every statement in them is supported and nothing is missing."""
    if not text:
        return "The reply is empty."
    checked = verify(text, findings)
    if not checked.supported:
        return "Not supported: " + "; ".join(f"{span.text!r} ({span.why})" for span in checked.unsupported)
    if not _opens_with_what_is_urgent(text, findings):
        return "What is urgent does not come first, word for word."
    if not _says_what_matters(text, findings):
        return "Something urgent, or something that was not evaluated, is missing or changed."
    return None


def _opens_with_what_is_urgent(text: str, findings: Sequence[Finding]) -> bool:
    """Whether every urgent finding stands, as it is, before anything else."""
    left = [finding.text.strip() for finding in findings if finding.urgency.rank >= Urgency.URGENT.rank]
    rest = text
    while left:
        rest = _BULLET.sub("", rest.lstrip())
        opening = next((each for each in left if rest.startswith(each)), None)
        if opening is None:
            return False
        left.remove(opening)
        rest = rest[len(opening) :]
    return True


def _says_what_matters(text: str, findings: Sequence[Finding]) -> bool:
    """Urgent findings must stand in the reply as they are, and what was not evaluated must not be passed over."""
    urgent = [finding for finding in findings if finding.urgency.rank >= Urgency.URGENT.rank]
    silent = [finding for finding in findings if finding.status is Status.NOT_EVALUATED]
    return all(finding.text in text for finding in [*urgent, *silent])
