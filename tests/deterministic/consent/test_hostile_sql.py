"""Injected SQL of every kind, as the application's role: it gets no row of the victim and changes nothing."""

import psycopg
import pytest
from psycopg.errors import Diagnostic

from tests.conftest import APP_PASSWORD
from tests.deterministic.consent.world import (
    NO_PRIVILEGE,
    NOBODY,
    PATIENT,
    READER,
    SCHEMAS,
    SERVICE,
    SHUT_OUT,
    STRANGER,
    SUBJECTS,
    World,
    build_world,
    enter,
    refused,
    seen,
)
from vitasense.deterministic.platform.database import EmbeddedPostgres

pytestmark = pytest.mark.usefixtures("nothing_changed")


class TestLeavingTheRole:
    """The application's role cannot become another, nor change what holds it."""

    @pytest.mark.parametrize("subject", [NOBODY, STRANGER, READER])
    def test_no_other_role_and_no_change_of_the_rules(self, world: World, subject: str) -> None:
        with world.acting(subject) as connection:
            for sql in (
                "set role vs_owner",
                "set local role vitasense",
                "set session authorization vs_owner",
                "grant vs_owner to vs_app",
                "alter role vs_app bypassrls",
                "alter role vs_app superuser",
                "create role mallory",
                "alter table phi.sample disable row level security",
                "alter table phi.sample no force row level security",
                "alter table phi.sample owner to vs_app",
                "alter table phi.sample disable trigger all",
                "create policy mine on phi.sample using (true)",
                "drop policy read on phi.sample",
                "grant all on sec.signing_key to vs_app",
                "create table phi.mine (x int)",
                "create schema mallory",
                "create function public.f() returns int language sql as 'select 1'",
                "create extension pg_trgm",
                "alter database vitasense set row_security = off",
                "set session_replication_role = replica",
                "truncate phi.sample",
                "drop table phi.sample",
                "lock table phi.sample in access exclusive mode; delete from audit.entry",
                "comment on table phi.sample is 'x'",
                "create rule r as on select to phi.sample do instead select 1",
                "select pg_read_file('postgresql.conf')",
                "copy phi.sample to program 'cat'",
                "copy (select 1) to '/tmp/x'",
                "select lo_import('/etc/passwd')",
                "load 'auto_explain'",
            ):
                refused(connection, sql)
            connection.execute("set local row_security = off")
            refused(connection, "select * from phi.sample")

    def test_the_role_has_nothing_it_does_not_need(self, world: World) -> None:
        role = world.admin(
            "select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication from pg_roles "
            "where rolname = 'vs_app'"
        )
        assert role == [(False,) * 5]
        assert world.admin("select 1 from pg_auth_members where member = 'vs_app'::regrole") == []
        assert world.admin("select 1 from pg_shdepend where refobjid = 'vs_app'::regrole and deptype = 'o'") == []

    def test_every_table_it_may_touch_forces_row_level_security(self, world: World) -> None:
        open_ones = world.admin(
            "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where n.nspname = any(%(s)s) and c.relkind in ('r', 'p') "
            "and has_any_column_privilege('vs_app', c.oid, 'select, insert, update, references') "
            "and not (c.relrowsecurity and c.relforcerowsecurity)",
            s=list(SCHEMAS),
        )
        assert open_ones == []

    @pytest.mark.parametrize("subject", [subject for subject in SUBJECTS if subject != SERVICE])
    def test_what_the_service_may_do_with_memories_nobody_else_may(self, world: World, subject: str) -> None:
        victim = world.victim.account_id
        with world.acting(subject) as connection:
            for sql in (
                "select app.use_space('x', '1', 1)",
                "select app.drop_space(1::smallint)",
                "select * from app.memory_without_vector(1::smallint, 10)",
                f"select app.memory_add_vector(1::smallint, '{victim}', '{victim}', sha256('secret'), '[1]')",
                f"select app.memory_add_vectors(1::smallint, '{{{victim}}}', '{{{victim}}}', '{{x}}', '{{[1]}}')",
                "select * from app.memory_census()",
                "select app.only_service()",
                "call app.for_everyone('phi.memory')",
            ):
                refused(connection, sql)

    def test_views_and_functions_do_not_open_what_tables_close(self, world: World) -> None:
        loose = world.admin(
            "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace "
            "where n.nspname = any(%(s)s) and p.prosecdef and (p.proconfig is null or "
            "not 'search_path=pg_catalog, pg_temp' = any(p.proconfig))",
            s=list(SCHEMAS),
        )
        assert loose == []
        callable_ones = world.admin(
            "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace "
            "where n.nspname = any(%(s)s) and has_function_privilege('vs_app', p.oid, 'execute') order by 1",
            s=list(SCHEMAS),
        )
        assert [name for (name,) in callable_ones] == [
            "app.any_word(text)",
            "app.drop_space(smallint)",
            "app.each_word(text)",
            "app.first_unnoted(text,text[])",
            "app.first_words(text)",
            "app.is_held(text,text,bigint)",
            "app.keep_sample_months(date,date)",
            "app.knowledge_named(text,integer)",
            "app.literature()",
            "app.memory_add_vector(smallint,uuid,uuid,bytea,text)",
            "app.memory_add_vectors(smallint,uuid[],uuid[],bytea[],text[])",
            "app.memory_census()",
            "app.memory_without_vector(smallint,integer)",
            "app.open_keys(text,text[],interval,integer)",
            "app.search_memories(uuid,smallint,text[],text[],double precision,integer,integer,boolean,text[],text[],text,"
            "timestamp with time zone,timestamp with time zone)",
            "app.use_space(text,text,integer)",
            "app.worded_passages(text,text,text,timestamp with time zone,timestamp with time zone,boolean,integer)",
            "audit.note(uuid,text,text,jsonb)",
            "sec.context()",
            "sec.granted(text)",
            "sec.is_watching()",
            "sec.own_record()",
            "sec.party_name(uuid)",
            "sec.patient()",
            "sec.readable()",
            "sec.role()",
            "sec.streams()",
            "sec.subject()",
            "sec.tracks()",
            "sec.watches()",
            "sec.writable()",
        ]
        views = world.admin(
            "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where n.nspname = any(%(s)s) and c.relkind in ('v', 'm') "
            "and not coalesce('security_invoker=true' = any(c.reloptions), false)",
            s=list(SCHEMAS),
        )
        assert views == []


class TestGettingAtRows:
    """Ways around a policy that PostgreSQL knows of."""

    @pytest.mark.parametrize("subject", [NOBODY, STRANGER, "another patient", "an administrator", *SHUT_OUT])
    def test_no_way_of_reading_shows_a_row(self, world: World, subject: str) -> None:
        with world.acting(subject) as connection:
            for sql in (
                "select * from phi.sample where true or 1 = 1",
                "select * from phi.sample union all select * from phi.sample",
                "with x as (select * from phi.sample) select * from x",
                "select (select s from phi.sample s limit 1) where exists (select from phi.sample)",
                "select * from phi.sample s full join phi.resource r using (patient_id)",
                "update phi.sample set value = 0 returning *",
                "delete from phi.sample returning *",
                "delete from phi.sample using phi.resource returning phi.resource.*",
                "select * from phi.sample for update",
                "select * from pg_stats where schemaname = 'phi'",
                "select * from phi.sample tablesample system (100)",
            ):
                assert connection.execute(sql.encode()).fetchall() == [], sql
            with connection.cursor().copy(b"copy phi.sample to stdout") as copy:
                assert list(copy) == []
            connection.execute("declare c cursor with hold for select * from phi.sample")
            assert connection.execute("fetch all from c").fetchall() == []

    def test_search_path_and_temporary_objects_fool_no_check(self, world: World) -> None:
        with world.acting(STRANGER) as connection:
            for sql in (
                "create temp table signing_key (id smallint, inner_pad bytea, outer_pad bytea) on commit drop",
                "create temp table access_grant (like consent.access_grant) on commit drop",
                "create function pg_temp.sha256(bytea) returns bytea language sql as 'select ''\\x00''::bytea'",
                "create function pg_temp.pg_backend_pid() returns int language sql as 'select 1'",
                "create function pg_temp.always(uuid, uuid) returns bool language sql as 'select true'",
                "create operator pg_temp.= (leftarg = uuid, rightarg = uuid, function = pg_temp.always)",
                "set local search_path = pg_temp, sec, phi, pg_catalog",
            ):
                connection.execute(sql.encode())
            assert seen(connection) == 0
            connection.execute("set local app.context = 'x.y'")
            assert seen(connection) == 0

    def test_a_view_made_in_one_context_shows_nothing_in_the_next(self, world: World) -> None:
        victim, stranger = world.access(PATIENT), world.access(STRANGER)
        assert victim is not None and stranger is not None
        with psycopg.connect(world.app_url, autocommit=True) as connection:
            with connection.transaction():
                enter(connection, victim)
                connection.execute("create temp view mine as select * from phi.sample")
                connection.execute("prepare p as select * from phi.sample")
                assert len(connection.execute("select * from mine").fetchall()) == 1
                assert len(connection.execute("execute p").fetchall()) == 1
            with connection.transaction():
                enter(connection, stranger)
                assert connection.execute("select * from mine").fetchall() == []
                assert connection.execute("execute p").fetchall() == []

    def test_a_function_in_the_condition_is_not_shown_hidden_rows(self, world: World) -> None:
        told: list[str | None] = []

        def listen(message: Diagnostic) -> None:
            told.append(message.message_primary)

        with world.acting(STRANGER) as connection:
            connection.add_notice_handler(listen)
            connection.execute(
                "create function pg_temp.leak(text) returns bool language plpgsql cost 0.0000001 as "
                "$$ begin raise notice '%', $1; return true; end $$"
            )
            assert connection.execute("select * from phi.resource where pg_temp.leak(label)").fetchall() == []
            connection.execute("select 1 / length(label) from phi.resource where label = 'secret'")
        assert told == []

    def test_keys_do_not_tell_whether_a_row_exists(self, world: World) -> None:
        row, stranger = world.a_row("phi.sample"), world.subjects[STRANGER]
        thread = world.a_row("phi.thread")["id"]
        assert stranger is not None
        with world.acting(STRANGER) as connection:
            refused(
                connection,
                f"insert into phi.sample values ('{row['patient_id']}', '{row['metric']}', '{row['at']}', "
                f"'{row['record_id']}', 'labs', 1, '1', null, null, now())",
            )
            refused(
                connection,
                f"insert into phi.sample values ('{row['patient_id']}', '{row['metric']}', '{row['at']}', "
                f"'{row['record_id']}', 'labs', 1, '1', null, null, now()) on conflict do nothing",
            )
            refused(
                connection,
                f"insert into phi.message values ('{row['patient_id']}', '{thread}', gen_random_uuid(), "
                f"'{stranger.account_id}', 'person', '{{}}', '{{}}', now())",
            )

    def test_copying_in_is_refused(self, world: World) -> None:
        with world.acting(STRANGER) as connection:
            with pytest.raises(psycopg.Error) as error:
                with connection.cursor().copy(b"copy phi.sample from stdin") as copy:
                    copy.write_row((world.victim.account_id, "m", "now", world.victim.account_id, "labs", 1, "1"))
            assert error.value.sqlstate in (NO_PRIVILEGE, "0A000")
            connection.rollback()

    def test_a_cursor_opened_before_a_revocation_gives_nothing_after_it(
        self, admin_url: str, server: EmbeddedPostgres
    ) -> None:
        own = build_world(admin_url, server.url("vs_app", APP_PASSWORD))
        with own.acting(READER) as connection:
            assert seen(connection) == 1
            connection.execute("declare c cursor for select * from phi.sample")
            own.admin("update consent.access_grant set revoked_at = clock_timestamp() where patient_id = %(v)s")
            assert connection.execute("fetch all from c").fetchall() == []
            assert seen(connection) == 0

    def test_names_of_strangers_cannot_be_looked_up(self, world: World) -> None:
        look = f"select * from sec.party_name('{world.victim.account_id}')"
        for subject in (STRANGER, NOBODY, "another patient", "an administrator"):
            with world.acting(subject) as connection:
                assert connection.execute(look.encode()).fetchall() == []
        with world.acting("another patient") as connection:
            other = world.subjects["another patient"]
            assert other is not None
            connection.execute(
                "insert into consent.access_grant values (%s, gen_random_uuid(), %s, '{labs}', '{read}', "
                "'{treatment}', now(), null)",
                (other.account_id, world.victim.account_id),
            )
            assert connection.execute(look.encode()).fetchall() == []
            connection.rollback()
