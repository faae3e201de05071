"""Opening, proving, administering and closing accounts."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.auth import repository
from vitasense.deterministic.auth.letters import INVITATION_LIFE, RESET_LIFE, VERIFY_LIFE, Letters
from vitasense.deterministic.auth.passwords import Passwords, check_rules
from vitasense.deterministic.auth.principals import system_access
from vitasense.deterministic.auth.schemas import Account, CodePurpose
from vitasense.deterministic.auth.throttle import MAIL, Throttle
from vitasense.deterministic.auth.tokens import fingerprint, new_secret
from vitasense.deterministic.notices import post
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.clock import Clock, NewId
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound

EVEN_SECONDS = 0.1  # longer than the database work, so that its time does not tell whether an account exists
LONGEST_NAME = 120
ADMINISTRATORS = frozenset({Role.ADMIN, Role.SYSTEM})
_USED_UP = "This link was used or ran out. Ask for a new one."
ACCOUNTS = frozenset({Role.PATIENT, Role.PROVIDER, Role.ADMIN})


class Accounts:
    """Accounts; each method is whole in itself and opens its own transactions in the service's context."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        throttle: Throttle,
        letters: Letters,
        clock: Clock,
        new_id: NewId,
        *,
        even_seconds: float = EVEN_SECONDS,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._throttle = throttle
        self._letters = letters
        self._clock = clock
        self._new_id = new_id
        self._even_seconds = even_seconds

    async def register(self, email: str, password: str, name: str, address: str) -> None:
        """Open a patient's account, or tell its owner that there is one: always by mail, with the same answer."""
        email, name = normal_email(email), normal_name(name)
        check_rules(password, email)
        await self._count(email, address)
        password_hash = await self._passwords.hash(password)
        async with self._even_time(), self._database.transaction(system_access("register")) as tx:
            known = await repository.account_by_email(tx, email)
            if known is None:
                account = Account(self._new_id(), email, name, Role.PATIENT, self._clock())
                if await repository.add_account(tx, account, password_hash):
                    await repository.note(tx, account.id, "registered", "account")
                    await self._send_verification(tx, account)
            elif known.account.verified_at is None and known.password_hash is not None:
                await repository.rename_unverified(tx, known.account.id, name, password_hash)
                await self._send_verification(tx, known.account)
            else:
                await post(tx, self._letters.already_known(self._new_id(), email, self._clock()))

    async def verify(self, code: str) -> None:
        """Accept that the address is the account's; InvalidInput for a code that is not valid."""
        async with self._database.transaction(system_access("verify e-mail")) as tx:
            account_id = await self._use(tx, code, CodePurpose.VERIFY_EMAIL)
            await repository.set_verified(tx, account_id, self._clock())
            await repository.note(tx, account_id, "verified", "e-mail")

    async def forgot_password(self, email: str, address: str) -> None:
        """Mail a link to a new password when there is such an account; the same answer when there is none."""
        email = normal_email(email)
        await self._count(email, address)
        async with self._even_time(), self._database.transaction(system_access("forgot password")) as tx:
            known = await repository.account_by_email(tx, email)
            if known and known.account.disabled_at is None:
                code = await self._new_code(tx, known.account.id, CodePurpose.RESET_PASSWORD, RESET_LIFE)
                await post(tx, self._letters.reset(self._new_id(), email, code, self._clock()))

    async def reset_password(self, code: str, password: str) -> None:
        """Set the password and end every session; who holds the mailed code has also proved the address."""
        check_rules(password)
        password_hash = await self._passwords.hash(password)
        async with self._database.transaction(system_access("reset password")) as tx:
            account_id = await self._use(tx, code, CodePurpose.RESET_PASSWORD)
            stored = await repository.account_locked(tx, account_id)
            if stored is None or stored.account.disabled_at is not None:
                raise InvalidInput(_USED_UP)
            check_rules(password, stored.account.email)
            now = self._clock()
            await repository.set_password(tx, account_id, password_hash)
            await repository.set_verified(tx, account_id, now)
            await repository.void_codes(tx, account_id, CodePurpose.RESET_PASSWORD, now)
            await repository.void_codes(tx, account_id, CodePurpose.VERIFY_EMAIL, now)
            ended = await repository.end_sessions(tx, account_id, now)
            await repository.note(tx, account_id, "changed", "password", {"count": ended})

    async def create(self, actor: Principal, email: str, name: str, role: Role, password: str | None = None) -> Account:
        """Open an account of any role, as an administrator. With a password it is ready; without, a link is mailed."""
        _require_administrator(actor)
        email, name = normal_email(email), normal_name(name)
        if role not in ACCOUNTS:
            raise InvalidInput("An account is a patient's, a provider's or an administrator's.")
        if password is not None:
            check_rules(password, email)
        now = self._clock()
        password_hash = await self._passwords.hash(password) if password else None
        account = Account(self._new_id(), email, name, role, now, now if password else None)
        async with self._database.transaction(system_access("open account")) as tx:
            if not await repository.add_account(tx, account, password_hash):
                raise Conflict("There is an account with this e-mail.")
            await repository.note(tx, account.id, "opened", "account", {"by": str(actor.account_id)})
            if password is None:
                code = await self._new_code(tx, account.id, CodePurpose.RESET_PASSWORD, INVITATION_LIFE)
                await post(tx, self._letters.invitation(self._new_id(), email, code, now))
        return account

    async def disable(self, actor: Principal, account_id: UUID) -> Account:
        """Close the account to its owner and end its sessions; the record stays."""
        _require_administrator(actor)
        if actor.account_id == account_id:
            raise Conflict("You cannot disable your own account.")
        async with self._database.transaction(system_access("disable account")) as tx:
            now = self._clock()
            if await repository.set_disabled(tx, account_id, now):
                await repository.end_sessions(tx, account_id, now)
                await repository.note(tx, account_id, "disabled", "account", {"by": str(actor.account_id)})
            stored = await repository.account_locked(tx, account_id)
        if stored is None:
            raise NotFound("There is no such account.")
        return stored.account

    async def list(self, actor: Principal) -> list[Account]:
        """Every account, as an administrator."""
        _require_administrator(actor)
        async with self._database.transaction(system_access("list accounts")) as tx:
            return await repository.all_accounts(tx)

    async def active_provider(self, email: str) -> Account:
        """The provider with this e-mail; NotFound for anybody else, so that patients cannot be found out."""
        async with self._database.transaction(system_access("find provider")) as tx:
            stored = await repository.account_by_email(tx, normal_email(email))
        if stored is None or not stored.account.active or stored.account.role is not Role.PROVIDER:
            raise NotFound("There is no provider with this e-mail.")
        return stored.account

    async def _count(self, email: str, address: str) -> None:
        async with self._database.transaction(system_access("count attempts")) as tx:
            await self._throttle.count(tx, MAIL, email, address)

    async def _send_verification(self, tx: AsyncSession, account: Account) -> None:
        code = await self._new_code(tx, account.id, CodePurpose.VERIFY_EMAIL, VERIFY_LIFE)
        await post(tx, self._letters.verify(self._new_id(), account.email, code, self._clock()))

    async def _new_code(self, tx: AsyncSession, account_id: UUID, purpose: CodePurpose, life: timedelta) -> str:
        code, now = new_secret(), self._clock()
        await repository.void_codes(tx, account_id, purpose, now)
        await repository.add_code(tx, fingerprint(code), account_id, purpose, now + life)
        return code

    async def _use(self, tx: AsyncSession, code: str, purpose: CodePurpose) -> UUID:
        account_id = await repository.use_code(tx, fingerprint(code), purpose, self._clock())
        if account_id is None:
            raise InvalidInput(_USED_UP)
        return account_id

    @asynccontextmanager
    async def _even_time(self) -> AsyncGenerator[None]:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._even_seconds
        yield
        await asyncio.sleep(max(0.0, until - loop.time()))


def normal_email(email: str) -> str:
    """The e-mail as accounts keep it, in lower case; InvalidInput when it is none."""
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise InvalidInput("This is not an e-mail address.") from error


def normal_name(name: str) -> str:
    """The name with single spaces and without control characters; InvalidInput when empty or too long."""
    normal = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    if not 1 <= len(normal) <= LONGEST_NAME:
        raise InvalidInput(f"A name has 1 to {LONGEST_NAME} characters.")
    return normal


def _require_administrator(actor: Principal) -> None:
    if actor.role not in ADMINISTRATORS:
        raise NotAllowed("Only an administrator may do this.")
