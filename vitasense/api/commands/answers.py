"""Turns from the command line: the same assistant as the API's, in this process."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from vitasense.api.bootstrap import Services
from vitasense.api.chat import ChatReply
from vitasense.deterministic.auth import SYSTEM
from vitasense.deterministic.platform.access import Principal, Role, own_purpose
from vitasense.deterministic.platform.findings import Evidence, Urgency
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed, NotFound
from vitasense.graphs.turn import Answer, Ask, Done

LOUD = frozenset({Urgency.URGENT, Urgency.EMERGENCY})


@dataclass(frozen=True, slots=True)
class Asking:
    """One account that asks about one record."""

    services: Services
    principal: Principal
    patient_id: UUID

    @classmethod
    async def open(cls, services: Services, email: str, patient: str | None) -> Self:
        """The account with this e-mail about its own record, or about the named patient's; the database decides."""
        principal = await services.auth.principal_for_email(email)
        if principal.role is Role.PATIENT:
            if patient is not None and patient not in (principal.email, str(principal.account_id)):
                raise NotAllowed("A patient asks about the own record only.")
            return cls(services, principal, principal.account_id)
        if principal.role is not Role.PROVIDER:
            raise NotAllowed("An administrator manages accounts and sees no record.")
        if patient is None:
            raise InvalidInput("Name the patient whose record you mean: --patient EMAIL or UUID.")
        return cls(services, principal, await _patient(services, patient))

    async def ask(self, question: str, thread_id: UUID | None) -> Done:
        """The end of a turn."""
        return await self._turn(message=question, thread_id=thread_id)

    async def answer(self, asked: Done, *, approved: bool) -> Done:
        """The end of the turn that a confirmation was waiting for."""
        assert asked.confirmation is not None
        return await self._turn(answer=Answer(asked.confirmation.id, approved), thread_id=asked.thread.id)

    async def _turn(self, *, message: str | None = None, answer: Answer | None = None, thread_id: UUID | None) -> Done:
        purpose = own_purpose(self.principal)
        ask = Ask(self.principal, purpose, self.patient_id, message, answer, thread_id)
        return await self.services.assistant.reply(ask)


def as_json(done: Done) -> str:
    """The reply as the API sends it."""
    return ChatReply.of(done).model_dump_json(indent=2)


def lines(done: Done) -> Iterator[str]:
    """The reply for reading: how urgent when it is, the words, and what they rest on."""
    if done.reply.urgency in LOUD:
        yield f"** {done.reply.urgency.value.upper()} **"
    yield done.reply.text
    evidence = {each.ref: each for finding in done.reply.findings for each in finding.evidence}
    if evidence:
        yield "\nThis rests on:"
    yield from (f"  {_named(each)}" for each in evidence.values())


def _named(evidence: Evidence) -> str:
    when = f", {evidence.at:%Y-%m-%d}" if evidence.at else ""
    source = f" ({evidence.source})" if evidence.source else ""
    return f"{evidence.label or evidence.ref}{when}{source}"


async def _patient(services: Services, named: str) -> UUID:
    try:
        return UUID(named)
    except ValueError:
        pass
    for account in await services.accounts.list(SYSTEM):
        if account.email == named.strip().lower() and account.role is Role.PATIENT:
            return account.id
    raise NotFound(f"There is no patient with the e-mail {named}.")
