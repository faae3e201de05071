"""Accounts and what signing in gives."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from vitasense.deterministic.platform.access import Role


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in; a patient's account id is also the id of the patient's record."""

    id: UUID
    email: str
    name: str
    role: Role
    created_at: datetime
    verified_at: datetime | None = None
    disabled_at: datetime | None = None

    @property
    def active(self) -> bool:
        """Whether the account may sign in and act."""
        return self.verified_at is not None and self.disabled_at is None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session's newest tokens; `expires_in` is the access token's life in seconds."""

    account: Account
    session_id: UUID
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid access token says."""

    account_id: UUID
    session_id: UUID


class CodePurpose(StrEnum):
    """What a one-time code is for."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, not a password
