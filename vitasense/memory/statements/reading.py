"""From the words of a person to typed statements: what they told about themselves, and nothing that they did not state."""

import re
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from vitasense.deterministic.intake import EntityType, Reading
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.untrusted import shown
from vitasense.memory.schemas import Kind
from vitasense.memory.statements.clauses import Clause, clauses, pattern, plain
from vitasense.memory.statements.listing import Item, items
from vitasense.memory.statements.topics import ITEM, Topic, rules, topics

LONGEST = 400  # characters of one statement; our own choice
KEYED, NOTED, HEDGED = 0.95, 0.8, 0.6  # confidence: of a known topic, of a note, of what the person was not sure of
NO = "no"
ALLERGY = "allergy/"
_KEY_WORDS = 6
# Every grant shows the profile, and how somebody eats says little: what names more than that is shared as a note.
_OPEN = frozenset({Category.PROFILE, Category.NUTRITION})
_CLINICAL = frozenset({EntityType.DRUG, EntityType.CONDITION, EntityType.SYMPTOM, EntityType.LAB, EntityType.GENE})
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|i'd|my|me|mine|we|our|myself)\b")
# The person is who the words that follow are about: "my brother says I am", not "my mother, I think, is".
_SPEAKS = re.compile(
    r"\bi(?:'m|'ve|'d)?(?: (?!(?:think|believe|guess|suppose|hear|heard|know|fear|hope)\b)[\w']+){0,4} ?$"
)
_LIKING = re.compile(r"\b(?:prefer|like|love|enjoy|hate|dislike|want|rather)\b")
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
    for topic in topics() if not clause.of_another else ():
        found = topic.find(clause.words)
        listed = items(topic, found, clause) if found else []
        if found and listed:
            return [_statement(topic, clause, text, found, each, alone=len(listed) > 1) for each in listed]
    return [_note(clause, text)] if _is_note(clause) else []


def _statement(
    topic: Topic,
    clause: Clause,
    text: str,
    found: re.Match[str],
    item: Item,
    *,
    alone: bool,
) -> Statement:
    """`alone` says one member of a list by itself, so that another word on it does not touch the others."""
    owner = _owner(clause, found, item)
    denied = item.denied or clause.denies(topic, item.entity, excepted=item.excepted)
    word = found.groupdict().get("value") or ""
    key = topic.row.key.replace(ITEM, slug(item.name))
    template = (topic.row.denies if denied else topic.row.says) if alone and not owner else None
    return Statement(
        kind=topic.kind,
        category=_category(topic, clause, item),
        key=f"family/{slug(owner)}/{key}" if owner else key,
        text=template.format(item=item.name) if template else text,
        value=_value(topic, clause, word, denied=denied),
        owner=owner,
        confidence=HEDGED if pattern("hedged").search(clause.words) else KEYED,
    )


def _owner(clause: Clause, found: re.Match[str], item: Item) -> str | None:
    """Whose it is: of "unlike my brother I am allergic" the person's, whatever stands beside it."""
    if _SPEAKS.search(clause.words[: found.start() + 2]):
        return None
    entity = item.entity
    return clause.owner or (entity.owner if entity and entity.experiencer == "other" else None)


def _category(topic: Topic, clause: Clause, item: Item) -> Category:
    """What it is shared as: words that every reader of the profile sees must not tell an illness beside it."""
    tells = any(one.type in _CLINICAL for one in clause.entities if one is not item.entity)
    return Category.NOTES if tells and topic.row.category in _OPEN else topic.row.category


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
