"""What is known, in the process: facts as columns, put together into one view that answers fast."""

from functools import cache

from vitasense.deterministic.knowledge.library.assembly import whole
from vitasense.deterministic.knowledge.library.rules import role_text, volumes
from vitasense.deterministic.knowledge.library.view import Held, Library
from vitasense.deterministic.knowledge.library.volume import Book, Volume, volume
from vitasense.deterministic.knowledge.rulebook import rulebook

__all__ = ["Book", "Held", "Library", "Volume", "ground", "library", "role_text", "volume", "volumes", "whole"]


@cache
def ground() -> tuple[Volume, ...]:
    """The rule files as volumes, made once."""
    return volumes(rulebook())


@cache
def library() -> Library:
    """What the rule files alone say, put together once."""
    return Library(whole(ground()))
