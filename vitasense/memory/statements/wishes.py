"""What a person wants to hear of what is remembered, or wants forgotten."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vitasense.deterministic.intake import EntityType, Reading, read
from vitasense.memory.schemas import Entry
from vitasense.memory.sentences import sentences
from vitasense.memory.statements.changes import denies
from vitasense.memory.statements.clauses import pattern, plain, without_lead
from vitasense.memory.statements.reading import ALLERGY, NO, Statement, slug, statements
from vitasense.memory.statements.topics import rules, stems_asked, topics

_OF_FAMILY = re.compile(r"^family/[^/]+/")
_NOUN = re.compile(r"(?:my|our|the|about|that|all|any) (?:[a-z-]+ ?){1,2}")
_PARTS = re.compile(r"\s*,\s*(?:and )?(?=(?:my|our|that|i)\b)|\s+and (?=(?:my|our|that|i)\b)")
_STATES = re.compile(r"(?:i|i'm|i've)\b")
LAST = "last"
ALL = "all"
ALL_BUT = "all but"


@dataclass(frozen=True, slots=True)
class Subject:
    """What it is about: `words` as they were said, exact `keys`, and how other keys begin (`stems`).

    `scope` is `all` of what is remembered, `all but` something, the `last` thing of this conversation, or None when the
    words say it. `own` is only what the person told of themselves, unless a relative is named. `denied` are those of the
    keys that the words deny.
    """

    words: str
    keys: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    scope: str | None = None
    own: bool = False
    denied: frozenset[str] = frozenset()

    def holds(self, key: str | None) -> bool:
        """Whether an entry of this key is meant by its key; family members' are found by the same topics."""
        if key is None:
            return False
        names = (key,) if self.own else (_OF_FAMILY.sub("", key), key)
        return key in self.keys or any(name.startswith(stem) for stem in self.stems for name in names)

    def opposes(self, entry: Entry) -> bool:
        """Whether it is the other word on an allergy than the one that the words name."""
        if entry.key not in self.keys or not entry.key.startswith(ALLERGY):
            return False
        return denies(entry) != (entry.key in self.denied)


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
    """What of the person's own words are about: the keys of what they state, else the topics that they name."""
    if pattern("excepted").search(words) and not _STATES.match(words):
        return Subject(words, scope=ALL_BUT)
    keys: list[str] = []
    stems: list[str] = []
    denied: set[str] = set()
    for part in _PARTS.split(words):
        stated = statements(read(part))
        keys += [each.key for each in stated]
        denied |= {each.key for each in stated if each.value == NO}
        if all(_names_topic(each.key) for each in stated) and (_NOUN.fullmatch(part) or _only_notes(stated)):
            stems += [*stems_asked(part), *_of_people(part)]
    return Subject(words, keys=tuple(keys), stems=tuple(stems), own=True, denied=frozenset(denied))


def _names_topic(key: str) -> bool:
    """Whether a key names a whole topic rather than one thing of it: `smoking`, and not `allergy/penicillin`."""
    exact = (topic.stem for topic in topics() if topic.stem.endswith("/"))
    own = _OF_FAMILY.sub("", key)
    return own.startswith("note/") or (own == key and not key.startswith(tuple(exact)))


def _only_notes(stated: Sequence[Statement]) -> bool:
    return all("note/" in each.key for each in stated)


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
