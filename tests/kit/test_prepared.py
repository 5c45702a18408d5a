"""A statement compiled once, asked of the driver itself."""

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.support.city import a_station
from wishwall.kit.prepared import Prepared
from wishwall.stations.models import Station
from wishwall.wishes import walls


def test_a_fault_of_the_driver_is_named_and_leaves_nothing_behind(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    station, prepared = a_station(), Prepared(app.extensions["reading"], walls.KIND.statement)
    assert prepared.first({"code": "TY999999"}) is None
    with monkeypatch.context() as broken:
        broken.setattr(prepared, "_sql", "SELECT nothing FROM nowhere")
        row = prepared.first({"code": station.code})
        assert row and row[0] == station.id, "asked again in the ordinary way"
        broken.setattr(prepared, "_statement", text("SELECT nothing FROM nowhere"))
        with pytest.raises(DBAPIError):
            prepared.first({"code": station.code})
    assert prepared.first({"code": station.code}) == row


def test_what_grows_with_its_values_is_not_prepared(app: Flask) -> None:
    few = select(Station.id).where(Station.code.in_(["TY050001", "TY050002"]))
    with pytest.raises(TypeError, match="cannot be prepared"):
        Prepared(app.extensions["reading"], few)
