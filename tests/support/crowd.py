"""Many people at once: signed-in browsers that send real requests to the served site together."""

import http.client
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode

import pytest
from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from tests.support.server import Site
from wishwall import create_app
from wishwall.accounts.models import Person, Visit
from wishwall.kit.db import db, writing
from wishwall.kit.forms import new_key

FORM = "application/x-www-form-urlencoded"
# limits that leave room for a crowd that taps all day
PATIENT = {
    "LIMIT_ACTIONS": "1000000 per hour",
    "LIMIT_POSTING": "1000000 per hour",
    "LIMIT_POSTING_ADDRESS": "1000000 per hour",
    "LIMIT_CODES": "1000000 per hour",
    "TICK_SECONDS": "0",
}


@dataclass(frozen=True)
class Answer:
    """What the site said; status 0 when the line was cut."""

    status: int
    body: str = ""
    location: str = ""


@dataclass(frozen=True)
class Phone:
    """One signed-in person's browser."""

    port: int
    cookie: str
    csrf_token: str

    def post(self, path: str, *, key: str = "", **fields: str) -> Answer:
        """Send a form, as a page without JavaScript would."""
        form = urlencode({"csrf_token": self.csrf_token, "key": key or new_key(), **fields})
        connection = self.connection()
        try:
            connection.request("POST", path, form, self.headers())
            answer = connection.getresponse()
            body = answer.read().decode()
            return Answer(answer.status, body, answer.headers.get("Location", ""))
        except (OSError, http.client.HTTPException):
            return Answer(0)
        finally:
            connection.close()

    def connection(self) -> http.client.HTTPConnection:
        """A new one to the site."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def headers(self) -> dict[str, str]:
        """What its browser says with a form."""
        return {"Cookie": self.cookie, "Content-Type": FORM}


def same_city(site: Site) -> Flask:
    """An application on the data of a served site, for builders and for looking afterwards."""
    return create_app(
        {"DATABASE_URL": site.database_url, "TICK_SECONDS": 0}, instance=Path(site.instance)
    )


@contextmanager
def city_of(site: Site) -> Iterator[Flask]:
    """The same city, whose connections are closed afterwards."""
    app = same_city(site)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def city(site: Site) -> Iterator[Flask]:
    """The city of the served site, to build in and to look at afterwards."""
    with city_of(site) as app:
        yield app


def phone_of(app: Flask, site: Site, person: Person) -> Phone:
    """A browser in which this person has signed in."""
    with writing():
        token = Visit.begin(person)
    cookie, csrf_token = Context().run(_cookie_of, app, token)  # its own context: its own `g`
    return Phone(site.port, cookie, csrf_token)


def _cookie_of(app: Flask, token: str) -> tuple[str, str]:
    with app.test_request_context():
        session["_user_id"] = token
        csrf_token = generate_csrf()
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(dict(session))}", csrf_token


def all_at_once(deeds: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Do all of these at the same moment; the answers in the order of the deeds."""
    start = Barrier(len(deeds))

    def do(deed: Callable[[], Answer]) -> Answer:
        start.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))
