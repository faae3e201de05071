"""Any course of granting, revoking and running out agrees with a model, at every statement of open transactions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from psycopg import Connection

from tests.conftest import APP_PASSWORD
from tests.deterministic.consent.world import enter, plain
from tests.people import access_of, new_principal
from vitasense.deterministic.platform.access import Action, Category, Purpose, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import EmbeddedPostgres

CATEGORIES = (Category.LABS, Category.VITALS, Category.MEDICATIONS)
PURPOSES = (Purpose.TREATMENT, Purpose.RESEARCH)
PROVIDERS = 2
SAMPLE = b"insert into phi.sample values (%s, %s, now(), %s, %s, 1, '1', null, null, now())"
GRANT = (
    b"insert into consent.access_grant values (%s, %s, %s, %s, %s, %s, "
    b"clock_timestamp() + %s * interval '1 hour', clock_timestamp() + interval '2 hours')"
)


@dataclass
class Modelled:
    """A grant as the model knows it."""

    id: UUID
    provider: int
    categories: frozenset[Category]
    actions: frozenset[Action]
    purposes: frozenset[Purpose]
    begun: bool
    ended: bool = False


@dataclass(frozen=True)
class Addresses:
    app: str
    admin: str


def some(of: tuple[Category, ...] | tuple[Purpose, ...] | tuple[Action, ...]):
    return st.frozensets(st.sampled_from(of), min_size=1)


class Consent(RuleBasedStateMachine):
    """One patient, two providers who each keep a transaction open for each purpose."""

    addresses: ClassVar[Addresses]

    def __init__(self) -> None:
        super().__init__()
        self.grants: list[Modelled] = []
        self.open: dict[tuple[int, Purpose], Connection] = {}
        self.superuser = psycopg.connect(self.addresses.admin, autocommit=True)

    @initialize()
    def begin(self) -> None:
        self.patient = new_principal(Role.PATIENT)
        self.providers = [new_principal(Role.PROVIDER) for _ in range(PROVIDERS)]
        for category in CATEGORIES:
            row = (self.patient.account_id, category.value, new_id(), category.value)
            self.superuser.execute(SAMPLE, row)
        for number, provider in enumerate(self.providers):
            for purpose in PURPOSES:
                connection = psycopg.connect(self.addresses.app)
                enter(connection, access_of(provider, self.patient.account_id, purpose=purpose))
                self.open[number, purpose] = connection

    @rule(
        provider=st.integers(0, PROVIDERS - 1),
        categories=some(CATEGORIES),
        actions=some((Action.READ, Action.WRITE)),
        purposes=some(PURPOSES),
        begun=st.booleans(),
    )
    def grant(
        self,
        provider: int,
        categories: frozenset[Category],
        actions: frozenset[Action],
        purposes: frozenset[Purpose],
        begun: bool,
    ) -> None:
        one = Modelled(new_id(), provider, categories, actions, purposes, begun)
        with psycopg.connect(self.addresses.app) as connection:
            enter(connection, access_of(self.patient))
            connection.execute(
                GRANT,
                (
                    *(self.patient.account_id, one.id, self.providers[provider].account_id),
                    *(list(categories), list(actions), list(purposes), 0 if begun else 1),
                ),
            )
        self.grants.append(one)

    @precondition(lambda self: bool(self.grants))  # type: ignore[attr-defined]
    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.grants))
        with psycopg.connect(self.addresses.app) as connection:
            enter(connection, access_of(self.patient))
            connection.execute(
                "update consent.access_grant set revoked_at = clock_timestamp() where id = %s and revoked_at is null",
                (one.id,),
            )
        one.ended = True

    @precondition(lambda self: bool(self.grants))  # type: ignore[attr-defined]
    @rule(data=st.data())
    def run_out(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.grants))
        self.superuser.execute(
            "update consent.access_grant set valid_from = clock_timestamp() - interval '2 h', "
            "valid_until = clock_timestamp() where id = %s",
            (one.id,),
        )
        one.begun = one.ended = True

    @precondition(lambda self: bool(self.grants))  # type: ignore[attr-defined]
    @rule(data=st.data())
    def come_into_force(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.grants))
        self.superuser.execute(
            "update consent.access_grant set valid_from = clock_timestamp() where id = %s and not valid_from < now()",
            (one.id,),
        )
        one.begun = True

    def expected(self, provider: int, purpose: Purpose, action: Action) -> set[Category]:
        live = [one for one in self.grants if one.provider == provider and one.begun and not one.ended]
        fitting = [one for one in live if purpose in one.purposes and action in one.actions]
        return {category for one in fitting for category in one.categories}

    @invariant()
    def every_open_transaction_reads_what_the_model_says(self) -> None:
        for (provider, purpose), connection in self.open.items():
            seen = {Category(str(row[0])) for row in connection.execute("select category from phi.sample")}
            assert seen == self.expected(provider, purpose, Action.READ)

    @rule(
        provider=st.integers(0, PROVIDERS - 1), purpose=st.sampled_from(PURPOSES), category=st.sampled_from(CATEGORIES)
    )
    def write(self, provider: int, purpose: Purpose, category: Category) -> None:
        connection, row = self.open[provider, purpose], (self.patient.account_id, "new", new_id(), category.value)
        may = category in self.expected(provider, purpose, Action.WRITE)
        try:
            with connection.transaction(force_rollback=True):
                connection.execute(SAMPLE, row)
            assert may
        except psycopg.errors.InsufficientPrivilege:
            assert not may

    def teardown(self) -> None:
        for connection in self.open.values():
            connection.close()
        self.superuser.close()


@pytest.fixture(scope="module")
def addresses(admin_url: str, server: EmbeddedPostgres) -> Iterator[Addresses]:
    yield Addresses(plain(server.url("vs_app", APP_PASSWORD)), plain(admin_url))


def test_the_database_agrees_with_the_model(addresses: Addresses) -> None:
    Consent.addresses = addresses
    run_state_machine_as_test(
        Consent,
        settings=settings(
            max_examples=20,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
            derandomize=True,
            database=None,
        ),
    )
