"""The migrations make exactly the tables that the models describe, and lose no rows."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
import time_machine
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import func, inspect, select, text

from tests.support.city import a_person, a_station, a_wish
from tests.support.crowd import city_of
from tests.support.server import Site, database_of
from tests.support.shops import a_voucher, redeem
from wishwall.drafts.models import Draft
from wishwall.kit.clock import CITY_ZONE
from wishwall.kit.db import db, writing
from wishwall.merchants.redemptions import Redemption
from wishwall.wishes.models import Wish

BEFORE_THE_BOOK, BEFORE_ONE_KIND = "4a8d630523e8", "a8c028875f92"


@pytest.mark.usefixtures("app")
def test_models_and_migrations_agree() -> None:
    check()  # raises where they differ


@pytest.mark.usefixtures("app")
def test_upgrading_again_changes_nothing() -> None:
    a_wish()
    upgrade()
    assert db.session.scalar(select(func.count()).select_from(Wish)) == 1


@pytest.fixture
def elsewhere(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """A city of its own, whose tables go back and forth."""
    site = Site(tmp_path_factory.mktemp("back"), database_of(request), {})
    with city_of(site) as app, app.app_context():
        upgrade()
        yield app


@pytest.mark.usefixtures("elsewhere")
def test_the_way_back_leaves_an_empty_database() -> None:
    a_wish()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}


@pytest.mark.usefixtures("elsewhere")
def test_what_a_stranger_was_writing_is_carried_over() -> None:
    station = a_station()
    wish = {"station": station.code, "text": "想要一把伞", "category": "goods"}
    shop = {"name": "老李理发", "station": station.code}
    with writing():
        tokens = {
            form: Draft.keep(form, kept, None) for form, kept in (("wish", wish), ("shop", shop))
        }
    downgrade(revision=BEFORE_ONE_KIND)
    wishes = db.session.execute(text("SELECT text FROM draft")).scalars().all()
    shops = db.session.execute(text("SELECT count(*) FROM shop_draft")).scalar()
    assert (wishes, shops) == (["想要一把伞"], 1)
    db.session.rollback()
    upgrade()
    found = {form: Draft.of(form, token) for form, token in tokens.items()}
    assert {form: draft and draft.fields for form, draft in found.items()} == {
        "wish": wish,
        "shop": shop,
    }


@pytest.mark.usefixtures("elsewhere")
def test_what_a_shop_has_given_gets_its_day_by_the_citys_calendar() -> None:
    owner = a_person("merchant")
    days = [date(2026, 11, 23), date(2026, 11, 24)]
    with time_machine.travel(
        datetime(2026, 11, 23, 23, 59, 59, tzinfo=CITY_ZONE), tick=False
    ) as clock:
        vouchers = [a_voucher(), a_voucher()]
        for voucher in vouchers:
            redeem(voucher, owner)
            clock.shift(1)
    downgrade(revision=BEFORE_THE_BOOK)
    upgrade()
    given = db.session.scalars(select(Redemption).order_by(Redemption.id)).all()
    assert [(each.merchant_id, each.offer_id, each.day) for each in given] == [
        (voucher.merchant_id, voucher.offer_id, day)
        for voucher, day in zip(vouchers, days, strict=True)
    ]
