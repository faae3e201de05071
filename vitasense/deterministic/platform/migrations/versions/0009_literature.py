"""The text of documents that were read for knowledge, kept so that it can be searched and quoted."""

from alembic import op

from vitasense.deterministic.platform.migrations.statements import run_script

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """As the owner that nobody logs in as."""
    op.execute("set local role vs_owner")
    run_script("0009_literature.sql")
    op.execute("reset role")
