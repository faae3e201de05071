"""Injected SQL against the audit log: it is written by the database alone, and truly."""

import json
from typing import cast

import pytest

from tests.deterministic.consent.world import (
    NOBODY,
    PATIENT,
    READER,
    STRANGER,
    SUBJECTS,
    World,
    refused,
    seen,
)

pytestmark = pytest.mark.usefixtures("nothing_changed")

HOSTILE = tuple(subject for subject in SUBJECTS if subject != PATIENT)


class TestAudit:
    """The log is written by the database alone, and truly."""

    @pytest.mark.parametrize("subject", HOSTILE)
    def test_nobody_writes_changes_or_removes_entries(self, world: World, subject: str) -> None:
        victim = world.victim.account_id
        with world.acting(subject) as connection:
            for sql in (
                f"insert into audit.entry values ('{victim}', 9, default, '{{}}', '', '')",
                "update audit.entry set body = '{}'",
                "delete from audit.entry",
                "truncate audit.entry",
                "delete from audit.head",
                "delete from audit.waiting",
                f"select audit.append('{victim}', '{{}}')",
                "select audit.note_read('{}', '{labs}')",
                "select audit.actor('{}')",
                "call audit.watch('phi.sample')",
                "call sec.protect('phi.sample', '''x''')",
                "call app.for_service('phi.sample')",
            ):
                refused(connection, sql)
            refused(
                connection,
                "create temp table changed (patient_id uuid) on commit drop; create trigger t after insert on changed "
                "for each statement execute function audit.note_write()",
            )

    def test_a_note_about_somebody_else_is_refused(self, world: World) -> None:
        foreign = "select audit.note(gen_random_uuid(), 'read', 'x')"
        for subject in (STRANGER, NOBODY, "another patient"):
            with world.acting(subject) as connection:
                refused(connection, foreign)

    def test_a_note_cannot_name_another_actor_time_or_place(self, world: World) -> None:
        stranger = world.subjects[STRANGER]
        assert stranger is not None
        lie = {"actor": str(world.victim.account_id), "role": "patient", "at": "2000-01-01", "seq": 1, "verb": "x"}
        with world.acting(STRANGER) as connection:
            connection.execute(
                "select audit.note(%s, 'sees', 'x', %s)", (stranger.account_id, json.dumps(lie | {"subject": "x"}))
            )
        ((body,),) = world.admin("select body from audit.entry where subject_id = %(s)s", s=stranger.account_id)
        told = cast(dict[str, object], body)
        assert (told["actor"], told["role"], told["verb"]) == (str(stranger.account_id), "provider", "sees")
        assert told["subject"] == str(stranger.account_id) and not str(told["at"]).startswith("2000")

    def reads(self, world: World) -> int:
        noted = world.admin("select 1 from audit.entry where subject_id = %(v)s and body->>'verb' = 'read'")
        return len(noted)

    @pytest.mark.parametrize(
        "sql",
        [
            "select count(*) from phi.sample",
            "copy phi.sample to stdout",
            "copy (select * from phi.sample) to stdout",
            "do $$ declare n int; begin select count(*) into n from phi.sample; end $$",
            "declare c cursor for select * from phi.sample; fetch all from c",
            "create temp table kept on commit drop as select * from phi.sample",
            "set constraints all immediate; select count(*) from phi.sample",
            "set constraints all deferred; select sec.readable()",
            "explain analyze select * from phi.sample",
            "with x as materialized (select * from phi.sample) select 1 from x",
        ],
    )
    def test_however_a_granted_provider_reads_it_is_noted(self, world: World, sql: str) -> None:
        before = self.reads(world)
        with world.acting(READER) as connection:
            if sql.startswith("copy"):
                with connection.cursor().copy(sql.encode()) as copy:
                    assert len(list(copy)) == 1
            else:
                connection.execute(sql.encode())
        assert self.reads(world) == before + 1

    def test_rolling_back_to_a_savepoint_does_not_keep_what_was_read(self, world: World) -> None:
        with world.acting(READER) as connection:
            refused(connection, "select * from phi.sample")
            refused(connection, "set constraints all immediate; select * from phi.sample")
            caught = (
                "do $$ declare n int; begin begin select count(*) into n from phi.sample; raise 'undo'; "
                "exception when others then null; end; "
                "perform set_config('mallory.found', coalesce(n::text, 'nothing'), true); end $$"
            )
            connection.execute(caught.encode())
            found = connection.execute("select current_setting('mallory.found')").fetchone()
            assert found == ("nothing",)

    def test_after_a_first_read_savepoints_are_as_usual(self, world: World) -> None:
        before = self.reads(world)
        with world.acting(READER) as connection:
            assert seen(connection) == 1
            with connection.transaction():
                assert seen(connection) == 1
        assert self.reads(world) == before + 1
