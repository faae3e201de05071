"""Runs a SQL script of many statements inside the migration's transaction."""

from pathlib import Path

from alembic import op

VERSIONS = Path(__file__).parent / "versions"


def run_script(name: str) -> None:
    """Run `versions/<name>` as it stands: no parameters, so `%` means itself."""
    run_statements((VERSIONS / name).read_text())


def run_statements(sql: str) -> None:
    """Run SQL on the migration's own connection without parameter parsing."""
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    with connection.cursor() as cursor:
        cursor.execute(sql)
