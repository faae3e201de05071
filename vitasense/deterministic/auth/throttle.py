"""Limits on attempts by e-mail and by network address, counted before the attempt so that parallel ones count too."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.auth.models import LoginFailureRow
from vitasense.deterministic.platform.clock import Clock
from vitasense.deterministic.platform.problems import TooManyRequests

_LOCK = text("select pg_advisory_xact_lock(:key)")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many attempts within a window, for one e-mail and for one network address."""

    what: str
    per_email: int
    per_address: int
    window: timedelta


LOGIN = Limits("login", per_email=10, per_address=50, window=timedelta(minutes=15))
MAIL = Limits("mail", per_email=5, per_address=100, window=timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted attempt, to be taken back when it succeeds."""

    email_key: bytes
    address_key: bytes
    at: datetime


class Throttle:
    """Counts attempts under keyed hashes: the table tells nobody's e-mail or address."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock

    async def count(self, tx: AsyncSession, limits: Limits, email: str, address: str) -> Attempt:
        """Count one attempt, or raise TooManyRequests with `retry_after` in seconds. Commit before the attempt."""
        attempt = Attempt(
            self._key(limits.what, "email", email), self._key(limits.what, "address", address), self._clock()
        )
        ceilings = {attempt.email_key: limits.per_email, attempt.address_key: limits.per_address}
        for key in sorted(ceilings):
            await tx.execute(_LOCK, {"key": int.from_bytes(key[:8], signed=True)})
            await self._refuse_above(tx, key, ceilings[key], limits.window, attempt.at)
        await tx.execute(insert(LoginFailureRow), [{"key": key, "at": attempt.at} for key in ceilings])
        return attempt

    async def succeeded(self, tx: AsyncSession, attempt: Attempt) -> None:
        """Forget the attempts of the e-mail, and this one of the network address."""
        rows = delete(LoginFailureRow)
        await tx.execute(rows.where(LoginFailureRow.key == attempt.email_key))
        await tx.execute(rows.where(LoginFailureRow.key == attempt.address_key, LoginFailureRow.at == attempt.at))

    async def _refuse_above(self, tx: AsyncSession, key: bytes, most: int, window: timedelta, now: datetime) -> None:
        await tx.execute(delete(LoginFailureRow).where(LoginFailureRow.key == key, LoginFailureRow.at <= now - window))
        query = select(func.count(), func.min(LoginFailureRow.at)).where(LoginFailureRow.key == key)
        count, oldest = (await tx.execute(query)).one()
        if count >= most:
            wait = max(1, int((oldest + window - now).total_seconds()) + 1)
            raise TooManyRequests("Too many attempts. Wait before the next one.", retry_after=wait)

    def _key(self, *parts: str) -> bytes:
        return hmac.new(self._secret, "\0".join(parts).encode(), sha256).digest()
