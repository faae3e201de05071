"""Posting over a few kept connections, with as little work of the sender's own as can be."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Self

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Poster:
    """HTTP/1.1 to one port of this machine: who posts takes a connection that is free, or waits for one."""

    def __init__(self, port: int, connections: int) -> None:
        self._port = port
        self._count = connections
        self._free: asyncio.LifoQueue[Connection | None] = asyncio.LifoQueue()

    async def __aenter__(self) -> Self:
        for _ in range(self._count):
            self._free.put_nowait(None)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while not self._free.empty():
            if connection := self._free.get_nowait():
                connection[1].close()

    async def post(self, path: str, headers: Mapping[str, str], body: bytes) -> int:
        """The status of the answer; 0 when there was none, also not on a new connection: kept ones may be closed by now."""
        kept = await self._free.get()
        for connection in (kept, None) if kept else (None,):
            try:
                connection = connection or await asyncio.open_connection("127.0.0.1", self._port)
                status = await self._exchange(connection, path, headers, body)
            except (OSError, EOFError, ValueError):
                if connection:
                    connection[1].close()
                continue
            self._free.put_nowait(connection)
            return status
        self._free.put_nowait(None)
        return 0

    @staticmethod
    async def _exchange(connection: Connection, path: str, headers: Mapping[str, str], body: bytes) -> int:
        reader, writer = connection
        lines = [f"POST {path} HTTP/1.1", "host: 127.0.0.1", f"content-length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = next(line for line in head.split("\r\n") if line.startswith("content-length:"))
        await reader.readexactly(int(length.partition(":")[2]))
        return int(head.split(" ", 2)[1])
