"""The system under test: the real service in this process or by URL, opened when a case first needs it."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal, Protocol
from uuid import UUID

import httpx
from pydantic import BaseModel, ConfigDict

from vitasense import demo
from vitasense.deterministic.platform.access import ALL_CATEGORIES, Category, Purpose, Role
from vitasense.deterministic.platform.findings import Finding, Urgency
from vitasense.deterministic.platform.problems import NotAllowed
from vitasense.evals.accounts import Account, SignIn, read_accounts
from vitasense.evals.usage import Usage, spend

if TYPE_CHECKING:
    from vitasense.api.bootstrap import Services

LONGEST_TURN_SECONDS = 120.0


class Asked(BaseModel):
    """What the service wants confirmed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    tool: str
    title: str
    summary: str
    details: list[dict[str, str]]


class Turn(BaseModel):
    """What `POST /v1/chat` answered, with the seconds until it did and the calls of a model behind it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    thread_id: UUID
    message_id: UUID
    reply: str
    urgency: Urgency
    findings: list[Finding]
    agents: list[str]
    confirmation: Asked | None
    planner: Literal["embedded", "model"]
    seconds: float
    usage: Usage


class Refused(Exception):
    """The service answered a request with a problem document."""

    def __init__(self, answer: httpx.Response) -> None:
        self.status = answer.status_code
        is_problem = answer.headers.get("content-type", "").startswith("application/problem+json")
        self.problem: Mapping[str, Any] = answer.json() if is_problem else {}
        super().__init__(f"{self.status} {self.problem.get('detail', answer.reason_phrase)}")


class Way(Protocol):
    """How the service is reached."""

    @property
    def services(self) -> "Services":
        """The opened services; NotAllowed when they are not in this process."""
        ...

    def transport(self) -> httpx.AsyncBaseTransport:
        """A new connection, to the service as if from an address of its own."""
        ...

    @property
    def base_url(self) -> str:
        """The address of the service."""
        ...

    async def newcomer(self, role: Role, name: str) -> Account:
        """A fresh account."""
        ...

    async def rows(self, sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """What the database holds, read past row-level security."""
        ...

    async def settle(self) -> None:
        """Do what waits for the worker."""
        ...

    def watch(self) -> Usage:
        """The calls of a model that the current task makes from now on."""
        ...


@dataclass
class System:
    """The service under test; suites get it, and the first call that needs the service starts it.

    `model` is the language model that it uses, None without one.
    """

    url: str | None = None
    model: str | None = None
    given: Mapping[Role, Account] = field(default_factory=dict[Role, Account], repr=False)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack, repr=False)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    _way: Way | None = field(default=None, repr=False)
    _clients: dict[UUID, httpx.AsyncClient] = field(default_factory=dict[UUID, httpx.AsyncClient], repr=False)
    _standing: dict[Role, Account] = field(default_factory=dict[Role, Account], repr=False)
    _holding_lock: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    _holders: dict[str | None, Account] = field(default_factory=dict[str | None, Account], repr=False)

    @property
    def opened(self) -> bool:
        """Whether any case has needed the service so far."""
        return self._way is not None

    async def close(self) -> None:
        """End what was opened; nothing happens when nothing was. It can be opened again."""
        await self._stack.aclose()
        self._way = None
        self._clients.clear()
        self._standing.clear()
        self._holders.clear()

    async def newcomer(self, role: Role = Role.PATIENT, name: str = "") -> Account:
        """A fresh account with an empty record. NotAllowed by URL: nobody's service is filled with made-up people."""
        return await (await self._opened()).newcomer(role, name or f"A {role.value}")

    async def account(self, role: Role = Role.PATIENT) -> Account:
        """The account of this run in a role: the given one by URL, else one newcomer for all who ask."""
        if self.url is not None:
            return _given(self.given, role)
        way = await self._opened()
        async with self._lock:
            if role not in self._standing:
                self._standing[role] = await way.newcomer(role, f"A {role.value}")
            return self._standing[role]

    async def holder(self, record: str | None, *, fresh: bool = False) -> Account:
        """A patient with this record of the demo, None for an empty one: one for all who ask, or a fresh one.

        NotAllowed by URL.
        """
        if fresh:
            return await self._holding(record)
        async with self._holding_lock:
            if record not in self._holders:
                self._holders[record] = await self._holding(record)
            return self._holders[record]

    async def _holding(self, record: str | None) -> Account:
        account = await self.newcomer(Role.PATIENT)
        if record is not None:
            await self.import_bundle(account, demo.record(record))
        return account

    async def services(self) -> "Services":
        """The service's opened parts. NotAllowed by URL."""
        return (await self._opened()).services

    async def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """What the database holds, read as its administrator, past row-level security. NotAllowed by URL."""
        return await (await self._opened()).rows(sql, values)

    async def settle(self) -> None:
        """Do at once what waits for the worker: events and what follows from them. NotAllowed by URL."""
        await (await self._opened()).settle()

    async def client(self, account: Account | None = None) -> httpx.AsyncClient:
        """A client that is signed in as the account, or is nobody; closed with the system."""
        way = await self._opened()
        if account is not None and account.id in self._clients:
            return self._clients[account.id]
        signed_in = SignIn(account) if account else None
        opened = httpx.AsyncClient(
            transport=way.transport(), base_url=way.base_url, auth=signed_in, timeout=LONGEST_TURN_SECONDS
        )
        self._stack.push_async_callback(opened.aclose)
        if account is not None:
            self._clients[account.id] = opened
        return opened

    async def send(
        self, account: Account, message: str, thread_id: UUID | None = None, patient_id: UUID | None = None
    ) -> Turn:
        """The service's answer to a message. Refused when it answers with a problem."""
        return await self._turn(account, {"message": message}, thread_id, patient_id)

    async def confirm(
        self,
        account: Account,
        thread_id: UUID,
        confirmation_id: str,
        approved: bool,
        patient_id: UUID | None = None,
    ) -> Turn:
        """The service's answer to yes or no. Refused when it answers with a problem."""
        answer = {"confirmation": {"id": confirmation_id, "approved": approved}}
        return await self._turn(account, answer, thread_id, patient_id)

    async def import_bundle(self, account: Account, bundle: Mapping[str, Any]) -> Mapping[str, Any]:
        """Take a FHIR R4 bundle into the account's own record; the import report. Refused when it cannot be read."""
        client = await self.client(account)
        content = httpx.Response(200, json=bundle).content
        return _told(await client.post("/v1/imports", files={"file": ("bundle.json", content, "application/json")}))

    async def grant(
        self,
        patient: Account,
        provider: Account,
        categories: frozenset[Category] = ALL_CATEGORIES,
        *,
        actions: frozenset[str] = frozenset({"read"}),
        purposes: frozenset[Purpose] = frozenset({Purpose.TREATMENT}),
    ) -> UUID:
        """Share parts of the patient's record with the provider; the grant's id, for `revoke`."""
        terms = {"grantee_email": provider.email, "categories": sorted(categories)}
        client = await self.client(patient)
        body = terms | {"actions": sorted(actions), "purposes": sorted(purposes)}
        return UUID(_told(await client.post("/v1/consents", json=body))["id"])

    async def revoke(self, patient: Account, grant_id: UUID) -> None:
        """End a grant."""
        _told(await (await self.client(patient)).post(f"/v1/consents/{grant_id}/revoke"))

    async def _turn(
        self, account: Account, body: dict[str, Any], thread_id: UUID | None, patient_id: UUID | None
    ) -> Turn:
        way, client = await self._opened(), await self.client(account)
        ids = {"thread_id": thread_id, "patient_id": patient_id}
        usage, began = way.watch(), perf_counter()
        answer = await client.post("/v1/chat", json=body | {key: str(value) for key, value in ids.items() if value})
        seconds = perf_counter() - began
        usage.turns.append(seconds)
        usage.by_model += answer.is_success and answer.json()["planner"] == "model"
        spend(usage)
        return Turn.model_validate({**_told(answer), "seconds": seconds, "usage": usage})

    async def _opened(self) -> Way:
        async with self._lock:
            way = self._way or await self._stack.enter_async_context(_way_to(self))
            self._way = way
            return way


@asynccontextmanager
async def open_system(
    *, url: str | None = None, model: str | None = None, accounts: Path | None = None
) -> AsyncGenerator[System]:
    """The system for one run: in this process (with this model, or none), or by URL with the accounts of a file."""
    system = System(url, model, read_accounts(accounts) if accounts else {})
    try:
        yield system
    finally:
        await system.close()


def _way_to(system: System) -> AbstractAsyncContextManager[Way]:
    """The service takes seconds to load, so that happens when it is needed."""
    place = import_module("vitasense.evals.inprocess" if system.url is None else "vitasense.evals.remote")
    return place.reached(system.url or system.model)


def _given(accounts: Mapping[Role, Account], role: Role) -> Account:
    if role not in accounts:
        raise NotAllowed(f"There is no {role.value} among the given accounts; name one in the file of --accounts.")
    return accounts[role]


def _told(answer: httpx.Response) -> Mapping[str, Any]:
    if answer.is_success:
        return answer.json()
    raise Refused(answer)
