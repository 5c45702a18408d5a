"""How often a page asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from wishwall.kit.db import db
from wishwall.kit.prepared import Prepared, Rows


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collects each statement sent meanwhile; the beginnings of transactions do not count."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    def note_prepared(self: Prepared, values: Any, on: Any = None) -> Rows:
        if on is not None:  # otherwise it asks itself again, on a connection
            sent.append(self._sql)
        return ask(self, values, on)

    ask = Prepared.rows
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Prepared, "rows", note_prepared)
            yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
