"""The database: typed models on one Base, and one way to write.

Reading begins whenever a query is made. Writing happens inside `writing()`: on SQLite its
transaction starts with `BEGIN IMMEDIATE` after waiting in the write queue, on PostgreSQL it
is an ordinary transaction. Verbs flush; only `writing()` commits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from flask import Flask, current_app, g
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    TypeDecorator,
    event,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import DeclarativeBase

from wishwall.kit.write_queue import WriteQueue

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite, which knows no zones, gets it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables of the city."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment}


db = SQLAlchemy(metadata=Base.metadata)


@contextmanager
def writing() -> Iterator[None]:
    """One writing transaction: commits at the end, rolls back on any error; never in another."""
    session = db.session
    if is_writing():
        raise RuntimeError("writing() within writing(): the outer one would be rolled back")
    session.rollback()  # a read begun earlier must not be upgraded to a write
    session.connection(execution_options={"writing": True})
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    if hear := current_app.extensions.get("after-writing"):
        hear()


def reading() -> Connection:
    """This request's connection for statements that only read."""
    if "reading" not in g:
        g.reading = current_app.extensions["reading"].connect()
    connection: Connection = g.reading
    return connection


def _for_reading(engine: Engine) -> Engine:
    """Its connections, for statements that only read: they need no BEGIN and leave nothing open."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(reading=True)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def is_writing() -> bool:
    """Whether a writing transaction of this request or thread is open."""
    if not db.session.registry.has():
        return False
    session = db.session()
    return session.in_transaction() and bool(
        session.connection().get_execution_options().get("writing")
    )


def insert(table: type[Base]) -> Any:
    """The engine's own INSERT, which knows ON CONFLICT."""
    on_sqlite = db.engine.dialect.name == "sqlite"
    return sqlite_insert(table) if on_sqlite else postgresql_insert(table)


def engine_options(url: str) -> dict[str, Any]:
    """What `create_engine` needs for this database, with connections held open."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 5}, "pool_size": 32}
    settings = "-c lock_timeout=5s -c statement_timeout=10s -c timezone=UTC"
    return {"connect_args": {"options": settings, "connect_timeout": 5}, "pool_pre_ping": True}


def init_app(app: Flask) -> None:
    """Attach the database to the application."""
    db.init_app(app)

    @app.teardown_appcontext
    def stop_reading(_error: BaseException | None) -> None:
        if "reading" in g:
            g.pop("reading").close()

    with app.app_context():
        app.extensions["reading"] = _for_reading(db.engine)
        if db.engine.dialect.name == "sqlite":
            _tune_sqlite(db.engine, WriteQueue(Path(app.instance_path) / "write.lock"))


def _tune_sqlite(engine: Engine, queue: WriteQueue) -> None:
    @event.listens_for(engine, "connect")
    def set_pragmas(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None  # transactions are begun below, by us alone
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=5000",
            "mmap_size=1073741824",  # a page of the file is read without a copy
        ):
            dbapi_connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writing"):
            queue.enter(connection.info)
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif not connection.get_execution_options().get("reading"):
            connection.exec_driver_sql("BEGIN")

    @event.listens_for(engine, "checkin")
    def leave(_dbapi_connection: Any, record: Any) -> None:
        queue.leave(record.info)
