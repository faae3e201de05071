"""Documents that were read for knowledge, and what people decided on each sentence."""

from alembic import op

from vitasense.deterministic.platform.migrations.statements import run_script

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """As the owner that nobody logs in as."""
    op.execute("set local role vs_owner")
    run_script("0008_review.sql")
    op.execute("reset role")
