"""Threads: conversations kept for the person who holds them."""

from vitasense.deterministic.threads.schemas import Message, Thread
from vitasense.deterministic.threads.service import (
    append,
    get,
    holding,
    listed,
    messages,
    messages_after,
    open_thread,
    remove,
    rename,
)

__all__ = [
    "Message",
    "Thread",
    "append",
    "get",
    "holding",
    "listed",
    "messages",
    "messages_after",
    "open_thread",
    "remove",
    "rename",
]
