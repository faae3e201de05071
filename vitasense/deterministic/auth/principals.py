"""The only place where a Principal is made."""

from uuid import UUID

from vitasense.deterministic.auth.schemas import Account
from vitasense.deterministic.platform.access import Access, Principal, Purpose, Role

SYSTEM = Principal(UUID(int=0), Role.SYSTEM, None, "", "VitaSense")
"""The service itself: it handles accounts, mail and the outbox, and reads no clinical row."""


def system_access(activity: str) -> Access:
    """The service's own access, for one transaction; `activity` is for the audit log."""
    return Access(SYSTEM, Purpose.OPERATIONS, activity)


def principal_of(account: Account, session_id: UUID | None) -> Principal:
    """The principal of an account that proved who it is."""
    return Principal(account.id, account.role, session_id, account.email, account.name)
