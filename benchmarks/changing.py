"""A wish that is edited again and again, and the moment of each commit."""

import time

from flask import Flask
from sqlalchemy import select

from wishwall.kit.db import db, writing
from wishwall.stations.models import Station
from wishwall.trail.queries import newest_happening
from wishwall.wishes.models import OPEN, Wish


class Changing:
    """A wish on a wall that is edited again and again."""

    def __init__(self, app: Flask, code: str) -> None:
        self._app, self.code, self._edits = app, code, 0
        self.committed_at = 0
        ring = app.extensions["after-writing"]

        def noting() -> None:
            self.committed_at = time.monotonic_ns()
            ring()

        app.extensions["after-writing"] = noting
        with app.app_context():
            self.station_id = db.session.scalars(
                select(Station.id).where(Station.code == code)
            ).one()
            self._wish = db.session.scalars(
                select(Wish.id)
                .where(Wish.station_id == self.station_id, Wish.state == OPEN)
                .limit(1)
            ).one()

    def change(self) -> int:
        """Edit it; the moment of the commit."""
        self._edits += 1
        with self._app.app_context(), writing():
            wish = db.session.get_one(Wish, self._wish)
            wish.edit(
                by=wish.author, text=f"想要一把伞，第 {self._edits} 次", category=wish.category
            )
        return self.committed_at

    def newest(self) -> int:
        """From where a new listener goes on."""
        with self._app.app_context():
            return newest_happening()
