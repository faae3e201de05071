"""Sessions: signing in, staying signed in, signing out, and who a token belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.auth import repository
from vitasense.deterministic.auth.accounts import normal_email
from vitasense.deterministic.auth.passwords import MAXIMUM, Passwords
from vitasense.deterministic.auth.principals import principal_of, system_access
from vitasense.deterministic.auth.repository import Issued, Stored
from vitasense.deterministic.auth.schemas import Account, SignedIn
from vitasense.deterministic.auth.throttle import LOGIN, Attempt, Throttle
from vitasense.deterministic.auth.tokens import ACCESS_LIFE, Tokens, fingerprint, new_secret
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import Clock, NewId
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.problems import NotFound, NotSignedIn

REFRESH_LIFE = timedelta(days=30)
SESSION_LIFE = timedelta(days=90)
KEPT = timedelta(days=90)  # ended sessions and spent tokens, so that a token's reuse is still recognised

_REFUSED = "The e-mail or the password is wrong, or the e-mail was not confirmed yet."
_OVER = "The session ended. Sign in again."

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Granted:
    account: Account
    session_id: UUID
    refresh_token: str


class AuthService:
    """Sessions; each method is whole in itself and opens its own transactions in the service's context."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        tokens: Tokens,
        throttle: Throttle,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._tokens = tokens
        self._throttle = throttle
        self._clock = clock
        self._new_id = new_id

    def jwks(self) -> Mapping[str, object]:
        """The public keys that access tokens are signed with (RFC 7517)."""
        return self._tokens.jwks()

    async def log_in(self, email: str, password: str, address: str) -> SignedIn:
        """Begin a session. NotSignedIn with one answer for every refusal; TooManyRequests with `retry_after`."""
        email = normal_email(email)
        async with self._database.transaction(system_access("sign in")) as tx:
            attempt = await self._throttle.count(tx, LOGIN, email, address)
            stored = await repository.account_by_email(tx, email)
        known_hash = stored.password_hash if stored else None
        matches = await self._passwords.matches(password[: MAXIMUM + 1], known_hash)
        if not (matches and stored and stored.account.active):
            log.warning("auth.refused")
            raise NotSignedIn(_REFUSED)
        return await self._begin(stored, attempt)

    async def refresh(self, refresh_token: str) -> SignedIn:
        """Exchange the token for new ones. A token that was exchanged before ends its session: it was stolen."""
        async with self._database.transaction(system_access("refresh session")) as tx:
            granted = await self._exchange(tx, fingerprint(refresh_token))
        if granted is None:
            raise NotSignedIn(_OVER)
        return self._signed_in(granted)

    async def principal_of(self, token: str) -> Principal:
        """Who an access token belongs to; NotSignedIn when it, its session or its account is no longer valid."""
        claims = self._tokens.claims(token)
        async with self._database.transaction(system_access("check session")) as tx:
            account = await repository.account_of_session(tx, claims.session_id, claims.account_id)
        if account is None or not account.active:
            raise NotSignedIn(_OVER)
        return principal_of(account, claims.session_id)

    async def principal_for_email(self, email: str) -> Principal:
        """The principal of an account, for the operator at this machine's command line, who needs no password."""
        async with self._database.transaction(system_access("command line")) as tx:
            stored = await repository.account_by_email(tx, normal_email(email))
        if stored is None or not stored.account.active:
            raise NotFound("There is no active account with this e-mail.")
        return principal_of(stored.account, None)

    async def log_out(self, principal: Principal) -> None:
        """End the principal's session."""
        if principal.session_id is not None:
            await self._end(principal.session_id, principal.account_id)

    async def log_out_by_refresh_token(self, refresh_token: str) -> None:
        """End the session of a refresh token, when the access token ran out already. Nothing for an unknown one."""
        async with self._database.transaction(system_access("sign out")) as tx:
            issued = await repository.refresh_token_locked(tx, fingerprint(refresh_token))
        if issued:
            await self._end(issued.session_id, issued.account.id)

    async def log_out_everywhere(self, principal: Principal) -> int:
        """End all sessions of the account; returns how many were alive."""
        async with self._database.transaction(system_access("sign out everywhere")) as tx:
            ended = await repository.end_sessions(tx, principal.account_id, self._clock())
            await repository.note(tx, principal.account_id, "signed out everywhere", "session", {"count": ended})
        return ended

    async def tidy(self) -> None:
        """Delete what nobody needs any more: old attempts, codes, tokens and ended sessions."""
        async with self._database.transaction(system_access("tidy sessions")) as tx:
            await repository.delete_old(tx, self._clock() - KEPT)

    async def _begin(self, verified: Stored, attempt: Attempt) -> SignedIn:
        async with self._database.transaction(system_access("sign in")) as tx:
            current = await repository.account_locked(tx, verified.account.id)
            if current is None or not current.account.active or current.password_hash != verified.password_hash:
                raise NotSignedIn(_REFUSED)
            await self._throttle.succeeded(tx, attempt)
            session_id, now = self._new_id(), self._clock()
            await repository.add_session(tx, session_id, current.account.id, now)
            refresh_token = await self._issue(tx, session_id, now, now + REFRESH_LIFE)
            await repository.note(tx, current.account.id, "signed in", "session", {"session": str(session_id)})
        return self._signed_in(_Granted(current.account, session_id, refresh_token))

    async def _exchange(self, tx: AsyncSession, token_hash: bytes) -> _Granted | None:
        issued, now = await repository.refresh_token_locked(tx, token_hash), self._clock()
        if issued is None:
            return None
        if issued.used_at is not None:
            await self._punish_reuse(tx, issued, now)
            return None
        if issued.session_ended_at or issued.expires_at <= now or not issued.account.active:
            return None
        await repository.use_refresh_token(tx, token_hash, now)
        expires_at = min(now + REFRESH_LIFE, issued.session_created_at + SESSION_LIFE)
        refresh_token = await self._issue(tx, issued.session_id, now, expires_at)
        return _Granted(issued.account, issued.session_id, refresh_token)

    async def _punish_reuse(self, tx: AsyncSession, issued: Issued, now: datetime) -> None:
        if await repository.end_session(tx, issued.session_id, now):
            log.warning("auth.refresh_token_reused")
            details = {"session": str(issued.session_id)}
            await repository.note(tx, issued.account.id, "ended after a token came twice", "session", details)

    async def _issue(self, tx: AsyncSession, session_id: UUID, now: datetime, expires_at: datetime) -> str:
        token = new_secret()
        await repository.add_refresh_token(tx, fingerprint(token), session_id, now, expires_at)
        return token

    async def _end(self, session_id: UUID, account_id: UUID) -> None:
        async with self._database.transaction(system_access("sign out")) as tx:
            if await repository.end_session(tx, session_id, self._clock()):
                await repository.note(tx, account_id, "signed out", "session", {"session": str(session_id)})

    def _signed_in(self, granted: _Granted) -> SignedIn:
        account = granted.account
        access_token = self._tokens.access_token(account.id, granted.session_id, account.role)
        seconds = int(ACCESS_LIFE.total_seconds())
        return SignedIn(account, granted.session_id, access_token, granted.refresh_token, seconds)
