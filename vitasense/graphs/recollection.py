"""What a turn remembers of conversations: when they are summarised, and what a model is told of this one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import threads
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.threads import Message, Thread
from vitasense.guardrails import Untrusted, find_instructions
from vitasense.guardrails.untrusted import REASON
from vitasense.memory import upkeep
from vitasense.memory.conversations.episodes import Distrust
from vitasense.memory.conversations.summaries import NOTES as NOTES
from vitasense.memory.conversations.summaries import Holder, digest, older, summarise_earlier, summarise_older
from vitasense.memory.schemas import Where
from vitasense.memory.stores.postgres import PostgresStore

DISTRUST = Distrust(lambda text: bool(find_instructions(text)), REASON)
LOOK_BACK = 6  # messages read again when a turn begins
LAST = 6  # messages that a model reads as they were said
MOST_DIGEST = 6000  # characters of the older part
MOST_SAID = 1000  # characters of one of the last messages
_LIVE = 60  # messages that are summarised for a model and not kept


@dataclass(frozen=True, slots=True)
class Recollection:
    """What a turn begins with of what was said before. `tells_model`: there is a model that is told of it."""

    new_id: NewId
    tells_model: bool

    async def of(
        self, tx: AsyncSession, thread: Thread, last: Sequence[Message], *, now: datetime, own_record: bool
    ) -> str:
        """Summarise what waits for it, and give what a model is told of this conversation, "" without a model.

        `last` are the last messages. A new conversation summarises the earlier ones, a long one its older part; only
        those that a person holds about the own record.
        """
        holder = Holder(tx, PostgresStore(tx), thread.patient_id, now, self.new_id, DISTRUST)
        if own_record and not last:
            await summarise_earlier(holder, thread.id)
        if own_record and len(last) >= LOOK_BACK:
            await summarise_older(holder, thread.id)
        if not self.tells_model or not last:
            return ""
        return await before(tx, thread.patient_id, thread.id, now=now, own_record=own_record)


async def before(tx: AsyncSession, patient_id: UUID, thread_id: UUID, *, now: datetime, own_record: bool) -> str:
    """What was said in this conversation so far, for a model's eyes: labelled as data, "" at its beginning.

    Of a conversation about somebody else's record only messages that may still be seen are used, and nothing is kept.
    """
    found = await threads.messages(tx, patient_id, thread_id, _LIVE)
    messages = [each.model_copy(update={"at": each.at.astimezone(now.tzinfo)}) for each in found]
    ids = await upkeep.episodes_of(tx, patient_id, thread_id) if own_record else []
    episodes = await PostgresStore(tx).get(Where(owner=patient_id), ids) if ids else []
    if episodes:
        messages = [each for each in messages if each.at > episodes[-1].occurred_at]
    past = older(messages, LAST)
    short = digest(episodes, past, DISTRUST, MOST_DIGEST)
    text = "\n".join(filter(None, (short, *_said(messages[len(past) :]))))
    return (
        Untrusted("earlier in this conversation", str(thread_id), text, bool(find_instructions(text))).framed
        if text
        else ""
    )


def _said(messages: Sequence[Message]) -> list[str]:
    return [f"{each.author}: {' '.join(str(each.content.get('text', '')).split())[:MOST_SAID]}" for each in messages]
