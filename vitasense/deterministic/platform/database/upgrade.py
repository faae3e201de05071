"""Roles, migrations and the signing key: what an administrator's connection does, and the service never."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import Connection, create_engine, text

from vitasense.deterministic.platform.database.signing import padded

MIGRATIONS = Path(__file__).parents[1] / "migrations"
_ONE_AT_A_TIME = 0x76697461  # key of the advisory lock: "vita"


def upgrade(admin_url: str, *, context_key: bytes, app_password: str | None = None) -> str:
    """Bring the database to the newest revision and return it. Safe to run twice, and from two processes at once.

    With `app_password` the login role `vs_app` gets that password; without, it must exist with its own.
    """
    engine = create_engine(admin_url)
    try:
        with engine.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
            _ensure_roles(connection, app_password)
            command.upgrade(_config(connection), "head")
            _store_key(connection, context_key)
            return str(MigrationContext.configure(connection).get_current_revision())
    finally:
        engine.dispose()


def status(admin_url: str) -> tuple[str | None, str]:
    """The revision of the database (None when empty) and the newest revision known to this program."""
    engine = create_engine(admin_url)
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
            return current, str(ScriptDirectory.from_config(_config(connection)).get_current_head())
    finally:
        engine.dispose()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _ensure_roles(connection: Connection, app_password: str | None) -> None:
    known = set(connection.scalars(text("select rolname from pg_roles where rolname in ('vs_owner', 'vs_app')")))
    if "vs_owner" not in known:
        connection.exec_driver_sql("create role vs_owner nologin nobypassrls")
        connection.exec_driver_sql("grant vs_owner to current_user")
    if "vs_app" not in known:
        connection.exec_driver_sql("create role vs_app login nobypassrls nosuperuser nocreatedb nocreaterole")
    if app_password:
        statement = sql.SQL("alter role vs_app password {}").format(sql.Literal(app_password))
        connection.exec_driver_sql(statement.as_string())
    database = connection.scalar(text("select quote_ident(current_database())"))
    connection.exec_driver_sql(f"grant create on database {database} to vs_owner")
    connection.exec_driver_sql("revoke create on schema public from public")


def _store_key(connection: Connection, key: bytes) -> None:
    inner, outer = padded(key)
    connection.execute(
        text(
            "insert into sec.signing_key values (1, :inner, :outer) on conflict (id) do update "
            "set inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad"
        ),
        {"inner": inner, "outer": outer},
    )
