"""Tables of the threads room (created by revision 0001)."""

from sqlalchemy import MetaData, Table
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP, UUID
from sqlalchemy.schema import Column
from sqlalchemy.types import Text

_metadata = MetaData(schema="phi")
_time = TIMESTAMP(timezone=True)

thread = Table(
    "thread",
    _metadata,
    Column("patient_id", UUID, primary_key=True),
    Column("id", UUID, primary_key=True),
    Column("owner_id", UUID),
    Column("title", Text),
    Column("created_at", _time),
    Column("updated_at", _time),
)

message = Table(
    "message",
    _metadata,
    Column("patient_id", UUID, primary_key=True),
    Column("thread_id", UUID, primary_key=True),
    Column("id", UUID, primary_key=True),
    Column("owner_id", UUID),
    Column("author", Text),
    Column("categories", ARRAY(Text)),
    Column("content", JSONB),
    Column("at", _time),
)

CHECKPOINT_TABLES = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")
