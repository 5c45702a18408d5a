"""The migrations make exactly the tables that the models describe, and lose no rows."""

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import func, inspect, select

from tests.support.city import a_wish
from tests.support.crowd import same_city
from tests.support.server import Site, database_of
from wishwall.kit.db import db
from wishwall.wishes.models import Wish


@pytest.mark.usefixtures("app")
def test_models_and_migrations_agree() -> None:
    check()  # raises where they differ


@pytest.mark.usefixtures("app")
def test_upgrading_again_changes_nothing() -> None:
    a_wish()
    upgrade()
    assert db.session.scalar(select(func.count()).select_from(Wish)) == 1


def test_the_way_back_leaves_an_empty_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    site = Site(tmp_path_factory.mktemp("back"), database_of(request), {})
    app: Flask = same_city(site)
    with app.app_context():
        upgrade()
        a_wish()
        downgrade(revision="base")
        left = set(inspect(db.engine).get_table_names())
        db.session.remove()
        db.engine.dispose()
    assert left == {"alembic_version"}
