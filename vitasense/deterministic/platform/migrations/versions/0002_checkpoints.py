"""LangGraph's checkpoint tables, behind the thread they belong to."""

from alembic import op
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from sqlalchemy import text

from vitasense.deterministic.platform.migrations.statements import run_statements

revision = "0002"
down_revision = "0001"

POLICY = """
alter table phi.{table} enable row level security;
alter table phi.{table} force row level security;
create policy of_thread on phi.{table} to vs_app
  using (exists (select from phi.thread t where t.id = {table}.thread_id::uuid))
  with check (exists (select from phi.thread t where t.id = {table}.thread_id::uuid));
grant select, insert, update, delete on phi.{table} to vs_app;
"""


def upgrade() -> None:
    """Create the saver's own tables at its pinned version, then close them to all but the thread's owner."""
    op.execute("set local role vs_owner")
    op.execute("set local search_path = phi")
    for number, statement in enumerate(AsyncPostgresSaver.MIGRATIONS):
        run_statements(statement.replace("CONCURRENTLY", ""))
        op.get_bind().execute(text("insert into checkpoint_migrations (v) values (:number)"), {"number": number})
    for table in ("checkpoints", "checkpoint_blobs", "checkpoint_writes"):
        run_statements(POLICY.format(table=table))
    op.execute("reset search_path")
    op.execute("reset role")
