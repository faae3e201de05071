"""LangGraph's Postgres saver behind row-level security: a thread's state belongs to the person who holds it."""

import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.postgres.base import BasePostgresSaver
from langgraph.checkpoint.serde.base import SerializerProtocol
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

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

Save = Callable[[AsyncPostgresSaver], Awaitable[object]]


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


class ThreadSaver(BasePostgresSaver):
    """The saver of one turn, in the person's signed context.

    A message starts anew, so only the answer to a confirmation `resumes` and reads what was saved. What a turn saves is
    held until `keep` writes it: a finished turn leaves nothing that a later one would need.
    """

    def __init__(self, database: Database, who: Access, serializer: SealedSerializer, *, resumes: bool) -> None:
        super().__init__(serde=serializer)
        self._database = database
        self._who = who
        self._resumes = resumes
        self._held: list[Save] = []

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Where the interrupted turn stopped, for the turn that resumes it; else None."""
        if not self._resumes:
            return None
        async with self._stored() as saver:
            return await saver.aget_tuple(config)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Hold a checkpoint."""
        self._held.append(lambda saver: saver.aput(config, checkpoint, metadata, new_versions))
        return config

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Hold what a step wrote, an interrupt's question too."""
        self._held.append(lambda saver: saver.aput_writes(config, writes, task_id, task_path))

    async def keep(self) -> None:
        """Store what is held, in one transaction: a turn waits for an answer and will be resumed."""
        async with self._stored() as saver:
            for save in self._held:
                await save(saver)

    @asynccontextmanager
    async def _stored(self) -> AsyncGenerator[AsyncPostgresSaver]:
        async with self._database.connection(self._who, schema=SCHEMA) as connection:
            yield AsyncPostgresSaver(connection, serde=self.serde)
