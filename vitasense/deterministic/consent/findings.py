"""Who has access, as findings."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.consent import repository
from vitasense.deterministic.consent.schemas import Grant
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Value

KIND = "consent.access"


async def access_findings(
    tx: AsyncSession, principal: Principal, patient_id: UUID, *, now: datetime
) -> Sequence[Finding]:
    """One finding for each grant in force on the record, as far as the principal may know of it; else not found.

    A patient is told of every grant; a provider of the own ones.
    """
    own = principal.account_id == patient_id
    known = await (repository.given if own else repository.received)(tx, principal.account_id)
    grants = [each for each in known if each.in_force and each.patient_id == patient_id]
    if grants:
        return [_finding(each, own=own) for each in grants]
    text = "Nobody else has access to your record." if own else "This record is not shared with you."
    return [Finding(kind=KIND, text=text, status=Status.NOT_FOUND, values=(Value(name="checked", at=now),))]


def _finding(grant: Grant, *, own: bool) -> Finding:
    who, whose = (grant.party.name or "A provider", "your") if own else ("You", "this patient's")
    until = f", until {grant.valid_until:%-d %B %Y}" if grant.valid_until else ""
    text = (
        f"{who} may {_listed(grant.actions)} {whose} {_listed(grant.categories)}, for {_listed(grant.purposes)}{until}."
    )
    return Finding(
        kind=KIND,
        text=text,
        status=Status.FOUND,
        values=(Value(name="shared", text=", ".join(grant.categories), at=grant.valid_until),),
        evidence=(
            Evidence(
                kind="record",
                ref=f"Consent/{grant.id}",
                version="1",
                label=f"Grant to {who}" if own else "Grant to you",
                at=grant.granted_at,
            ),
        ),
    )


def _listed(words: Iterable[str]) -> str:
    *most, last = [str(word) for word in words]
    return f"{', '.join(most)} and {last}" if most else last
