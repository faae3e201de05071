"""`vitasense user …`: accounts, as the operator of this machine."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING

import typer

from vitasense.api.commands import loader as load
from vitasense.api.commands.console import confirmed, say, table, with_services
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.problems import NotFound

if TYPE_CHECKING:
    from vitasense.api.bootstrap import Services
    from vitasense.deterministic.auth import Account

app = typer.Typer(no_args_is_help=True, help="Accounts: create, list, disable, reset a password.")


class NewRole(StrEnum):
    """Roles that an account can have."""

    PATIENT = "patient"
    PROVIDER = "provider"
    ADMIN = "admin"


@app.command()
def create(
    email: str,
    name: str = typer.Option(..., help="The person's name."),
    role: NewRole = typer.Option(NewRole.PATIENT, help="What the account is."),
    ask_password: bool = typer.Option(
        False, help="Ask for the password here (or read one line of standard input) instead of mailing a link."
    ),
) -> None:
    """Create an account. Its owner gets a link to choose a password, by mail."""
    password = _password() if ask_password else None

    async def work(services: Services) -> str:
        account = await services.accounts.create(load.auth.SYSTEM, email, name, Role(role.value), password)
        if password is None:
            await load.worker.worker_of(services).send_mail()
            return f"{account.email} was created. {_where_mail_went(services)}"
        return f"{account.email} was created and can sign in."

    say(with_services(work))


@app.command("list")
def list_accounts(as_json: bool = typer.Option(False, "--json", help="Print JSON.")) -> None:
    """List the accounts."""

    async def work(services: Services) -> list[Account]:
        return await services.accounts.list(load.auth.SYSTEM)

    accounts = with_services(work)
    if as_json:
        members = ("id", "email", "name", "role")
        say(json.dumps([{**{m: str(getattr(a, m)) for m in members}, "active": a.active} for a in accounts], indent=2))
        return
    rows = [(account.email, account.name, account.role.value, _state(account)) for account in accounts]
    table(("e-mail", "name", "role", "state"), rows)


@app.command()
def disable(email: str, yes: bool = typer.Option(False, "--yes", "-y", help="Do not ask.")) -> None:
    """Close an account to its owner and end its sessions. The record stays."""
    confirmed(f"Disable {email}?", yes=yes)

    async def work(services: Services) -> None:
        account = await _found(services, email)
        await services.accounts.disable(load.auth.SYSTEM, account.id)

    with_services(work)
    say(f"{email} is disabled.")


@app.command("reset-password")
def reset_password(email: str) -> None:
    """Mail the owner of an account a link to a new password."""

    async def work(services: Services) -> str:
        account = await _found(services, email)
        await services.accounts.forgot_password(account.email, "command line")
        await load.worker.worker_of(services).send_mail()
        return _where_mail_went(services)

    say(with_services(work))


async def _found(services: Services, email: str) -> Account:
    for account in await services.accounts.list(load.auth.SYSTEM):
        if account.email == email.strip().lower():
            return account
    raise NotFound(f"There is no account with the e-mail {email}.")


def _password() -> str:
    if sys.stdin.isatty():
        return typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return sys.stdin.readline().rstrip("\n")


def _where_mail_went(services: Services) -> str:
    if services.settings.smtp_url:
        return "The link goes out by mail."
    return f"The link is in {services.settings.home / 'mail'} (no mail server is set)."


def _state(account: Account) -> str:
    if account.disabled_at:
        return "disabled"
    return "active" if account.verified_at else "not verified"
