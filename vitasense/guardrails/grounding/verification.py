"""A reply may say only what its findings say: each of its statements must be carried by one of theirs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from vitasense.deterministic.platform.findings import Finding
from vitasense.deterministic.platform.logging import get_logger
from vitasense.guardrails.grounding.check import Check
from vitasense.guardrails.grounding.lexicon import known_lexicon, lexicon_of

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A piece of the reply that no finding supports, and which kind of claim it is.

    `why` is number, date, drug, gene, comparison (or judgement), absence, hidden (what a reader cannot see as it is),
    statement (anything else that no one finding says) or "not checked".
    """

    start: int
    end: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Verification:
    """`supported` is True when nothing in the reply goes beyond the findings."""

    supported: bool
    unsupported: tuple[Unsupported, ...]


def verify(
    reply: str,
    findings: Sequence[Finding],
    *,
    drugs: Mapping[str, str] | None = None,
    genes: Collection[str] = (),
) -> Verification:
    """Which pieces of `reply` the findings do not support, in the order of the reply. Never raises: it fails closed.

    `drugs` maps each lower-case way to write a drug to one name, `genes` are gene symbols; without them, those that
    the deterministic rooms know are used. A finding's own text is always supported. Work is linear in the length.
    """
    try:
        lexicon = known_lexicon() if drugs is None else lexicon_of(drugs, genes)
        found = set(Check(reply, findings, lexicon).open_spans())
    except Exception as failure:  # noqa: BLE001 (a reply that cannot be checked must not leave)
        _log.error("gate.failed", step="grounding", exc_info=failure)
        found = {(0, len(reply), "not checked")}
    ordered = tuple(Unsupported(start, end, reply[start:end], why) for start, end, why in sorted(found))
    return Verification(not ordered, ordered)
