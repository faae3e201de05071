"""Access tokens (JWT, Ed25519: RFC 7519, RFC 8037, RFC 9864) and random secrets that are stored as SHA-256."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from vitasense.deterministic.auth.schemas import Claims
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import Clock
from vitasense.deterministic.platform.problems import NotSignedIn

ALGORITHM = "Ed25519"
ISSUER = "vitasense"
ACCESS_LIFE = timedelta(minutes=10)
LONGEST_TOKEN = 2048


class Tokens:
    """Signs and checks access tokens with the one key derived for it."""

    def __init__(self, seed: bytes, clock: Clock) -> None:
        self._key = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(seed))
        self._kid = self._key.thumbprint()
        self._clock = clock

    def access_token(self, account_id: UUID, session_id: UUID, role: Role) -> str:
        """A signed token that lives ten minutes."""
        now = int(self._clock().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": ISSUER,
            "sub": str(account_id),
            "sid": str(session_id),
            "role": role.value,
            "iat": now,
            "exp": now + int(ACCESS_LIFE.total_seconds()),
        }
        header = {"alg": ALGORITHM, "kid": self._kid, "typ": "at+jwt"}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])

    def claims(self, token: str) -> Claims:
        """What the token says; NotSignedIn when it is not ours, was changed or ran out."""
        try:
            if len(token) > LONGEST_TOKEN:
                raise ValueError(token[:0])
            decoded = jwt.decode(token, self._key, algorithms=[ALGORITHM])
            if decoded.header.get("typ") != "at+jwt" or decoded.header.get("kid") != self._kid:
                raise ValueError("another kind of token")
            self._rules().validate(decoded.claims)
            return Claims(UUID(str(decoded.claims["sub"])), UUID(str(decoded.claims["sid"])))
        except (JoseError, ValueError) as error:
            raise NotSignedIn("The session is not valid or ran out. Sign in again.") from error

    def jwks(self) -> Mapping[str, object]:
        """The public key set (RFC 7517)."""
        public = self._key.as_dict(private=False)
        return {"keys": [{**public, "kid": self._kid, "use": "sig", "alg": ALGORITHM}]}

    def _rules(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": ISSUER},
            sub={"essential": True},
            sid={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )


def new_secret() -> str:
    """256 random bits for a refresh token or a mailed code."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> bytes:
    """What is stored of a secret; the secret is random, so a plain SHA-256 cannot be searched."""
    return sha256(secret.encode()).digest()
