"""Tracking: what devices send, its rollups, decisions about it, alarms, tasks, goals, and the roles that may touch them."""

from alembic import op

from vitasense.deterministic.platform.migrations.statements import run_script

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create everything as the owner that nobody logs in as."""
    op.execute("set local role vs_owner")
    run_script("0004_tracking.sql")
    op.execute("reset role")
