"""Signs the context that row-level security verifies."""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass

from vitasense.deterministic.platform.access import Access

BLOCK = 64  # bytes of a SHA-256 block (FIPS 180-4)
CONTEXT_SECONDS = 60.0  # longest life of one transaction's context


def padded(key: bytes) -> tuple[bytes, bytes]:
    """Inner and outer pad of an HMAC-SHA256 key of at most 64 bytes (RFC 2104), as stored in sec.signing_key."""
    block = key.ljust(BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


@dataclass(frozen=True, slots=True, repr=False)
class ContextSigner:
    """Makes the value of `app.context` for one transaction on one backend."""

    key: bytes

    def sign(self, access: Access, backend_pid: int) -> str:
        """Base64 of the claims, a dot, and their HMAC-SHA256 in hexadecimal."""
        claims = {
            "sub": str(access.principal.account_id),
            "role": access.principal.role.value,
            "purpose": access.purpose.value,
            "patient": str(access.patient_id) if access.patient_id else None,
            "reads": sorted(access.reads | access.writes),
            "writes": sorted(access.writes),
            "activity": access.activity,
            "pid": backend_pid,
            "exp": time.time() + CONTEXT_SECONDS,
        }
        body = json.dumps(claims).encode()
        return base64.b64encode(body).decode() + "." + hmac.new(self.key, body, hashlib.sha256).hexdigest()
