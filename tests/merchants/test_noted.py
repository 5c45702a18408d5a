"""The shop had no network: it noted a code, and enters it later; now it is noon in Taiyuan."""

from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests.support.city import a_courier
from tests.support.shops import AN_HOUR, NOON, a_shop, a_voucher, an_offer, wrong_in_the_books
from tests.support.tables import changed, contents, refused
from wishwall.accounts.models import Person
from wishwall.kit.db import db, writing
from wishwall.kit.errors import Refusal
from wishwall.merchants import errors
from wishwall.merchants.offers import Offer
from wishwall.merchants.redemptions import Redemption
from wishwall.merchants.vouchers import Voucher

HALF_PAST = NOON + AN_HOUR / 2

pytestmark = pytest.mark.usefixtures("app", "clock")


@pytest.fixture
def offer(owner: Person) -> Offer:
    """Two haircuts a month for nothing, one a courier."""
    return an_offer(a_shop(owner=owner), supply_count=2, supply_period="month")


def note(voucher: Voucher, by: Person, at: datetime) -> None:
    with writing():
        voucher.redeem_noted(by=by, at=at)


def not_noted(refusal: type[Refusal], voucher: Voucher, by: Person, at: datetime) -> None:
    with refused(refusal):
        note(voucher, by, at)


def an_expired_voucher(
    clock: time_machine.Traveller, offer: Offer, courier: Person | None = None
) -> Voucher:
    """It was taken at noon and expired at one, which it is now."""
    voucher = a_voucher(offer, courier)
    clock.shift(AN_HOUR)
    with writing():
        assert voucher.expire()
    return voucher


@pytest.mark.parametrize("later", [timedelta(minutes=40), timedelta(hours=11, minutes=59)])
def test_what_was_noted_is_entered_the_same_day_whether_time_has_got_round_to_it_or_not(
    offer: Offer, owner: Person, clock: time_machine.Traveller, later: timedelta
) -> None:
    voucher = a_voucher(offer)
    clock.shift(later)
    note(voucher, owner, HALF_PAST)
    assert (voucher.state, voucher.used_at) == ("used", HALF_PAST)
    given = db.session.scalars(select(Redemption)).one()
    assert (given.redeemed_at, given.noted) == (HALF_PAST, True)
    assert wrong_in_the_books(offer.id) == []


def test_an_expired_voucher_is_entered_if_its_place_is_still_free(
    offer: Offer, owner: Person, clock: time_machine.Traveller
) -> None:
    courier = a_courier()
    voucher = an_expired_voucher(clock, offer, courier)
    note(voucher, owner, HALF_PAST)
    assert voucher.is_used
    assert wrong_in_the_books(offer.id) == []
    with pytest.raises(errors.QuotaUsed):
        a_voucher(offer, courier)


def test_it_is_not_entered_if_the_courier_took_another_since(
    offer: Offer, owner: Person, clock: time_machine.Traveller
) -> None:
    courier = a_courier()
    voucher = an_expired_voucher(clock, offer, courier)
    another = a_voucher(offer, courier)
    not_noted(errors.GivenAgain, voucher, owner, HALF_PAST)
    with writing():
        another.redeem(by=owner)
    not_noted(errors.GivenAgain, voucher, owner, HALF_PAST)


def test_it_is_entered_if_the_courier_gave_the_other_one_back(
    offer: Offer, owner: Person, clock: time_machine.Traveller
) -> None:
    courier = a_courier()
    voucher = an_expired_voucher(clock, offer, courier)
    another = a_voucher(offer, courier)
    with writing():
        another.void(by=courier)
    note(voucher, owner, HALF_PAST)
    assert voucher.is_used
    assert wrong_in_the_books(offer.id) == []


def test_it_is_not_entered_if_the_shop_has_none_left(
    offer: Offer, owner: Person, clock: time_machine.Traveller
) -> None:
    voucher = an_expired_voucher(clock, offer)
    for _ in range(2):
        a_voucher(offer)
    not_noted(errors.GivenAgain, voucher, owner, HALF_PAST)


def test_only_a_moment_of_today_while_it_was_good_and_not_to_come_is_entered(
    offer: Offer, owner: Person, clock: time_machine.Traveller
) -> None:
    second = timedelta(seconds=1)
    voucher = a_voucher(offer)
    clock.shift(AN_HOUR / 2)
    not_noted(errors.NotNotedToday, voucher, owner, NOON - second)
    not_noted(errors.NotNotedToday, voucher, owner, HALF_PAST + second)
    clock.shift(AN_HOUR)
    not_noted(errors.NotNotedToday, voucher, owner, NOON + AN_HOUR + second)
    clock.move_to(NOON.replace(hour=23, minute=59, second=59))
    before_midnight = contents()
    clock.shift(1)
    not_noted(errors.NotNotedToday, voucher, owner, HALF_PAST)
    assert changed(before_midnight) == []
    clock.shift(-1)
    note(voucher, owner, NOON + AN_HOUR)
    assert voucher.is_used


def test_a_used_voucher_is_said_to_be_used_whatever_the_moment(offer: Offer, owner: Person) -> None:
    voucher = a_voucher(offer)
    note(voucher, owner, NOON)
    for moment in (NOON, NOON - timedelta(days=1), NOON + AN_HOUR):
        not_noted(errors.AlreadyRedeemed, voucher, owner, moment)


def test_what_was_given_back_is_not_entered_and_the_sentence_says_so(
    offer: Offer, owner: Person
) -> None:
    voucher = a_voucher(offer)
    with writing():
        voucher.void(by=voucher.person)
    not_noted(errors.NotRedeemable, voucher, owner, NOON)
