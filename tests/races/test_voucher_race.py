"""Many hands reach for one voucher, or for the last of a shop's; the database lets one have it.

Threads of this process against the real database, each with a session of its own. Two that wait
for each other for ever would end in an OperationalError, which no test here expects.
"""

from collections import Counter
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import partial

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.support.at_once import DONE, NOT_DONE, at_once
from tests.support.city import a_courier, a_person
from tests.support.shops import AN_HOUR, a_voucher, an_offer, wrong_in_the_books
from wishwall.accounts.models import Person
from wishwall.kit.clock import CITY_ZONE
from wishwall.kit.clock import now as right_now
from wishwall.kit.db import db, writing
from wishwall.merchants import vouchers
from wishwall.merchants.offers import Offer
from wishwall.merchants.redemptions import Redemption
from wishwall.merchants.vouchers import Voucher

ROUNDS = 50
NOON = datetime(2026, 11, 24, 12, tzinfo=CITY_ZONE)
AT_ONCE = timedelta(0)  # how long a voucher lasts that is overdue as soon as it is taken
ahead: ContextVar[timedelta] = ContextVar("ahead", default=timedelta(0))


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """No midnight comes while they race."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner_id(app: Flask) -> int:  # noqa: ARG001 - its database
    return a_person("merchant").id


def issue(offer_id: int, courier_id: int) -> None:
    offer, courier = db.session.get_one(Offer, offer_id), person(courier_id)
    Voucher.issue(offer, to=courier, lasts=AN_HOUR)


def redeem(voucher_id: int, by_id: int) -> None:
    voucher(voucher_id).redeem(by=person(by_id))


def redeem_noted(voucher_id: int, by_id: int) -> None:
    voucher(voucher_id).redeem_noted(by=person(by_id), at=NOON)


def void(voucher_id: int, by_id: int) -> None:
    voucher(voucher_id).void(by=person(by_id))


def expire(voucher_id: int) -> bool:
    return voucher(voucher_id).expire()


def expire_by_a_fast_clock(voucher_id: int) -> bool:
    ahead.set(AN_HOUR)
    return expire(voucher_id)


def pause(offer_id: int, by_id: int) -> None:
    db.session.get_one(Offer, offer_id).pause(by=person(by_id))


def edit(offer_id: int, by_id: int, supply_count: int) -> None:
    terms = {"text": "免费洗剪吹", "supply_count": supply_count}
    db.session.get_one(Offer, offer_id).edit(by=person(by_id), terms=terms)


def complain(offer_id: int, by_id: int) -> None:
    db.session.get_one(Offer, offer_id).complain(by=person(by_id), reason="closed")


def voucher(voucher_id: int) -> Voucher:
    return db.session.get_one(Voucher, voucher_id)


def person(person_id: int) -> Person:
    return db.session.get_one(Person, person_id)


def states(offer_id: int) -> Counter[str]:
    """How many vouchers of an offer are in which state; its books are right."""
    assert wrong_in_the_books(offer_id) == []
    return Counter(db.session.scalars(select(Voucher.state).where(Voucher.offer_id == offer_id)))


def test_of_50_who_redeem_one_voucher_at_once_exactly_one_does(app: Flask, owner_id: int) -> None:
    offer_id, courier = an_offer(quota_count=20).id, a_courier()
    for round_ in range(1, 21):
        voucher_id = a_voucher(db.session.get_one(Offer, offer_id), courier).id
        ends = at_once(app, *[partial(redeem, voucher_id, owner_id)] * 50)
        assert Counter(ends) == {DONE: 1, "AlreadyRedeemed": 49}
        assert states(offer_id) == {"used": round_}
    assert len(db.session.scalars(select(Redemption)).all()) == 20


def test_of_60_couriers_at_once_exactly_ten_get_what_there_are_ten_of(app: Flask) -> None:
    couriers = [a_courier().id for _ in range(60)]
    for _round in range(10):
        offer_id = an_offer(supply_count=10).id
        ends = at_once(app, *[partial(issue, offer_id, each) for each in couriers])
        assert Counter(ends) == {DONE: 10, "AllGone": 50}
        assert states(offer_id) == {"live": 10}


def test_a_courier_with_twenty_fingers_takes_one(app: Flask) -> None:
    courier_id = a_courier().id
    for _round in range(10):
        offer_id = an_offer(supply_count=10).id
        ends = at_once(app, *[partial(issue, offer_id, courier_id)] * 20)
        assert Counter(ends) == {DONE: 1, "QuotaUsed": 19}
        assert states(offer_id) == {"live": 1}


def test_the_last_one_returned_by_time_is_taken_once(app: Flask) -> None:
    mine, theirs = a_courier(), a_courier()
    for _round in range(ROUNDS):
        offer_id = an_offer(supply_count=1).id
        overdue = a_voucher(db.session.get_one(Offer, offer_id), mine, lasts=AT_ONCE).id
        *taken, _expired = at_once(
            app,
            partial(issue, offer_id, mine.id),
            partial(issue, offer_id, theirs.id),
            partial(expire, overdue),
        )
        assert sorted(taken) == ["AllGone", DONE]
        assert states(offer_id) == {"expired": 1, "live": 1}


def test_a_voucher_is_redeemed_or_given_back(app: Flask, owner_id: int) -> None:
    courier = a_courier()
    for _round in range(ROUNDS):
        offer = an_offer(supply_count=1)
        one, offer_id = a_voucher(offer, courier).id, offer.id
        ends = at_once(app, partial(redeem, one, owner_id), partial(void, one, courier.id))
        assert ends in ([DONE, "NotGivenBack"], ["NotRedeemable", DONE])
        assert states(offer_id) == {"used" if ends[0] == DONE else "void": 1}


def test_a_voucher_is_redeemed_or_expires_though_two_servers_differ_by_an_hour(
    app: Flask, owner_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vouchers, "now", lambda: right_now() + ahead.get())
    courier = a_courier()
    for _round in range(ROUNDS):
        offer = an_offer(supply_count=1)
        one, offer_id = a_voucher(offer, courier).id, offer.id
        ends = at_once(app, partial(redeem, one, owner_id), partial(expire_by_a_fast_clock, one))
        assert ends in ([DONE, NOT_DONE], ["NotRedeemable", DONE])
        assert states(offer_id) == {"used" if ends[0] == DONE else "expired": 1}


def test_what_was_noted_is_entered_though_it_expires_now(app: Flask, owner_id: int) -> None:
    courier = a_courier()
    for _round in range(ROUNDS):
        offer = an_offer(supply_count=1)
        one, offer_id = a_voucher(offer, courier, lasts=AT_ONCE).id, offer.id
        noted, _expired = at_once(app, partial(redeem_noted, one, owner_id), partial(expire, one))
        assert noted == DONE
        assert states(offer_id) == {"used": 1}


def test_a_slot_is_entered_as_noted_or_taken_anew(app: Flask, owner_id: int) -> None:
    courier = a_courier()
    for _round in range(ROUNDS):
        offer = an_offer(supply_count=1)
        one, offer_id = a_voucher(offer, courier, lasts=AT_ONCE).id, offer.id
        with writing():
            assert expire(one)
        deeds = partial(redeem_noted, one, owner_id), partial(issue, offer_id, courier.id)
        ends = at_once(app, *deeds)
        assert ends in ([DONE, "QuotaUsed"], ["GivenAgain", DONE])
        if ends[0] == DONE:
            assert states(offer_id) == {"used": 1}
        else:
            assert states(offer_id) == {"expired": 1, "live": 1}


def test_others_redeem_while_a_courier_changes_yesterdays_for_a_new_one(
    app: Flask, owner_id: int, clock: time_machine.Traveller
) -> None:
    """Two supplies are changed by one, and one of them by the other."""
    couriers = [a_courier() for _ in range(3)]
    for _round in range(ROUNDS):
        clock.move_to(NOON - timedelta(days=1))
        offer = an_offer(quota_count=2, supply_count=2, supply_period="day")
        offer_id = offer.id
        for courier in couriers[:2]:
            a_voucher(offer, courier)
        clock.move_to(NOON)
        todays = a_voucher(db.session.get_one(Offer, offer_id), couriers[2]).id
        ends = at_once(
            app,
            *(partial(issue, offer_id, courier.id) for courier in couriers[:2]),
            partial(redeem, todays, owner_id),
        )
        assert sorted(ends) == ["AllGone", DONE, DONE]
        assert ends[2] == DONE
        assert states(offer_id) == {"live": 2, "expired": 1, "used": 1}


def test_a_courier_takes_a_second_while_the_first_is_redeemed(app: Flask, owner_id: int) -> None:
    courier = a_courier()
    for _round in range(ROUNDS):
        offer = an_offer(quota_count=2, supply_count=2)
        offer_id, good = offer.id, a_voucher(offer, courier).id
        a_voucher(db.session.get_one(Offer, offer_id), courier, lasts=AT_ONCE)
        deeds = partial(issue, offer_id, courier.id), partial(redeem, good, owner_id)
        assert at_once(app, *deeds) == [DONE, DONE]
        assert states(offer_id) == {"live": 1, "expired": 1, "used": 1}


def test_a_voucher_is_taken_before_the_pause_or_not_at_all(app: Flask, owner_id: int) -> None:
    courier_id = a_courier().id
    for _round in range(ROUNDS):
        offer_id = an_offer(supply_count=1).id
        deeds = partial(issue, offer_id, courier_id), partial(pause, offer_id, owner_id)
        issued, paused = at_once(app, *deeds)
        assert paused == DONE
        assert issued in {DONE, "NotLive"}
        assert states(offer_id) == ({"live": 1} if issued == DONE else {})
        assert db.session.get_one(Offer, offer_id).is_paused


def test_a_voucher_is_taken_or_the_supply_made_smaller(app: Flask, owner_id: int) -> None:
    mine, theirs = a_courier(), a_courier().id
    for _round in range(ROUNDS):
        offer = an_offer(supply_count=2)
        offer_id = offer.id
        a_voucher(offer, mine)
        ends = at_once(app, partial(issue, offer_id, theirs), partial(edit, offer_id, owner_id, 1))
        assert ends in ([DONE, "SupplyTooSmall"], ["NotLive", DONE])
        assert states(offer_id) == {"live": 2 if ends[0] == DONE else 1}
        offer = db.session.get_one(Offer, offer_id)
        assert (offer.supply_count, offer.state) == (
            (2, "live") if ends[0] == DONE else (1, "waiting")
        )


def test_three_complaints_at_once_pause_an_offer_while_couriers_take_its_vouchers(
    app: Flask,
) -> None:
    couriers = [a_courier().id for _ in range(6)]
    for _round in range(ROUNDS):
        offer_id = an_offer(supply_count=6).id
        ends = at_once(
            app,
            *(partial(complain, offer_id, each) for each in couriers[:3]),
            *(partial(issue, offer_id, each) for each in couriers[3:]),
        )
        assert ends[:3] == [DONE] * 3
        assert set(ends[3:]) <= {DONE, "NotLive"}
        assert db.session.get_one(Offer, offer_id).is_paused
        assert states(offer_id)["live"] == ends[3:].count(DONE)
