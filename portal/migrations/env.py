"""Alembic's entry: runs the migrations on the connection that ``portal.schema`` opened."""

from alembic import context

from portal import schema

connection = context.config.attributes.get("connection")
if connection is None:
    with schema.connection_from_settings() as opened:
        context.configure(connection=opened, target_metadata=schema.metadata(), render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()
else:
    context.configure(connection=connection, target_metadata=schema.metadata(), render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
