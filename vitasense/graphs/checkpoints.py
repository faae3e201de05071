"""LangGraph's Postgres saver behind row-level security: a thread's state belongs to the person who holds it."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.serde.base import SerializerProtocol
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from psycopg import AsyncCursor
from psycopg.rows import DictRow, dict_row

from vitasense.deterministic import intake
from vitasense.deterministic.platform import access, findings
from vitasense.deterministic.platform.access import Access
from vitasense.deterministic.platform.database import Database
from vitasense.graphs import state

NONCE_BYTES = 12  # AES-GCM, NIST SP 800-38D
SEALED = "aes-gcm"
SCHEMA = "phi"
STORED = (
    *(state.Said, state.Reply),
    *(findings.Finding, findings.Evidence, findings.Value, findings.Status, findings.Urgency),
    *(
        access.Category,
        intake.Reading,
        intake.Entity,
        intake.EntityType,
        intake.Intent,
        intake.IntentName,
        intake.Period,
    ),
)


class SealedSerializer(SerializerProtocol):
    """Writes only encrypted values and reads nothing else; only the types in `STORED` and plain data come back."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        allowed = [(stored.__module__, stored.__name__) for stored in STORED]
        self._plain = JsonPlusSerializer(pickle_fallback=False, allowed_msgpack_modules=allowed)

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        """The type with a mark, and nonce plus ciphertext; the type is authenticated with it."""
        kind, data = self._plain.dumps_typed(obj)
        nonce = os.urandom(NONCE_BYTES)
        return f"{kind}+{SEALED}", nonce + self._cipher.encrypt(nonce, data, kind.encode())

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        """The value; raises ValueError for anything that was not sealed here."""
        kind, _, seal = data[0].partition("+")
        if seal != SEALED:
            raise ValueError("a checkpoint value is not encrypted")
        nonce, sealed = data[1][:NONCE_BYTES], data[1][NONCE_BYTES:]
        return self._plain.loads_typed((kind, self._cipher.decrypt(nonce, sealed, kind.encode())))


class ThreadSaver(AsyncPostgresSaver):
    """The saver of one turn: each use is a transaction of its own in the person's signed context."""

    def __init__(self, database: Database, who: Access, serializer: SealedSerializer) -> None:
        super().__init__(conn=None, serde=serializer)  # pyright: ignore[reportArgumentType] connections come from `_cursor`
        self._database = database
        self._who = who

    @asynccontextmanager
    async def _cursor(self, *, pipeline: bool = False) -> AsyncGenerator[AsyncCursor[DictRow]]:
        async with self.lock, self._database.connection(self._who, schema=SCHEMA) as connection:
            if pipeline and self.supports_pipeline:
                async with connection.pipeline(), connection.cursor(binary=True, row_factory=dict_row) as cursor:
                    yield cursor
            else:
                async with connection.cursor(binary=True, row_factory=dict_row) as cursor:
                    yield cursor
