"""What one message of a model may ask for: not too many calls, and none too large or too deep to look at."""

from collections.abc import Mapping, Sequence
from typing import cast

from langchain_core.messages import AIMessage, BaseMessage

MOST_CALLS = 16  # of one message; our own choice, more than any question needs
LARGEST_ARGUMENTS = 4_000  # characters and values of one call's arguments
LARGEST_INTEGER = 2**63
DEEPEST_ARGUMENTS = 8  # levels; the deepest tool has three


def bounded(message: BaseMessage) -> AIMessage:
    """The first MOST_CALLS calls that are within bounds, and nothing else that a provider added to its message."""
    if not isinstance(message, AIMessage):
        return AIMessage(content="")
    kept = [call for call in message.tool_calls[:MOST_CALLS] if _within_bounds(call)]
    words = str(message.text)[:LARGEST_ARGUMENTS]
    return AIMessage(content=words if _storable(words) else "", tool_calls=kept)


def _within_bounds(call: object) -> bool:
    """Walks without recursion and stops at the first excess: arguments may be deeper than the stack."""
    size, left = 0, [(call, 0)]
    while left:
        value, depth = left.pop()
        size += 1 + (len(value) if isinstance(value, str) else 0)
        if size > LARGEST_ARGUMENTS or depth > DEEPEST_ARGUMENTS or not _storable(value):
            return False
        left.extend((child, depth + 1) for child in _children(value))
    return True


def _storable(value: object) -> bool:
    """Whether a checkpoint can keep it: no half of a surrogate pair, no whole number beyond 64 bits."""
    if isinstance(value, str):
        return not any("\ud800" <= character <= "\udfff" for character in value)
    return not isinstance(value, int) or abs(value) < LARGEST_INTEGER


def _children(value: object) -> Sequence[object]:
    if isinstance(value, Mapping):
        pairs = cast("Mapping[object, object]", value)
        return [*pairs.keys(), *pairs.values()]
    return cast("Sequence[object]", value) if isinstance(value, list | tuple) else ()
