"""From the words of a person to typed statements: what they told about themselves, and nothing that they did not state."""

import re
from collections.abc import Sequence
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from vitasense.deterministic.intake import Entity, Reading
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.untrusted import shown
from vitasense.memory.clauses import Clause, clauses, pattern, plain
from vitasense.memory.schemas import Kind
from vitasense.memory.topics import ITEM, Topic, rules, topics

LONGEST = 400  # characters of one statement; our own choice
KEYED, NOTED, HEDGED = 0.95, 0.8, 0.6  # confidence: of a known topic, of a note, of what the person was not sure of
NO = "no"
ALLERGY = "allergy/"
_KEY_WORDS, _NAME_WORDS = 6, 4
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|i'd|my|me|mine|we|our|myself)\b")
_LIKING = re.compile(r"\b(?:prefer|like|love|enjoy|hate|dislike|want|rather)\b")
# Where a list ends: at a verb of the speaker, or where something else begins.
_LINKS = re.compile(
    r"\s*(?:,|\b(?:and|or))?\s*\b(?:i|i'm|take|have|use|am|can|can't|do|don't|eat|drink|live|work|need|never|because|since"
    r"|so|which|that|when|while|at|on|for|with|without|any more|anymore|any longer)\b.*$"
)
_LISTED = re.compile(r"\s*,\s*(?:and|or|nor)?\s*|\s+(?:and|or|nor)\s+(?:to |of )?(?:the )?")
_FURTHER = re.compile(r"(?:not|only|to|of)\b")  # what a "but" goes on with when it goes on with the list
_NOTHING = frozenset(
    {
        *("it", "that", "this", "them", "they", "he", "she", "we", "you", "my", "his", "her"),
        *("anything", "nothing", "any", "everything", "something"),
    }
)
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
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


def statements(reading: Reading) -> tuple[Statement, ...]:
    """What the message states about the person, or about somebody close, in the order of the text.

    Questions, suppositions and quotations state nothing. When a sentence asks to remember, only such sentences count,
    and those that an opening ("remember this: …", "that is wrong.") leads. The same input gives the same statements.
    """
    found = [each for clause in clauses(reading) for each in _stated(clause)]
    return tuple({(each.key, each.value): each for each in found}.values())


def normalised(text: str) -> str:
    """The text for comparison: small letters, contractions in full, words alone."""
    said: list[str] = _WORD.findall(plain(text))
    words = (_SPELLED.get(word, word) for word in said)
    return " ".join(words)


@cache
def _empty() -> frozenset[str]:
    """Words that say nothing in the key of a note."""
    return frozenset(rules().empty)


def _stated(clause: Clause) -> list[Statement]:
    text = _as_text(clause.said)
    if not text or len(text) > LONGEST or clause.words.startswith(("you ", "your ", "to ")):
        return []
    for topic in topics():
        found = topic.find(clause.words)
        items = _items(topic, found, clause) if found else []
        if found and items:
            return [_statement(topic, clause, text, found, *item, alone=len(items) > 1) for item in items]
    return [_note(clause, text)] if _is_note(clause) else []


def _items(topic: Topic, found: re.Match[str], clause: Clause) -> list[tuple[str, Entity | None]]:
    """What the topic is about, each with what intake found there: of a list its members, and nothing behind it."""
    if ITEM not in topic.row.key:
        return [("", None)]
    entities = [one for one in clause.entities if one.type in topic.row.of]
    listed = found.groupdict().get("item")
    if listed is None:
        return [(one.name, one) for one in entities]
    begins, *further = listed.split(" but ")
    first = _LISTED.split(_LINKS.sub("", begins))
    others = [_LISTED.split(_LINKS.sub("", part)) for part in further if _FURTHER.match(part)]
    items: list[tuple[str, Entity | None]] = []
    for place, name in enumerate(map(_name, first)):
        entity = _named(name, entities)
        if entity or (_is_name(name, listed=place > 0) and not topic.row.needs_entity):
            items.append((entity.name if entity else name, entity))
    known = (_named(_name(part), entities) for parts in others for part in parts)
    return items + [(one.name, one) for one in known if one]


def _name(part: str) -> str:
    return part.strip(" -,")


def _is_name(words: str, *, listed: bool) -> bool:
    said = words.split()
    return bool(said) and said[0] not in _NOTHING and not (listed and len(said) > _NAME_WORDS)


def _named(name: str, entities: Sequence[Entity]) -> Entity | None:
    return next((one for one in entities if plain(one.text) in name), None)


def _statement(
    topic: Topic,
    clause: Clause,
    text: str,
    found: re.Match[str],
    item: str,
    entity: Entity | None,
    *,
    alone: bool,
) -> Statement:
    """`alone` says one member of a list by itself, so that another word on it does not touch the others."""
    owner = clause.owner or (entity.owner if entity and entity.experiencer == "other" else None)
    denied = clause.denies(topic, entity)
    word = found.groupdict().get("value") or ""
    key = topic.row.key.replace(ITEM, slug(item))
    template = (topic.row.denies if denied else topic.row.says) if alone and not owner else None
    return Statement(
        kind=topic.kind,
        category=topic.row.category,
        key=f"family/{slug(owner)}/{key}" if owner else key,
        text=template.format(item=item) if template else text,
        value=_value(topic, clause, word, denied=denied),
        owner=owner,
        confidence=HEDGED if pattern("hedged").search(clause.words) else KEYED,
    )


def _value(topic: Topic, clause: Clause, word: str, *, denied: bool) -> str:
    """What is said: the word that the topic is about, no when it was denied, else whatever was said."""
    if word:
        return f"{NO} {word}" if denied else word
    if denied:
        return NO
    return "yes" if topic.row.says or topic.row.yes_or_no else normalised(clause.words)


def _is_note(clause: Clause) -> bool:
    words = clause.words
    tells = clause.asked and not pattern("asks").match(words)
    return bool((tells or pattern("begins").match(words)) and _FIRST_PERSON.search(words)) and len(words.split()) > 1


def _note(clause: Clause, text: str) -> Statement:
    words = [word for word in _WORD.findall(clause.words) if word not in _empty()]
    key = f"note/{'-'.join(words[:_KEY_WORDS]) or slug(clause.words)}"
    return Statement(
        kind=Kind.PREFERENCE if _LIKING.search(clause.words) else Kind.FACT,
        category=Category.NOTES,
        key=f"family/{slug(clause.owner)}/{key}" if clause.owner else key,
        text=text,
        value=normalised(clause.words),
        owner=clause.owner,
        confidence=HEDGED if pattern("hedged").search(clause.words) else NOTED,
    )


def slug(words: str) -> str:
    """The words of a name joined for a key: "ice cream" is `ice-cream`."""
    return "-".join(_WORD.findall(plain(words)))[:80]


def _as_text(said: str) -> str:
    """The clause as a sentence without its end: cleaned, on one line, with a capital."""
    line = shown(said).strip(" ,;:-–—").rstrip(".!? ")
    return line[:1].upper() + line[1:]
