"""A service that runs elsewhere, by its URL: what can be asked over HTTP, and nothing else."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import httpx

from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.problems import NotAllowed
from vitasense.evals.accounts import Account
from vitasense.evals.usage import Usage

if TYPE_CHECKING:
    from vitasense.api.bootstrap import Services


class Remote:
    """The service at `base_url`."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    @property
    def services(self) -> "Services":
        """Not to be had."""
        _refuse("parts")

    def transport(self) -> httpx.AsyncBaseTransport:
        """A connection."""
        return httpx.AsyncHTTPTransport()

    async def newcomer(self, role: Role, name: str) -> Account:
        """Not to be had."""
        del role, name
        _refuse("new accounts")

    async def rows(self, sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """Not to be had."""
        del sql, values
        _refuse("tables")

    async def settle(self) -> None:
        """Not to be had."""
        _refuse("worker")

    def watch(self) -> Usage:
        """Nobody sees from here what the service asks of a model."""
        return Usage(measured=False)


@asynccontextmanager
async def reached(url: str) -> AsyncGenerator[Remote]:
    """The service at this address."""
    yield Remote(url.rstrip("/"))


def _refuse(what: str) -> NoReturn:
    raise NotAllowed(f"The {what} of a service are used only when it runs in this process, without --url.")
