"""Who is asking: accounts, sessions and the only place where a Principal is made."""

from vitasense.deterministic.auth.accounts import Accounts
from vitasense.deterministic.auth.principals import STREAMED, SYSTEM, monitor_access, stream_access, system_access
from vitasense.deterministic.auth.repository import address_of, is_open, patient_ids
from vitasense.deterministic.auth.schemas import Account, SignedIn
from vitasense.deterministic.auth.service import AuthService
from vitasense.deterministic.auth.wiring import open_auth

__all__ = [
    "STREAMED",
    "SYSTEM",
    "Account",
    "Accounts",
    "AuthService",
    "SignedIn",
    "address_of",
    "is_open",
    "monitor_access",
    "open_auth",
    "patient_ids",
    "stream_access",
    "system_access",
]
