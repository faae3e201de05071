"""A message cut into clauses that state something, without the words that only ask to keep them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from vitasense.deterministic.intake import Entity, EntityType, Reading
from vitasense.memory.sentences import sentences
from vitasense.memory.statements.topics import ITEM, Topic, any_of, rules

_SPEAKER = re.compile(r"\b(?:i|i'm|i've|i'd|me|we|us)\b")
_ASIDE = re.compile(r", i (?:think|believe|guess|suppose|hear|fear),")
# What says nothing by itself: "…, I am allergic to it", "my mother, I think, …".
_WHOLE = (
    r"(?!I(?:'m| am| was) (?:very |severely |badly )?al+er?gic(?: to (?:it|that|them|this|these|those|both))?\s*[.!]*\s*$)"
    r"(?!I (?:think|believe|guess|suppose|hear|fear),)"
)
_JOINT = re.compile(
    rf"[,;]?\s+(?:and|but|also)\s+{_WHOLE}(?=(?:I|my|I'm|I've|we)\b)|,?\s+but\s+(?=[\w -]{{2,40}} (?:makes?|made|gives?|gave) (?:me|my)\b)|;\s+|,\s+{_WHOLE}(?=(?:I|I'm|I've|my)\b)|\s+[-–—]\s+"
)
_NEGATIVE = re.compile(r"\b(?:no|not|never|none|nothing|neither|cannot|without)\b|n't\b")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as it was said, in small letters, and what intake found in it."""

    said: str
    words: str
    entities: tuple[Entity, ...]
    owner: str | None
    asked: bool

    @property
    def of_another(self) -> bool:
        """Whether it is about somebody who is not known to this service, so that nothing in it is the person's."""
        return self.owner is None and bool(pattern("others").match(self.words)) and not _SPEAKER.search(self.words)

    def denies(self, topic: Topic, entity: Entity | None, *, excepted: bool = False) -> bool:
        """Whether it denies the topic; of two things ("to penicillin but not to aspirin") intake knows which one.

        What is excepted from a denial is not denied, and what is excepted from something else is.
        """
        before, *behind = pattern("excepted").split(self.words)
        if excepted:
            return not (_NEGATIVE.search(before) or self._denied(topic, before))
        if entity is not None and " but " in before and not pattern("undenied").search(before):
            return entity.negated
        named = (
            ITEM in topic.row.key
        )  # "no allergies but one" still denies the others; "I don't smoke but at parties" none
        return (named or not behind) and self._denied(topic, before)

    def _denied(self, topic: Topic, words: str) -> bool:
        if pattern("undenied").search(words):
            return False
        return bool((topic.denied or pattern("denied")).search(words))


def plain(text: str) -> str:
    """Small letters, straight apostrophes, single spaces."""
    return " ".join(text.casefold().replace("’", "'").split())


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Patterns of the rules file by their name."""
    found = getattr(rules(), name)
    return re.compile(found) if isinstance(found, str) else any_of(found)


def without_lead(text: str, name: str = "leads") -> str | None:
    """The text after the words that only lead to it; None when it has none."""
    found = pattern(name).match(plain_spaced(text))
    return text[found.end() :].strip() if found and found.end() else None


def plain_spaced(text: str) -> str:
    """Small letters and straight apostrophes with every character in its place."""
    return "".join(lowered if len(lowered := each.lower()) == 1 else each for each in text.replace("’", "'"))


def clauses(reading: Reading) -> Iterator[Clause]:
    """The clauses that state something; when one was asked to be kept, only such ones."""
    told = list(_told(reading.text))
    led = any(asked for _, _, asked in told)
    for start, sentence, asked in told:
        if led and not asked:
            continue
        place = start
        for part in _JOINT.split(sentence):
            place = reading.text.index(part, place)
            yield _clause(part, place, reading, asked=asked)
            place += len(part)


def _told(text: str) -> Iterator[tuple[int, str, bool]]:
    """Place and words of each sentence that states something, without its lead, and whether it was asked to be kept."""
    place, opened = 0, False
    for sentence in sentences(text):
        place = text.index(sentence, place)
        ends = pattern("tails").search(plain_spaced(sentence))
        whole = (sentence[: ends.start()] if ends else sentence).rstrip()
        rest = _without_leads(whole)
        start = place + len(whole) - len(rest)
        place += len(sentence)
        asked = len(rest) < len(sentence)
        small = plain(sentence)
        if pattern("supposed").search(small) or pattern("quoted").search(small):
            continue
        if not asked and (sentence.endswith("?") or pattern("asks").match(small)):
            continue
        if rest.strip(" .!?:,"):
            yield start, rest, asked or opened
        opened = opened or bool(pattern("open").search(small))


def _without_leads(sentence: str) -> str:
    rest = sentence
    while (after := without_lead(rest)) is not None and len(after) < len(rest):
        rest = after
    return rest


def _clause(part: str, place: int, reading: Reading, *, asked: bool) -> Clause:
    inside = tuple(one for one in reading.entities if place <= one.start < place + len(part) and one.end > one.start)
    words = plain(part).strip(" .!?,;:")
    return Clause(part, words, inside, _owner(words, inside), asked)


def _owner(words: str, entities: Sequence[Entity]) -> str | None:
    """Whose the clause is when it begins with somebody else and says nothing of the speaker."""
    words = _ASIDE.sub("", words)
    begins = re.match(r"(?:my|our) (?:[a-z]+ ){0,2}?([a-z-]+)", words)
    person = next((one for one in entities if one.type is EntityType.PERSON), None)
    if begins is None or person is None or plain(person.text) not in words[: begins.end() + 12]:
        return None
    return None if _SPEAKER.search(words) else person.name
