"""What a statement changes in what is remembered: something new, the same again, or another word on the same."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vitasense.deterministic.intake import read
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.findings import Evidence
from vitasense.memory.schemas import Entry, Hit
from vitasense.memory.sentences import day
from vitasense.memory.statements.reading import NO, Statement, normalised, statements

ALIKE = 0.97  # cosine from which two notes say the same; our own choice, high because words as "not" weigh little
_TIMES = re.compile(r"\d+|\b(?:used|stopped|quit|gave|given|until|since|ago)\b")
_TAKEN = frozenset({"i", "am", "have", "had", "an", "a", "to", "allergic", "allergy", "my", "the", "of"})
_WEIGHTY = re.compile(r"\d+(?:[.,]\d+)?|\b(?:not|no|never|without|cannot|stopped|quit|left|right)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """By whom about whose record, when, and in which conversation something was told; `thread_id` None elsewhere."""

    owner: UUID
    at: datetime
    now: datetime
    thread_id: UUID | None = None

    @property
    def source(self) -> Evidence:
        """Where it was said, as evidence."""
        where = f"Conversation of {day(self.at)}" if self.thread_id else f"Written down by hand on {day(self.at)}"
        ref = str(self.thread_id) if self.thread_id else "memories"
        return Evidence(kind="statement", ref=ref, version="1", label=where, at=self.at)


@dataclass(frozen=True, slots=True)
class Change:
    """`entry` is to be kept; `ended` are the older ones that it supersedes, as they become.

    `repeats` says that the entry was there and is confirmed again. `contradicts` are entries about the same allergy
    that say the opposite and stay as they are.
    """

    entry: Entry
    ended: tuple[Entry, ...] = ()
    repeats: bool = False
    contradicts: tuple[Entry, ...] = ()


def change_of(
    statement: Statement, current: Sequence[Entry], told: Told, *, new_id: NewId, correcting: bool = False
) -> Change:
    """What the statement makes of the current entries of its key.

    A new value supersedes the old one with history, and so do more words on the same. An allergy is only superseded by its denial, or the denial by it,
    when the person is `correcting`: otherwise both stay, so that a slip of the tongue takes no allergy away. Neither does
    another word on it take away a reaction that was told before.
    """
    alike = [each for each in current if says(statement, each)]
    same = next((each for each in alike if not _says_more(statement, each)), None)
    others = [each for each in current if each not in alike]
    opposed = [each for each in others if statement.of_allergy and _opposed(statement, each)]
    ends = [each for each in others if each not in opposed or correcting]
    contradicts = () if correcting else tuple(opposed)
    if same is not None:
        again = confirmed(same, statement.confidence, told)
        return Change(again, tuple(ended(each, again, told) for each in ends), repeats=True, contradicts=contradicts)
    entry = _entry(statement, told, new_id())
    gone = [*(each for each in alike if not statement.of_allergy or _holds(statement, each)), *ends]
    return Change(entry, tuple(ended(each, entry, told) for each in gone), contradicts=contradicts)


def value_of(entry: Entry) -> str:
    """What an entry says of its key, read from its words."""
    found = next((each for each in statements(read(entry.text)) if each.key == entry.key), None)
    return found.value if found else normalised(entry.text)


def denies(entry: Entry) -> bool:
    """Whether the entry says that there is no such thing."""
    return value_of(entry) == NO


def says(statement: Statement, entry: Entry) -> bool:
    """Whether the entry says the same: in the same words, or the same value of the same key."""
    return normalised(statement.text) == normalised(entry.text) or statement.value == value_of(entry)


def alike(statement: Statement, hits: Sequence[Hit]) -> Entry | None:
    """The note that says almost the same in almost the same words, with the same numbers and denials; else None."""
    for hit in hits:
        near = hit.similarity is not None and hit.similarity >= ALIKE
        if (
            near
            and hit.entry.key
            and hit.entry.key.startswith("note/")
            and _weighty(statement.text) == _weighty(hit.entry.text)
        ):
            return hit.entry
    return None


def confirmed(entry: Entry, confidence: float, told: Told) -> Entry:
    """The entry as confirmed again: `recorded_at` and its source are of now, and when it was first told stays."""
    surer = max(entry.confidence, confidence)
    return entry.model_copy(update={"recorded_at": told.now, "source": told.source, "confidence": surer})


def ended(entry: Entry, by: Entry, told: Told) -> Entry:
    """The entry as history, superseded by another."""
    return entry.model_copy(update={"ended_at": told.now, "superseded_by": by.id})


def _entry(statement: Statement, told: Told, entry_id: UUID) -> Entry:
    return Entry(
        id=entry_id,
        owner=told.owner,
        kind=statement.kind,
        category=statement.category,
        text=statement.text,
        key=statement.key,
        source=told.source,
        confidence=statement.confidence,
        occurred_at=told.at,
        recorded_at=told.now,
    )


def _opposed(statement: Statement, entry: Entry) -> bool:
    return (statement.value == NO) != denies(entry)


def _says_more(statement: Statement, entry: Entry) -> bool:
    """An allergy told again with more words may tell the reaction, and a denial since when: it must not be lost."""
    if statement.of_allergy:
        return not set(normalised(statement.text).split()) <= set(normalised(entry.text).split())
    return not set(_TIMES.findall(normalised(statement.text))) <= set(_TIMES.findall(normalised(entry.text)))


def _holds(statement: Statement, entry: Entry) -> bool:
    """Whether nothing that the entry says is missing in the statement."""
    return set(normalised(entry.text).split()) <= set(normalised(statement.text).split()) | _TAKEN


def _weighty(text: str) -> list[str]:
    return _WEIGHTY.findall(normalised(text))
