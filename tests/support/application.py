"""The application on an empty database: migrated once a session, emptied after every test."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, literal, select, union_all


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, instance: Path) -> str:
    """An empty database of the chosen kind."""
    if request.config.getoption("--database") == "postgresql":
        url: str = request.getfixturevalue("postgresql").new_database()
        return url
    return f"sqlite:///{instance / 'wishwall.db'}"


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance folder of the application under test."""
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="session")
def app(instance: Path, database_url: str) -> Iterator[Flask]:
    """The application, its database brought up by its own migrations."""
    from flask_migrate import upgrade

    from wishwall import create_app
    from wishwall.kit.db import db

    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("WISHWALL_")]:
            environment.delenv(name)  # a developer's own settings are not the test's
        app = create_app({"TESTING": True, "DATABASE_URL": database_url}, instance)
    with app.app_context():
        _do_not_wait_for_the_disk(db.engine)
        upgrade()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True)
def empty_database(request: pytest.FixtureRequest) -> Iterator[None]:
    """For a test that uses the application: its context, and no rows left behind."""
    if "app" not in request.fixturenames:
        yield
        return
    from wishwall.kit.db import db

    app: Flask = request.getfixturevalue("app")
    with app.app_context():
        yield
        db.session.rollback()
        _empty_all_tables()
        db.session.remove()


def _do_not_wait_for_the_disk(engine: Engine) -> None:
    """No test pulls the machine's plug; served sites wait as they do in earnest."""
    if engine.dialect.name == "sqlite":
        engine.dispose()  # what is connected already waits

        @event.listens_for(engine, "connect")
        def hurry(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous=OFF")


def _empty_all_tables() -> None:
    """Delete what is there; much quicker than TRUNCATE while the tables are small."""
    from wishwall.kit.db import db, writing

    tables = {table.name: table for table in reversed(db.metadata.sorted_tables)}
    rows = [select(literal(name)).where(table.select().exists()) for name, table in tables.items()]
    with writing():
        filled = set(db.session.scalars(union_all(*rows)))
        for name, table in tables.items():
            if name in filled:
                db.session.execute(table.delete())
