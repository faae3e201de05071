"""What is remembered: personal memories behind row-level security, shared knowledge, and the vectors of both."""

from alembic import op

from vitasense.deterministic.platform.migrations.statements import run_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Have pgvector, as the administrator; then create everything as the owner that nobody logs in as."""
    op.execute("create extension if not exists vector with schema public")
    op.execute("set local role vs_owner")
    run_script("0003_memory.sql")
    op.execute("reset role")
