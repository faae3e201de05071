"""Nobody makes, borrows or keeps a context."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping

import psycopg
import pytest
from psycopg import Connection

from tests.deterministic.consent.world import (
    PATIENT,
    STRANGER,
    World,
    enter,
    refused,
    seen,
)
from tests.people import KEY
from vitasense.deterministic.platform.database import ContextSigner

pytestmark = pytest.mark.usefixtures("nothing_changed")

NO_CLAIMS: Mapping[str, object] = {}


def empty(_: str) -> str:
    return ""


def garbage(_: str) -> str:
    return "%%%.%%%"


def without_signature(token: str) -> str:
    return token.partition(".")[0]


def with_empty_signature(token: str) -> str:
    return token.partition(".")[0] + "."


def with_null_signature(token: str) -> str:
    return token.partition(".")[0] + ".null"


def with_another_signature(token: str) -> str:
    return token[:-1] + ("0" if token[-1] != "0" else "1")


def in_capitals(token: str) -> str:
    return token.upper()


def without_claims(token: str) -> str:
    return "." + token.partition(".")[2]


FORGERIES: tuple[Callable[[str], str], ...] = (
    *(empty, garbage, without_signature, with_empty_signature, with_null_signature),
    *(with_another_signature, in_capitals, without_claims),
)


class TestForgedContext:
    """Nobody makes, borrows or keeps a context."""

    def signed(
        self, world: World, key: bytes = KEY, claims: Mapping[str, object] = NO_CLAIMS
    ) -> tuple[Connection, str]:
        connection = psycopg.connect(world.app_url)
        access = world.access(PATIENT)
        assert access is not None
        body, _, _ = ContextSigner(key).sign(access, connection.info.backend_pid).partition(".")
        changed = json.dumps(json.loads(base64.b64decode(body)) | dict(claims)).encode()
        signature = hmac.new(key, changed, hashlib.sha256).hexdigest()
        return connection, f"{base64.b64encode(changed).decode()}.{signature}"

    def test_the_true_token_opens_the_record(self, world: World) -> None:
        connection, token = self.signed(world)
        with connection:
            connection.execute("select set_config('app.context', %s, true)", (token,))
            assert seen(connection) == 1

    @pytest.mark.parametrize(
        "forge",
        FORGERIES,
        ids=lambda forge: str(forge.__name__),
    )
    def test_a_changed_token_is_nobodys(self, world: World, forge: Callable[[str], str]) -> None:
        connection, token = self.signed(world)
        with connection:
            connection.execute("select set_config('app.context', %s, true)", (forge(token),))
            assert seen(connection) == 0

    def test_a_foreign_key_signs_nothing(self, world: World) -> None:
        for key in (b"another key", b"", b"\x36" * 64):
            connection, token = self.signed(world, key)
            with connection:
                connection.execute("select set_config('app.context', %s, true)", (token,))
                assert seen(connection) == 0

    def test_a_token_is_good_for_its_own_backend_only(self, world: World) -> None:
        owner, token = self.signed(world)
        with owner, world.connection(token) as thief:
            assert seen(thief) == 0

    @pytest.mark.parametrize("claim", ["exp", "pid"])
    def test_a_token_without_expiry_or_backend_is_nobodys(self, world: World, claim: str) -> None:
        connection, token = self.signed(world, claims={claim: None})
        with connection:
            connection.execute("select set_config('app.context', %s, true)", (token,))
            assert seen(connection) == 0

    def test_a_token_runs_out_also_in_an_open_transaction(self, world: World) -> None:
        connection, token = self.signed(world, claims={"exp": time.time() + 0.5})
        with connection:
            connection.execute("select set_config('app.context', %s, true)", (token,))
            assert seen(connection) == 1
            time.sleep(0.6)
            assert seen(connection) == 0

    def test_the_context_ends_with_its_transaction(self, world: World) -> None:
        with psycopg.connect(world.app_url) as connection:
            access = world.access(PATIENT)
            assert access is not None
            with connection.transaction():
                enter(connection, access)
                assert seen(connection) == 1
            assert seen(connection) == 0

    def test_the_key_cannot_be_read_or_replaced(self, world: World) -> None:
        with world.acting(STRANGER) as connection:
            for sql in (
                "select * from sec.signing_key",
                "table sec.signing_key",
                "copy sec.signing_key to stdout",
                "update sec.signing_key set inner_pad = '\\x00'",
                "create temp table signing_key (like sec.signing_key); insert into sec.signing_key values (2, '', '')",
            ):
                refused(connection, sql)
            assert seen(connection) == 0
