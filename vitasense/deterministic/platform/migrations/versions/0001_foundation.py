"""Signed context, consent, audit, accounts, events and the tables of patient data."""

from alembic import op

from vitasense.deterministic.platform.migrations.statements import run_script

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything, as the owner that nobody logs in as."""
    op.execute("set local role vs_owner")
    run_script("0001_foundation.sql")
    op.execute("reset role")
