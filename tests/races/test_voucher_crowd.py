"""Many hands reach for the same voucher on the served site; the database lets one have it."""

from collections import Counter
from functools import partial

from flask import Flask
from sqlalchemy import func, select

from tests.support.city import a_courier, a_person
from tests.support.crowd import all_at_once, phone_of
from tests.support.server import Site
from tests.support.shops import a_shop, a_voucher, an_offer
from wishwall.kit.db import db
from wishwall.merchants.redemptions import Redemption
from wishwall.merchants.supply import Supply
from wishwall.merchants.vouchers import Voucher

SCANS, VOUCHERS = 50, 20
SUPPLY, COURIERS, OFFERS = 10, 60, 5
TAPS = 20


def test_of_50_scans_at_once_one_redeems_each_voucher(site: Site, city: Flask) -> None:
    with city.app_context():
        owner = a_person("merchant")
        shop = a_shop(owner=owner)
        counter = phone_of(city, site, owner)
        path = f"{shop.link}/redemptions"
        offer = an_offer(shop)
        for _round in range(VOUCHERS):
            voucher = a_voucher(offer)
            answers = all_at_once([partial(counter.post, path, code=voucher.code)] * SCANS)
            assert Counter(answer.status for answer in answers) == {303: 1, 409: SCANS - 1}
            late = [answer.body for answer in answers if answer.status == 409]
            assert all("已经用过了" in body and "已于" in body for body in late)
        db.session.rollback()
        assert db.session.scalar(select(func.count(Redemption.id))) == VOUCHERS
        assert db.session.scalar(select(Supply.used)) == VOUCHERS


def test_of_60_couriers_at_once_10_get_what_there_are_10_of(site: Site, city: Flask) -> None:
    with city.app_context():
        shop = a_shop()
        phones = [phone_of(city, site, a_courier()) for _ in range(COURIERS)]
        for _round in range(OFFERS):
            offer = an_offer(shop, supply_count=SUPPLY)
            path = f"/offers/{offer.public_id}/vouchers"
            answers = all_at_once([partial(phone.post, path) for phone in phones])
            expected = {303: SUPPLY, 409: COURIERS - SUPPLY}
            assert Counter(answer.status for answer in answers) == expected
            db.session.rollback()
            supply = db.session.scalars(select(Supply).where(Supply.offer_id == offer.id)).one()
            assert (supply.live, supply.used, supply.remaining) == (SUPPLY, 0, 0)


def test_twenty_taps_of_one_courier_are_one_voucher(site: Site, city: Flask) -> None:
    with city.app_context():
        courier, offer = a_courier(), an_offer()
        phone = phone_of(city, site, courier)
        path = f"/offers/{offer.public_id}/vouchers"
        answers = all_at_once([partial(phone.post, path)] * TAPS)
        assert Counter(answer.status for answer in answers) == {303: 1, 409: TAPS - 1}
        db.session.rollback()
        held = select(func.count()).where(Voucher.person_id == courier.id)
        assert db.session.scalar(held) == 1
