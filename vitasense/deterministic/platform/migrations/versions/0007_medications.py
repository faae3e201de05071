"""The medications room's own tables."""

from alembic import op

from vitasense.deterministic.platform.migrations.statements import run_script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """As the owner that nobody logs in as."""
    op.execute("set local role vs_owner")
    run_script("0007_medications.sql")
    op.execute("reset role")
