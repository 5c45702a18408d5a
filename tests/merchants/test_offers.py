"""The life of an offer, verb by verb."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.city import a_courier, a_keeper, a_station, sign_in
from tests.support.client import Client
from tests.support.shops import Street, a_shop, a_voucher, an_offer, told, wrong_in_the_books
from tests.support.tables import changed, contents
from wishwall.accounts.models import Person
from wishwall.kit.db import db, writing
from wishwall.kit.errors import Refusal
from wishwall.merchants import errors
from wishwall.merchants.offers import STATES, Offer
from wishwall.notices.models import Notice
from wishwall.trail.models import Trail

TERMS: dict[str, Any] = {
    "text": "理发八折",
    "method": "discount",
    "value": 20,
    "quota_count": 2,
    "quota_period": "month",
    "supply_count": None,
    "supply_period": "ever",
    "valid_from": date(2020, 1, 1),
    "valid_until": None,
    "from_minute": None,
    "until_minute": None,
    "verified_only": False,
}

pytestmark = pytest.mark.usefixtures("app")


def deeds(offer: Offer) -> list[str]:
    trail = select(Trail.deed).where(Trail.subject == "offer", Trail.subject_id == offer.id)
    return list(db.session.scalars(trail.order_by(Trail.id)))


def test_an_offer_is_checked_before_it_is_in_force_and_the_right_people_are_told(
    street: Street,
) -> None:
    stranger = a_keeper(a_station())
    with writing():
        offer = Offer.propose(street.shop, by=street.owner, terms=TERMS)
    assert (offer.state, offer.is_shown) == ("waiting", False)
    assert told(street.keeper) == told(street.other_keeper) == ["offer-waits"]
    with writing():
        offer.approve(by=street.keeper)
    assert (offer.state, offer.is_shown) == ("live", True)
    assert told(street.owner) == ["offer-approved"]
    assert told(street.keeper) == ["offer-waits"]
    assert told(stranger) == []
    assert deeds(offer) == ["proposed", "approved"]


def test_a_keeper_who_proposes_for_a_shop_is_not_told_by_themselves(street: Street) -> None:
    with writing():
        Offer.propose(street.shop, by=street.keeper, terms=TERMS)
    assert told(street.keeper) == []
    assert told(street.other_keeper) == ["offer-waits"]


def test_a_keeper_asks_and_the_owner_answers_by_editing(street: Street) -> None:
    offer = an_offer(street.shop, state="waiting")
    with writing():
        offer.ask(by=street.keeper, question="周末也可以吗？")
    assert (offer.state, offer.said) == ("asked", "周末也可以吗？")
    assert told(street.owner) == ["offer-asked"]
    with writing():
        offer.edit(by=street.owner, terms=TERMS | {"text": "周末也行，理发八折"})
    assert offer.is_waiting
    assert told(street.keeper) == told(street.other_keeper) == ["offer-waits"]
    with writing():
        offer.approve(by=street.other_keeper)
    assert (offer.text, offer.said) == ("周末也行，理发八折", "")


@pytest.mark.parametrize("before", ["waiting", "asked"])
def test_a_keeper_refuses_and_the_owner_reads_why(street: Street, before: str) -> None:
    offer = an_offer(street.shop, state=before)
    with writing():
        offer.refuse(by=street.keeper, reason="这不是优惠")
    assert (offer.state, offer.said) == ("refused", "这不是优惠")
    notice = db.session.scalars(select(Notice).where(Notice.person_id == street.owner.id)).one()
    assert (notice.kind, notice.about) == ("offer-refused", "免费理发")
    assert "没有通过" in notice.sentence
    assert notice.link == street.shop.link


def test_a_keeper_pauses_and_the_owner_is_told_but_not_of_their_own_pause(street: Street) -> None:
    offer = an_offer(street.shop)
    with writing():
        offer.pause(by=street.owner)
    assert offer.is_paused
    assert told(street.owner) == []
    with writing():
        offer.resume(by=street.keeper)
    assert offer.is_live
    assert told(street.owner) == ["offer-resumed"]
    with writing():
        offer.pause(by=street.keeper)
    assert told(street.owner) == ["offer-resumed", "offer-paused"]
    assert told(street.keeper) == told(street.other_keeper) == []
    assert deeds(offer) == ["paused", "resumed", "paused"]


def test_a_shop_without_an_owner_has_nobody_to_tell() -> None:
    station = a_station()
    offer, keeper = an_offer(a_shop(station), state="waiting"), a_keeper(station)
    with writing():
        offer.approve(by=keeper)
    assert offer.is_live
    assert list(db.session.scalars(select(Notice.kind))) == []


Verb = Callable[[Offer, Person], None]
VERBS: dict[str, Verb] = {
    "approve": lambda offer, by: offer.approve(by=by),
    "ask": lambda offer, by: offer.ask(by=by, question="周末也可以吗？"),
    "refuse": lambda offer, by: offer.refuse(by=by, reason="这不是优惠"),
    "pause": lambda offer, by: offer.pause(by=by),
    "resume": lambda offer, by: offer.resume(by=by),
}
RIGHT = {
    "approve": {"waiting"},
    "ask": {"waiting"},
    "refuse": {"waiting", "asked"},
    "pause": {"live"},
    "resume": {"paused"},
}
REFUSALS: dict[str, type[Refusal]] = {"pause": errors.NotLive, "resume": errors.NotPaused}
WRONG = [(verb, state) for verb in VERBS for state in STATES if state not in RIGHT[verb]]


@pytest.mark.parametrize(("verb", "state"), WRONG)
def test_a_verb_in_the_wrong_state_is_refused_and_changes_nothing(
    street: Street, verb: str, state: str
) -> None:
    offer, keeper = an_offer(street.shop, state=state), street.keeper
    before = contents()
    with pytest.raises(REFUSALS.get(verb, errors.NotWaiting)), writing():
        VERBS[verb](offer, keeper)
    assert changed(before) == []
    assert offer.state == state


@pytest.mark.parametrize("verb", ["approve", "ask", "refuse"])
def test_nobody_decides_about_their_own_shop(verb: str) -> None:
    station = a_station()
    owner = a_keeper(station)
    offer = an_offer(a_shop(station, owner=owner), state="waiting")
    before = contents()
    with pytest.raises(errors.OwnShop), writing():
        VERBS[verb](offer, owner)
    assert changed(before) == []


def test_what_was_edited_while_a_keeper_looked_is_looked_at_again(
    street: Street, client: Client
) -> None:
    offer = an_offer(street.shop, state="waiting")
    sign_in(client, street.keeper)
    looked_at = client.page(street.shop.link)
    with writing():
        offer.edit(by=street.owner, terms=TERMS)
    approval = f"/offers/{offer.public_id}/approval"
    answer = client.submit(looked_at, approval)
    assert answer.status_code == 409
    assert "刚刚改过" in answer.text and "理发八折" in answer.text
    assert db.session.get_one(Offer, offer.id).is_waiting
    assert client.submit(client.page(street.shop.link), approval).status_code == 303
    assert db.session.get_one(Offer, offer.id).is_live


@pytest.mark.parametrize("state", STATES)
def test_an_edited_offer_is_checked_anew_and_what_it_said_is_kept(
    street: Street, state: str
) -> None:
    offer = an_offer(street.shop, state=state)
    with writing():
        offer.edit(by=street.owner, terms=TERMS)
    assert offer.is_waiting
    assert {name: getattr(offer, name) for name in TERMS} == TERMS
    edited = db.session.scalars(select(Trail).where(Trail.deed == "offer-edited")).one()
    assert edited.detail["before"]["text"] == "免费理发"
    assert "value" not in edited.detail["before"]
    assert told(street.keeper) == ["offer-waits"]


def test_a_smaller_quota_counts_what_was_used_beyond_it(street: Street) -> None:
    offer, courier = an_offer(street.shop, quota_count=2), a_courier()
    first, second = a_voucher(offer, courier), a_voucher(offer, courier)
    with writing():
        second.redeem(by=street.owner)
        first.void(by=courier)
        offer.edit(by=street.owner, terms=TERMS | {"quota_count": 1})
        offer.approve(by=street.keeper)
    with pytest.raises(errors.QuotaUsed):
        a_voucher(offer, courier)


def test_a_voucher_that_is_out_keeps_its_promise_when_the_offer_changes(street: Street) -> None:
    offer = an_offer(street.shop)
    voucher = a_voucher(offer)
    with writing():
        offer.edit(by=street.owner, terms=TERMS)
    assert voucher.promise["text"] == "免费理发"
    assert (voucher.promise["method"], voucher.promise["value"]) == ("free", None)
    with pytest.raises(errors.NotLive):
        a_voucher(offer)
    with writing():
        voucher.redeem(by=street.owner)
    assert voucher.is_used
    with writing():
        offer.approve(by=street.keeper)
    assert a_voucher(offer).promise["value"] == 20


@pytest.mark.parametrize("limited_before", [5, None])
def test_a_supply_smaller_than_what_is_out_is_refused(
    street: Street, limited_before: int | None
) -> None:
    offer = an_offer(street.shop, supply_count=limited_before)
    used, _live = a_voucher(offer), a_voucher(offer)
    with writing():
        used.redeem(by=street.owner)
    before = contents()
    with pytest.raises(errors.SupplyTooSmall), writing():
        offer.edit(by=street.owner, terms=TERMS | {"supply_count": 1})
    assert changed(before) == []
    with writing():
        offer.edit(by=street.owner, terms=TERMS | {"supply_count": 2})
        offer.approve(by=street.keeper)
    with pytest.raises(errors.AllGone):
        a_voucher(offer)
    with writing():
        offer.edit(by=street.owner, terms=TERMS | {"supply_count": 3})
        offer.approve(by=street.keeper)
    a_voucher(offer)
    assert wrong_in_the_books(offer.id) == []
