"""Puts the room together from the settings."""

from vitasense.deterministic.auth.accounts import EVEN_SECONDS, Accounts
from vitasense.deterministic.auth.letters import Letters
from vitasense.deterministic.auth.passwords import Passwords
from vitasense.deterministic.auth.service import AuthService
from vitasense.deterministic.auth.throttle import Throttle
from vitasense.deterministic.auth.tokens import Tokens
from vitasense.deterministic.platform.clock import Clock, NewId
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.settings import Settings


def open_auth(
    database: Database, settings: Settings, clock: Clock, new_id: NewId, *, even_seconds: float = EVEN_SECONDS
) -> tuple[AuthService, Accounts]:
    """The services of sessions and of accounts, with the keys that the settings derive for them."""
    passwords = Passwords()
    throttle = Throttle(settings.keys.derive("throttle"), clock)
    tokens = Tokens(settings.keys.derive("tokens"), clock)
    letters = Letters(settings.base_url)
    accounts = Accounts(database, passwords, throttle, letters, clock, new_id, even_seconds=even_seconds)
    return AuthService(database, passwords, tokens, throttle, clock, new_id), accounts
