"""A directory of stations in memory, without an application."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from wishwall.kit.db import Base
from wishwall.stations.models import Amenity, Station

# A slow machine is no failure, and a run leaves no database of examples behind.
settings.register_profile(
    "city", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("city")


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    tables = [Base.metadata.tables[model.__tablename__] for model in (Station, Amenity)]
    Base.metadata.create_all(engine, tables=tables)
    with Session(engine) as opened:
        yield opened
    engine.dispose()
