"""All that the database holds, as one hash a table: what a refused deed must leave alone."""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import pytest

from wishwall.kit.db import Base, db
from wishwall.kit.errors import Refusal

COUNTS_OF_LIMITS = ("allowance",)  # a refused try counts


def contents(but: Collection[str] = COUNTS_OF_LIMITS) -> dict[str, str]:
    """A hash of the rows of each table."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return {
            table.name: _hash([tuple(row) for row in connection.execute(table.select())])
            for table in Base.metadata.sorted_tables
            if table.name not in but
        }


def changed(before: dict[str, str], but: Collection[str] = COUNTS_OF_LIMITS) -> list[str]:
    """The tables that are not as they were."""
    now = contents(but)
    return [table for table in before if now[table] != before[table]]


@contextmanager
def refused(refusal: type[Refusal]) -> Iterator[None]:
    """What is done here is refused so, and nothing has changed."""
    before = contents()
    with pytest.raises(refusal):
        yield
    assert changed(before) == []


def everything_kept() -> str:
    """Every value of every row, to search for what must not stand there."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return "\n".join(
            repr(tuple(row))
            for table in Base.metadata.sorted_tables
            for row in connection.execute(table.select())
        )


def _hash(rows: list[tuple[object, ...]]) -> str:
    lines = sorted(map(repr, rows))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
