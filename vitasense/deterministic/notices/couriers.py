"""Ways out for mail: an SMTP server, or a folder of .eml files when none is set."""

import asyncio
import os
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.platform.settings import Settings

TIMEOUT_SECONDS = 20
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class Courier(Protocol):
    """Delivers a message, or raises; its Message-ID is the same at every attempt."""

    async def deliver(self, message: EmailMessage) -> None:
        """Hand the message over."""
        ...


class FolderCourier:
    """Writes each message as a private .eml file, the same file at every attempt."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def deliver(self, message: EmailMessage) -> None:
        """Write `<id>.eml` whole or not at all."""
        await asyncio.to_thread(self._write, message)

    def _write(self, message: EmailMessage) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        unfinished = self._folder / f".{name}.part"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(message.as_bytes())
        unfinished.rename(self._folder / f"{name}.eml")


class SmtpCourier:
    """Sends through `smtp://user:password@host:port` (STARTTLS required beyond this machine) or `smtps://`."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        if self._url.scheme not in ("smtp", "smtps") or not self._url.hostname:
            raise InvalidInput("VITASENSE_SMTP_URL must look like smtp://user:password@host:587 or smtps://host:465")

    async def deliver(self, message: EmailMessage) -> None:
        """Send the message; raises smtplib.SMTPException or OSError."""
        await asyncio.to_thread(self._send, message)

    def _send(self, message: EmailMessage) -> None:
        host, tls = self._url.hostname or "", ssl.create_default_context()
        with self._open(host, tls) as server:
            if self._url.scheme == "smtp" and host not in LOCAL_HOSTS:
                server.starttls(context=tls)
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
            server.send_message(message)

    def _open(self, host: str, tls: ssl.SSLContext) -> smtplib.SMTP:
        if self._url.scheme == "smtps":
            return smtplib.SMTP_SSL(host, self._url.port or 465, timeout=TIMEOUT_SECONDS, context=tls)
        return smtplib.SMTP(host, self._url.port or 587, timeout=TIMEOUT_SECONDS)


def courier_of(settings: Settings) -> Courier:
    """SMTP when VITASENSE_SMTP_URL is set, else the folder `mail` of the home folder."""
    return SmtpCourier(settings.smtp_url) if settings.smtp_url else FolderCourier(settings.home / "mail")
