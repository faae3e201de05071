"""A victim with a row in every table, everybody who might want to see it, and raw SQL as the application's role."""

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from tests.people import KEY, access_of, new_principal
from vitasense.deterministic.auth import SYSTEM, monitor_access, stream_access
from vitasense.deterministic.platform.access import Access, Principal, Purpose, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import ContextSigner

Rows = Sequence[tuple[object, ...]]
NO_PRIVILEGE = "42501"  # SQLSTATE insufficient_privilege
SCHEMAS = ("app", "audit", "consent", "phi", "sec")

PATIENT = "the patient"
READER = "a provider who may read"
WRITER = "a provider who may write"
STRANGER = "a provider without a grant"
OTHER = "another patient"
SERVICE = "the service"
ADMINISTRATOR = "an administrator"
NOBODY = "nobody"
DEVICE = "a device of the patient"
MONITOR = "the service that watches for the patient"
FOREIGN_DEVICE = "a device of another patient"
FOREIGN_MONITOR = "the service that watches for another patient"
SHUT_OUT = {
    "a provider whose grant expired": {"until": "clock_timestamp() - interval '1 s'"},
    "a provider whose grant is not valid yet": {"since": "clock_timestamp() + interval '1 h'"},
    "a provider whose grant was revoked": {"revoked": "clock_timestamp()"},
    "a provider with a grant for another purpose": {"purposes": "{research}"},
    "a provider with a grant of other categories": {"categories": "{genomics}"},
}
ACTING = (DEVICE, MONITOR, FOREIGN_DEVICE, FOREIGN_MONITOR)
SUBJECTS = (PATIENT, READER, WRITER, STRANGER, OTHER, ADMINISTRATOR, SERVICE, NOBODY, *SHUT_OUT, *ACTING)

GRANT = """insert into consent.access_grant values
  (%(v)s, gen_random_uuid(), %(g)s, '{categories}', '{actions}', '{purposes}', {since}, {until}, now(), {revoked})"""
DEFAULT_GRANT = {
    "categories": "{labs,vitals,nutrition,documents,medications}",
    "actions": "{read}",
    "purposes": "{treatment}",
    "since": "now() - interval '1 day'",
    "until": "null",
    "revoked": "null",
}

SPACE = "(select id from app.vector_space where model = %(v)s::text)"

# One row of the victim in each table that can hold one; %(v)s is the victim, %(o)s some other id.
SEEDS: Mapping[str, str] = {
    "phi.resource": "values (%(v)s, 'Observation', %(o)s, 1, 'labs', 's', null, null, '{x}', 'secret', null, now(), "
    "now(), '\\x00', '{}')",
    "phi.resource_version": "values (%(v)s, 'Observation', %(o)s, 1, 'labs', now(), '{}')",
    "phi.sample": "values (%(v)s, '2093-3', now(), %(o)s, 'labs', 5, 'mmol/L', null, null, now())",
    "phi.meal": "values (%(v)s, %(o)s, 1, now(), 'said', '[]', now(), null)",
    "phi.confirmed_write": "values (%(v)s, %(o)s, 'nutrition', 'log_meal', 'Meal/1', now())",
    "phi.thread": "values (%(v)s, %(o)s, %(v)s, 'secret', now(), now())",
    "phi.message": "values (%(v)s, %(o)s, %(v)s, %(v)s, 'person', '{}', '{}', now())",
    "phi.checkpoints": "values (%(o)s::text, '', '1', null, null, '{}', '{}')",
    "phi.checkpoint_blobs": "values (%(o)s::text, '', 'c', '1', 't', null)",
    "phi.checkpoint_writes": "values (%(o)s::text, '', '1', 't', 1, 'c', null, '\\x00', '')",
    "app.account": "values (%(v)s, %(v)s::text || '@example.org', 'Victim', 'patient', 'hash', now(), null, now())",
    "app.session": "values (%(v)s, %(v)s, now(), null)",
    "app.refresh_token": "values (sha256(%(v)s::text::bytea), %(v)s, now(), now(), null)",
    "app.one_time_code": "values (sha256(%(v)s::text::bytea), %(v)s, 'verify_email', now(), null)",
    "app.login_failure": "values (sha256(%(v)s::text::bytea), now())",
    "app.mail": "values (%(v)s, 'victim@example.org', 'secret', 'secret', now(), null, 0, null, null)",
    "app.event": "values (%(v)s, pg_current_xact_id(), 'x.happened', 1, %(v)s, %(v)s, now(), now(), null, null, '{}')",
    "app.inbox": "values ('worker', %(v)s, null, 0, null, null, null)",
    "app.relay": "values (%(v)s::text, '1')",
    "phi.memory": "values (%(v)s, %(o)s, 'fact', 'labs', 'secret', null, '{}', 1, now(), now()), "
    "(%(v)s, %(v)s, 'fact', 'labs', 'secret', null, '{}', 1, now(), now())",
    "app.collection": "values (%(v)s::text)",
    "app.passage": "values (%(v)s::text, %(o)s, 'knowledge', 'x', null, '{}', 1, now(), now()), "
    "(%(v)s::text, %(v)s, 'knowledge', 'x', null, '{}', 1, now(), now())",
    "app.vector_space": "(model, version, dimensions) values (%(v)s::text, '1', 1)",
    "phi.memory_vector": f"values (%(v)s, %(o)s, {SPACE}, 'labs', 'fact', '[1]')",
    "app.passage_vector": f"values (%(v)s::text, %(o)s, {SPACE}, '[1]')",
    "app.passage_waiting": f"values (%(v)s::text, %(o)s, {SPACE})",
    "app.passage_change": "values (%(v)s::text, gen_random_uuid(), '1')",
    "consent.monitoring": "values (%(v)s, true, now())",
    "phi.tracking_settings": "values (%(v)s, 'UTC', null, null, '{page}', null, false, now())",
    "phi.device": "values (%(v)s, %(o)s, 'secret', null, null, null, null, null, null, null, now(), null, null)",
    "phi.device_sample": "values (%(v)s, '8867-4', now(), %(o)s, null, 'vitals', 61, '/min', 1, 0, null, now())",
    "phi.rollup": "values (%(v)s, '8867-4', 'hour', now(), %(o)s, now(), 'vitals', '/min', 1, 61, 3721, 61, 61, 61, 61, "
    "now(), 1)",
    "phi.source_priority": "values (%(v)s, '*', '{}', now())",
    "phi.delivery": "values (%(v)s, %(o)s, 'secret', 'api', null, now(), '\\x00', '{}')",
    "phi.rejected_row": "values (%(v)s, %(o)s, %(o)s, 'line 1', 'why', 'secret', now(), null, null)",
    "phi.workout": "values (%(v)s, %(o)s, %(o)s, 'run', now(), now(), 5000, 300, null, null, null, now())",
    "phi.personal_range": "values (%(v)s, %(o)s, '8867-4', 'vitals', 50, 90, '/min', null, %(v)s, 'patient', now(), null)",
    "phi.decision": "values (%(v)s, %(o)s, 'vitals', %(o)s, %(o)s, 'health', 'rule', '1', null, 'high', 'routine', 1, "
    "'[]', '[]', now())",
    "phi.action": "values (%(v)s, %(o)s, 'vitals', %(o)s, 'alert', null, '{}', now())",
    "phi.risk": "values (%(v)s, 'blood_pressure', now(), 'vitals', 'high', 'secret', '[]', %(o)s)",
    "phi.alarm": "values (%(v)s, %(o)s, 'vitals', 'blood_pressure', 'secret', 'secret', 'raised', 'routine', now(), now(), "
    "1, now(), null, %(o)s, '[]', 1)",
    "phi.alarm_change": "values (%(v)s, %(o)s, 1, 'vitals', 'raised', now(), %(v)s, 'monitor', null)",
    "phi.task": "values (%(v)s, %(o)s, 'vitals', 'measure_again', 'k', 'secret', '8867-4', now(), 'open', null, null, "
    "%(o)s, now(), now())",
    "phi.notification": "values (%(v)s, %(o)s, 'vitals', %(o)s, 1, 'page', %(v)s, now(), now(), null)",
    "phi.goal": "values (%(v)s, %(o)s, 'vitals', '55423-8', 'at_least', 8000, '{steps}', 'day', 'active', 'patient', null, "
    "'[]', now(), null, now(), null, null)",
    "phi.medicine_dose": "values (%(v)s, %(o)s, 1, %(o)s, 'taken', now(), null, false, 20, 'mg', 'secret', %(v)s, "
    "'patient', now(), null)",
    "phi.medicine_supply": "values (%(v)s, %(o)s, %(o)s, now(), 30, '{tbl}', %(v)s, now())",
    "phi.medicine_reminder": "values (%(v)s, %(o)s, 'dose', true, null, '{}', %(o)s, now(), now())",
    "phi.side_effect": "values (%(v)s, %(o)s, %(o)s, %(o)s, 'secret', %(v)s, 'patient', now(), null)",
    "phi.check_override": "values (%(v)s, %(o)s, 'k', 'f', '{medications,labs}', 'drug_laboratory', 'secret', %(v)s, "
    "'patient', now(), null)",
    "app.webhook": "values (%(v)s, %(v)s, %(o)s, '\\x00', now(), null)",
    "app.outgoing_hook": "values (%(v)s, %(v)s, 'https://hooks.example.org', '{}', now(), null, 0, null, null)",
    "app.timer": "values (%(v)s, %(v)s, 'task', %(o)s, now(), now(), null)",
    "app.knowledge_release": "values (%(v)s, 'csv', %(v)s::text, '1', 'x', sha256(''), 1, 1, 'active', now(), null)",
    "app.knowledge_node": "values (%(v)s, 0, 'drug:x', 'x', '{}', '{}', '{x}', 'x'::tsvector)",
    "app.knowledge_edge": "values (%(v)s, 0, 0, 'interacts', 0, 'label', 'minor', null, null, 'x', 'x', 'x', 'x', 'x', "
    "null, null)",
    "app.knowledge_material": "values (%(v)s, 'label', %(v)s::text, 'x', '{}', sha256(%(v)s::text::bytea), 1, now(), %(v)s)",
    "app.knowledge_text": "values (%(v)s, 'secret', %(v)s)",
    "app.knowledge_candidate": "values (%(v)s, %(v)s, 0, 0, 1, 'x', '{}', '{}', %(v)s, 'proposed')",
    "app.knowledge_decision": "values (%(v)s, 1, 'refused', null, 'x', %(v)s, now(), null)",
}
# What tells the victim's rows from others; `patient_id = v` where nothing is said.
WHOSE: Mapping[str, str] = {
    **{f"phi.{name}": "thread_id = %(o)s::text" for name in ("checkpoints", "checkpoint_blobs", "checkpoint_writes")},
    "audit.entry": "subject_id = %(v)s and body->>'verb' <> 'read'",
    "audit.head": "subject_id = %(v)s",
    "audit.waiting": "subject_id = %(v)s",
    **{f"app.{name}": "hash = sha256(%(v)s::text::bytea)" for name in ("refresh_token", "one_time_code")},
    **{f"app.{name}": "id = %(v)s" for name in ("account", "session", "mail")},
    "app.login_failure": "key = sha256(%(v)s::text::bytea)",
    "app.inbox": "event_id = %(v)s",
    "app.relay": "consumer = %(v)s::text",
    "app.vector_space": "model = %(v)s::text",
    "app.collection": "name = %(v)s::text",
    **{f"app.passage{name}": "collection = %(v)s::text" for name in ("", "_vector", "_change")},
    "app.passage_waiting": f"collection = %(v)s::text and space = {SPACE}",
    "sec.signing_key": "%(v)s is not null",
    "phi.checkpoint_migrations": "%(v)s is not null",
    "app.event_mark": "%(v)s is not null",
    "app.knowledge_release": "id = %(v)s",
    **{f"app.knowledge_{name}": "release_id = %(v)s" for name in ("node", "edge")},
    **{f"app.knowledge_{name}": "id = %(v)s" for name in ("material", "candidate")},
    "app.knowledge_text": "material_id = %(v)s",
    "app.knowledge_decision": "candidate_id = %(v)s",
}


WRITES = "select t::text from audit.entry t where subject_id = %(v)s and body->>'verb' <> 'read' order by seq"


@dataclass
class World:
    """Two ways to the database: as its administrator, and raw as the application's role."""

    superuser: Connection
    app_url: str
    victim: Principal
    subjects: dict[str, Principal | None] = field(default_factory=dict[str, Principal | None])
    acting_for: dict[str, Access] = field(default_factory=dict[str, Access])
    other_id: UUID = field(default_factory=new_id)

    def admin(self, sql: str, **values: object) -> Rows:
        """Run as superuser; the rows, if any."""
        cursor = self.superuser.execute(sql.encode(), {"v": self.victim.account_id, "o": self.other_id, **values})
        return cursor.fetchall() if cursor.description else []

    def access(self, subject: str, purpose: Purpose | None = None) -> Access | None:
        """What the subject asks for: everything of the victim's record."""
        if subject in self.acting_for:
            return self.acting_for[subject]
        principal = self.subjects[subject]
        return principal and access_of(principal, self.victim.account_id, purpose=purpose)

    @contextmanager
    def connection(self, token: str | None = None) -> Generator[Connection]:
        """A raw connection as the application's role, in a transaction with that context token."""
        with psycopg.connect(self.app_url) as connection:
            if token is not None:
                connection.execute("select set_config('app.context', %s, true)", (token,))
            yield connection

    @contextmanager
    def acting(self, subject: str) -> Generator[Connection]:
        """A raw connection in the subject's own, truly signed context; committed at the end."""
        access = self.access(subject)
        with self.connection() as connection:
            if access is not None:
                enter(connection, access)
            yield connection

    def victims_rows(self, table: str) -> Rows:
        """The victim's rows of a table, and who wrote to the record: what a denial must leave as it was."""
        whose = WHOSE.get(table, "patient_id = %(v)s")
        rows = self.admin(f"select t::text from {table} t where {whose} order by 1")
        return [*rows, *self.admin(WRITES)]

    def a_row(self, table: str) -> dict[str, object]:
        """One row of the victim as JSON."""
        whose = WHOSE.get(table, "patient_id = %(v)s")
        ((row,),) = self.admin(f"select to_jsonb(t) from {table} t where {whose} limit 1")
        return json.loads(json.dumps(row))


def enter(connection: Connection, access: Access) -> None:
    """Set the signed context of this backend, as the service does."""
    token = ContextSigner(KEY).sign(access, connection.info.backend_pid)
    connection.execute("select set_config('app.context', %s, true)", (token,))


def build_world(admin_url: str, app_url: str) -> World:
    """A new victim with a row in every table, and every subject."""
    superuser = psycopg.connect(plain(admin_url), autocommit=True)
    world = World(superuser, plain(app_url), new_principal(Role.PATIENT))
    for table, values in SEEDS.items():
        world.admin(f"insert into {table} {values}")
    world.subjects |= {
        PATIENT: world.victim,
        OTHER: new_principal(Role.PATIENT),
        STRANGER: new_principal(Role.PROVIDER),
        ADMINISTRATOR: new_principal(Role.ADMIN),
        SERVICE: SYSTEM,
        NOBODY: None,
        READER: _granted(world),
        WRITER: _granted(world, actions="{write}"),
    }
    world.subjects |= {name: _granted(world, **terms) for name, terms in SHUT_OUT.items()}
    other = new_id()
    world.acting_for = {
        DEVICE: stream_access("test", world.victim.account_id, world.other_id),
        MONITOR: monitor_access("test", world.victim.account_id),
        FOREIGN_DEVICE: stream_access("test", other, new_id()),
        FOREIGN_MONITOR: monitor_access("test", other),
    }
    world.subjects |= {name: access.principal for name, access in world.acting_for.items()}
    return world


def _granted(world: World, **terms: str) -> Principal:
    provider = new_principal(Role.PROVIDER)
    sql = GRANT
    for name, value in (DEFAULT_GRANT | terms).items():
        sql = sql.replace("{" + name + "}", value)
    world.admin(sql, g=provider.account_id)
    return provider


def plain(url: str) -> str:
    """The address without SQLAlchemy's driver."""
    return url.replace("postgresql+psycopg", "postgresql")


def seen(connection: Connection) -> int:
    """How many of the victim's samples a statement sees now."""
    return cast(tuple[int], connection.execute(b"select count(*) from phi.sample").fetchone())[0]


def refused(connection: Connection, sql: str, *states: str) -> None:
    """The statement fails for want of permission (or with one of the named states), and the transaction goes on."""
    with pytest.raises(psycopg.Error) as error, connection.transaction():
        connection.execute(sql.encode())
    assert error.value.sqlstate in (NO_PRIVILEGE, *states), f"{sql}: {error.value}"
