"""Statements compiled once and asked of the driver itself."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import Connection, Dialect, Engine, Float, Select
from sqlalchemy.types import TypeEngine

from wishwall.kit.db import db, is_writing, reading

Row = tuple[Any, ...]
Rows = Sequence[Row]


class Prepared:
    """A statement of a page that is read often, at a third of the work: plain tuples for rows.

    SQLAlchemy's events do not see it.
    """

    def __init__(self, engine: Engine, statement: Select[*tuple[Any, ...]]) -> None:
        compiled = statement.compile(engine)
        if compiled.post_compile_params:
            raise TypeError(f"an IN that grows cannot be prepared: {compiled.string}")
        self._engine, self._statement = engine, statement
        self._sql, self._places = compiled.string, compiled.positiontup
        self._faults = engine.dialect.loaded_dbapi.Error
        tellers = [_teller(column.type, engine.dialect) for column in statement.selected_columns]
        self._tellers = [(place, tell) for place, tell in enumerate(tellers) if tell]
        self._fixed = {
            name: bind.value for name, bind in compiled.binds.items() if not bind.required
        }
        self._written = {
            name: write
            for name, bind in compiled.binds.items()
            if (write := bind.type.dialect_impl(engine.dialect).bind_processor(engine.dialect))
        }

    def first(self, values: Mapping[str, Any], on: Connection | None = None) -> Row | None:
        """The first row, if there is one; raises `SQLAlchemyError`."""
        return next(iter(self.rows(values, on)), None)

    def rows(self, values: Mapping[str, Any], on: Connection | None = None) -> Rows:
        """All rows, asked on this connection or on one of its own; raises `SQLAlchemyError`."""
        if on is None:
            with self._engine.connect() as connection:
                return self.rows(values, connection)
        cursor = on.connection.cursor()
        try:
            cursor.execute(self._sql, self._placed(values))
            rows = cursor.fetchall()
            cursor.close()
        except self._faults as fault:
            on.invalidate(fault)  # then in the ordinary way, which knows each fault by name
            return [tuple(row) for row in on.execute(self._statement, values)]
        return [self._told(row) for row in rows] if self._tellers else rows

    def _placed(self, values: Mapping[str, Any]) -> Mapping[str, Any] | Sequence[Any]:
        """The values as the driver takes them: by name, or in the order of the statement."""
        written = {**self._fixed, **values}
        for name, write in self._written.items():
            written[name] = write(written[name])
        return written if self._places is None else [written[name] for name in self._places]

    def _told(self, row: Row) -> Row:
        """A row with moments as moments."""
        values = list(row)
        for place, tell in self._tellers:
            values[place] = tell(values[place])
        return tuple(values)


def _teller(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes of the driver's value the one that is meant; a float is one already."""
    if isinstance(kind, Float):
        return None
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def read(statement: Select[*tuple[Any, ...]], values: Mapping[str, Any]) -> Rows:
    """All rows of a statement of this application's, prepared when it is first asked.

    Within `writing()` it sees what has been written.
    """
    if is_writing():
        return [tuple(row) for row in db.session.connection().execute(statement, values)]
    known: dict[object, Prepared] = current_app.extensions.setdefault("prepared", {})
    if statement not in known:
        known[statement] = Prepared(current_app.extensions["reading"], statement)
    return known[statement].rows(values, reading())
