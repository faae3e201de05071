"""What a clause says about two things: that they must not meet, that something rises or falls, or that nothing happens."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.knowledge.reading.candidate import Effect, Mechanism
from vitasense.deterministic.knowledge.schemas import Severity

_RULES = files("vitasense.deterministic.knowledge.reading") / "rules"
_PLAIN = (
    "level",
    "clearance",
    "outcome",
    "together",
    "given",
    "reported",
    "interact",
    "unknown",
    "hedge",
    "instead",
    "adjective",
)
_NEAR = 60  # characters between a change and what changes
_CLAUSE = re.compile(
    r";|,?\s+(?=(?:but|although|though|however|whereas|while|even though|except)\b)|,\s+(?=(?:which|so|thus|therefore) )"
    r"|,\s+and\s+(?=(?:it|they|this|these|the|there|patients|in|when|if|should|may|is|are|was|were|has|have|does|did)\b)",
    re.IGNORECASE,
)


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    severity: Severity
    words: str


class _Changed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    direction: Effect | None = None
    words: str


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    caution: tuple[_Asked, ...]
    change: tuple[_Changed, ...]
    level: str
    clearance: str
    outcome: str
    together: str
    given: str
    reported: str
    interact: str
    absent: tuple[str, ...]
    unknown: str
    hedge: str
    instead: str
    adjective: str


@dataclass(frozen=True, slots=True)
class Cues:
    """The rules of cues.yaml, compiled."""

    caution: Sequence[tuple[Severity, re.Pattern[str]]]
    change: Sequence[tuple[Effect | None, re.Pattern[str]]]
    absent: Sequence[re.Pattern[str]]
    level: re.Pattern[str]
    clearance: re.Pattern[str]
    outcome: re.Pattern[str]
    together: re.Pattern[str]
    given: re.Pattern[str]
    reported: re.Pattern[str]
    interact: re.Pattern[str]
    unknown: re.Pattern[str]
    hedge: re.Pattern[str]
    instead: re.Pattern[str]
    adjective: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause at characters `start` to `end` of its sentence, and what it says.

    `cautions` are words that ask for something, `changes` what rises or falls, `outcomes` what was seen; `together`
    that two are given to one person, `given` that one is; `is_absent` when all that it says is that nothing happens.
    """

    start: int
    end: int
    cautions: tuple[str, ...]
    changes: tuple[str, ...]
    outcomes: tuple[str, ...]
    interacts: bool
    together: bool
    given: bool
    is_absent: bool
    is_hedged: bool
    severity: Severity | None
    effect: Effect | None
    mechanism: Mechanism | None

    @property
    def states(self) -> bool:
        """Whether it says anything of an interaction."""
        return bool(self.cautions or self.changes or self.outcomes or self.interacts)


@cache
def cues() -> Cues:
    """The rules, read once."""
    told = _Rules.model_validate(yaml.load((_RULES / "cues.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader))
    plain = {name: re.compile(getattr(told, name), re.IGNORECASE) for name in _PLAIN}
    return Cues(
        caution=[(each.severity, re.compile(each.words, re.IGNORECASE)) for each in told.caution],
        change=[(each.direction, re.compile(each.words, re.IGNORECASE)) for each in told.change],
        absent=[re.compile(each, re.IGNORECASE) for each in told.absent],
        **plain,
    )


def clauses(sentence: str, named: Iterable[tuple[int, int]] = ()) -> list[Clause]:
    """The clauses of a sentence. What stands in the names at these characters is no cue ("QT-prolonging drugs")."""
    bare = sentence
    for start, end in named:
        bare = bare[:start] + re.sub(r"[A-Za-z]", "x", bare[start:end]) + bare[end:]
    return [_clause(bare, start, end) for start, end in _parts(sentence)]


def _parts(sentence: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _CLAUSE.finditer(sentence):
        yield start, found.start()
        start = found.end()
    yield start, len(sentence)


def _clause(sentence: str, start: int, end: int) -> Clause:
    rules = cues()
    text = re.sub(
        r"[(\[]\s*see\b[^)\]]*[)\]]", lambda found: " " * len(found.group()), sentence[start:end], flags=re.IGNORECASE
    )
    whole = text
    cautions, severity, text = _cautions(text)
    denied, text = _without_denied(text)
    changes, effect, mechanism = _changes(text)
    unknown = bool(rules.unknown.search(text)) and not cautions
    outcomes = () if unknown else _outcomes(text, together=bool(rules.together.search(whole)))
    return Clause(
        start=start,
        end=end,
        cautions=cautions,
        changes=() if unknown else changes,
        outcomes=outcomes,
        interacts=bool(rules.interact.search(text)) and not unknown,
        together=bool(rules.together.search(whole)),
        given=bool(rules.given.search(whole)),
        is_absent=denied and not (cautions or changes or outcomes),
        is_hedged=bool(rules.hedge.search(text)),
        severity=severity,
        effect=effect,
        mechanism=mechanism,
    )


def _cautions(text: str) -> tuple[tuple[str, ...], Severity | None, str]:
    """Words that ask for something, the most severe of what they ask, and the text without them."""
    found, severity = list[str](), None
    denied = [each.span() for pattern in cues().absent for each in pattern.finditer(text)]
    for level, pattern in cues().caution:
        for match in pattern.finditer(text):
            if any(start <= match.start() < end for start, end in denied) and level is Severity.MODERATE:
                continue
            found.append(match.group().strip())
            severity = severity or level
    for said in found:
        text = text.replace(said, " " * len(said))
    return tuple(found), severity, text


def _without_denied(text: str) -> tuple[bool, str]:
    """Whether the clause denies something, and what it says without that."""
    spans = [found.span() for pattern in cues().absent for found in pattern.finditer(text)]
    for start, _ in spans:
        text = text[:start] + " " * (len(text) - start)
    return bool(spans), text


def _changes(text: str) -> tuple[tuple[str, ...], Effect | None, Mechanism | None]:
    """Words of change that stand near to a level or an outcome, the direction of the first, and of what kind it is."""
    rules, found = cues(), list[str]()
    effect, mechanism = None, None
    for direction, pattern in rules.change:
        for match in pattern.finditer(text):
            near = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
            level, outcome = rules.level.search(near), rules.outcome.search(near)
            if not level and not outcome:
                continue
            found.append(match.group().strip())
            if effect is None and direction:
                effect = _turned(direction) if level and rules.clearance.search(near) else direction
            mechanism = mechanism or (Mechanism.PHARMACOKINETIC if level else Mechanism.PHARMACODYNAMIC)
    return tuple(dict.fromkeys(found)), effect, mechanism


def _turned(direction: Effect) -> Effect:
    return Effect.LOWERS if direction is Effect.RAISES else Effect.RAISES


def _outcomes(text: str, *, together: bool) -> tuple[str, ...]:
    """What was seen, when the clause says that something was; any harm counts when both were given."""
    rules = cues()
    reported = rules.reported.search(text)
    if not reported:
        return ()
    found = tuple(dict.fromkeys(found.group().strip() for found in rules.outcome.finditer(text)))
    return found or ((reported.group().strip(),) if together else ())
