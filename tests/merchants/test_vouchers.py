"""The life of a voucher, verb by verb; it is noon in Taiyuan unless a test says otherwise."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.support.city import a_courier, a_keeper, a_volunteer
from tests.support.shops import (
    AN_HOUR,
    NOON,
    a_shop,
    a_voucher,
    an_offer,
    redeem,
    told,
    wrong_in_the_books,
)
from tests.support.tables import everything_kept, refused
from wishwall.accounts.models import Person
from wishwall.kit.clock import now
from wishwall.kit.db import db, writing
from wishwall.kit.ids import ALPHABET
from wishwall.merchants import codes, errors, vouchers
from wishwall.merchants.offers import Offer
from wishwall.merchants.redemptions import Redemption
from wishwall.merchants.vouchers import Voucher
from wishwall.trail.models import Trail

pytestmark = pytest.mark.usefixtures("app", "clock")


@pytest.fixture
def offer(owner: Person) -> Offer:
    """A haircut for nothing, once a month."""
    return an_offer(a_shop(owner=owner))


def expire(voucher: Voucher) -> bool:
    with writing():
        return voucher.expire()


def void(voucher: Voucher, by: Person, reason: str = "") -> None:
    with writing():
        voucher.void(by=by, reason=reason)


def test_a_courier_takes_a_voucher_and_the_shop_gives_what_it_promised(
    offer: Offer, owner: Person
) -> None:
    courier = a_courier()
    voucher = a_voucher(offer, courier)
    assert voucher.is_live
    assert (voucher.period, voucher.slot, voucher.supply_period) == ("2026-11", 1, "ever")
    assert voucher.expires_at == NOON + AN_HOUR
    redeem(voucher, owner)
    assert (voucher.state, voucher.used_at) == ("used", NOON)
    given = db.session.scalars(select(Redemption)).one()
    assert (given.voucher_id, given.by_id, given.noted) == (voucher.id, owner.id, False)
    trail = db.session.scalars(select(Trail).where(Trail.subject == "voucher").order_by(Trail.id))
    assert [(row.deed, row.subject_id) for row in trail] == [
        ("issued", offer.id),
        ("redeemed", offer.id),
    ]
    assert told(courier) == told(owner) == []
    assert wrong_in_the_books(offer.id) == []


def test_vouchers_are_for_couriers(offer: Offer) -> None:
    volunteer = a_volunteer()
    with refused(errors.ForCouriers):
        a_voucher(offer, volunteer)


def test_a_shop_may_ask_for_verified_couriers() -> None:
    offer, courier = an_offer(verified_only=True), a_courier()
    with pytest.raises(errors.ForVerifiedCouriers):
        a_voucher(offer, courier)
    with writing():
        courier.verified_at = now()
    assert a_voucher(offer, courier).is_live


def test_what_has_no_quota_needs_no_voucher() -> None:
    offer = an_offer(quota_count=None, quota_period=None)
    with pytest.raises(errors.NoVoucherNeeded):
        a_voucher(offer)


@pytest.mark.parametrize("state", ["waiting", "asked", "paused", "refused"])
def test_no_voucher_for_an_offer_that_is_not_in_force(state: str) -> None:
    offer = an_offer(state=state)
    with pytest.raises(errors.NotLive):
        a_voucher(offer)
    assert wrong_in_the_books(offer.id) == []


def test_no_voucher_outside_the_hours_of_an_offer() -> None:
    offer = an_offer(from_minute=13 * 60, until_minute=14 * 60)
    with pytest.raises(errors.NotNow):
        a_voucher(offer)


def test_a_quota_of_three_is_three_and_each_courier_has_their_own() -> None:
    offer, courier = an_offer(quota_count=3), a_courier()
    assert [a_voucher(offer, courier).slot for _ in range(3)] == [1, 2, 3]
    with refused(errors.QuotaUsed):
        a_voucher(offer, courier)
    assert a_voucher(offer).slot == 1


def test_a_voucher_given_back_can_be_taken_again_but_a_used_one_not(
    offer: Offer, owner: Person
) -> None:
    courier = a_courier()
    first = a_voucher(offer, courier)
    void(first, courier)
    assert told(courier) == []
    second = a_voucher(offer, courier)
    assert (first.state, second.slot) == ("void", 1)
    redeem(second, owner)
    with pytest.raises(errors.QuotaUsed):
        a_voucher(offer, courier)
    assert wrong_in_the_books(offer.id) == []


def test_a_keeper_makes_a_voucher_void_and_its_courier_reads_why(offer: Offer) -> None:
    courier = a_courier()
    voucher = a_voucher(offer, courier)
    void(voucher, a_keeper(offer.merchant.station), "店关门了")
    assert (voucher.state, voucher.said) == ("void", "店关门了")
    assert told(courier) == ["voucher-void"]


def test_an_expired_voucher_can_be_taken_again(offer: Offer, clock: time_machine.Traveller) -> None:
    courier = a_courier()
    voucher = a_voucher(offer, courier)
    clock.shift(AN_HOUR - timedelta(seconds=1))
    assert (expire(voucher), voucher.is_live) == (False, True)
    clock.shift(1)
    assert (voucher.state, voucher.is_live) == ("live", False)
    assert (expire(voucher), voucher.state) == (True, "expired")
    assert not expire(voucher)
    again = a_voucher(offer, courier)
    assert (again.slot, again.is_live) == (1, True)
    assert wrong_in_the_books(offer.id) == []


def test_a_courier_need_not_wait_until_time_has_got_round_to_it(
    clock: time_machine.Traveller,
) -> None:
    offer, courier = an_offer(supply_count=1), a_courier()
    overdue = a_voucher(offer, courier)
    clock.shift(AN_HOUR)
    assert a_voucher(offer, courier).is_live
    assert overdue.state == "expired"
    deeds = db.session.scalars(select(Trail.deed).order_by(Trail.id)).all()
    assert deeds == ["issued", "voucher-expired", "issued"]
    assert wrong_in_the_books(offer.id) == []


def test_a_second_redemption_is_told_that_it_was_used(offer: Offer, owner: Person) -> None:
    voucher = a_voucher(offer)
    redeem(voucher, owner)
    with refused(errors.AlreadyRedeemed):
        redeem(voucher, owner)
    with refused(errors.NotGivenBack):
        void(voucher, owner)


@pytest.mark.parametrize("expired_by_time", [False, True])
def test_an_expired_voucher_is_not_redeemed(
    offer: Offer, owner: Person, clock: time_machine.Traveller, *, expired_by_time: bool
) -> None:
    voucher = a_voucher(offer)
    clock.shift(AN_HOUR)
    assert not expired_by_time or expire(voucher)
    with refused(errors.NotRedeemable):
        redeem(voucher, owner)


def test_a_void_voucher_is_not_redeemed(offer: Offer, owner: Person) -> None:
    voucher = a_voucher(offer)
    void(voucher, voucher.person)
    with refused(errors.NotRedeemable):
        redeem(voucher, owner)
    with refused(errors.NotGivenBack):
        void(voucher, voucher.person)


def test_a_code_is_short_and_has_no_look_alikes(offer: Offer) -> None:
    codes = [a_voucher(offer).code for _ in range(30)]
    assert {len(code) for code in codes} == {6}
    assert set("".join(codes)) <= set(ALPHABET)
    assert not set(ALPHABET) & set("01oil")


def test_a_code_is_unique_among_the_live_vouchers_of_a_shop(
    offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "ALPHABET", "23")
    monkeypatch.setattr(codes, "CODE_LENGTH", 1)
    monkeypatch.setattr(vouchers, "CODES_TRIED", 200)  # not to be had by chance: 2 ** -200
    first, second = a_voucher(offer), a_voucher(offer)
    assert {first.code, second.code} == {"2", "3"}
    void(first, first.person)
    third = a_voucher(offer)
    assert third.code == first.code
    assert Voucher.by_code(offer.merchant_id, third.code) is third
    monkeypatch.undo()
    with pytest.raises(IntegrityError):
        a_voucher(offer, code=second.code)


def test_two_shops_may_have_the_same_code(offer: Offer) -> None:
    here, there = a_voucher(offer, code="234567"), a_voucher(code="234567")
    assert Voucher.by_code(here.merchant_id, "234567") is here
    assert Voucher.by_code(there.merchant_id, "234567") is there


def test_the_token_in_the_qr_code_is_kept_nowhere_and_finds_its_voucher(offer: Offer) -> None:
    voucher, other = a_voucher(offer), a_voucher(offer)
    token = voucher.token
    assert len(token) == 22
    assert token != other.token
    assert token not in everything_kept()
    assert Voucher.by_token(token) is voucher
    assert Voucher.by_token(other.token[::-1]) is None
    assert Voucher.by_code(offer.merchant_id, voucher.code) is voucher
    assert Voucher.by_code(an_offer().merchant_id, voucher.code) is None
