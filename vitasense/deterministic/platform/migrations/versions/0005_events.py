"""Events in the order in which they were written, what waits by its key, and each failure by type and place."""

from alembic import op

from vitasense.deterministic.platform.migrations.statements import run_script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """As the owner that nobody logs in as."""
    op.execute("set local role vs_owner")
    run_script("0005_events.sql")
    op.execute("reset role")
