"""A statement compiled once and asked of the driver itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Select

Rows = Sequence[tuple[Any, ...]]


class Prepared:
    """A third of the work of `kit.db.read`.

    Its rows come as the driver gives them, so it is for numbers and words, not for moments; and
    SQLAlchemy's events, by which tests count statements, do not see it.
    """

    def __init__(self, engine: Engine, statement: Select[*tuple[Any, ...]]) -> None:
        compiled = statement.compile(engine)
        self._engine, self._statement = engine, statement
        self._sql, self._places = compiled.string, compiled.positiontup
        self._faults = engine.dialect.loaded_dbapi.Error
        self._fixed = {
            name: bind.value for name, bind in compiled.binds.items() if not bind.required
        }
        self._written = {
            name: write
            for name, bind in compiled.binds.items()
            if (write := bind.type.dialect_impl(engine.dialect).bind_processor(engine.dialect))
        }

    def first(
        self, values: Mapping[str, Any], on: Connection | None = None
    ) -> tuple[Any, ...] | None:
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
            rows: Rows = cursor.fetchall()
            cursor.close()
        except self._faults as fault:
            on.invalidate(fault)  # then in the ordinary way, which knows each fault by name
            return [tuple(row) for row in on.execute(self._statement, values)]
        return rows

    def _placed(self, values: Mapping[str, Any]) -> Mapping[str, Any] | Sequence[Any]:
        """The values as the driver takes them: by name, or in the order of the statement."""
        written = {**self._fixed, **values}
        for name, write in self._written.items():
            written[name] = write(written[name])
        return written if self._places is None else [written[name] for name in self._places]
