"""Who is asking: accounts, sessions and the only place where a Principal is made."""

from vitasense.deterministic.auth.accounts import Accounts
from vitasense.deterministic.auth.principals import SYSTEM, system_access
from vitasense.deterministic.auth.schemas import Account, SignedIn
from vitasense.deterministic.auth.service import AuthService
from vitasense.deterministic.auth.wiring import open_auth

__all__ = ["SYSTEM", "Account", "Accounts", "AuthService", "SignedIn", "open_auth", "system_access"]
