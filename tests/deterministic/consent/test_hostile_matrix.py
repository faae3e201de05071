"""Every subject × every table × every verb, in raw SQL as the application's role, against a written expectation."""

from collections.abc import Mapping

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.deterministic.consent.world import (
    ADMINISTRATOR,
    DEVICE,
    MONITOR,
    NO_PRIVILEGE,
    NOBODY,
    PATIENT,
    READER,
    SCHEMAS,
    SERVICE,
    SHUT_OUT,
    SUBJECTS,
    WRITER,
    World,
)
from vitasense.deterministic.platform.clock import new_id

Who = frozenset[str]
EXISTS = "23505"  # SQLSTATE unique_violation: the policy let the row pass, and it was there
NO_TABLE = "55000"  # SQLSTATE object_not_in_prerequisite_state: a view that nobody writes to

MINE: Who = frozenset({PATIENT})
NONE: Who = frozenset()
PEOPLE: Who = frozenset({PATIENT, READER})
READERS: Who = PEOPLE | {MONITOR}
TRACKERS: Who = READERS | {DEVICE}
WRITERS: Who = frozenset({PATIENT, WRITER})
SENDERS: Who = WRITERS | {DEVICE}
WATCHERS: Who = WRITERS | {MONITOR}
SERVICES: Who = frozenset({SERVICE})
REVIEWERS: Who = frozenset({ADMINISTRATOR, SERVICE})
SIGNED_IN: Who = frozenset(SUBJECTS) - {NOBODY}
GRANTEES: Who = frozenset({PATIENT, READER, WRITER, MONITOR, *SHUT_OUT})


def verbs(select: Who, insert: Who = NONE, update: Who = NONE, delete: Who = NONE) -> Mapping[str, Who]:
    return {"select": select, "insert": insert, "update": update, "delete": delete}


# Who may do what with the victim's rows. A table that is missing here fails the test.
ALLOWED: Mapping[str, Mapping[str, Who]] = {
    "phi.resource": verbs(READERS, WRITERS, WRITERS),
    "phi.resource_version": verbs(READERS, WRITERS),
    "phi.sample": verbs(READERS, WRITERS, WRITERS, WRITERS),
    "phi.meal": verbs(READERS, WRITERS, WRITERS),
    "phi.confirmed_write": verbs(READERS, WRITERS),
    "phi.thread": verbs(MINE, MINE, MINE, MINE),
    "phi.message": verbs(MINE, MINE, NONE, MINE),
    "phi.checkpoints": verbs(MINE, MINE, MINE, MINE),
    "phi.checkpoint_blobs": verbs(MINE, MINE, MINE, MINE),
    "phi.checkpoint_writes": verbs(MINE, MINE, MINE, MINE),
    "phi.checkpoint_migrations": verbs(NONE),
    "consent.access_grant": verbs(GRANTEES, MINE, MINE),
    "audit.entry": verbs(MINE),
    "audit.head": verbs(NONE),
    "audit.waiting": verbs(NONE),
    "sec.signing_key": verbs(NONE),
    "phi.memory": verbs(READERS, WRITERS, WRITERS, WRITERS),
    "phi.memory_vector": verbs(READERS, WRITERS, WRITERS, WRITERS),
    "app.event": verbs(SERVICES, MINE | SERVICES, NONE, SERVICES),
    "consent.monitoring": verbs(MINE, MINE, MINE),
    "phi.tracking_settings": verbs(TRACKERS, WRITERS, WRITERS),
    "phi.device": verbs(TRACKERS, SENDERS, SENDERS),
    "phi.device_sample": verbs(TRACKERS, SENDERS, SENDERS, SENDERS),
    "phi.rollup": verbs(TRACKERS, SENDERS, SENDERS, SENDERS),
    "phi.source_priority": verbs(TRACKERS, WRITERS, WRITERS, WRITERS),
    "phi.delivery": verbs(TRACKERS, SENDERS),
    "phi.rejected_row": verbs(TRACKERS, SENDERS, SENDERS),
    "phi.workout": verbs(TRACKERS, SENDERS, SENDERS, SENDERS),
    "phi.personal_range": verbs(TRACKERS, WRITERS, WRITERS),
    "phi.measured": verbs(TRACKERS),
    "phi.decision": verbs(READERS, WATCHERS),
    "phi.action": verbs(READERS, WATCHERS),
    "phi.risk": verbs(READERS, WATCHERS),
    "phi.alarm": verbs(READERS, WATCHERS, WATCHERS),
    "phi.alarm_change": verbs(READERS, WATCHERS),
    "phi.task": verbs(READERS, WATCHERS, WATCHERS),
    "phi.notification": verbs(READERS, WATCHERS, WATCHERS),
    "phi.goal": verbs(READERS, WATCHERS, WATCHERS),
    "phi.medicine_dose": verbs(READERS, WRITERS),
    "phi.medicine_supply": verbs(READERS, WRITERS),
    "phi.medicine_reminder": verbs(READERS, WATCHERS, WATCHERS),
    "phi.side_effect": verbs(READERS, WRITERS, WRITERS),
    "phi.check_override": verbs(READERS, MINE, WRITERS),
    "app.webhook": verbs(SERVICES, SERVICES, SERVICES, SERVICES),
    "app.outgoing_hook": verbs(SERVICES, SERVICES, SERVICES, SERVICES),
    "app.timer": verbs(SERVICES, SERVICES | WATCHERS, SERVICES, SERVICES),
    "app.event_mark": verbs(SERVICES, NONE, SERVICES),
    "app.vector_space": verbs(SIGNED_IN),
    "app.knowledge_release": verbs(SIGNED_IN, SERVICES, SERVICES),
    "app.knowledge_node": verbs(SIGNED_IN, SERVICES),
    "app.knowledge_edge": verbs(SIGNED_IN, SERVICES),
    "app.knowledge_material": verbs(REVIEWERS, REVIEWERS),
    "app.knowledge_text": verbs(REVIEWERS, REVIEWERS),
    "app.knowledge_candidate": verbs(REVIEWERS, REVIEWERS, REVIEWERS),
    "app.knowledge_decision": verbs(REVIEWERS, REVIEWERS),
    "app.passage_waiting": verbs(SIGNED_IN, SERVICES, NONE, SERVICES),
    **{
        f"app.{name}": verbs(SIGNED_IN, SERVICES, SERVICES, SERVICES)
        for name in ("collection", "passage", "passage_vector", "passage_change")
    },
    **{
        f"app.{name}": verbs(SERVICES, SERVICES, SERVICES, SERVICES)
        for name in ("account", "session", "refresh_token", "one_time_code", "login_failure", "mail", "inbox", "relay")
    },
}
# An update that reads no column: row-level security then asks for the right to write only.
BLIND: Mapping[str, str] = {
    "phi.resource": "label = 'x'",
    "phi.resource_version": "content = '{}'",
    "phi.sample": "value = 999",
    "phi.meal": "items = '[1]'",
    "phi.confirmed_write": "tool = 'x'",
    "phi.thread": "title = 'x'",
    "phi.message": "content = '{\"x\": 1}'",
    "phi.checkpoints": "checkpoint = '{\"x\": 1}'",
    "phi.checkpoint_blobs": "blob = '\\x01'",
    "phi.checkpoint_writes": "blob = '\\x01'",
    "phi.checkpoint_migrations": "v = 0",
    "consent.access_grant": "revoked_at = now()",
    "audit.entry": "body = '{}'",
    "audit.head": "seq = 0",
    "audit.waiting": "body = '{}'",
    "sec.signing_key": "inner_pad = '\\x00'",
    "app.event": "type = 'x'",
    "app.account": "name = 'x'",
    "app.session": "ended_at = now()",
    "app.refresh_token": "used_at = now()",
    "app.one_time_code": "used_at = now()",
    "app.login_failure": "at = now()",
    "app.mail": "subject = 'x'",
    "app.inbox": "attempts = 9",
    "app.relay": "reached = '9'",
    "phi.memory": "key = 'x'",
    "phi.memory_vector": "embedding = '[2]'",
    "app.vector_space": "model = 'x'",
    "app.collection": "home = 'qdrant'",
    "app.passage": "key = 'x'",
    "app.passage_vector": "embedding = '[2]' where vector_dims(embedding) = 1",  # everyone may read it
    "app.passage_waiting": "collection = 'x'",
    "app.passage_change": "xid = '9'",
    "consent.monitoring": "allowed = false",
    "phi.tracking_settings": "timezone = 'x'",
    "phi.device": "name = 'x'",
    "phi.device_sample": "value = 999",
    "phi.rollup": "total = 999",
    "phi.source_priority": "changed_at = now()",
    "phi.delivery": "key = 'x'",
    "phi.rejected_row": "settled_as = 'dropped'",
    "phi.workout": "sport = 'x'",
    "phi.personal_range": "ended_at = now()",
    "phi.measured": "value = 999",
    "phi.decision": "outcome = 'x'",
    "phi.action": "details = '[]'",
    "phi.risk": "label = 'x'",
    "phi.alarm": "state = 'cleared'",
    "phi.alarm_change": "note = 'x'",
    "phi.task": "state = 'done'",
    "phi.notification": "sent_at = now()",
    "phi.goal": "state = 'ended'",
    "phi.medicine_dose": "reason = 'x'",
    "phi.medicine_supply": "quantity = 999",
    "phi.medicine_reminder": "is_on = false",
    "phi.side_effect": "removed_at = now()",
    "phi.check_override": "ended_at = now()",
    "app.webhook": "sealed_secret = '\\x01'",
    "app.outgoing_hook": "url = 'x'",
    "app.timer": "done_at = now()",
    "app.event_mark": "settled = settled",
    "app.knowledge_release": "version = 'x'",
    "app.knowledge_node": "name = 'x'",
    "app.knowledge_edge": "says = 'x'",
    "app.knowledge_material": "title = 'x'",
    "app.knowledge_text": "body = 'x'",
    "app.knowledge_candidate": "state = 'refused', edited = null, decisions = 1, decided_at = now(), decided_by = sec.subject()",
    "app.knowledge_decision": "reason = 'x'",
}
# Columns that make a copied row a new one; of an account the e-mail, too.
FRESH: Mapping[str, Mapping[str, object]] = {
    "phi.checkpoints": {"checkpoint_id": "2"},
    "phi.checkpoint_blobs": {"version": "2"},
    "phi.checkpoint_writes": {"idx": 2},
    "phi.sample": {"metric": "fresh"},
    "audit.entry": {"seq": 999_999},
    "app.refresh_token": {"hash": "\\x01"},
    "app.one_time_code": {"hash": "\\x01"},
    "app.inbox": {"consumer": "fresh"},
    "app.relay": {"consumer": "fresh"},
    "app.vector_space": {"id": 32000, "version": "fresh"},
    "app.collection": {"name": "fresh"},
    "app.knowledge_node": {"place": 9, "key": "drug:fresh"},
    "app.knowledge_edge": {"place": 9},
    "app.knowledge_material": {"title": "fresh", "digest": "\\x" + "ff" * 32},
    "app.knowledge_candidate": {"place": 9},
    "app.knowledge_decision": {"number": 9},
}

# Tables that hold nothing of the victim, or nothing that is copied.
UNSEEDED = ("audit.waiting", "audit.head", "phi.checkpoint_migrations", "phi.measured", "sec.signing_key")


def test_every_table_has_its_expectation(world: World) -> None:
    known = world.admin(
        "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "where n.nspname = any(%(s)s) and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition",
        s=list(SCHEMAS),
    )
    assert {name for (name,) in known} == set(ALLOWED) == set(BLIND)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_gets_what_is_written_and_nothing_else(world: World, subject: str) -> None:
    for table, allowed in ALLOWED.items():
        for verb, who in allowed.items():
            if subject in who:
                assert affected(world, subject, table, verb, commit=False) > 0, f"{subject} cannot {verb} {table}"
                continue
            before = world.victims_rows(table)
            assert affected(world, subject, table, verb, commit=True) == 0, f"{subject} can {verb} {table}"
            assert world.victims_rows(table) == before, f"{subject} changed something by {verb} on {table}"


def affected(world: World, subject: str, table: str, verb: str, *, commit: bool) -> int:
    """How many rows the attempt got hold of; 0 when the database refused for want of permission, and only then."""
    try:
        with world.acting(subject) as connection:
            if verb == "insert":
                row = copied(world, table) | own(world, subject, table)
                names = f"({', '.join(row)})" if row else ""
                chosen = ", ".join(row) or "*"
                source = f"select {chosen} from jsonb_populate_record(null::{table}, %s)"
                statement = f"insert into {table} {names} overriding system value {source}"
                cursor = connection.execute(statement.encode(), (Jsonb(row),))
            elif verb == "select":
                cursor = connection.execute(f"select * from {table}".encode())
            else:
                words = f"update {table} set {BLIND[table]}" if verb == "update" else f"delete from {table}"
                cursor = connection.execute(words.encode())
            count = cursor.rowcount
            if not commit:
                connection.rollback()
            return count
    except psycopg.Error as error:
        if verb == "insert" and error.sqlstate == EXISTS:
            return 1
        if table == "phi.measured" and error.sqlstate == NO_TABLE:
            return 0
        assert error.sqlstate == NO_PRIVILEGE, f"{subject} {verb} {table}: {error}"
        return 0


def own(world: World, subject: str, table: str) -> dict[str, object]:
    """What a reviewer must write in their own name."""
    access = world.access(subject)
    by = "decided_by" if table == "app.knowledge_decision" else "added_by"
    reviewed = table in (f"app.knowledge_{name}" for name in ("material", "text", "candidate", "decision"))
    return {by: str(access.principal.account_id)} if reviewed and access else {}


def copied(world: World, table: str) -> dict[str, object]:
    """A new row that looks like the victim's."""
    if table in UNSEEDED:
        return {}
    row = world.a_row(table)
    fresh: dict[str, object] = {"id": str(new_id())} if "id" in row else {}
    fresh |= FRESH.get(table, {})
    for other, of in (("memory_id", "patient_id"), ("passage_id", "collection")):
        if other in row:
            fresh[other] = row[of] if table != "app.passage_change" else str(new_id())
    if table == "app.knowledge_node":
        return row | fresh
    for generated in ("words", *(("key", "seq") if table == "app.event" else ())):
        row.pop(generated, None)
    if table == "app.account":
        fresh["email"] = f"{new_id()}@example.org"
    if table == "consent.access_grant":
        fresh["revoked_at"] = None
    return row | fresh
