"""How Alembic runs here: on the application's own engine, in one transaction."""

from typing import Any, Literal

from alembic import context
from flask import current_app

from wishwall.kit.db import Moment

database = current_app.extensions["migrate"].db


def as_plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration names the database's own types, never the application's."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_item=as_plain_type,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
