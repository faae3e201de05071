"""Conversations of before: when they are summarised, and what is told of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import threads
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, not_evaluated
from vitasense.deterministic.threads import Message
from vitasense.memory import upkeep
from vitasense.memory.conversations.episodes import NOTHING, Distrust, Episode, summarise
from vitasense.memory.conversations.turns import RECALLED
from vitasense.memory.documents.quoting import quotes
from vitasense.memory.schemas import Embedded, Entry, Where
from vitasense.memory.sentences import day
from vitasense.memory.store import Store

MOST_AT_ONCE = 3  # earlier conversations that the opening of a new one summarises; the rest is for the next one
MOST_MESSAGES = 200  # of one conversation at once
LONG = 40  # messages since the last summary that make a conversation long
STAYS = 10  # messages at its end that are not summarised yet
MOST_LINES = 10  # told of one conversation
MOST_EPISODES = 200  # that one search reads, the latest
KIND = f"{RECALLED}recall"
NOTES = frozenset({Category.NOTES})


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose conversations: the person's own ones about the own record, and no others."""

    tx: AsyncSession
    store: Store
    person_id: UUID
    now: datetime
    new_id: NewId
    distrust: Distrust

    @property
    def zone(self) -> tzinfo | None:
        """Whose days are told."""
        return self.now.tzinfo


async def summarise_earlier(holder: Holder, current: UUID) -> None:
    """Keep an episode of each earlier conversation that has none of its last messages; a few of them at once."""
    await upkeep.one_at_a_time(holder.tx, holder.person_id)
    for each in await upkeep.earlier(holder.tx, holder.person_id, current, MOST_AT_ONCE):
        messages = await _after(holder, each.thread_id, each.until)
        await _keep(holder, each.thread_id, messages)


async def summarise_older(holder: Holder, thread_id: UUID) -> None:
    """When a conversation has become long, keep an episode of all but its last messages."""
    count, _ = await upkeep.since_summary(holder.tx, holder.person_id, thread_id)
    if count <= LONG:
        return
    await upkeep.one_at_a_time(holder.tx, holder.person_id)
    count, until = await upkeep.since_summary(holder.tx, holder.person_id, thread_id)
    if count > LONG:
        await _keep(holder, thread_id, older(await _after(holder, thread_id, until)))


def older(messages: Sequence[Message], stays: int = STAYS) -> Sequence[Message]:
    """All but about the last `stays` messages: what stays begins with a person's words."""
    end = max(0, len(messages) - stays)
    while end > 0 and messages[end].author != "person":
        end -= 1
    return messages[:end]


async def _after(holder: Holder, thread_id: UUID, until: datetime | None) -> list[Message]:
    found = await threads.messages_after(holder.tx, holder.person_id, thread_id, until, MOST_MESSAGES)
    return [each.model_copy(update={"at": each.at.astimezone(holder.zone)}) for each in found]


async def _keep(holder: Holder, thread_id: UUID, messages: Sequence[Message]) -> None:
    if not messages:
        return
    episode: Episode = summarise(messages, holder.distrust)
    entries = episode.entries(holder.person_id, thread_id, now=holder.now, new_id=holder.new_id)
    await holder.store.put([Embedded(entry) for entry in entries])


@dataclass(frozen=True, slots=True)
class Recall:
    """Which conversation: of a time, about something; the last one when neither is said."""

    about: str = ""
    since: datetime | None = None
    until: datetime | None = None


async def episode_findings(
    tx: AsyncSession, store: Store, person_id: UUID, current: UUID, asked: Recall
) -> list[Finding]:
    """What earlier conversations told, line by line with its day; else that nothing is kept of it.

    What was said then is told as said then: it is no statement about today.
    """
    spoken = await _episodes(tx, store, person_id, asked.since, asked.until)
    told = _about(spoken, asked.about) if asked.about else _last(spoken, current)
    if not told and asked.about and (asked.since or asked.until):
        told = _about(await _episodes(tx, store, person_id, None, None), asked.about)
    return [*(told or [_nothing(asked)]), *_cut(spoken, asked), *await _waiting(tx, person_id, current)]


async def _episodes(
    tx: AsyncSession, store: Store, person_id: UUID, since: datetime | None, until: datetime | None
) -> list[Entry]:
    ids = await upkeep.latest_episodes(tx, person_id, since=since, until=until, most=MOST_EPISODES)
    return await store.get(Where(owner=person_id), ids)


def _last(entries: Sequence[Entry], current: UUID) -> list[Finding]:
    """The latest conversation but the current one in which something was said."""
    others = [each for each in entries if each.source.ref != str(current) and NOTHING not in each.text]
    same = [each for each in others if each.source.ref == others[0].source.ref]
    lines = [(each, line) for each in same for line in _lines(each)]
    if not lines:
        return []
    head = _finding(same[0].source, f"This is what we talked about in our conversation of {day(same[-1].occurred_at)}.")
    told = [_finding(each.source, line) for each, line in lines[:MOST_LINES]]
    rest = len(lines) - MOST_LINES
    more = [_finding(same[0].source, f"And {rest} more lines of that conversation are kept.")] if rest > 0 else []
    return [head, *told, *more]


def _about(entries: Sequence[Entry], about: str) -> list[Finding]:
    found = quotes(about, entries, str.splitlines)[:MOST_LINES]
    return [_finding(each.entry.source, f"On {day(each.entry.occurred_at)}: {each.sentence}") for each in found]


def _lines(entry: Entry) -> Iterator[str]:
    """The lines of an episode without its first, which tells the days."""
    yield from entry.text.split("\n")[1:]


def _finding(source: Evidence, text: str) -> Finding:
    return Finding(kind=KIND, text=text, status=Status.FOUND, evidence=(source,), categories=NOTES)


def _nothing(asked: Recall) -> Finding:
    about = " about this" if asked.about else ""
    text = f"I have kept nothing of an earlier conversation{about}. What you delete is not kept."
    return Finding(kind=KIND, text=text, status=Status.NOT_FOUND, categories=NOTES)


def _cut(spoken: Sequence[Entry], asked: Recall) -> list[Finding]:
    """That older conversations were not looked into, when there may be more than one search reads."""
    if not asked.about or len(spoken) < MOST_EPISODES:
        return []
    text = f"I looked into the latest {MOST_EPISODES} summaries. Older ones may speak of it: name a time to look there."
    return [not_evaluated(f"{RECALLED}older", text, "too many to look into at once", Category.NOTES)]


async def _waiting(tx: AsyncSession, person_id: UUID, current: UUID) -> list[Finding]:
    waiting = len(await upkeep.earlier(tx, person_id, current, MOST_EPISODES))
    if not waiting:
        return []
    text = (
        f"I did not look into {waiting} of your conversations: they are not summarised yet. You find them in the list."
    )
    return [not_evaluated(f"{RECALLED}waiting", text, "not summarised yet", Category.NOTES)]


def digest(episodes: Sequence[Entry], messages: Sequence[Message], distrust: Distrust, most: int) -> str:
    """The older part of the conversation at hand in short, at most about `most` characters of it, the latest kept."""
    pages = [entry.text for entry in episodes]
    pages += summarise(messages, distrust).pages if messages else ()
    kept: list[str] = []
    for page in reversed(pages):
        if kept and sum(map(len, kept)) + len(page) > most:
            kept.append("What was said before that is left out here.")
            break
        kept.append(page)
    return "\n".join(reversed(kept))
