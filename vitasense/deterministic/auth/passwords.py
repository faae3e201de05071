"""Passwords: argon2id in a thread, and rules about length only (NIST SP 800-63B rev. 4, 3.1.1.2)."""

import asyncio

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from vitasense.deterministic.platform.problems import InvalidInput

MINIMUM = 12
MAXIMUM = 256
AT_ONCE = 2  # each takes 64 MiB and a core


class Passwords:
    """Hashes and checks passwords, a few at a time."""

    def __init__(self) -> None:
        self._hasher = PasswordHash((Argon2Hasher(),))
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._nobodys = self._hasher.hash("no account has this password")

    async def hash(self, password: str) -> str:
        """The argon2id hash."""
        async with self._slots:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, password: str, hashed: str | None) -> bool:
        """Whether the password belongs to the hash; without a hash it takes as long, and answers no."""
        async with self._slots:
            same = await asyncio.to_thread(self._hasher.verify, password, hashed or self._nobodys)
        return same and hashed is not None


def check_rules(password: str, email: str | None = None) -> None:
    """Raise InvalidInput when the password may not be used."""
    if not MINIMUM <= len(password) <= MAXIMUM:
        raise InvalidInput(f"A password has {MINIMUM} to {MAXIMUM} characters.")
    if email and password.strip().casefold() == email.casefold():
        raise InvalidInput("The password must not be the e-mail address.")
