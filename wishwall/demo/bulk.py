"""Writing very many rows at once, by Core and in chunks."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Executable, func, insert, select, text

from wishwall.kit.db import Base

CHUNK = 5_000
NUMBERED = ("station", "department", "person", "wish", "claim", "trail", "merchant", "offer")

Progress = Callable[[int, int], None]
Rows = Iterable[Mapping[str, Any]]


class Bulk:
    """Rows of all tables in one transaction; tells how many are written of how many."""

    def __init__(self, connection: Connection, progress: Progress | None = None) -> None:
        self._connection, self._progress = connection, progress
        self._done, self._total = 0, 0
        self._on_postgresql = connection.dialect.name == "postgresql"
        if self._on_postgresql:  # ids are given here, so nobody else may give any meanwhile
            connection.execute(text(f"LOCK TABLE {', '.join(NUMBERED)} IN EXCLUSIVE MODE"))

    def first_free_id(self, table: str) -> int:
        """The id after the highest."""
        highest = select(func.max(Base.metadata.tables[table].c.id))
        return (self._connection.scalar(highest) or 0) + 1

    def expect(self, rows: int) -> None:
        """So many rows are coming."""
        self._total = rows

    def write(self, table: str, rows: Rows, statement: Executable | None = None) -> None:
        """Insert rows, or carry out another statement with each."""
        chosen = insert(Base.metadata.tables[table]) if statement is None else statement
        coming = iter(rows)
        while chunk := list(islice(coming, CHUNK)):
            self._connection.execute(chosen, chunk)
            self._done += len(chunk)
            if self._progress:
                self._progress(self._done, self._total)

    def finish(self) -> None:
        """Let PostgreSQL go on counting after the ids given here."""
        if self._on_postgresql:
            for table in NUMBERED:
                highest = func.max(Base.metadata.tables[table].c.id)
                sequence = func.pg_get_serial_sequence(table, "id")
                self._connection.execute(select(func.setval(sequence, highest)))
