"""Reading: what a message meant, as entities, their fields and intents, on this project's own messages."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from vitasense.deterministic.intake import Reading, read
from vitasense.evals.flags import listed
from vitasense.evals.readings import HELD_OUT, NOW, SCORED, TUNED, Message, Score, Wish, messages, score, wishes
from vitasense.evals.suite import Answer, Case, Mark, Measure, Suite, Verdict
from vitasense.evals.system import System
from vitasense.evals.texts import checksum

PRECISION, RECALL = "Entities, precision", "Entities, recall"
SAID, SILENT = "Fields that were said", "Fields that were not said, left empty"
INTENTS, CALIBRATION = "Intents of a message", "Confidence of intents, expected calibration error"
_SURE, _BINS = 0.5, 10
_NONE = "none"
# Scored once, before any rule was changed for these messages; the messages were written before the rules.
_FIRST = {RECALL: "first look 95.8%", PRECISION: "first look 97.8%", SAID: "first look 99.1%"}
_NOTES = {HELD_OUT: "untouched but for the unit of one label", TUNED: "read while the rules were written"}


def cases(data: Path) -> Iterator[Case]:
    """Every message, every wish, and the wishes of each part together."""
    del data
    for name, message in _messages().items():
        yield Case(id=name, input=message.say, target="; ".join(map(str, message.find)))
    for name, wish in _wishes().items():
        yield Case(id=name, input=wish.say, target=_wanted(wish))
    for part in (HELD_OUT, TUNED):
        yield Case(id=f"confidence-{part.replace(' ', '-')}", input=f"Every wish, {part}", facts={"part": part})


async def answer(case: Case, system: System) -> Answer:
    """How the message is read."""
    del system
    if "part" in case.facts:
        said = [_confidences(wish.say) for wish in _wishes().values() if wish.part == case.facts["part"]]
        return Answer(f"{sum(map(len, said))} intents", {"said": said})
    message = _messages().get(case.id)
    now, locale = (message.now, message.locale) if message else (NOW, None)
    reading = read(case.input, now=now, locale=locale)
    return Answer(_told(reading), {"reading": reading.model_dump(mode="json")})


def judge(case: Case, said: Answer) -> Verdict:
    """What is right about it."""
    if "part" in case.facts:
        return _confidence_judged(case.facts["part"], said.facts["said"])
    reading = Reading.model_validate(said.facts["reading"])
    if case.id in _messages():
        return _message_judged(_messages()[case.id], reading)
    return _wish_judged(_wishes()[case.id], reading)


def calibration_error(said: Sequence[tuple[float, bool]]) -> float:
    """The expected calibration error of confidences over ten bins of equal width, from 0 to 1.

    Source: Naeini MP, Cooper GF, Hauskrecht M, AAAI 2015:2901-2907.
    """
    off = [0.0] * _BINS
    for confidence, right in said:
        off[min(int(confidence * _BINS), _BINS - 1)] += confidence - right
    return sum(map(abs, off)) / len(said) if said else 0.0


@cache
def _messages() -> Mapping[str, Message]:
    return {f"{one.kind}-{checksum(f'{one.say}|{one.locale}|{one.now}')}": one for one in messages()}


@cache
def _wishes() -> Mapping[str, Wish]:
    return {f"wish-{checksum(wish.say)}": wish for wish in wishes()}


def _confidences(say: str) -> list[tuple[str, float]]:
    return [(intent.name.value, intent.confidence) for intent in read(say, now=NOW).intents]


def _told(reading: Reading) -> str:
    found = [f"{entity.type.value} {entity.name}" for entity in reading.entities]
    return ", ".join((*(intent.name.value for intent in reading.intents), *found)) or _NONE


def _message_judged(message: Message, reading: Reading) -> Verdict:
    scored = score(message, reading)
    return Verdict((*_of_part(message.part, scored), *_of_types(scored)), listed(scored.wrong))


def _of_part(part: str, scored: Score) -> Iterator[Mark]:
    found, missed, made_up = len(scored.found), len(scored.missed), len(scored.made_up)
    yield Mark(_in(PRECISION, part), found, found + made_up)
    yield Mark(_in(RECALL, part), found, found + missed)
    for measure, fields in ((SAID, scored.fields), (SILENT, scored.silent)):
        yield Mark(_in(measure, part), sum(right for _, right in fields), len(fields))


def _of_types(scored: Score) -> Iterator[Mark]:
    found, missed, made_up = Counter(scored.found), Counter(scored.missed), Counter(scored.made_up)
    for kind in sorted(found | missed | made_up):
        yield Mark(f"{kind}, precision", found[kind], found[kind] + made_up[kind])
        yield Mark(f"{kind}, recall", found[kind], found[kind] + missed[kind])


def _wish_judged(wish: Wish, reading: Reading) -> Verdict:
    sure = [intent.name.value for intent in reading.intents if intent.confidence >= _SURE]
    right = _understood(wish, sure)
    got = _wanted(wish) if right else " and ".join(sure if wish.each else sure[:1]) or _NONE
    wrong = "" if right else f"read as {got}, wanted: {_wanted(wish)}"
    return Verdict((Mark(_in(INTENTS, wish.part), int(right)),), wrong, _wanted(wish), got)


def _understood(wish: Wish, sure: Sequence[str]) -> bool:
    if wish.each:
        return wish.wanted <= set(sure)
    return sure[0] in wish.wanted if sure and wish.wanted else not sure and not wish.wanted


def _wanted(wish: Wish) -> str:
    return (" and " if wish.each else " or ").join(sorted(wish.wanted)) or _NONE


def _confidence_judged(part: str, said: Sequence[Sequence[tuple[str, float]]]) -> Verdict:
    chosen = [wish for wish in _wishes().values() if wish.part == part]
    pairs = zip(chosen, said, strict=True)
    told = [(confidence, name in wish.wanted) for wish, intents in pairs for name, confidence in intents]
    return Verdict((Mark(_in(CALIBRATION, part), value=calibration_error(told)),))


def _in(measure: str, part: str) -> str:
    return f"{measure}, {part}"


def _measures() -> Iterator[Measure]:
    for part, note in _NOTES.items():
        for name in (PRECISION, RECALL, SAID, SILENT):
            first = f"; {_FIRST[name]}" if part == HELD_OUT and name in _FIRST else ""
            yield Measure(_in(name, part), "own messages", note=note + first)
    for kind in sorted(SCORED):
        yield from (Measure(f"{kind}, {name}", "own messages") for name in ("precision", "recall"))
    yield from _of_wishes(HELD_OUT, "first look, untouched", "the map was fitted on the other half")
    yield from _of_wishes(TUNED, "mended after a first look of 96.7%", "the map was fitted on these")


def _of_wishes(part: str, intents: str, confidence: str) -> Iterator[Measure]:
    yield Measure(_in(INTENTS, part), "own utterances", note=intents)
    yield Measure(_in(CALIBRATION, part), "own utterances", unit="", goal_is="at most", note=confidence)


SUITE = Suite(
    name="reading",
    title="Reading",
    about="what a message meant: entities with their fields, intents, and how far their confidence can be trusted",
    cases=cases,
    answer=answer,
    judge=judge,
    measures=tuple(_measures()),
)
