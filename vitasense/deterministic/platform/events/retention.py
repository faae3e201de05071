"""The end of old events: what every consumer is past, and nobody failed at."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

MOST = 5000  # of one call, so that it never holds locks long

# A consumer that was taken out of the table keeps its place for ever: its events stay until its row is removed.
_FORGET = text("""
with old as (
  select e.id from app.event e
  where e.seq <= (select coalesce(min(r.reached), 0) from app.relay r) and e.written_at < :before
    and not exists (select from app.inbox i where i.event_id = e.id and i.handled_at is null)
  order by e.seq limit :most),
noted as (delete from app.inbox i using old where i.event_id = old.id),
gone as (delete from app.event e using old where e.id = old.id returning e.id)
select count(*) from gone
""")


async def forget(tx: AsyncSession, before: datetime, most: int = MOST) -> int:
    """Remove the oldest events written before that time, with the notes of who did them; how many, at most `most`.

    What a consumer has not reached yet, what waits for another try and what was given up stays. What was decided about an
    event stays too: decisions are the record's own. The transaction must be the service's own.
    """
    return (await tx.execute(_FORGET, {"before": before, "most": most})).scalar_one()
