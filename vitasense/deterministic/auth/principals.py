"""The only place where a Principal is made."""

from uuid import UUID

from vitasense.deterministic.auth.schemas import Account
from vitasense.deterministic.platform.access import ALL_CATEGORIES, Access, Category, Principal, Purpose, Role

SYSTEM = Principal(UUID(int=0), Role.SYSTEM, None, "", "VitaSense")
"""The service itself: it handles accounts, mail and the outbox, and reads no clinical row."""


def system_access(activity: str) -> Access:
    """The service's own access, for one transaction; `activity` is for the audit log."""
    return Access(SYSTEM, Purpose.OPERATIONS, activity)


STREAMED = frozenset({Category.VITALS, Category.LABS})
"""What devices measure is shared as: the categories of tracking/rules/metrics.yaml."""


def stream_access(activity: str, patient_id: UUID, device_id: UUID | None = None) -> Access:
    """Access to the streams of one patient: for a device that proved who it is, or for the service's own upkeep."""
    principal = Principal(device_id or SYSTEM.account_id, Role.STREAM, None, "", "VitaSense")
    return Access(principal, Purpose.SELF, activity, patient_id, STREAMED, STREAMED)


def monitor_access(activity: str, patient_id: UUID) -> Access:
    """Access of the service that watches for one patient; the database gives nothing when the patient said no."""
    principal = Principal(SYSTEM.account_id, Role.MONITOR, None, "", "VitaSense")
    return Access(principal, Purpose.SELF, activity, patient_id, ALL_CATEGORIES, ALL_CATEGORIES)


def principal_of(account: Account, session_id: UUID | None) -> Principal:
    """The principal of an account that proved who it is."""
    return Principal(account.id, account.role, session_id, account.email, account.name)
