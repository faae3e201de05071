"""The database: embedded or a server, one dialect, one way in."""

from vitasense.deterministic.platform.database.embedded import EmbeddedPostgres
from vitasense.deterministic.platform.database.engine import Base, Database
from vitasense.deterministic.platform.database.signing import ContextSigner, padded
from vitasense.deterministic.platform.database.upgrade import status, upgrade

__all__ = ["Base", "ContextSigner", "Database", "EmbeddedPostgres", "padded", "status", "upgrade"]
