"""The demo is made on the first run, completed after a kill, and never made again."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from vitasense.api import demo
from vitasense.api.bootstrap import Services, open_services
from vitasense.deterministic import consent, records
from vitasense.deterministic.auth import SYSTEM
from vitasense.deterministic.platform.access import Access, Category, Principal, Purpose, Role
from vitasense.deterministic.platform.settings import Settings

EMAILS = {f"{name}@example.org" for name in ("maria", "james", "lena", "provider", "admin")}


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    home = Path(tempfile.mkdtemp(prefix="vitasense-demo-"))
    home.chmod(0o755)
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
async def opened(home: Path) -> AsyncIterator[Services]:
    async with open_services(Settings(home=home, environment="development", demo=True)) as services:
        yield services


async def grants(services: Services, email: str) -> list[consent.Grant]:
    principal = await services.auth.principal_for_email(email)
    access = Access(principal, Purpose.SELF, "test", principal.account_id)
    async with services.database.transaction(access) as tx:
        return await consent.given(tx, principal)


async def test_a_first_run_that_was_killed_is_completed_by_the_next(
    opened: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports = list[str]()

    class KilledError(Exception): ...

    real = records.import_bundle

    async def kill_at_the_second(*arguments: object, **named: object) -> object:
        imports.append("one")
        if len(imports) == 2:
            raise KilledError
        return await real(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(records, "import_bundle", kill_at_the_second)
    with pytest.raises(KilledError):
        await demo.seed_demo(opened)
    monkeypatch.undo()
    made = await demo.seed_demo(opened)
    assert made
    assert {account.email for account in made} == EMAILS
    for account in made:
        assert (await opened.auth.log_in(account.email, account.password, "test")).account.role is account.role
        assert len(account.password) >= 20
        assert account.password not in repr(account)
    assert len(await opened.accounts.list(SYSTEM)) == len(EMAILS)
    [grant] = await grants(opened, "maria@example.org")
    assert grant.party.email == "provider@example.org"
    assert not {Category.DOCUMENTS, Category.NOTES, Category.GENOMICS, Category.NUTRITION} & set(grant.categories)
    assert set(grant.categories) == demo.SHARED
    for email in ("james@example.org", "lena@example.org"):
        assert await grants(opened, email) == []


async def test_once_shown_nobody_can_make_the_passwords_again(opened: Services) -> None:
    again = await demo.seed_demo(opened)
    assert again, "shown never, so it is told again"
    demo.forget_seed(opened.settings)
    assert await demo.seed_demo(opened) is None
    assert len(await grants(opened, "maria@example.org")) == 1


@pytest.mark.parametrize("changed", [{"demo": False}, {"environment": "production"}])
async def test_no_demo_where_it_is_not_wanted(opened: Services, changed: dict[str, object], home: Path) -> None:
    named = {"public_url": "https://example.org", "secret": SecretStr("0123456789abcdefghijklmnopqrstuvwxyz")}
    settings = opened.settings.model_copy(update=named | changed)
    (home / "demo.seed").write_text("left by another time")
    try:
        assert await demo.seed_demo(replace(opened, settings=settings)) is None
    finally:
        (home / "demo.seed").unlink()


async def test_every_person_of_the_demo_has_the_record_of_their_file(opened: Services) -> None:
    for person in demo.PEOPLE:
        if person.role is not Role.PATIENT:
            continue
        principal: Principal = await opened.auth.principal_for_email(person.email)
        reads = frozenset(Category)
        access = Access(principal, Purpose.SELF, "test", principal.account_id, reads)
        async with opened.database.transaction(access) as tx:
            profile = await records.profile(tx, principal.account_id)
        assert profile
        assert profile.name
        assert person.name.split()[-1] in profile.name
