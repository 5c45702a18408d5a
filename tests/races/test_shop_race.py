"""One name, one owner, one form: what many do to a shop at the same moment, on both databases."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.at_once import DONE, at_once
from tests.support.city import a_courier, a_keeper, a_person, a_station
from tests.support.shops import AN_HOUR, a_shop, an_offer, told, wrong_in_the_books
from wishwall.accounts.models import Person, Role
from wishwall.kit.db import db
from wishwall.merchants.editing import change
from wishwall.merchants.importing import listed
from wishwall.merchants.models import Merchant
from wishwall.merchants.offers import Offer
from wishwall.merchants.vouchers import Voucher
from wishwall.stations.models import Station
from wishwall.trail.models import Trail

pytestmark = pytest.mark.usefixtures("app")
ROUNDS = 20


def register(station_id: int, by_id: int) -> None:
    station, by = db.session.get_one(Station, station_id), db.session.get_one(Person, by_id)
    facts = {"name": "老李理发", "kind": "barber", "address": "龙城街道21号"}
    place = {"lat": station.lat, "lon": station.lon}
    Merchant.register(station=station, by=by, shop={**facts, **place}, owner=by)


def edit(shop_id: int, by_id: int, facts: dict[str, Any]) -> None:
    shop, by = db.session.get_one(Merchant, shop_id), db.session.get_one(Person, by_id)
    change(shop, by=by, facts=facts)


def hand_over(shop_id: int, to_id: int, by_id: int) -> None:
    to, by = db.session.get_one(Person, to_id), db.session.get_one(Person, by_id)
    db.session.get_one(Merchant, shop_id).hand_over(to=to, by=by)


def issue(offer_id: int, courier_id: int) -> None:
    offer, courier = (
        db.session.get_one(Offer, offer_id),
        db.session.get_one(Person, courier_id),
    )
    Voucher.issue(offer, to=courier, lasts=AN_HOUR)


def test_of_two_who_register_one_name_at_a_station_one_does(app: Flask) -> None:
    for _ in range(ROUNDS):
        station_id = a_station().id
        people = [a_person("merchant").id for _ in range(2)]
        ends = at_once(app, *(partial(register, station_id, each) for each in people))
        assert sorted(ends) == ["NameTaken", DONE]


def test_a_shop_is_given_to_one_of_those_whom_keepers_name_at_once(app: Flask) -> None:
    station = a_station()
    keepers = [a_keeper(station).id for _ in range(3)]
    for _ in range(ROUNDS):
        shop_id, people = a_shop(station).id, [a_courier() for _ in keepers]
        pairs = zip([person.id for person in people], keepers, strict=True)
        ends = at_once(app, *(partial(hand_over, shop_id, *pair) for pair in pairs))
        assert Counter(ends) == {DONE: 1, "HasOwner": 2}
        owner_id = db.session.get_one(Merchant, shop_id).owner_id
        assert [person.id for person in people if told(person)] == [owner_id]
        merchants = select(Role.person_id).where(Role.kind == "merchant")
        granted = set(db.session.scalars(merchants)) & {person.id for person in people}
        assert granted == {owner_id}


def test_of_two_forms_the_last_stands_whole(app: Flask) -> None:
    for number in range(ROUNDS):
        owner = a_person("merchant")
        shop = a_shop(owner=owner)
        an_offer(shop)
        there = {"name": shop.name, "address": shop.address}
        forms = [there | {"name": f"东门理发{number}"}, there | {"address": f"西门{number}号"}]
        shop_id, by_id = shop.id, owner.id
        ends = at_once(app, *(partial(edit, shop_id, by_id, facts) for facts in forms))
        assert ends == [DONE, DONE]
        shop = db.session.get_one(Merchant, shop_id)
        assert {"name": shop.name, "address": shop.address} in forms
        edits = select(func.count(Trail.id)).where(
            Trail.deed == "shop-edited", Trail.subject_id == shop_id
        )
        assert db.session.scalar(edits) == 2
        offers = db.session.scalars(select(Offer).where(Offer.merchant_id == shop_id)).all()
        assert [offer.state for offer in offers] == ["waiting"]


def test_nobody_waits_for_ever_when_a_shop_changes_its_name_while_vouchers_are_taken(
    app: Flask,
) -> None:
    for number in range(ROUNDS):
        owner = a_person("merchant")
        shop = a_shop(owner=owner)
        offers = [an_offer(shop, supply_count=5).id for _ in range(2)]
        deeds: list[Callable[[], object]] = [
            partial(issue, offer_id, a_courier().id) for offer_id in offers for _ in range(2)
        ]
        deeds.append(partial(edit, shop.id, owner.id, {"name": f"新名字{number}"}))
        ends = at_once(app, *deeds)
        assert ends[-1] == DONE and set(ends[:-1]) <= {DONE, "NotLive"}
        assert [wrong_in_the_books(offer_id) for offer_id in offers] == [[], []]
        states = select(Offer.state).where(Offer.id.in_(offers))
        assert set(db.session.scalars(states)) == {"waiting"}


def test_nobody_waits_for_ever_when_a_shop_changes_while_a_list_is_imported(app: Flask) -> None:
    for number in range(ROUNDS):
        owner = a_person("merchant")
        shop = a_shop(owner=owner)
        for state in ("live", "waiting", "live"):
            an_offer(shop, state=state)
        deeds = partial(edit, shop.id, owner.id, {"name": f"新名字{number}"}), listed
        assert at_once(app, *deeds) == [DONE, DONE]
