"""A voucher promises the terms in force, though they change between reading and taking."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.city import a_courier, a_keeper, a_person
from tests.support.shops import AN_HOUR, an_offer, wrong_in_the_books
from wishwall.accounts.models import Person
from wishwall.kit.db import db, writing
from wishwall.merchants.errors import NotLive
from wishwall.merchants.offers import Offer
from wishwall.merchants.vouchers import Voucher
from wishwall.trail.models import Trail

pytestmark = pytest.mark.usefixtures("app")


def test_no_voucher_promises_terms_that_have_just_been_replaced(app: Flask) -> None:
    """PostgreSQL lets the change in between; on SQLite it waits until the voucher is taken."""
    offer = an_offer(supply_count=2)
    offer_id, courier_id = offer.id, a_courier().id
    owner_id, keeper_id = a_person("merchant").id, a_keeper(offer.merchant.station).id

    def change() -> None:
        with app.app_context(), writing():
            there = db.session.get_one(Offer, offer_id)
            there.edit(by=db.session.get_one(Person, owner_id), terms={"text": "九折"})
            there.approve(by=db.session.get_one(Person, keeper_id))

    with ThreadPoolExecutor(1) as elsewhere:
        with suppress(NotLive), writing():
            seen = db.session.get_one(Offer, offer_id)
            assert (seen.text, seen.is_live) == ("免费理发", True)
            changing = elsewhere.submit(change)
            if db.engine.dialect.name == "postgresql":
                changing.result()
            Voucher.issue(seen, to=db.session.get_one(Person, courier_id), lasts=AN_HOUR)
        changing.result()
    assert wrong_in_the_books(offer_id) == []
    promised = [voucher.promise["text"] for voucher in db.session.scalars(select(Voucher))]
    deeds = list(db.session.scalars(select(Trail.deed).order_by(Trail.id)))
    if db.engine.dialect.name == "postgresql":
        assert (promised, deeds) == ([], ["offer-edited", "approved"])
    else:
        assert (promised, deeds) == (["免费理发"], ["issued", "offer-edited", "approved"])
