"""Quotas and supplies by the city's calendar, and clocks that are wrong for a while."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.support.city import a_courier, a_keeper, a_person
from tests.support.shops import AN_HOUR, a_voucher, an_offer, wrong_in_the_books
from tests.support.tables import changed, contents
from wishwall.kit.clock import CITY_ZONE
from wishwall.kit.db import db, writing
from wishwall.merchants import errors
from wishwall.merchants.offers import Offer
from wishwall.merchants.periods import period_of
from wishwall.merchants.supply import Supply

NOON = datetime(2026, 11, 24, 12, tzinfo=CITY_ZONE)
LAST_MINUTE = datetime(2026, 11, 30, 23, 59, tzinfo=CITY_ZONE)
TWO_MINUTES = 120

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def remaining(offer: Offer, period: str) -> int | None:
    return db.session.get_one(Supply, (offer.id, period)).remaining


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("day", "2026-12-31", "2027-01-01"),
        ("month", "2026-12", "2027-01"),
        ("year", "2026", "2027"),
        ("ever", "ever", "ever"),
    ],
)
def test_a_period_changes_at_midnight_in_taiyuan(kind: str, before: str, after: str) -> None:
    midnight = datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert period_of(kind, midnight - timedelta(seconds=1)) == before
    assert period_of(kind, midnight) == after


def test_at_the_end_of_a_month_a_courier_may_again(clock: time_machine.Traveller) -> None:
    offer, courier, owner = an_offer(), a_courier(), a_person("merchant")
    clock.move_to(LAST_MINUTE)
    first = a_voucher(offer, courier)
    with pytest.raises(errors.QuotaUsed):
        a_voucher(offer, courier)
    clock.shift(TWO_MINUTES)
    second = a_voucher(offer, courier)
    assert (first.period, second.period) == ("2026-11", "2026-12")
    with pytest.raises(errors.QuotaUsed):
        a_voucher(offer, courier)
    for voucher in (first, second):
        with writing():
            voucher.redeem(by=owner)
    assert wrong_in_the_books(offer.id) == []


@pytest.mark.parametrize(("period", "times"), [("day", 3), ("month", 1), ("year", 1)])
def test_a_quota_counts_the_days_the_months_or_the_years(
    clock: time_machine.Traveller, period: str, times: int
) -> None:
    offer, courier = an_offer(quota_period=period), a_courier()
    taken = 0
    for _day in range(3):
        try:
            a_voucher(offer, courier, lasts=timedelta(days=9))
            taken += 1
        except errors.QuotaUsed:
            pass
        clock.shift(timedelta(days=1))
    assert taken == times


def test_of_a_supply_by_the_day_there_is_more_tomorrow(clock: time_machine.Traveller) -> None:
    offer = an_offer(supply_count=2, supply_period="day")
    late = a_courier()
    for _ in range(2):
        a_voucher(offer)
    before = contents()
    with pytest.raises(errors.AllGone):
        a_voucher(offer, late)
    assert changed(before) == []
    assert remaining(offer, "2026-11-24") == 0
    clock.shift(timedelta(days=1))
    a_voucher(offer)
    assert remaining(offer, "2026-11-25") == 1
    assert wrong_in_the_books(offer.id) == []


def test_a_supply_for_ever_does_not_grow_with_the_years(clock: time_machine.Traveller) -> None:
    offer, owner = an_offer(supply_count=2), a_person("merchant")
    used, given_back = a_voucher(offer), a_voucher(offer)
    with writing():
        used.redeem(by=owner)
    clock.shift(timedelta(minutes=30))
    with pytest.raises(errors.AllGone):
        a_voucher(offer)
    with writing():
        given_back.void(by=given_back.person)
    assert remaining(offer, "ever") == 1
    a_voucher(offer)
    clock.shift(timedelta(days=800))
    with pytest.raises(errors.AllGone):
        a_voucher(offer)
    assert remaining(offer, "ever") == 0
    assert wrong_in_the_books(offer.id) == []


def test_a_voucher_that_expires_tomorrow_goes_back_to_the_day_it_was_taken_from(
    clock: time_machine.Traveller,
) -> None:
    offer, courier = an_offer(quota_period="day", supply_count=1, supply_period="day"), a_courier()
    clock.move_to(LAST_MINUTE)
    a_voucher(offer, courier)
    clock.shift(AN_HOUR)
    a_voucher(offer, courier)
    assert remaining(offer, "2026-11-30") == 1
    assert remaining(offer, "2026-12-01") == 0
    assert wrong_in_the_books(offer.id) == []


def test_without_a_supply_it_is_counted_all_the_same() -> None:
    offer = an_offer()
    a_voucher(offer)
    assert remaining(offer, "ever") is None
    supply = db.session.get_one(Supply, (offer.id, "ever"))
    assert (supply.live, supply.used) == (1, 0)


def test_a_new_number_holds_from_this_period_on(clock: time_machine.Traveller) -> None:
    offer, owner = an_offer(supply_count=2, supply_period="month"), a_person("merchant")
    keeper = a_keeper(offer.merchant.station)
    for _ in range(2):
        a_voucher(offer)
    clock.move_to(LAST_MINUTE + timedelta(days=1))
    a_voucher(offer)
    terms = {"supply_count": 1, "supply_period": "month"}
    with writing():
        offer.edit(by=owner, terms=terms)
        offer.approve(by=keeper)
    assert remaining(offer, "2026-12") == 0
    assert remaining(offer, "2026-11") == 0
    assert wrong_in_the_books(offer.id) == []


@pytest.mark.parametrize("used", [False, True])
def test_a_clock_that_is_wrong_for_a_while_gives_nobody_a_second_one(
    clock: time_machine.Traveller, *, used: bool
) -> None:
    """Forty-five days ahead, two days back, right again: one of November is held at any time."""
    offer, courier, owner = an_offer(), a_courier(), a_person("merchant")
    november = a_voucher(offer, courier)
    if used:
        with writing():
            november.redeem(by=owner)
    clock.shift(timedelta(days=-2))
    with pytest.raises(errors.QuotaUsed):
        a_voucher(offer, courier)
    clock.move_to(NOON + timedelta(days=45))
    assert a_voucher(offer, courier).period == "2027-01"
    clock.shift(timedelta(days=-2))
    with pytest.raises(errors.QuotaUsed):
        a_voucher(offer, courier)
    clock.move_to(NOON)
    assert wrong_in_the_books(offer.id) == []
    if used:
        with pytest.raises(errors.QuotaUsed):
            a_voucher(offer, courier)
    else:  # the clock's leap has expired the first: there is one again, not two
        assert november.state == "expired"
        with pytest.raises(errors.NotRedeemable), writing():
            november.redeem(by=owner)
        a_voucher(offer, courier)
        with pytest.raises(errors.QuotaUsed):
            a_voucher(offer, courier)
    assert wrong_in_the_books(offer.id) == []
