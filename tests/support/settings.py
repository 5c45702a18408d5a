"""The same city with other settings: behind a proxy, by https, under another name."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

NewApp = Callable[..., Flask]


@pytest.fixture
def new_app(instance: Path, database_url: str) -> Iterator[NewApp]:
    """Makes one more application on the test's database: `new_app(PROXIES=1)`."""
    from wishwall import create_app
    from wishwall.kit.db import db

    apps: list[Flask] = []

    def make(**settings: Any) -> Flask:
        given = {"TESTING": True, "DATABASE_URL": database_url, **settings}
        apps.append(create_app(given, instance))
        return apps[-1]

    yield make
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
