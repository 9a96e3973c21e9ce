"""Alembic's environment: the same revisions on SQLite and PostgreSQL, one connection, no pool.

Knows no table: who wants a revision made or compared hands the metadata in (app/tables.py)."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

connection = context.config.attributes["connection"]
if connection.dialect.name == "postgresql":
    # One migrator at a time; a transaction lock ends with the transaction, so nothing can keep it.
    connection.execute(text("SELECT pg_advisory_xact_lock(7356402)"))
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata"),
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
