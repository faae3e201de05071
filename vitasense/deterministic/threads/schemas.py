"""Thread and Message: conversations as they are kept."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.platform.access import Category

TITLE_LENGTH = 80


class Thread(BaseModel):
    """One conversation of one person about one record."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    patient_id: UUID
    title: str
    created_at: datetime
    updated_at: datetime


class Message(BaseModel):
    """One message. `content` holds its text and, for a reply, its findings; `categories` what it drew on."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    author: Literal["person", "assistant"]
    content: dict[str, Any]
    categories: frozenset[Category] = frozenset()
    at: datetime
