"""Findings that stand in a reply word for word: each is put aside as one letter, with the way back to its places."""

from collections.abc import Sequence
from dataclasses import dataclass

from vitasense.deterministic.platform.findings import Finding
from vitasense.guardrails.grounding.terms import LAST_QUOTE, QUOTE

_ASIDE = ' "“”*_'


@dataclass(frozen=True, slots=True)
class Quoted:
    """`text` is the reply with one private letter (QUOTE + number of the finding) for each finding it quotes."""

    text: str
    shifts: tuple[tuple[int, int], ...]

    def place(self, at: int) -> int:
        """The place in the reply of a place in `text`."""
        return at + sum(longer for start, longer in self.shifts if start < at)


def quote(reply: str, findings: Sequence[Finding]) -> Quoted:
    """The reply with the findings' own texts put aside, the longest first; only whole sentences count as quoted."""
    found: list[tuple[int, int, int]] = []
    for number, finding in sorted(enumerate(findings), key=lambda each: -len(each[1].text)):
        own = finding.text.strip()
        at = reply.find(own) if own and number < LAST_QUOTE else -1
        while at >= 0:
            end = at + len(own)
            if _stands_alone(reply, at, end) and not any(at < other and start < end for start, other, _ in found):
                found.append((at, end, number))
            at = reply.find(own, end)
    return _put_aside(reply, sorted(found))


def _put_aside(reply: str, found: Sequence[tuple[int, int, int]]) -> Quoted:
    pieces, shifts, last, length = list[str](), list[tuple[int, int]](), 0, 0
    for at, end, number in found:
        pieces += [reply[last:at], chr(ord(QUOTE) + number)]
        length += at - last + 1
        shifts.append((length - 1, end - at - 1))
        last = end
    return Quoted("".join((*pieces, reply[last:])), tuple(shifts))


def _stands_alone(reply: str, at: int, end: int) -> bool:
    """Whether what is quoted is a sentence of its own: words around it could change what it says."""
    before, after = reply[:at].rstrip(_ASIDE), reply[end:].lstrip(_ASIDE)
    ended = reply[end - 1] in ".!?:" or not after or after[0] in "\n."
    fused = reply[end - 1] == "." and reply[end : end + 1].isalnum()
    return (not before or before[-1] in "\n.!?:-•)") and ended and not fused
