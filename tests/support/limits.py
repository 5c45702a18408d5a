"""A small application with nothing but limits, for the tests that count."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from wishwall.kit import db as database
from wishwall.kit import limits
from wishwall.kit.db import Base, db
from wishwall.kit.limits import TooOften, allow


def small_app(folder: Path, **settings: Any) -> Flask:
    """An application with nothing but a database and limits."""
    app = Flask(__name__, instance_path=str(folder))
    url = f"sqlite:///{folder / 'limits.db'}"
    app.config.update(
        SECRET_KEY="a secret of the tests",
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(url),
        LIMIT_TRY="5 per 15 minutes",
        LIMIT_MANY="50 per hour",
        REDIS_URL="",
    )
    app.config.update(settings)
    database.init_app(app)
    limits.init_app(app)
    with app.app_context():
        Base.metadata.create_all(db.engine, tables=[Base.metadata.tables["allowance"]])
    return app


@pytest.fixture
def apps() -> Iterator[list[Flask]]:
    """Applications whose connections are closed afterwards."""
    made: list[Flask] = []
    yield made
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def limited_site(tmp_path: Path, apps: list[Flask]) -> Iterator[Flask]:
    apps.append(small_app(tmp_path))
    with apps[-1].app_context():
        yield apps[-1]


def allowed(rule: str, *who: str, tries: int) -> int:
    """How many of so many tries are let through."""
    through = 0
    for _ in range(tries):
        try:
            allow(rule, *who)
        except TooOften:
            continue
        through += 1
    return through
