"""Sessions begin with a password, renew by tokens that work once, and end everywhere at once."""

import asyncio
import base64
import json
import time
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from tests.deterministic.auth.conftest import HOME, PASSWORD, Auth, NewAccount
from vitasense.deterministic.auth import SYSTEM, SignedIn, system_access
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.problems import NotFound, NotSignedIn, TooManyRequests


async def test_an_access_token_names_account_and_session_and_is_checked_with_the_published_key(
    auth: Auth, an_account: NewAccount
) -> None:
    account = await an_account(Role.PROVIDER)
    signed_in = await auth.sessions.log_in(account.email, PASSWORD, HOME)
    published = KeySet.import_key_set(json.loads(json.dumps(auth.sessions.jwks())))
    claims = jwt.decode(signed_in.access_token, published, algorithms=["Ed25519"]).claims
    assert (claims["sub"], claims["sid"], claims["role"]) == (str(account.id), str(signed_in.session_id), "provider")
    assert claims["exp"] - claims["iat"] == signed_in.expires_in == 600
    principal = await auth.sessions.principal_of(signed_in.access_token)
    assert (principal.account_id, principal.session_id) == (account.id, signed_in.session_id)
    assert "d" not in json.dumps(auth.sessions.jwks()).split('"')


async def test_a_wrong_password_an_unknown_email_and_an_unconfirmed_one_read_the_same(
    auth: Auth, an_account: NewAccount
) -> None:
    account, unconfirmed = await an_account(), f"{new_id()}@example.org"
    await auth.accounts.register(unconfirmed, PASSWORD, "Maria", HOME)
    details: set[str] = set()
    for email, password in (
        (account.email, "a wrong password"),
        (f"{new_id()}@example.org", PASSWORD),
        (unconfirmed, PASSWORD),
        (account.email, "x" * 100_000),
    ):
        with pytest.raises(NotSignedIn) as refused:
            await auth.sessions.log_in(email, password, HOME)
        details.add(refused.value.detail)
    assert len(details) == 1
    assert auth.rows("select 1 from app.session where account_id = :id", id=account.id) == []


async def test_an_unknown_email_costs_a_hash_as_well(auth: Auth, an_account: NewAccount) -> None:
    account = await an_account()

    async def seconds(email: str) -> float:
        began = time.perf_counter()
        with pytest.raises(NotSignedIn):
            await auth.sessions.log_in(email, "a wrong password", HOME)
        return time.perf_counter() - began

    known = min([await seconds(account.email) for _ in range(3)])
    unknown = min([await seconds(f"{new_id()}@example.org") for _ in range(3)])
    assert 0.5 < known / unknown < 2


async def test_a_refresh_token_works_once_and_its_second_use_ends_the_session(
    auth: Auth, an_account: NewAccount
) -> None:
    account = await an_account()
    first = await auth.sessions.log_in(account.email, PASSWORD, HOME)
    other_device = await auth.sessions.log_in(account.email, PASSWORD, HOME)
    second = await auth.sessions.refresh(first.refresh_token)
    assert second.session_id == first.session_id and second.refresh_token != first.refresh_token
    with pytest.raises(NotSignedIn):
        await auth.sessions.refresh(first.refresh_token)
    with pytest.raises(NotSignedIn):
        await auth.sessions.refresh(second.refresh_token)
    with pytest.raises(NotSignedIn):
        await auth.sessions.principal_of(second.access_token)
    assert auth.trail(account)[-1] == "ended after a token came twice session"
    assert await auth.sessions.principal_of(other_device.access_token)


async def test_two_refreshes_at_once_are_one_refresh_and_one_reuse(auth: Auth, an_account: NewAccount) -> None:
    device = await auth.sessions.log_in((await an_account()).email, PASSWORD, HOME)
    outcomes = await asyncio.gather(
        *(auth.sessions.refresh(device.refresh_token) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == 1
    with pytest.raises(NotSignedIn):
        await auth.sessions.principal_of(device.access_token)


async def test_tokens_are_stored_hashed_and_run_out(auth: Auth, an_account: NewAccount) -> None:
    device = await auth.sessions.log_in((await an_account()).email, PASSWORD, HOME)
    (stored,) = auth.rows("select hash from app.refresh_token where session_id = :id", id=device.session_id)
    assert device.refresh_token.encode() not in bytes(stored[0])  # type: ignore[arg-type]
    assert auth.rows(
        "select 1 from app.refresh_token where hash = sha256(convert_to(:t, 'utf8'))", t=device.refresh_token
    )
    auth.clock.offset = timedelta(minutes=11)
    with pytest.raises(NotSignedIn):
        await auth.sessions.principal_of(device.access_token)
    auth.clock.offset = timedelta(days=31)
    with pytest.raises(NotSignedIn):
        await auth.sessions.refresh(device.refresh_token)


async def test_a_session_ends_after_ninety_days_however_often_it_is_renewed(auth: Auth, an_account: NewAccount) -> None:
    device = await auth.sessions.log_in((await an_account()).email, PASSWORD, HOME)
    for days in (29, 58, 87):
        auth.clock.offset = timedelta(days=days)
        device = await auth.sessions.refresh(device.refresh_token)
    auth.clock.offset = timedelta(days=91)
    with pytest.raises(NotSignedIn):
        await auth.sessions.refresh(device.refresh_token)


async def test_logging_out_ends_this_session_and_logging_out_everywhere_ends_all(
    auth: Auth, an_account: NewAccount
) -> None:
    account = await an_account()
    one, two, three = [await auth.sessions.log_in(account.email, PASSWORD, HOME) for _ in range(3)]
    await auth.sessions.log_out(await auth.sessions.principal_of(one.access_token))
    with pytest.raises(NotSignedIn):
        await auth.sessions.principal_of(one.access_token)
    await auth.sessions.log_out_by_refresh_token(three.refresh_token)
    with pytest.raises(NotSignedIn):
        await auth.sessions.principal_of(three.access_token)
    assert await auth.sessions.log_out_everywhere(await auth.sessions.principal_of(two.access_token)) == 1
    with pytest.raises(NotSignedIn):
        await auth.sessions.refresh(two.refresh_token)
    assert auth.trail(account)[-3:] == ["signed out session", "signed out session", "signed out everywhere session"]


def _forged(auth: Auth, device: SignedIn) -> list[str]:
    head, body, signature = device.access_token.split(".")
    published = KeySet.import_key_set(json.loads(json.dumps(auth.sessions.jwks())))
    claims = jwt.decode(device.access_token, published, algorithms=["Ed25519"]).claims
    other = OKPKey.import_key(Ed25519PrivateKey.generate())
    kid = json.loads(base64.urlsafe_b64decode(head + "=="))["kid"]
    admin = base64.urlsafe_b64encode(json.dumps(claims | {"role": "admin"}).encode()).decode().rstrip("=")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').decode().rstrip("=")
    header = {"alg": "Ed25519", "kid": kid, "typ": "at+jwt"}
    return [
        *("", "x", "a.b.c", "é.é.é", "." * 3000),
        f"{head}.{admin}.{signature}",
        f"{none}.{body}.",
        f"{head}.{body}.",
        jwt.encode(header, claims, other, algorithms=["Ed25519"]),
        device.refresh_token,
    ]


async def test_forged_tokens_are_nobodys(auth: Auth, an_account: NewAccount) -> None:
    device = await auth.sessions.log_in((await an_account()).email, PASSWORD, HOME)
    for token in _forged(auth, device):
        with pytest.raises(NotSignedIn):
            await auth.sessions.principal_of(token)


async def test_guessing_is_slowed_by_email_also_in_parallel_and_for_unknown_emails(
    auth: Auth, an_account: NewAccount
) -> None:
    account = await an_account()
    for email in (account.email, f"{new_id()}@example.org"):
        outcomes = await asyncio.gather(
            *(auth.sessions.log_in(email, f"guess number {n}", f"net {new_id()}") for n in range(14)),
            return_exceptions=True,
        )
        assert sum(isinstance(outcome, NotSignedIn) for outcome in outcomes) == 10
        refused = [outcome for outcome in outcomes if isinstance(outcome, TooManyRequests)]
        assert len(refused) == 4 and 0 < int(str(refused[0].members["retry_after"])) <= 901
    with pytest.raises(TooManyRequests):
        await auth.sessions.log_in(account.email, PASSWORD, HOME)
    auth.clock.offset = timedelta(minutes=16)
    assert await auth.sessions.log_in(account.email, PASSWORD, HOME)


async def test_guessing_is_slowed_by_address_and_success_does_not_count(auth: Auth, an_account: NewAccount) -> None:
    account, address = await an_account(), f"net {new_id()}"
    for _ in range(12):
        await auth.sessions.log_in(account.email, PASSWORD, address)
    for _ in range(50):
        with pytest.raises(NotSignedIn):
            await auth.sessions.log_in(f"{new_id()}@example.org", "a wrong password", address)
    with pytest.raises(TooManyRequests):
        await auth.sessions.log_in(account.email, PASSWORD, address)
    keys = auth.rows("select distinct key from app.login_failure")
    assert all(address.encode() not in bytes(key) for (key,) in keys)  # type: ignore[arg-type]


async def test_the_command_line_gets_active_accounts_only(auth: Auth, an_account: NewAccount) -> None:
    account = await an_account()
    principal = await auth.sessions.principal_for_email(account.email.upper())
    assert (principal.account_id, principal.session_id) == (account.id, None)
    await auth.accounts.disable(SYSTEM, account.id)
    with pytest.raises(NotFound):
        await auth.sessions.principal_for_email(account.email)


async def test_tidying_keeps_what_is_alive(auth: Auth, an_account: NewAccount) -> None:
    device = await auth.sessions.log_in((await an_account()).email, PASSWORD, HOME)
    await auth.sessions.tidy()
    assert await auth.sessions.principal_of(device.access_token)
    assert system_access("x").principal is SYSTEM
