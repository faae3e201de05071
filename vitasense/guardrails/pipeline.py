"""The gate before anything else: one look at a message, one decision, and it fails closed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from vitasense.deterministic.platform.findings import Urgency
from vitasense.deterministic.platform.logging import get_logger
from vitasense.guardrails.injection import find_instructions
from vitasense.guardrails.scope import Decline, decline
from vitasense.guardrails.triage import Flag, Triage, advice_for, triage

Decision = Literal["answer", "emergency", "crisis", "decline", "pass"]
Answer = TypeVar("Answer")

_log = get_logger(__name__)
_CRISIS_ADVICE = "crisis"
_MOST_ADVICE = 2
# No rule file may be readable when this is needed, so it is written here.
_SAFE_REPLY = (
    "I could not check your message safely, so I will not guess. If this could be an emergency, call your local "
    "emergency number now. Otherwise please try again, or ask a doctor or pharmacist."
)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known about the person whose record it is.

    `age` in years, `sex` as FHIR administrative gender, `country` as ISO 3166-1 alpha-2, `history` the names of known
    illnesses and medicines.
    """

    age: float | None = None
    sex: str | None = None
    pregnant: bool | None = None
    country: str | None = None
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Screening:
    """What to do with a message.

    `pass`: go on; `reply`, when there is one, is advice to put before the answer (an urgent flag).
    `emergency`, `crisis`, `decline`: `reply` is the whole answer. `answer`: a gate failed, `reply` is the safe answer.
    `injection` is a label for the pipeline; it neither allows nor forbids anything.
    """

    decision: Decision
    urgency: Urgency
    reply: str | None
    flags: tuple[Flag, ...]
    injection: bool


@dataclass(frozen=True, slots=True)
class _Looks:
    """What each gate said; None is a gate that failed."""

    triage: Triage | None
    declined: tuple[Decline | None] | None
    injection: bool | None


def screen(text: str, *, person: PersonFacts) -> Screening:
    """The decision about one message. Never raises: a gate that fails gives a safe reply, and is logged without text."""
    looks = _Looks(
        _guarded("triage", lambda: _triage(text, person)),
        _guarded("scope", lambda: (decline(text),)),
        _guarded("injection", lambda: bool(find_instructions(text))),
    )
    return _decide(looks, person)


def _decide(looks: _Looks, person: PersonFacts) -> Screening:
    found, injection = looks.triage, looks.injection is not False
    if found is not None and found.self_harm:
        return Screening("crisis", found.level, _crisis(found, person), found.flags, injection)
    if found is not None and found.level is Urgency.EMERGENCY:
        return Screening("emergency", found.level, _advice(found), found.flags, injection)
    if found is None or looks.declined is None or looks.injection is None:
        return Screening("answer", Urgency.URGENT, _SAFE_REPLY, found.flags if found else (), injection)
    if looks.declined[0] is not None:
        return Screening("decline", found.level, looks.declined[0].reply, found.flags, injection)
    return Screening("pass", found.level, _advice(found) or None, found.flags, injection)


def _triage(text: str, person: PersonFacts) -> Triage:
    return triage(
        text,
        age=person.age,
        sex=person.sex,
        pregnant=person.pregnant,
        history=person.history,
        country=person.country,
    )


def _advice(found: Triage) -> str:
    """The advice of the most urgent flags, each once."""
    top = [flag.advice for flag in found.flags if flag.level is found.level and flag.level.rank >= Urgency.URGENT.rank]
    return " ".join(list(dict.fromkeys(top))[:_MOST_ADVICE])


def _crisis(found: Triage, person: PersonFacts) -> str:
    """Warmth and the crisis line first, then what the body needs now."""
    warm = advice_for(_CRISIS_ADVICE, person.country)
    other = [flag.advice for flag in found.flags if flag.level is Urgency.EMERGENCY and flag.advice != warm]
    return " ".join(dict.fromkeys([warm, *other[:1]]))


def _guarded(gate: str, look: Callable[[], Answer]) -> Answer | None:
    """What `look` says, or None when it fails: the one place where a gate's failure is caught."""
    try:
        return look()
    except Exception as failure:  # noqa: BLE001 (any failure of a gate must end in a safe reply)
        _log.error("gate.failed", step=gate, exc_info=failure)
        return None
