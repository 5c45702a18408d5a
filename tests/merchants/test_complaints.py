"""Couriers could not use an offer: three of them pause it, a keeper settles it."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests.support.city import a_courier
from tests.support.shops import Street, an_offer, told
from wishwall.accounts.models import Person
from wishwall.kit.clock import now
from wishwall.kit.db import db, writing
from wishwall.merchants.complaints import Complaint
from wishwall.merchants.offers import Offer
from wishwall.trail.models import Trail

pytestmark = pytest.mark.usefixtures("app")


def complain(offer: Offer, by: Person) -> None:
    with writing():
        offer.complain(by=by, reason="turned-away")


def test_complaints_of_three_people_pause_an_offer(street: Street) -> None:
    offer = an_offer(street.shop)
    complain(offer, a_courier())
    complain(offer, a_courier())
    assert offer.is_live
    complain(offer, a_courier())
    assert offer.is_paused
    told_of_it = ["offer-complained"] * 3 + ["offer-paused-by-complaints"]
    assert told(street.keeper) == told(street.other_keeper) == told_of_it
    assert told(street.owner) == ["offer-paused-by-complaints"]
    paused = db.session.scalars(select(Trail).where(Trail.deed == "paused")).one()
    assert paused.actor_id is None


def test_one_person_who_complains_on_three_days_does_not_pause_it(street: Street) -> None:
    offer, courier = an_offer(street.shop), a_courier()
    for days in range(3):
        with time_machine.travel(now() + timedelta(days=days)):
            complain(offer, courier)
            complain(offer, courier)  # of one day, one
    assert offer.is_live
    assert told(street.keeper) == ["offer-complained"] * 3


def test_resuming_settles_the_complaints_before(street: Street) -> None:
    offer = an_offer(street.shop)
    for _ in range(3):
        complain(offer, a_courier())
    with writing():
        offer.resume(by=street.keeper)
    assert Complaint.open_of(offer.id) == 0
    complain(offer, a_courier())
    complain(offer, a_courier())
    assert offer.is_live
    complain(offer, a_courier())
    assert offer.is_paused


def test_who_complains_again_on_the_day_it_was_settled_is_heard(street: Street) -> None:
    offer, courier = an_offer(street.shop, state="paused"), a_courier()
    complain(offer, courier)
    with writing():
        offer.resume(by=street.keeper)
    complain(offer, courier)
    assert Complaint.open_of(offer.id) == 1
    assert told(street.keeper) == ["offer-complained"] * 2
