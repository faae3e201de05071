"""Alembic's entry: one transaction for all pending revisions, on the connection that the caller hands over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], version_table_schema="public")
with context.begin_transaction():
    context.run_migrations()
