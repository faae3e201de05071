"""Accounts of a run, and clients that are signed in as one of them."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx
import yaml

from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.problems import InvalidInput

LOGIN = "/v1/auth/login"


@dataclass(frozen=True, slots=True)
class Account:
    """Who a case acts as. `id` is the account's own in this process; by URL it only tells accounts apart."""

    email: str
    name: str
    role: Role
    password: str = field(repr=False)
    id: UUID = field(default_factory=new_id)


class SignIn(httpx.Auth):
    """Signs in at the first request, and once more when the session ran out."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._token: str | None = None
        self._lock = asyncio.Lock()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """The request with the token, after the requests that get one."""
        for _ in range(2):
            used = self._token
            if used is None:
                async with self._lock:
                    if self._token is None:
                        answer = yield self._login(request.url)
                        self._token = await _token(answer)
                used = self._token
            request.headers["Authorization"] = f"Bearer {used}"
            answer = yield request
            if answer.status_code != HTTPStatus.UNAUTHORIZED:
                return
            self._token = None if self._token == used else self._token

    def _login(self, near: httpx.URL) -> httpx.Request:
        body = {"email": self._account.email, "password": self._account.password, "cookie": False}
        return httpx.Request("POST", near.copy_with(raw_path=LOGIN.encode()), json=body)


def read_accounts(file: Path) -> Mapping[Role, Account]:
    """The accounts of a YAML file: role, then email, password and name. InvalidInput names what cannot be used."""
    try:
        told = yaml.safe_load(file.read_text("utf-8"))
        return {Role(role): _account(Role(role), each) for role, each in cast("dict[str, Any]", told).items()}
    except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        wanted = "patient: {email: …, password: …}"
        raise InvalidInput(f"{file} does not name accounts as “{wanted}” ({type(error).__name__}).") from error


def _account(role: Role, told: Mapping[str, str]) -> Account:
    return Account(told["email"], told.get("name", told["email"]), role, told["password"])


async def _token(answer: httpx.Response) -> str:
    if not answer.is_success:
        raise InvalidInput(f"The service does not let the given account in ({answer.status_code}).")
    return str(json.loads(await answer.aread())["access_token"])
