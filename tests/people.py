"""Small factories: who asks, and with what access."""

from uuid import UUID

from vitasense.deterministic.platform.access import ALL_CATEGORIES, Access, Principal, Purpose, Role, own_purpose
from vitasense.deterministic.platform.clock import new_id

KEY = b"a context key that only tests use"


def new_principal(role: Role, name: str = "") -> Principal:
    """An account id that nothing refers to yet."""
    account = new_id()
    return Principal(account, role, new_id(), f"{account}@example.org", name or f"{role.value} {account.hex[-4:]}")


def access_of(
    principal: Principal, patient_id: UUID | None = None, *, purpose: Purpose | None = None, activity: str = "test"
) -> Access:
    """Access asking for everything, to the principal's own record unless another is named."""
    return Access(
        principal=principal,
        purpose=purpose or own_purpose(principal),
        activity=activity,
        patient_id=patient_id or principal.account_id,
        reads=ALL_CATEGORIES,
        writes=ALL_CATEGORIES,
    )
