"""What alembic runs: it gets the connection from ``open.py``, or makes one for ``alembic`` on the command line."""

from __future__ import annotations

from alembic import context

from pipeline.store.tables import metadata

connection = context.config.attributes["connection"]
assert connection is not None, "run by open.py"
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite can change little of a table that exists
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
