"""Episodes: a conversation in short, made by rules of what was read and found, without losing what matters.

What may be left out is small talk and what was said before. Medicines, allergies, numbers with their units and open
questions stay, with denial, owner and time; `lost` looks for any that did not.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from vitasense.deterministic.intake import read
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.threads import Message
from vitasense.memory.conversations.mentions import Mention, MentionKind, mentions_of
from vitasense.memory.conversations.turns import Exchange, exchanges
from vitasense.memory.schemas import Entry, Kind
from vitasense.memory.sentences import bounded, day

MOST_LINE = 1200  # characters of one line; a longer one becomes several
MOST_PAGE = 3600  # characters of one entry; a longer episode becomes several
LEFT_OUT = "something in words that read like an instruction; only what they name is kept."
LEFT_OUT_OF_RECORD = (
    "words of the record that read like an instruction were quoted, and nothing was concluded from them."
)
NOTHING = "Nothing was asked or told that is worth keeping."


@dataclass(frozen=True, slots=True)
class Distrust:
    """What is not quoted: words of a person that `instructs` takes for an instruction, and findings with `reason`."""

    instructs: Callable[[str], bool]
    reason: str


class ItemKind(StrEnum):
    """What a line of an episode tells; the value is how the line begins."""

    ASKED = "You asked"
    SAID = "You said"
    FOUND = "I told you"
    DECIDED = "Decided"
    OPEN = "Left open"
    NAMED = "Named"


@dataclass(frozen=True, slots=True)
class Item:
    """One line: what it tells, and the message that it came from."""

    kind: ItemKind
    text: str
    message_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Episode:
    """A conversation, or a part of it, in short: from its first to its last message, line by line."""

    since: datetime
    until: datetime
    first_id: UUID
    last_id: UUID
    items: tuple[Item, ...]

    @property
    def pages(self) -> tuple[str, ...]:
        """The lines in texts of at most MOST_PAGE characters, each under the days it is about."""
        head = f"Conversation of {_days(self.since, self.until)}."
        pages: list[list[str]] = [[head]]
        for line in [f"{item.kind}: {item.text}" for item in self.items] or [NOTHING]:
            if len(pages[-1]) > 1 and len("\n".join((*pages[-1], line))) > MOST_PAGE:
                pages.append([f"{head[:-1]}, continued."])
            pages[-1].append(line)
        return tuple("\n".join(page) for page in pages)

    def entries(self, owner: UUID, thread_id: UUID, *, now: datetime, new_id: NewId) -> list[Entry]:
        """The episode as memories of the conversation's holder; they go when the conversation goes.

        The category is `notes`, whatever was spoken of: the words are the person's own.
        """
        source = Evidence(
            kind="statement",
            ref=str(thread_id),
            version=str(self.last_id),
            label=f"Conversation of {_days(self.since, self.until)}",
            at=self.until,
        )
        known: dict[str, object] = {"owner": owner, "kind": Kind.EPISODE, "category": Category.NOTES, "source": source}
        known |= {"occurred_at": self.until, "recorded_at": now}
        return [Entry.model_validate({"id": new_id(), "text": page} | known) for page in self.pages]


def summarise(messages: Sequence[Message], distrust: Distrust) -> Episode:
    """The messages in short. Raises ValueError when there are none.

    Words are quoted as they are, but for those that speak to the assistant like an instruction: of them only the
    medicines, allergies and numbers are kept. Only messages that may still be seen must be given.
    """
    if not messages:
        raise ValueError("there is nothing to summarise")
    parts = exchanges(messages)
    lines = [line for part in parts for line in _lines(part, distrust)]
    items = [_item(line, piece) for line in _each_once(lines) for piece in bounded(line.text, MOST_LINE)]
    items += _named(lines)
    return Episode(messages[0].at, messages[-1].at, messages[0].id, messages[-1].id, tuple(items))


def lost(messages: Sequence[Message], episode: Episode) -> list[str]:
    """What is in the messages and not in the episode: each medicine, allergy, number or open question, in words.

    A mention counts as kept when reading the episode's lines again finds it meant in the same way, or when it is named
    as a phrase. It looks at the texts that are kept, not at how they were made.
    """
    pages = "\n".join(episode.pages)
    items = [item for item in episode.items if item.text in pages]
    kept = {one for item in items for one in mentions_of(read(item.text, now=item.at))}
    named = {words for item in items if item.kind is ItemKind.NAMED for words in _phrases(item.text)}
    still_open = {item.message_id for item in items if item.kind is ItemKind.OPEN}
    missing: list[str] = []
    for part in exchanges(messages):
        readings = [*([part.reading] if part.speaks else []), *(source.reading for source in part.sources)]
        mentions = (one for reading in readings for one in mentions_of(reading))
        missing += [one.words for one in mentions if one not in kept and one.words not in named]
        missing += [part.question] if part.unanswered and part.id not in still_open else []
        missing += [one.text for one in part.sources if one.silent and one.message.id not in still_open]
    return list(dict.fromkeys(missing))


@dataclass(frozen=True, slots=True)
class _Line:
    """A line before it is cut, with what its source names beside it; `quotes` is whether those words are in it."""

    kind: ItemKind
    text: str
    message: Message
    mentions: tuple[Mention, ...] = ()
    quotes: bool = True


def _lines(part: Exchange, distrust: Distrust) -> Iterator[_Line]:
    yield from _words(part, distrust)
    for message, text in part.decisions:
        yield _Line(ItemKind.DECIDED, text, message)
    for source in part.sources:
        quotes = source.reason != distrust.reason
        words = source.short if quotes else LEFT_OUT_OF_RECORD
        kind = ItemKind.OPEN if source.silent else ItemKind.FOUND
        text = f"{source.silent}: {words}" if source.silent else words
        whole = quotes and source.whole  # then every name is in it, and it need not be read
        yield _Line(kind, text, source.message, () if whole else mentions_of(source.reading), quotes)


def _words(part: Exchange, distrust: Distrust) -> Iterator[_Line]:
    said = part.said
    if said is None or part.small_talk:
        return
    kind = ItemKind.ASKED if part.reading.question else ItemKind.SAID
    quotes = not distrust.instructs(part.text)
    words = f"“{part.question}”" if quotes else LEFT_OUT
    if part.unanswered:
        kind, words = ItemKind.OPEN, f"not answered: {words}"
    yield _Line(kind, words, said, mentions_of(part.reading), quotes)


def _each_once(lines: Sequence[_Line]) -> Iterator[_Line]:
    """The lines without those that say again what was said, but each message's open question."""
    seen: set[tuple[object, ...]] = set()
    for line in lines:
        mark = (line.kind, line.text, line.message.id if line.kind is ItemKind.OPEN else None)
        if mark not in seen:
            seen.add(mark)
            yield line


def _item(line: _Line, piece: str) -> Item:
    return Item(line.kind, piece, line.message.id, line.message.at)


def _named(lines: Sequence[_Line]) -> list[Item]:
    """Medicines and allergies by name, each with the message that named it first, and numbers that no line quotes."""
    found: dict[tuple[UUID, MentionKind], tuple[Message, list[str]]] = {}
    told: set[str] = set()
    for line in lines:
        for one in line.mentions:
            if one.words in told or (line.quotes and one.kind is MentionKind.NUMBER):
                continue
            told.add(one.words)
            found.setdefault((line.message.id, one.kind), (line.message, []))[1].append(one.words)
    return [
        Item(ItemKind.NAMED, f"{_PLURAL[kind]}: {piece}", message.id, message.at)
        for (_, kind), (message, words) in found.items()
        for piece in _rows(words)
    ]


def _rows(words: Sequence[str]) -> Iterator[str]:
    """The phrases in rows that are not too long."""
    row: list[str] = []
    for phrase in words:
        if row and len("; ".join((*row, phrase))) > MOST_LINE:
            yield "; ".join(row)
            row = []
        row.append(phrase)
    yield "; ".join(row)


def _phrases(line: str) -> list[str]:
    return line.partition(": ")[2].split("; ")


_PLURAL = {MentionKind.MEDICINE: "medicines", MentionKind.ALLERGY: "allergies", MentionKind.NUMBER: "numbers"}


def _days(since: datetime, until: datetime) -> str:
    return day(since) if day(since) == day(until) else f"{day(since)} to {day(until)}"
