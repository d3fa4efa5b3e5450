"""Run by Alembic: applies the migrations on the connection that ``database.open`` gives."""

from alembic import context

from pipelines.store import state

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=state.Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
