"""Accounts are opened, proved, recovered and closed without telling strangers that they exist."""

from datetime import timedelta

import pytest

from tests.deterministic.auth.conftest import HOME, PASSWORD, Auth, NewAccount
from tests.people import new_principal
from vitasense.deterministic.auth import SYSTEM
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.problems import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooManyRequests,
)


def an_email() -> str:
    return f"{new_id()}@example.org"


async def test_a_registered_person_signs_in_only_after_the_address_was_confirmed(auth: Auth) -> None:
    email = an_email()
    await auth.accounts.register(email.upper(), PASSWORD, "  Maria\n Alvarez ", HOME)
    with pytest.raises(NotSignedIn):
        await auth.sessions.log_in(email, PASSWORD, HOME)
    await auth.accounts.verify(auth.code(email))
    signed_in = await auth.sessions.log_in(email, PASSWORD, HOME)
    assert (signed_in.account.email, signed_in.account.name) == (email, "Maria Alvarez")
    assert signed_in.account.role is Role.PATIENT
    assert auth.trail(signed_in.account) == ["registered account", "verified e-mail", "signed in session"]


async def test_registering_twice_gives_the_same_answer_and_tells_only_the_owner(
    auth: Auth, an_account: NewAccount
) -> None:
    account = await an_account()
    before = auth.rows("select password_hash, name from app.account where id = :id", id=account.id)
    await auth.accounts.register(account.email, "another password 1", "Mallory", HOME)
    assert auth.rows("select password_hash, name from app.account where id = :id", id=account.id) == before
    (mail,) = auth.mails(account.email)
    assert "has one already" in mail and "Mallory" not in mail and "token=" not in mail


async def test_an_unconfirmed_attempt_is_replaced_with_its_code(auth: Auth) -> None:
    email = an_email()
    await auth.accounts.register(email, "the password of a stranger", "Mallory", HOME)
    first = auth.code(email)
    await auth.accounts.register(email, PASSWORD, "Maria", HOME)
    with pytest.raises(InvalidInput):
        await auth.accounts.verify(first)
    await auth.accounts.verify(auth.code(email))
    assert (await auth.sessions.log_in(email, PASSWORD, HOME)).account.name == "Maria"


async def test_codes_are_stored_hashed_used_once_and_run_out(auth: Auth) -> None:
    email = an_email()
    await auth.accounts.register(email, PASSWORD, "Maria", HOME)
    code = auth.code(email)
    assert auth.rows("select 1 from app.one_time_code where hash = sha256(convert_to(:c, 'utf8'))", c=code)
    with pytest.raises(InvalidInput):
        await auth.accounts.reset_password(code, "a new password 123")
    auth.clock.offset = timedelta(hours=25)
    with pytest.raises(InvalidInput):
        await auth.accounts.verify(code)
    auth.clock.offset = timedelta()
    await auth.accounts.verify(code)
    with pytest.raises(InvalidInput):
        await auth.accounts.verify(code)


@pytest.mark.parametrize("password", ["short", "x" * 11, "x" * 257])
async def test_a_password_has_12_to_256_characters(auth: Auth, password: str) -> None:
    email = an_email()
    with pytest.raises(InvalidInput):
        await auth.accounts.register(email, password, "Maria", HOME)
    assert not auth.rows("select 1 from app.account where email = :email", email=email)


async def test_a_password_is_not_the_email(auth: Auth, an_account: NewAccount) -> None:
    email = an_email()
    with pytest.raises(InvalidInput):
        await auth.accounts.register(email, email.upper(), "Maria", HOME)
    account = await an_account()
    await auth.accounts.forgot_password(account.email, HOME)
    with pytest.raises(InvalidInput):
        await auth.accounts.reset_password(auth.code(account.email), account.email)


@pytest.mark.parametrize("email", ["", "maria", "maria@", "maria@example.org\nBcc: all@example.org"])
async def test_what_is_no_email_is_refused(auth: Auth, email: str) -> None:
    with pytest.raises(InvalidInput):
        await auth.accounts.register(email, PASSWORD, "Maria", HOME)


async def test_a_reset_sets_the_password_once_and_ends_every_session(auth: Auth, an_account: NewAccount) -> None:
    account = await an_account()
    devices = [await auth.sessions.log_in(account.email, PASSWORD, HOME) for _ in range(2)]
    await auth.accounts.forgot_password(account.email, HOME)
    code = auth.code(account.email)
    await auth.accounts.reset_password(code, "a brand new password")
    for device in devices:
        with pytest.raises(NotSignedIn):
            await auth.sessions.principal_of(device.access_token)
        with pytest.raises(NotSignedIn):
            await auth.sessions.refresh(device.refresh_token)
    with pytest.raises(NotSignedIn):
        await auth.sessions.log_in(account.email, PASSWORD, HOME)
    with pytest.raises(InvalidInput):
        await auth.accounts.reset_password(code, "yet another password")
    assert await auth.sessions.log_in(account.email, "a brand new password", HOME)
    assert "changed password" in auth.trail(account)


async def test_forgetting_the_password_of_nobody_answers_the_same_and_mails_nothing(auth: Auth) -> None:
    email = an_email()
    await auth.accounts.forgot_password(email, HOME)
    assert auth.mails(email) == []


async def test_mail_to_one_address_is_limited(auth: Auth, an_account: NewAccount) -> None:
    account = await an_account()
    for _ in range(5):
        await auth.accounts.forgot_password(account.email, HOME)
    with pytest.raises(TooManyRequests) as refused:
        await auth.accounts.forgot_password(account.email, HOME)
    assert 3500 < int(str(refused.value.members["retry_after"])) <= 3601
    assert len(auth.mails(account.email)) == 5


async def test_an_administrator_invites_and_the_link_proves_the_address(auth: Auth) -> None:
    email = an_email()
    account = await auth.accounts.create(new_principal(Role.ADMIN), email, "Dr Chen", Role.PROVIDER)
    with pytest.raises(NotFound):
        await auth.accounts.active_provider(email)
    await auth.accounts.reset_password(auth.code(email), PASSWORD)
    assert (await auth.sessions.log_in(email, PASSWORD, HOME)).account.role is Role.PROVIDER
    assert (await auth.accounts.active_provider(email)).id == account.id


@pytest.mark.parametrize("role", [Role.PATIENT, Role.PROVIDER])
async def test_only_an_administrator_administers(auth: Auth, an_account: NewAccount, role: Role) -> None:
    actor, account, email = new_principal(role), await an_account(), an_email()
    with pytest.raises(NotAllowed):
        await auth.accounts.create(actor, email, "Mallory", Role.ADMIN)
    with pytest.raises(NotAllowed):
        await auth.accounts.disable(actor, account.id)
    with pytest.raises(NotAllowed):
        await auth.accounts.list(actor)
    assert not auth.rows("select 1 from app.account where email = :email", email=email)
    assert await auth.sessions.log_in(account.email, PASSWORD, HOME)


async def test_a_disabled_account_is_shut_at_once(auth: Auth, an_account: NewAccount) -> None:
    account = await an_account()
    device = await auth.sessions.log_in(account.email, PASSWORD, HOME)
    await auth.accounts.disable(SYSTEM, account.id)
    for attempt in (
        auth.sessions.principal_of(device.access_token),
        auth.sessions.refresh(device.refresh_token),
        auth.sessions.log_in(account.email, PASSWORD, HOME),
    ):
        with pytest.raises(NotSignedIn):
            await attempt
    await auth.accounts.forgot_password(account.email, HOME)
    assert auth.mails(account.email) == []


async def test_no_two_accounts_share_an_email_and_nobody_disables_themselves(
    auth: Auth, an_account: NewAccount
) -> None:
    account, admin = await an_account(), new_principal(Role.ADMIN)
    with pytest.raises(Conflict):
        await auth.accounts.create(admin, account.email, "Twin", Role.PATIENT)
    with pytest.raises(Conflict):
        await auth.accounts.disable(admin, admin.account_id)
    assert account in await auth.accounts.list(admin)


async def test_a_patient_is_not_found_as_a_provider(auth: Auth, an_account: NewAccount) -> None:
    account = await an_account()
    with pytest.raises(NotFound) as patient:
        await auth.accounts.active_provider(account.email)
    with pytest.raises(NotFound) as nobody:
        await auth.accounts.active_provider(an_email())
    assert patient.value.detail == nobody.value.detail
