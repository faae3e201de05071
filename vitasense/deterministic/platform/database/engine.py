"""The one way to the database: transactions that begin with a signed context."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from vitasense.deterministic.platform.access import Access
from vitasense.deterministic.platform.database.signing import ContextSigner

_BACKEND = text("select pg_backend_pid()")
_CONTEXT = text("select set_config('app.context', :token, true)")
_CONTEXT_AND_SCHEMA = text("select set_config('app.context', :token, true), set_config('search_path', :schema, true)")


class Base(DeclarativeBase):
    """Base of every table; the tables themselves are made by the migrations."""


class Database:
    """The application's pool. Whatever the code asks for, the database gives what the context may have."""

    def __init__(self, url: str, signer: ContextSigner, *, pool_size: int = 10) -> None:
        self._engine = create_async_engine(url, pool_size=pool_size, max_overflow=0, hide_parameters=True)
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False, autoflush=False)
        self._signer = signer

    @asynccontextmanager
    async def transaction(self, access: Access) -> AsyncGenerator[AsyncSession]:
        """One transaction under `access`: committed at the end, rolled back on an error. Never hold it over a wait."""
        async with self._sessions.begin() as session:
            pid = (await session.execute(_BACKEND)).scalar_one()
            await session.execute(_CONTEXT, {"token": self._signer.sign(access, pid)})
            session.info["access"] = access
            yield session

    async def switch(self, tx: AsyncSession, access: Access) -> None:
        """From here on the transaction goes on under another access: what was done stays one with what follows."""
        pid = (await tx.execute(_BACKEND)).scalar_one()
        await tx.execute(_CONTEXT, {"token": self._signer.sign(access, pid)})
        tx.info["access"] = access

    @asynccontextmanager
    async def connection(self, access: Access, *, schema: str) -> AsyncGenerator[AsyncConnection[Any]]:
        """The same as a psycopg connection, for libraries that write their own SQL into `schema`."""
        async with self._engine.begin() as connection:
            pid = (await connection.execute(_BACKEND)).scalar_one()
            values = {"token": self._signer.sign(access, pid), "schema": schema}
            await connection.execute(_CONTEXT_AND_SCHEMA, values)
            raw = (await connection.get_raw_connection()).driver_connection
            assert isinstance(raw, AsyncConnection)
            yield raw

    async def ping(self) -> None:
        """Raise when the database does not answer."""
        async with self._engine.connect() as connection:
            await connection.execute(text("select 1"))

    async def close(self) -> None:
        """Give every connection back."""
        await self._engine.dispose()
