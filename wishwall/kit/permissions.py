"""Who may do what: read from one table, asked before every view.

A cell of the table says, for one action and one role: Y yes, N no, L sign in first, and with
conditions on the record that the view looks up: O own, A claimed by oneself, D own
department's, S own station's, R yes with a fresh password and a reason (a keeper, whose capacity
is tied to a station: there).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue

ANONYMOUS = "AN"


@dataclass(frozen=True)
class Standing:
    """One capacity in which a person acts: a column of the table and what it is tied to."""

    column: str
    station_id: int | None = None
    department_id: int | None = None

    def reaches(self, station_id: int) -> bool:
        """Whether it is this station's, or the whole city's."""
        return self.station_id in {None, station_id}


class Viewer(Protocol):
    """Whoever looks: signed in or not."""

    @property
    def standings(self) -> Iterable[Standing]: ...


@dataclass(frozen=True)
class Table:
    """Actions by role, and the action behind each (endpoint, method)."""

    matrix: Mapping[str, Mapping[str, str]]
    routes: Mapping[tuple[str, str], str]

    def cell(self, action: str, standing: Standing) -> str:
        """What the table says for this action in this capacity."""
        return self.matrix[action][standing.column]

    @cached_property
    def _open_to_all(self) -> set[str]:
        return {
            "public",
            *(name for name, row in self.matrix.items() if set(row.values()) == {"Y"}),
        }

    def is_open_to_all(self, endpoint: str, method: str) -> bool:
        """Whether everybody may, whoever they are and whatever the record."""
        return self.routes.get((endpoint, method)) in self._open_to_all

    def cells(self, action: str, viewer: Viewer) -> set[str]:
        """All that the table says for this viewer."""
        return {self.cell(action, standing) for standing in viewer.standings}


SignInFirst = Callable[[], ResponseReturnValue]


def table() -> Table:
    """The table of the running application."""
    found: Table = current_app.extensions["permissions"]
    return found


def init_app(app: Flask, rules: Table, viewer: Callable[[], Viewer], sign_in: SignInFirst) -> None:
    """Ask the table before every view; a route that it does not know is closed."""
    app.extensions["permissions"] = rules

    @app.before_request
    def guard() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None  # 404 and 405 are answered by the router
        method = "GET" if request.method == "HEAD" else request.method
        if method == "OPTIONS":
            return None
        if rules.is_open_to_all(request.endpoint, method):
            return None
        action = rules.routes.get((request.endpoint, method))
        if action is None:
            abort(403)
        cells = rules.cells(action, viewer())
        if cells == {"L"}:
            return sign_in()
        if cells <= {"N", "L"}:
            abort(403)
        return None
