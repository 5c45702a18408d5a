"""How Alembic runs here: on the application's own engine, in one transaction."""

from typing import Any, Literal

from alembic import context
from flask import current_app

from wishwall.kit.db import Moment

MIGRATING = 0x6D696772  # the number of a lock that nothing else takes
database = current_app.extensions["migrate"].db


def as_plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration names the database's own types, never the application's."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


with database.engine.connect() as connection:
    # To alter a table SQLite makes it anew; rows that point to it must not be asked, or cascade.
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite:
        connection.connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_item=as_plain_type,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        if (
            not on_sqlite
        ):  # machines that start together: the first migrates, the others find it done
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")
        context.run_migrations()
    if on_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("the migration leaves rows that point to nothing; it is not kept")
    connection.commit()
    if on_sqlite:
        connection.connection.execute("PRAGMA foreign_keys=ON")
