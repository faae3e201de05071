"""Every setting of the service, read once from the environment (prefix VITASENSE_) and an optional .env file."""

import os
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Literal, Self
from zoneinfo import available_timezones

from pydantic import SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from vitasense.deterministic.platform.secrets import Keys, read_or_create_secret

MINIMUM_SECRET = 32
ROOT_HOME = Path("/var/lib/vitasense")


def default_home() -> Path:
    """Where data lives: the user's data folder; for root a folder that the unprivileged server may enter."""
    if os.geteuid() == 0:
        return ROOT_HOME
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "vitasense"


class Settings(BaseSettings):
    """The service's settings; unset optional parts are off, and `vitasense check` says what that means."""

    model_config = SettingsConfigDict(env_prefix="VITASENSE_", env_file=".env", extra="ignore")

    environment: Literal["development", "production"] = "development"
    home: Path = default_home()
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str | None = None
    secret: SecretStr | None = None
    demo: bool = True
    country: str | None = None
    timezone: str = "UTC"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    database_url: str | None = None
    database_admin_url: str | None = None
    postgres_bin: Path | None = None
    pool_size: int = 10

    model: str | None = None
    model_base_url: str | None = None
    model_api_key: SecretStr | None = None
    model_timeout_seconds: float = 20.0
    model_trusted: bool = False

    embeddings: str = "lexical"
    embeddings_base_url: str | None = None
    embeddings_api_key: SecretStr | None = None
    embeddings_timeout_seconds: float = 20.0
    embeddings_trusted: bool = False
    embeddings_dimensions: int | None = None
    embeddings_threshold: float | None = None
    embeddings_download: bool = False
    qdrant_url: str | None = None
    qdrant_api_key: SecretStr | None = None
    memory_qdrant_above: int = 200_000

    smtp_url: str | None = None
    mail_from: str = "VitaSense <no-reply@localhost>"

    max_upload_bytes: int = 64 * 1024 * 1024
    max_device_file_bytes: int = 4 * 1024 * 1024 * 1024
    worker_in_process: bool = True
    webhook_hosts: frozenset[str] = frozenset()
    keep_samples_days: int = 365
    keep_rollups_days: int = 5 * 366
    keep_events_days: int = 365
    kafka_bootstrap: str | None = None
    kafka_topic_prefix: str = "vitasense"
    kafka_options: dict[str, SecretStr] = {}

    @model_validator(mode="after")
    def _usable(self) -> Self:
        if self.environment == "production" and (missing := list(self._missing_in_production())):
            raise ValueError("; ".join(missing))
        if not re.fullmatch(r"[A-Za-z0-9._-]{1,100}", self.kafka_topic_prefix):
            raise ValueError("VITASENSE_KAFKA_TOPIC_PREFIX may have letters, digits, dots, underscores and dashes only")
        if self.country and not re.fullmatch("[A-Za-z]{2}", self.country):
            raise ValueError("VITASENSE_COUNTRY must be two letters (ISO 3166-1), such as DE")
        if self.timezone not in available_timezones():
            raise ValueError(f"VITASENSE_TIMEZONE is {self.timezone!r}; it must be an IANA name such as Europe/Berlin")
        if bool(self.database_url) != bool(self.database_admin_url):
            raise ValueError("set VITASENSE_DATABASE_URL and VITASENSE_DATABASE_ADMIN_URL together, or neither")
        return self

    def _missing_in_production(self) -> Iterator[str]:
        given = self.secret.get_secret_value() if self.secret else ""
        if len(given) < MINIMUM_SECRET or len(set(given)) < MINIMUM_SECRET // 4:
            yield f"VITASENSE_SECRET must be set to at least {MINIMUM_SECRET} random characters in production"
        if not (self.public_url or "").startswith("https://"):
            yield "VITASENSE_PUBLIC_URL must be the https address of the service in production"

    @cached_property
    def keys(self) -> Keys:
        """The keys derived from the secret, which is created in the home folder on first use."""
        given = self.secret.get_secret_value() if self.secret else read_or_create_secret(self.home / "secret.key")
        return Keys(given.encode())

    @property
    def hides_identifiers(self) -> bool:
        """Whether a model is configured that may not see who somebody is."""
        return bool(self.model) and not self.model_trusted

    @property
    def base_url(self) -> str:
        """The address under which people reach the service, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")
