"""A conversation as exchanges: what a person said, and what the replies to it found, decided and left open."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from vitasense.deterministic.intake import IntentName, Reading, read
from vitasense.deterministic.platform.findings import Finding, Status
from vitasense.deterministic.platform.untrusted import clean
from vitasense.deterministic.threads import Message
from vitasense.memory.conversations.mentions import mentions_of
from vitasense.memory.sentences import sentences

SURE = 0.5  # as the planner has it: below, an intent is not acted upon
UNREADABLE = "a finding of this conversation is kept in a form that is no longer read."
_SMALL = frozenset({IntentName.SMALLTALK_GREETING, IntentName.SMALLTALK_THANKS, IntentName.HELP_CAPABILITIES})
RECALLED = "conversations."  # how the kinds of findings on earlier conversations begin
SILENT = "not evaluated"
_DECLINED = ".declined"
_LONGEST_WHOLE = 400  # characters of a message or finding that are kept whole

Told = tuple[Message, str]


@dataclass(frozen=True)
class Source:
    """One finding or confirmation of a reply: its words, and those of them that a summary needs.

    `silent` tells how it is left open, None when it is an answer. `reason` is why it was not evaluated.
    """

    message: Message
    text: str
    silent: str | None = None
    reason: str | None = None

    @cached_property
    def reading(self) -> Reading:
        """What its words name."""
        return read(self.text, now=self.message.at)

    @property
    def whole(self) -> bool:
        """Whether a summary has all of its words."""
        return len(self.text) <= _LONGEST_WHOLE

    @cached_property
    def short(self) -> str:
        """The words that a summary needs."""
        return _in_short(self.text, self.message)


@dataclass(frozen=True)
class Exchange:
    """What was said (`said`, None when it lies before the part at hand) and the replies up to the next words.

    `confirmations` are those of the whole part by their id, and `answered` the ids of those that got a yes or no.
    """

    said: Message | None
    replies: tuple[Message, ...] = ()
    confirmations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    answered: frozenset[str] = frozenset()
    last: bool = False

    @property
    def id(self) -> UUID | None:
        """The id of the person's message."""
        return self.said.id if self.said else None

    @cached_property
    def reading(self) -> Reading:
        """What the words meant: as it was read then, if the reply kept it, else read now."""
        for reply in self.replies:
            kept = reply.content.get("reading")
            if kept and kept.get("text") == self.text:
                try:
                    return Reading.model_validate(kept)
                except ValidationError:
                    break
        return read(self.text, now=self.said.at if self.said else None)

    @property
    def text(self) -> str:
        """The words as they were said."""
        return _text(self.said)

    @property
    def speaks(self) -> bool:
        """Whether the person said something beyond a yes or no to what waited."""
        return self.said is not None and self.answers is None

    @property
    def answers(self) -> str | None:
        """The id of the confirmation that the words answer."""
        return self.said.content.get("answers") if self.said else None

    @property
    def asks(self) -> bool:
        """Whether the words ask for something."""
        return self.reading.question or any(intent.confidence >= SURE for intent in self.reading.intents)

    @cached_property
    def small_talk(self) -> bool:
        """Whether nothing would be missed without the words: a greeting, thanks, or the yes to a confirmation."""
        if self.answers is not None:
            return True
        wishes = {intent.name for intent in self.reading.intents if intent.confidence >= SURE}
        return bool(wishes) and wishes <= _SMALL and not mentions_of(self.reading)

    @cached_property
    def question(self) -> str:
        """The words, cleaned; of a long message the sentences that ask something or name what must be kept."""
        return _in_short(clean(self.text), self.said)

    @property
    def unanswered(self) -> bool:
        """Whether the words asked for something and no reply found, refused or wrote anything."""
        if self.said is None or self.small_talk or not self.asks:
            return False
        return not any(reply.content.get("findings") or reply.content.get("pending") for reply in self.replies)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """What the replies tell: findings, what was not evaluated, and what waits for a yes or no or was left without."""
        found = (_source(reply, finding) for reply, finding in self._found)
        return (*(source for source in found if source), *self._waiting())

    @cached_property
    def decisions(self) -> tuple[Told, ...]:
        """What the person confirmed or declined."""
        asked = self.confirmations.get(self.answers or "")
        if self.said is None or asked is None:
            return ()
        declined = any(finding and finding.kind.endswith(_DECLINED) for _, finding in self._found)
        done = "declined, nothing was written" if declined else "confirmed"
        return ((self.said, f"{done}: {_asked(asked)}"),)

    @cached_property
    def _found(self) -> tuple[tuple[Message, Finding | None], ...]:
        kept = ((reply, raw) for reply in self.replies for raw in reply.content.get("findings") or ())
        return tuple((reply, _finding(raw)) for reply, raw in kept if not _recalls(raw))

    def _waiting(self) -> Iterator[Source]:
        for reply in self.replies:
            state = "waits for your yes or no" if self.last else "was asked for a yes or no"
            asked = (each["confirmation"] for each in _pending(reply))
            yield from (Source(reply, _asked(each), state) for each in asked if each["id"] not in self.answered)


def exchanges(messages: Sequence[Message]) -> list[Exchange]:
    """The messages as exchanges, in order."""
    groups: list[tuple[Message | None, list[Message]]] = []
    for message in messages:
        if message.author == "person":
            groups.append((message, []))
        elif groups:
            groups[-1][1].append(message)
        else:
            groups.append((None, [message]))
    asked = {each["confirmation"]["id"]: each["confirmation"] for message in messages for each in _pending(message)}
    answered = frozenset(str(message.content["answers"]) for message in messages if "answers" in message.content)
    return [
        Exchange(said, tuple(replies), asked, answered, last=place == len(groups) - 1)
        for place, (said, replies) in enumerate(groups)
    ]


def _recalls(raw: Mapping[str, Any]) -> bool:
    """What was told of earlier conversations is not told again as if it were new."""
    return str(raw.get("kind", "")).startswith(RECALLED)


def _source(reply: Message, finding: Finding | None) -> Source | None:
    if finding is None:
        return Source(reply, UNREADABLE, SILENT)
    if finding.kind.endswith(_DECLINED):  # told as a decision
        return None
    silent = SILENT if finding.status is Status.NOT_EVALUATED else None
    return Source(reply, finding.text, silent, finding.reason)


def _pending(message: Message) -> Sequence[Mapping[str, Any]]:
    return message.content.get("pending") or ()


def _text(message: Message | None) -> str:
    return str(message.content.get("text", "")) if message else ""


def _finding(raw: object) -> Finding | None:
    """The finding, or None when it was kept in a shape that is no longer known."""
    try:
        return Finding.model_validate(raw)
    except ValidationError:
        return None


def _asked(confirmation: Mapping[str, Any]) -> str:
    """What a confirmation would write, in its own words and actual values."""
    return clean(str(confirmation.get("summary") or confirmation.get("title") or ""))


def _in_short(text: str, message: Message | None) -> str:
    """A long text without sentences that say something again, or hold no number and nothing that must be kept."""
    if len(text) <= _LONGEST_WHOLE:
        return " ".join(text.split())
    kept: list[str] = []
    for place, sentence in enumerate(dict.fromkeys(sentences(text))):
        matters = place == 0 or "?" in sentence or any(letter.isdigit() for letter in sentence)
        if matters or mentions_of(read(sentence, now=message.at if message else None)):
            kept.append(sentence)
        elif kept[-1] != "…":
            kept.append("…")
    return " ".join(" ".join(kept).split())
