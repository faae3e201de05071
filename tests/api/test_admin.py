"""Administrators manage accounts; nobody else does, and no record is in sight."""

from collections.abc import Callable

import httpx
import pytest

from tests.api.conftest import PASSWORD, Rows, SignIn
from tests.api.test_shell import problem
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id


async def test_an_administrator_invites_lists_and_disables(
    sign_in: SignIn, client: httpx.AsyncClient, mailed_code: Callable[[str], str]
) -> None:
    admin, email = await sign_in(Role.ADMIN), f"{new_id()}@example.org"
    body = {"email": email, "name": "Dr. Chen", "role": "provider"}
    opened = await admin.client.post("/v1/admin/accounts", json=body)
    assert opened.status_code == 201 and opened.json()["role"] == "provider"
    assert problem(await admin.client.post("/v1/admin/accounts", json=body), 409)
    reset = {"token": mailed_code(email), "password": PASSWORD}
    assert (await client.post("/v1/auth/password/reset", json=reset)).status_code == 204
    credentials = {"email": email, "password": PASSWORD}
    assert (await client.post("/v1/auth/login", json=credentials)).status_code == 200
    listed = (await admin.client.get("/v1/admin/accounts")).json()["items"]
    assert opened.json()["id"] in {account["id"] for account in listed}
    assert all("password" not in key for account in listed for key in account)
    closed = await admin.client.post(f"/v1/admin/accounts/{opened.json()['id']}/disable")
    assert closed.json()["disabled_at"]
    assert problem(await client.post("/v1/auth/login", json=credentials), 401)
    assert problem(await admin.client.post(f"/v1/admin/accounts/{new_id()}/disable"), 404)


@pytest.mark.parametrize("role", [Role.PATIENT, Role.PROVIDER])
async def test_others_administer_nothing(sign_in: SignIn, rows: Rows, role: Role) -> None:
    person, victim, email = await sign_in(role), await sign_in(Role.PATIENT), f"{new_id()}@example.org"
    assert problem(await person.client.get("/v1/admin/accounts"), 403)
    body = {"email": email, "name": "Mallory", "role": "admin"}
    assert problem(await person.client.post("/v1/admin/accounts", json=body), 403)
    assert problem(await person.client.post(f"/v1/admin/accounts/{victim.id}/disable"), 403)
    assert rows("select 1 from app.account where email = :email", email=email) == []
    assert rows("select disabled_at from app.account where id = :id", id=victim.id) == [(None,)]
    assert (await victim.client.get("/v1/auth/me")).status_code == 200
