"""`vitasense consent …`: what a patient shares, with whom."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

import typer

from vitasense.api.commands import loader as load
from vitasense.api.commands.console import say, table, with_services
from vitasense.deterministic.platform.access import Access, Action, Category, Principal, Purpose, Role, own_purpose

if TYPE_CHECKING:
    from vitasense.api.bootstrap import Services
    from vitasense.deterministic.consent import Grant

app = typer.Typer(no_args_is_help=True, help="Sharing: grant, revoke, list.")


class SharedPurpose(StrEnum):
    """Purposes that a grant can name."""

    TREATMENT = "treatment"
    EMERGENCY = "emergency"
    RESEARCH = "research"
    OPERATIONS = "operations"


@app.command()
def grant(
    provider: str = typer.Argument(..., metavar="PROVIDER_EMAIL"),
    category: list[Category] = typer.Option(..., help="What is shared; repeat it for several."),
    email: str = typer.Option(..., "--as", metavar="EMAIL", help="The patient who shares."),
    action: list[Action] = typer.Option([Action.READ], help="What the provider may do."),
    purpose: list[SharedPurpose] = typer.Option([SharedPurpose.TREATMENT], help="For what."),
    until: datetime | None = typer.Option(None, help="The end, in UTC; open when not given."),
) -> None:
    """Share parts of a record with a provider, from now on."""

    async def work(services: Services) -> Grant:
        principal = await services.auth.principal_for_email(email)
        terms = load.consent.Terms(
            grantee_id=(await services.accounts.active_provider(provider)).id,
            categories=frozenset(category),
            actions=frozenset(action),
            purposes=frozenset(Purpose(each.value) for each in purpose),
            valid_until=until.replace(tzinfo=UTC) if until else None,
        )
        async with services.database.transaction(_access(principal, "vitasense consent grant")) as tx:
            return await load.consent.grant(tx, principal, terms, services.new_id)

    say(f"Granted. To end it: vitasense consent revoke {with_services(work).id} --as {email}")


@app.command()
def revoke(grant_id: UUID, email: str = typer.Option(..., "--as", metavar="EMAIL", help="The patient.")) -> None:
    """End a grant: what it opened is closed at once."""

    async def work(services: Services) -> None:
        principal = await services.auth.principal_for_email(email)
        async with services.database.transaction(_access(principal, "vitasense consent revoke")) as tx:
            await load.consent.revoke(tx, principal, grant_id, services.new_id)

    with_services(work)
    say("Revoked.")


@app.command("list")
def list_grants(email: str = typer.Option(..., "--as", metavar="EMAIL", help="A patient or a provider.")) -> None:
    """List what a patient gave, or what a provider was given, the ended grants included."""

    async def work(services: Services) -> list[Grant]:
        principal = await services.auth.principal_for_email(email)
        own = principal.role is Role.PATIENT
        async with services.database.transaction(_access(principal, "vitasense consent list")) as tx:
            return await (load.consent.given if own else load.consent.received)(tx, principal)

    grants = with_services(work)
    table(("id", "with", "may", "what", "for", "state"), [_row(each) for each in grants])


def _access(principal: Principal, activity: str) -> Access:
    patient_id = principal.account_id if principal.role is Role.PATIENT else None
    return Access(principal, own_purpose(principal), activity, patient_id)


def _row(grant: Grant) -> tuple[str, ...]:
    what = (grant.actions, grant.categories, grant.purposes)
    return (str(grant.id), grant.party.email or "", *(", ".join(sorted(each)) for each in what), _state(grant))


def _state(grant: Grant) -> str:
    if grant.revoked_at:
        return f"revoked {grant.revoked_at:%Y-%m-%d %H:%M} UTC"
    if not grant.in_force:
        return "not in force"
    return f"until {grant.valid_until:%Y-%m-%d %H:%M} UTC" if grant.valid_until else "in force"
