"""From the words of a person to typed statements: what they told about themselves, and nothing that they did not state."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from vitasense.deterministic.intake import Entity, EntityType, Reading
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.untrusted import shown
from vitasense.memory.schemas import Kind
from vitasense.memory.sentences import sentences
from vitasense.memory.topics import ITEM, Topic, any_of, rules, topics

LONGEST = 400  # characters of one statement; our own choice
KEYED, NOTED, HEDGED = 0.95, 0.8, 0.6  # confidence: of a known topic, of a note, of what the person was not sure of
NO = "no"
ALLERGY = "allergy/"
_KEY_WORDS = 6
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|i'd|my|me|mine|we|our|myself)\b")
_SPEAKER = re.compile(r"\b(?:i|i'm|i've|i'd|me|we|us)\b")
_LIKING = re.compile(r"\b(?:prefer|like|love|enjoy|hate|dislike|want|rather)\b")
_JOINT = re.compile(
    r"[,;]?\s+(?:and|but|also)\s+(?=(?:I|my|I'm|I've|we)\b)|;\s+|,\s+(?=(?:I|I'm|I've|my)\b)|\s+[-–—]\s+"
)
_LINKS = re.compile(r"\s+(?:and|or|nor|but|because|since|so|which|that|when|while|at|in|on|for|any more|anymore)\b.*$")
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_EMPTY = frozenset(
    [
        "a",
        "an",
        "the",
        "i",
        "i'm",
        "i've",
        "i'd",
        "am",
        "is",
        "are",
        "was",
        "be",
        "been",
        "my",
        "me",
        "mine",
        "we",
        "our",
        "of",
        "to",
        "in",
        "on",
        "at",
        "for",
        "with",
        "and",
        "or",
        "but",
        "so",
        "that",
        "this",
        "it",
        "have",
        "has",
        "had",
        "do",
        "does",
        "did",
        "not",
        "don't",
        "very",
        "really",
        "just",
        "also",
        "always",
        "usually",
    ]
)
_SPELLED = {
    "i'm": "i am",
    "i've": "i have",
    "i'd": "i would",
    "don't": "do not",
    "can't": "cannot",
    "doesn't": "does not",
}


class Statement(BaseModel):
    """What a person stated in one clause.

    `key` says what it is about and holds one current statement; `value` is what is said of it, so that two statements
    of one key can be compared. `owner` is whose it is when it is not the person's own; then it stands in the key too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    category: Category
    key: str
    text: str = Field(min_length=1, max_length=LONGEST)
    value: str
    owner: str | None = None
    confidence: float = Field(ge=0, le=1)

    @property
    def of_allergy(self) -> bool:
        """Whether it is about an allergy or intolerance of the person."""
        return self.key.startswith(ALLERGY)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause as it was said, in small letters, and what intake found in it."""

    said: str
    words: str
    entities: tuple[Entity, ...]
    owner: str | None

    @property
    def denied(self) -> bool:
        return bool(_pattern("denied").search(self.words)) or "used to" in self.words


def statements(reading: Reading) -> tuple[Statement, ...]:
    """What the message states about the person, or about somebody close, in the order of the text.

    Questions, suppositions and quotations state nothing. When a sentence asks to remember, only such sentences count,
    and those that an opening ("remember this: …", "that is wrong.") leads. The same input gives the same statements.
    """
    found = [each for clause in _clauses(reading) for each in _stated(clause)]
    return tuple({(each.key, each.value): each for each in found}.values())


def normalised(text: str) -> str:
    """The text for comparison: small letters, contractions in full, words alone."""
    words = (_SPELLED.get(word, word) for word in _WORD.findall(plain(text)))
    return " ".join(words)


def plain(text: str) -> str:
    """Small letters, straight apostrophes, single spaces."""
    return " ".join(text.casefold().replace("’", "'").split())


@cache
def _pattern(name: str) -> re.Pattern[str]:
    found = getattr(rules(), name)
    return re.compile(found) if isinstance(found, str) else any_of(found)


def without_lead(text: str, name: str = "leads") -> str | None:
    """The text after the words that only lead to it; None when it has none."""
    found = _pattern(name).match(plain_spaced(text))
    return text[found.end() :].strip() if found and found.end() else None


def plain_spaced(text: str) -> str:
    """Small letters and straight apostrophes with every character in its place."""
    return "".join(lowered if len(lowered := each.lower()) == 1 else each for each in text.replace("’", "'"))


def _clauses(reading: Reading) -> Iterator[_Clause]:
    told = list(_told(reading.text))
    led = any(asked for _, _, asked in told)
    for start, sentence, asked in told:
        if led and not asked:
            continue
        place = start
        for part in _JOINT.split(sentence):
            place = reading.text.index(part, place)
            yield _clause(part, place, reading)
            place += len(part)


def _told(text: str) -> Iterator[tuple[int, str, bool]]:
    """Place and words of each sentence that states something, without its lead, and whether it was asked to be kept."""
    place, opened = 0, False
    for sentence in sentences(text):
        place = text.index(sentence, place)
        rest = _without_leads(sentence)
        start = place + len(sentence) - len(rest)
        place += len(sentence)
        asked = len(rest) < len(sentence)
        small = plain(sentence)
        if _pattern("supposed").search(small) or _pattern("quoted").search(small):
            continue
        if not asked and (sentence.endswith("?") or _pattern("asks").match(small)):
            continue
        if rest.strip(" .!?:,"):
            yield start, rest, asked or opened
        opened = opened or bool(_pattern("open").search(small))


def _without_leads(sentence: str) -> str:
    rest = sentence
    while (after := without_lead(rest)) is not None and len(after) < len(rest):
        rest = after
    return rest


def _clause(part: str, place: int, reading: Reading) -> _Clause:
    inside = tuple(one for one in reading.entities if place <= one.start < place + len(part) and one.end > one.start)
    words = plain(part).strip(" .!?,;:")
    return _Clause(part, words, inside, _owner(words, inside))


def _owner(words: str, entities: Sequence[Entity]) -> str | None:
    """Whose the clause is when it begins with somebody else and says nothing of the speaker."""
    begins = re.match(r"(?:my|our) (?:[a-z]+ ){0,2}?([a-z-]+)", words)
    person = next((one for one in entities if one.type is EntityType.PERSON), None)
    if begins is None or person is None or plain(person.text) not in words[: begins.end() + 12]:
        return None
    return None if _SPEAKER.search(words) else person.name


def _stated(clause: _Clause) -> list[Statement]:
    text = _as_text(clause.said)
    if not text or len(text) > LONGEST or clause.words.startswith(("you ", "your ")):
        return []
    found = list(_of_topics(clause, text))
    if not found:
        return [_note(clause, text)] if _is_note(clause) else []
    if len(found) == 1:
        return [found[0][0]]
    alone = [one.model_copy(update={"text": template}) for one, template in found if template]
    return alone or [found[0][0]]


def _of_topics(clause: _Clause, text: str) -> Iterator[tuple[Statement, str | None]]:
    """Each statement of a known topic with the sentence that says it alone, when there is one."""
    taken: set[str] = set()
    for topic in topics():
        found = topic.find(clause.words)
        if found is None:
            continue
        for item, entity in _items(topic, found, clause):
            if item in taken and item:
                continue  # "allergic to peanuts" is no food preference too
            taken.add(item)
            yield _statement(topic, clause, text, found, item, entity)


def _items(topic: Topic, found: re.Match[str], clause: _Clause) -> list[tuple[str, Entity | None]]:
    if ITEM not in topic.row.key:
        return [("", None)]
    named = [(one.name, one) for one in clause.entities if one.type in topic.row.of]
    if named or topic.row.needs_entity:
        return named
    item = _LINKS.sub("", found.groupdict().get("item") or "").strip(" -,")
    return [(item, None)] if item else []


def _statement(
    topic: Topic, clause: _Clause, text: str, found: re.Match[str], item: str, entity: Entity | None
) -> tuple[Statement, str | None]:
    owner = clause.owner or (entity.owner if entity and entity.experiencer == "other" else None)
    denied = clause.denied and not (item and _denies_elsewhere(clause, entity))
    word = found.groupdict().get("value") or ""
    key = topic.row.key.replace(ITEM, slug(item))
    statement = Statement(
        kind=topic.kind,
        category=topic.row.category,
        key=f"family/{slug(owner)}/{key}" if owner else key,
        text=text,
        value=_value(topic, clause, word, denied=denied),
        owner=owner,
        confidence=HEDGED if _pattern("hedged").search(clause.words) else KEYED,
    )
    template = topic.row.denies if denied else topic.row.says
    usable = template and not owner and ("{value}" not in template or word)
    return statement, template.format(item=item, value=word) if template and usable else None


def _denies_elsewhere(clause: _Clause, entity: Entity | None) -> bool:
    """ "Allergic to penicillin but not to aspirin": intake knows which of the two is denied."""
    return entity is not None and " but " in clause.words and not entity.negated


def _value(topic: Topic, clause: _Clause, word: str, *, denied: bool) -> str:
    """What is said: the word that the topic is about, no when it was denied, else whatever was said."""
    if word:
        return f"{NO} {word}" if denied else word
    if denied:
        return NO
    return "yes" if topic.row.says or topic.row.denied_alone else normalised(clause.words)


def _is_note(clause: _Clause) -> bool:
    words = clause.words
    return bool(_pattern("begins").match(words) and _FIRST_PERSON.search(words)) and len(words.split()) > 2


def _note(clause: _Clause, text: str) -> Statement:
    words = [word for word in _WORD.findall(clause.words) if word not in _EMPTY]
    key = f"note/{'-'.join(words[:_KEY_WORDS]) or slug(clause.words)}"
    return Statement(
        kind=Kind.PREFERENCE if _LIKING.search(clause.words) else Kind.FACT,
        category=Category.NOTES,
        key=f"family/{slug(clause.owner)}/{key}" if clause.owner else key,
        text=text,
        value=normalised(clause.words),
        owner=clause.owner,
        confidence=HEDGED if _pattern("hedged").search(clause.words) else NOTED,
    )


def slug(words: str) -> str:
    """The words of a name joined for a key: "ice cream" is `ice-cream`."""
    return "-".join(_WORD.findall(plain(words)))[:80]


def _as_text(said: str) -> str:
    """The clause as a sentence without its end: cleaned, on one line, with a capital."""
    line = shown(said).strip(" ,;:-–—").rstrip(".!? ")
    return line[:1].upper() + line[1:]
