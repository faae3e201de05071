"""Where a page ended, in a word that a client hands back unread."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from vitasense.deterministic.platform.problems import InvalidInput


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last resource of a page: its time (None when it has none), type and id."""

    at: datetime | None
    type: str
    id: UUID

    def __str__(self) -> str:
        parts = [self.at.isoformat() if self.at else None, self.type, str(self.id)]
        return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def cursor_of(word: str) -> Cursor:
    """The cursor of the word. Raises InvalidInput when it was not made here."""
    try:
        parts = cast("list[str | None]", json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))))
        at, own_type, own_id = parts
        return Cursor(datetime.fromisoformat(at) if at else None, str(own_type), UUID(own_id))
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError):
        raise InvalidInput("The cursor is not one of this service: start again from the first page.") from None
