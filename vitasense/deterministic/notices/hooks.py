"""What leaves by webhook: a link, signed by the Standard Webhooks specification, to hosts that the operator allowed."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.notices import repository
from vitasense.deterministic.notices.schemas import OutgoingHook
from vitasense.deterministic.platform.access import Access
from vitasense.deterministic.platform.clock import Clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.problems import InvalidInput

TIMEOUT_SECONDS = 10.0
MOST_AT_ONCE = 100
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, repr=False)
class Hooks:
    """Sends webhooks. `hosts` are all that may be called; `key` makes each person's secret."""

    key: bytes
    hosts: Collection[str]

    def check(self, url: str) -> None:
        """Raise InvalidInput, with what to do, for an address that nothing is sent to."""
        try:
            parts = urlsplit(url)
            sound = bool(parts.hostname) and parts.port != 0
        except ValueError:
            raise InvalidInput("A webhook's address is no web address.") from None
        secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
        if not secure or not sound or parts.username is not None or parts.password is not None:
            raise InvalidInput("A webhook's address begins with https:// and names no user.")
        if parts.hostname not in self.hosts:
            raise InvalidInput(
                f"This service sends nothing to {parts.hostname}: whoever runs it allows hosts with VITASENSE_WEBHOOK_HOSTS."
            )

    def secret(self, patient_id: UUID) -> str:
        """With what a person's webhooks are signed, for the receiver to check them."""
        return "whsec_" + base64.b64encode(self._secret(patient_id)).decode()

    def headers(self, hook: OutgoingHook, now: datetime) -> dict[str, str]:
        """The signature of one message at one time."""
        stamp = str(int(now.timestamp()))
        signed = f"{hook.id}.{stamp}.{hook.body}".encode()
        mac = hmac.new(self._secret(hook.patient_id), signed, hashlib.sha256).digest()
        return {
            "content-type": "application/json",
            "webhook-id": str(hook.id),
            "webhook-timestamp": stamp,
            "webhook-signature": "v1," + base64.b64encode(mac).decode(),
        }

    def _secret(self, patient_id: UUID) -> bytes:
        return hmac.new(self.key, patient_id.bytes, hashlib.sha256).digest()


async def post_hook(tx: AsyncSession, hook_id: UUID, patient_id: UUID, url: str, link: str, now: datetime) -> None:
    """Let a webhook leave once this transaction commits, once for each id. The transaction must be the service's own."""
    body = json.dumps({"type": "message.waiting", "timestamp": now.isoformat(), "data": {"link": link}})
    await repository.add_hook(tx, OutgoingHook(hook_id, patient_id, url, body, now))


async def send_hooks(database: Database, access: Access, hooks: Hooks, clock: Clock, client: httpx.AsyncClient) -> int:
    """Send the webhooks that are due; returns how many were taken. A failure is tried again, later and later.

    No redirect is followed, and a host that is not allowed any more is not called.
    """
    sent = 0
    for _ in range(MOST_AT_ONCE):
        outcome = await _send_one(database, access, hooks, clock, client)
        if outcome is None:
            break
        sent += outcome
    return sent


async def _send_one(
    database: Database, access: Access, hooks: Hooks, clock: Clock, client: httpx.AsyncClient
) -> bool | None:
    async with database.transaction(access) as tx:
        hook = await repository.claim_hook(tx, clock())
        if hook is None:
            return None
        try:
            hooks.check(hook.url)
            await _call(client, hook, hooks.headers(hook, clock()))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, InvalidInput) as error:
            log.warning("webhook.failed", error=type(error).__name__)  # the address may hold a key of its own
            await repository.mark_hook_failed(tx, hook.id, clock(), type(error).__name__)
            return False
        await repository.mark_hook_sent(tx, hook.id, clock())
        return True


async def _call(client: httpx.AsyncClient, hook: OutgoingHook, headers: Mapping[str, str]) -> None:
    """Raises httpx.HTTPError for all but a 2xx. What is answered is not read, and slow answers end with the time."""
    async with (
        asyncio.timeout(TIMEOUT_SECONDS),
        client.stream("POST", hook.url, content=hook.body, headers=headers, follow_redirects=False) as answer,
    ):
        answer.raise_for_status()
