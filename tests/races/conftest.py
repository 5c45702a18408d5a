"""A site whose limits leave room for a crowd that taps all day."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support.crowd import same_city
from tests.support.server import Site, database_of
from wishwall.kit.db import db

PATIENT = {
    "LIMIT_ACTIONS": "1000000 per hour",
    "LIMIT_POSTING": "1000000 per hour",
    "LIMIT_POSTING_ADDRESS": "1000000 per hour",
    "TICK_SECONDS": "0",
}


@pytest.fixture(scope="module")
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A served site for all tests of a file."""
    served = Site(tmp_path_factory.mktemp("site"), database_of(request), PATIENT)
    served.start()
    yield served
    served.stop()


@pytest.fixture(scope="module")
def city(site: Site) -> Iterator[Flask]:
    """The same city, to build in and to look at afterwards."""
    app = same_city(site)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
