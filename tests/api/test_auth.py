"""Signing up, in and out over HTTP."""

from collections.abc import Callable

import httpx
import pytest

from tests.api.conftest import PASSWORD, NewClient, Rows, SignIn
from tests.api.test_shell import problem
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id

Code = Callable[[str], str]


async def test_from_registration_to_signing_out(new_client: NewClient, mailed_code: Code) -> None:
    client, email = new_client(), f"{new_id()}@example.org"
    person = {"email": email, "password": PASSWORD, "name": "Maria Alvarez"}
    first = await client.post("/v1/auth/register", json=person)
    assert first.status_code == 202
    assert (await client.post("/v1/auth/verify", json={"token": mailed_code(email)})).status_code == 204
    again = await client.post("/v1/auth/register", json=person)
    assert (again.status_code, again.json()) == (202, first.json())

    session = (await client.post("/v1/auth/login", json={"email": email, "password": PASSWORD})).json()
    assert session["token_type"] == "Bearer" and session["expires_in"] == 600 and "refresh_token" not in session
    assert session["account"] | {"id": ""} == {"id": "", "email": email, "name": "Maria Alvarez", "role": "patient"}
    client.headers["Authorization"] = f"Bearer {session['access_token']}"
    assert (await client.get("/v1/auth/me")).json() == session["account"]
    assert (await client.post("/v1/auth/logout")).status_code == 204
    assert problem(await client.get("/v1/auth/me"), 401)


async def test_the_refresh_token_is_a_cookie_that_scripts_and_other_sites_cannot_use(sign_in: SignIn) -> None:
    person = await sign_in(Role.PATIENT)
    answer = await person.client.post("/v1/auth/refresh", json={})
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("vitasense_refresh=")
    for attribute in ("httponly", "samesite=strict", "path=/v1/auth"):
        assert attribute in cookie
    assert answer.json()["account"]["email"] == person.email


async def test_a_cookie_that_comes_twice_ends_the_session(sign_in: SignIn, rows: Rows) -> None:
    person = await sign_in(Role.PATIENT)
    stolen = person.client.cookies["vitasense_refresh"]
    assert (await person.client.post("/v1/auth/refresh")).status_code == 200
    person.client.cookies.clear()
    body = {"refresh_token": stolen, "cookie": False}
    assert problem(await person.client.post("/v1/auth/refresh", json=body), 401)
    assert problem(await person.client.get("/v1/auth/me"), 401)
    noted = rows("select 1 from audit.entry where subject_id = :id and body->>'verb' like 'ended%'", id=person.id)
    assert len(noted) == 1


async def test_a_client_without_cookies_gets_its_refresh_token(sign_in: SignIn, new_client: NewClient) -> None:
    person, client = await sign_in(Role.PROVIDER), new_client()
    body = {"email": person.email, "password": PASSWORD, "cookie": False}
    answer = await client.post("/v1/auth/login", json=body)
    assert "set-cookie" not in answer.headers
    token = answer.json()["refresh_token"]
    renewed = await client.post("/v1/auth/refresh", json={"refresh_token": token, "cookie": False})
    assert renewed.json()["refresh_token"] != token and "set-cookie" not in renewed.headers


async def test_signing_out_works_with_the_cookie_alone(sign_in: SignIn) -> None:
    person = await sign_in(Role.PATIENT)
    token = person.client.headers.pop("Authorization")
    assert (await person.client.post("/v1/auth/logout")).status_code == 204
    person.client.headers["Authorization"] = token
    assert problem(await person.client.get("/v1/auth/me"), 401)


async def test_a_forgotten_password_answers_the_same_for_everybody(
    sign_in: SignIn, client: httpx.AsyncClient, mailed_code: Code
) -> None:
    person = await sign_in(Role.PATIENT)
    known = await client.post("/v1/auth/password/forgot", json={"email": person.email})
    unknown = await client.post("/v1/auth/password/forgot", json={"email": f"{new_id()}@example.org"})
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json()) == (202, known.json())
    reset = {"token": mailed_code(person.email), "password": "a brand new password"}
    assert (await client.post("/v1/auth/password/reset", json=reset)).status_code == 204
    assert problem(await person.client.get("/v1/auth/me"), 401)
    credentials = {"email": person.email, "password": "a brand new password"}
    assert (await client.post("/v1/auth/login", json=credentials)).status_code == 200


async def test_guessing_is_answered_with_how_long_to_wait(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    person = await sign_in(Role.PATIENT)
    guess = {"email": person.email, "password": "a wrong password"}
    for _ in range(10):
        assert problem(await client.post("/v1/auth/login", json=guess), 401)
    refused = await client.post("/v1/auth/login", json=guess | {"password": PASSWORD})
    told = problem(refused, 429)
    assert int(refused.headers["retry-after"]) == told["retry_after"] <= 901  # type: ignore[operator]


@pytest.mark.parametrize("role", ["provider", "admin", "system"])
async def test_nobody_registers_as_more_than_a_patient(client: httpx.AsyncClient, rows: Rows, role: str) -> None:
    email = f"{new_id()}@example.org"
    body = {"email": email, "password": PASSWORD, "name": "Mallory", "role": role}
    assert problem(await client.post("/v1/auth/register", json=body), 422)
    assert rows("select 1 from app.account where email = :email", email=email) == []
    assert rows("select 1 from app.mail where recipient = :email", email=email) == []


async def test_the_keys_are_public_and_only_public(client: httpx.AsyncClient) -> None:
    (key,) = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert set(key) == {"kty", "crv", "x", "kid", "use", "alg"}
