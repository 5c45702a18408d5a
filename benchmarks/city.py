"""Cities to measure: the demo city at any size, built once and kept by the hash of its schema."""

import hashlib
import os
import shutil
import sys
import time
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

import wishwall
from wishwall import create_app
from wishwall.accounts.models import Person, Visit
from wishwall.demo.city import build
from wishwall.kit.db import db, writing
from wishwall.stations.models import Station
from wishwall.wishes.queries import A_PAGE
from wishwall.wishes.wall import Wall

STATIONS, PEOPLE, SEED = 2080, 50_000, 1
KEPT_IN = Path(__file__).parent.parent / "build" / "bench"


class City:
    """A served city's instance folder, and what a benchmark needs to know of it.

    Without an instance folder it is the kept one; with one it is built there, with these settings.
    """

    def __init__(self, wishes: int, instance: Path | None = None, **settings: str) -> None:
        self.wishes, self.settings = wishes, settings
        self.instance = instance or _kept(wishes)
        self.app = create_app({"TICK_SECONDS": 0, **settings}, self.instance)
        if instance:
            _build(self.app, wishes)

    def full_walls(self) -> list[str]:
        """The codes of the stations whose first page is full, in an order that skips about."""
        hanging = Wall.open + Wall.claimed + Wall.delivered + Wall.confirmed
        full = select(Station.code).join(Wall).where(hanging > A_PAGE).order_by(Wall.revision)
        with self.app.app_context():
            return list(db.session.scalars(full))

    def cookie_of(self, role: str) -> str:
        """The cookie of someone with this role who has just signed in."""
        client = self.app.test_client()
        with self.app.app_context(), writing():
            # the demo city's accounts come first
            person = db.session.scalars(
                select(Person).where(Person.roles.any(kind=role)).order_by(Person.id).limit(1)
            ).one()
            token = Visit.begin(person)
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        name = self.app.config["SESSION_COOKIE_NAME"]
        cookie = client.get_cookie(name)
        if cookie is None:
            raise RuntimeError("nobody signed in")
        return f"{name}={cookie.value}"


def _kept(wishes: int) -> Path:
    instance = KEPT_IN / f"{wishes}-{_schema()}"
    if not instance.exists():
        for stale in KEPT_IN.glob(f"{wishes}-*"):
            shutil.rmtree(stale)
        print(f"building a city of {wishes:,} wishes, once …", file=sys.stderr)
        began = time.monotonic()
        unfinished = KEPT_IN / f"unfinished-{os.getpid()}"
        _build(create_app({"TICK_SECONDS": 0}, unfinished), wishes)
        unfinished.rename(instance)
        print(f"… in {time.monotonic() - began:.0f} s", file=sys.stderr)
    return instance


def _build(app: Flask, wishes: int) -> None:
    with app.app_context():
        upgrade()
        with writing():
            build(STATIONS, wishes, PEOPLE, SEED)
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
        db.engine.dispose()


def _schema() -> str:
    """The migrations' hash."""
    folder = Path(wishwall.__file__).parent / "migrations" / "versions"
    digest = hashlib.blake2b(digest_size=6)
    for file in sorted(folder.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
