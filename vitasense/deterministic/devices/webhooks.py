"""Signed deliveries of devices, by the Standard Webhooks specification (standardwebhooks.com, 2023).

The headers `webhook-id`, `webhook-timestamp` (seconds) and `webhook-signature` (`v1,` and base64 of HMAC-SHA256 over
`id.timestamp.body`) come with each delivery. An old or future timestamp is refused, and the id makes a repeat known.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.devices import repository
from vitasense.deterministic.devices.models import WebhookRow
from vitasense.deterministic.devices.schemas import Webhook
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.problems import InvalidInput, NotFound, NotSignedIn, Unavailable

TOLERANCE = timedelta(minutes=5)  # Standard Webhooks, "Verifying the timestamp"
SECRET_BYTES = 32
PREFIX = "whsec_"
NONCE_BYTES = 12  # AES-GCM, NIST SP 800-38D
LONGEST_ID = 200
LONGEST_STAMP = 11  # digits: seconds up to the year 5138, which still are a date
_REFUSED = "The delivery is not signed with this webhook's secret."


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery that is what it says: whose, of which device, and the sender's own id of it."""

    patient_id: UUID
    device_id: UUID
    delivery_key: str


@dataclass(frozen=True, slots=True, repr=False)
class Webhooks:
    """Makes and checks webhooks. Secrets are kept sealed with a key that is not in the database."""

    key: bytes

    async def open(
        self, tx: AsyncSession, patient_id: UUID, device_id: UUID, *, now: datetime, new_id: NewId
    ) -> Webhook:
        """A new webhook with its secret, which is not shown again. The transaction must be the service's own."""
        hook_id, secret = new_id(), secrets.token_bytes(SECRET_BYTES)
        values = {
            "id": hook_id,
            "patient_id": patient_id,
            "device_id": device_id,
            "sealed_secret": self._seal(secret, hook_id),
            "created_at": now,
        }
        await repository.add_webhook(tx, values)
        return Webhook(hook_id, device_id, now, PREFIX + base64.b64encode(secret).decode())

    async def check(
        self, tx: AsyncSession, hook_id: UUID, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Delivered:
        """Who delivered. Raises NotSignedIn for a wrong or missing signature, InvalidInput for a time that is off.

        The transaction must be the service's own.
        """
        row = await repository.webhook(tx, hook_id)
        secret = self._open(row) if row else os.urandom(SECRET_BYTES)  # an unknown webhook takes as long as a known one
        delivery, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        signed = f"{delivery}.{stamp}.".encode() + body
        if not _signed(secret, signed, headers.get("webhook-signature", "")) or row is None:
            raise NotSignedIn(_REFUSED)
        if not 1 <= len(delivery) <= LONGEST_ID or not delivery.isprintable():
            raise InvalidInput(f"webhook-id is 1 to {LONGEST_ID} printable characters.")
        if abs(_moment(stamp) - now) > TOLERANCE:
            raise InvalidInput(
                "webhook-timestamp is more than five minutes off: set the sender's clock, then send it anew."
            )
        return Delivered(row.patient_id, row.device_id, f"webhook:{hook_id}:{delivery}")

    def _seal(self, secret: bytes, hook_id: UUID) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, secret, hook_id.bytes)

    def _open(self, row: WebhookRow) -> bytes:
        sealed = bytes(row.sealed_secret)
        try:
            return AESGCM(self.key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], row.id.bytes)
        except InvalidTag as error:
            raise Unavailable(
                "This webhook was made under another VITASENSE_SECRET: revoke it and make a new one."
            ) from error


async def webhooks(tx: AsyncSession, patient_id: UUID) -> list[Webhook]:
    """The webhooks of a person without their secrets. The transaction must be the service's own."""
    rows = await repository.webhooks(tx, patient_id)
    return [Webhook(row.id, row.device_id, row.created_at, revoked_at=row.revoked_at) for row in rows]


async def revoke(tx: AsyncSession, patient_id: UUID, hook_id: UUID, now: datetime) -> None:
    """End a webhook of the person. Raises NotFound. The transaction must be the service's own."""
    if not await repository.revoke_webhooks(tx, patient_id, [hook_id], now):
        raise NotFound("There is no such webhook in force.")


async def revoke_of(tx: AsyncSession, patient_id: UUID, device_id: UUID, now: datetime) -> int:
    """End every webhook of a device; how many there were. The transaction must be the service's own."""
    ids = [row.id for row in await repository.webhooks(tx, patient_id) if row.device_id == device_id]
    return await repository.revoke_webhooks(tx, patient_id, ids, now)


def signature(secret: str, delivery_id: str, timestamp: int, body: bytes) -> str:
    """What a sender puts in `webhook-signature`; `secret` is as it was shown. Raises InvalidInput for no secret."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise InvalidInput("A webhook's secret is whsec_ and base64.") from error
    return "v1," + _mac(key, f"{delivery_id}.{timestamp}.".encode() + body)


def _mac(key: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _signed(key: bytes, signed: bytes, given: str) -> bool:
    """Whether one of the signatures, of which there may be several while a secret changes, is right."""
    right = _mac(key, signed).encode()
    offered = (version for each in given.split() for scheme, _, version in [each.partition(",")] if scheme == "v1")
    return any(hmac.compare_digest(right, each.encode()) for each in offered)


def _moment(stamp: str) -> datetime:
    if not stamp.isdecimal() or len(stamp) > LONGEST_STAMP:
        raise InvalidInput("webhook-timestamp is the time in whole seconds since 1970.")
    return datetime.fromtimestamp(int(stamp), UTC)
