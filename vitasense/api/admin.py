"""Administering accounts over HTTP. No route of an administrator leads to a record."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from vitasense.api.deps import Caller, Service
from vitasense.deterministic.auth import Account
from vitasense.deterministic.platform.access import Role

router = APIRouter(prefix="/v1/admin/accounts", tags=["admin"])


class NewAccount(BaseModel):
    """The person gets a mail with a link to choose a password."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, Field(max_length=320, examples=["dr.chen@example.org"])]
    name: Annotated[str, Field(max_length=500, examples=["Dr. Chen"])]
    role: Literal["patient", "provider", "admin"]


class AdministeredAccount(BaseModel):
    """An account as an administrator sees it."""

    id: UUID
    email: str
    name: str
    role: Role
    created_at: datetime
    verified_at: datetime | None
    disabled_at: datetime | None

    @classmethod
    def of(cls, account: Account) -> Self:
        """The view of an account."""
        return cls.model_validate(account, from_attributes=True)


class AdministeredAccounts(BaseModel):
    """All accounts, oldest first."""

    items: list[AdministeredAccount]


@router.get("")
async def list_accounts(caller: Caller, services: Service) -> AdministeredAccounts:
    """All accounts."""
    found = await services.accounts.list(caller)
    return AdministeredAccounts(items=[AdministeredAccount.of(account) for account in found])


@router.post("", status_code=201)
async def open_account(body: NewAccount, caller: Caller, services: Service) -> AdministeredAccount:
    """Open an account of any role and invite its owner by mail."""
    account = await services.accounts.create(caller, body.email, body.name, Role(body.role))
    return AdministeredAccount.of(account)


@router.post("/{account_id}/disable")
async def disable_account(account_id: UUID, caller: Caller, services: Service) -> AdministeredAccount:
    """Close an account to its owner and end its sessions; the record stays."""
    return AdministeredAccount.of(await services.accounts.disable(caller, account_id))
