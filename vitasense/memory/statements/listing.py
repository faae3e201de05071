"""What a clause lists: the things that a topic is about, each with what is said of it apart from the others."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vitasense.deterministic.intake import Entity, EntityType, read
from vitasense.memory.statements.clauses import Clause, pattern, plain
from vitasense.memory.statements.topics import ITEM, Topic

_NAME_WORDS = 4
# Where a list ends: at a verb of the speaker, or where something else begins.
_LINKS = re.compile(
    r"\s*(?:,|\b(?:and|or))?\s*\b(?:i|i'm|take|have|use|am|can|can't|do|don't|eat|drink|live|work|need|never|because|since"
    r"|so|which|that|when|while|at|on|for|with|without|any more|anymore|any longer)\b.*$"
)
_LISTED = re.compile(r"\s*,\s*(?:and|or|nor)?\s*|\s+(?:and|or|nor)\s+(?:to |of )?(?:the )?")
_FURTHER = re.compile(r"(?:not|only|also|to|of)\b")  # what a "but" goes on with when it goes on with the list
_ONLY_IT = re.compile(r"(?:it|that|this|them|these|those|both)\b")
_NEITHER = re.compile(r"^neither\s+(?:to |of )?")
_NOT = re.compile(r"^(?:not|never)\b")
_NOTHING = frozenset(
    {
        *("it", "that", "this", "them", "they", "he", "she", "we", "you", "my", "his", "her", "not", "these", "those"),
        *("anything", "nothing", "any", "everything", "something"),
    }
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing with what intake found there; `denied` when the clause denies it alone ("not to aspirin").

    `excepted` says that it stands behind an exception: of it the opposite is said.
    """

    name: str
    entity: Entity | None = None
    denied: bool = False
    excepted: bool = False


def items(topic: Topic, found: re.Match[str], clause: Clause) -> list[Item]:
    """What the topic is about: of a list its members, and nothing behind it."""
    if ITEM not in topic.row.key:
        return [Item("")]
    entities = [one for one in clause.entities if one.type in topic.row.of]
    listed = found.groupdict().get("item")
    if listed is None or _ONLY_IT.match(listed):  # "my penicillin allergy", "I like nuts but I am allergic to them"
        _, *behind = pattern("excepted").split(clause.words)
        return [
            Item(_known(topic, one), one, excepted=any(plain(one.text) in each for each in behind)) for one in entities
        ]
    before, *behind = pattern("excepted").split(_NEITHER.sub("", listed))
    named = _members(topic, before, entities)
    return [
        *named,
        *(Item(each.name, each.entity, excepted=True) for part in behind for each in _members(topic, part, entities)),
    ]


def _members(topic: Topic, listed: str, entities: Sequence[Entity]) -> list[Item]:
    begins, *further = listed.split(" but ")
    found: list[Item] = []
    for place, name in enumerate(_names(begins)):
        entity = _named(name, entities)
        if entity or (_is_name(name, listed=place > 0) and not topic.row.needs_entity):
            found.append(Item(_known(topic, entity) if entity else name, entity, denied=bool(_NOT.match(name))))
    known = (_named(name, entities) for part in further if _FURTHER.match(part) for name in _names(part))
    return found + [Item(_known(topic, one), one) for one in known if one]


def _known(topic: Topic, entity: Entity) -> str:
    """Its name; of a food that is an allergen too the allergen's, so that "peanut allergy" is of peanut."""
    if entity.type is not EntityType.FOOD or EntityType.ALLERGEN not in topic.row.of:
        return entity.name
    allergens = read(f"allergic to {entity.text}").of_type(EntityType.ALLERGEN)
    return allergens[0].name if allergens else entity.name


def _names(listed: str) -> list[str]:
    return [part.strip(" -,") for part in _LISTED.split(_LINKS.sub("", listed))]


def _is_name(words: str, *, listed: bool) -> bool:
    said = words.split()
    return bool(said) and said[0] not in _NOTHING and not (listed and len(said) > _NAME_WORDS)


def _named(name: str, entities: Sequence[Entity]) -> Entity | None:
    return next((one for one in entities if re.search(rf"\b{re.escape(plain(one.text))}", name)), None)
