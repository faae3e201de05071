"""One secret at set-up; every key is derived from it (HKDF-SHA256, RFC 5869), each for one use."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Keys of 32 bytes, by use; never logged, never stored."""

    secret: bytes

    def derive(self, use: str) -> bytes:
        """The key for `use`, the same at every start."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"vitasense/{use}".encode()).derive(self.secret)

    def password(self, role: str) -> str:
        """The embedded database's password of a role."""
        return self.derive(f"database/{role}").hex()


def read_or_create_secret(path: Path) -> str:
    """The secret in `path`, made with mode 0600 when there is none; two processes starting at once agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    return _read(path)


def _read(path: Path) -> str:
    value = path.read_text().strip()
    if not value:
        raise OSError(f"{path} is empty: restore it from a backup, or remove it together with the data it protects")
    return value
