"""What a person wants to hear of what is remembered, or wants forgotten."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vitasense.deterministic.intake import EntityType, Reading, read
from vitasense.memory.clauses import plain, without_lead
from vitasense.memory.sentences import sentences
from vitasense.memory.statements import slug, statements
from vitasense.memory.topics import rules, stems_asked

_OF_FAMILY = re.compile(r"^family/[^/]+/")
_NOUN = re.compile(r"(?:my|our|the|about|that|all|any) (?:[a-z-]+ ?){1,2}")
_PARTS = re.compile(r"\s*,\s*(?:and )?(?=(?:my|our|that|i)\b)|\s+and (?=(?:my|our|that|i)\b)")
LAST = "last"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Subject:
    """What it is about: `words` as they were said, exact `keys`, and how other keys begin (`stems`).

    `scope` is `all` of what is remembered, the `last` thing of this conversation, or None when the words say it.
    """

    words: str
    keys: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    scope: str | None = None

    def holds(self, key: str | None) -> bool:
        """Whether an entry of this key is meant by its key; family members' are found by the same topics."""
        if key is None:
            return False
        own = _OF_FAMILY.sub("", key)
        return key in self.keys or any(name.startswith(stem) for stem in self.stems for name in (own, key))


def asked(reading: Reading) -> Subject:
    """What the message asks to be reminded of; `all` when it names nothing."""
    words = _rest(reading.text, "asking")
    if re.fullmatch(rules().anything, words):
        return Subject("", scope=ALL)
    return Subject(words, stems=(*stems_asked(words), *_of_people(words)))


def unwanted(reading: Reading) -> Subject:
    """What the message wants forgotten: of the named topics exactly what was said, or the topic when only it was named."""
    words = _rest(reading.text, "forgetting")
    if re.fullmatch(rules().everything, words):
        return Subject("", scope=ALL)
    if re.fullmatch(rules().this_one, words) or not words:
        return Subject("", scope=LAST)
    return about(words)


def about(words: str) -> Subject:
    """What words are about: the keys of what they state, else the topics that they name."""
    keys: list[str] = []
    stems: list[str] = []
    for part in _PARTS.split(words):
        stated = [each.key for each in statements(read(part))]
        keys += stated
        if _NOUN.fullmatch(part) or all(key.startswith("note/") for key in stated):
            stems += [*stems_asked(part), *_of_people(part)]
    return Subject(words, keys=tuple(keys), stems=tuple(stems))


def _of_people(words: str) -> Sequence[str]:
    """How the keys begin that are about the relatives whom the words name."""
    people = [f"family/{slug(one.name)}/" for one in read(words).of_type(EntityType.PERSON)]
    return [*people, "family/"] if re.search(r"\b(?:family|relatives)\b", words) else people


def _rest(text: str, name: str) -> str:
    """The words after those that only ask, of the sentence that asks."""
    for sentence in sentences(text):
        rest = without_lead(sentence, name)
        if rest is not None:
            return _bare(rest)
    return _bare(text)


def _bare(words: str) -> str:
    return re.sub(r",? please$", "", plain(words).strip(" .!?,;:"))
