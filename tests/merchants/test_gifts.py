"""Pay it forward: paid for by one, confirmed by another, handed out once a day to each."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from tests.support.city import a_courier, a_keeper, a_person, a_station, sign_in
from tests.support.client import Client
from tests.support.shops import Street, a_shop, a_voucher, an_offer, told, wrong_in_the_books
from tests.support.tables import changed, contents
from wishwall.accounts.models import Person
from wishwall.kit.clock import now
from wishwall.kit.db import db, writing
from wishwall.merchants import errors
from wishwall.merchants.offers import Offer
from wishwall.merchants.timers import tick
from wishwall.notices.models import Notice

pytestmark = pytest.mark.usefixtures("app")
BUNS = "两个包子一杯豆浆"


def a_gift(street: Street, count: int = 8, *, confirmed: bool = True) -> Offer:
    with writing():
        gift = Offer.give(street.shop, by=street.giver, text=BUNS, count=count)
        if confirmed:
            gift.approve(by=street.owner)
    return gift


def redeem(gift: Offer, courier: Person, street: Street) -> None:
    voucher = a_voucher(gift, courier)
    with writing():
        voucher.redeem(by=street.owner)


def test_a_gift_waits_until_the_shop_has_been_paid(street: Street) -> None:
    gift = a_gift(street, confirmed=False)
    assert not gift.is_shown
    assert told(street.owner) == ["gift-waits"]
    assert told(street.keeper) == ["offer-waits"]
    with pytest.raises(errors.NotLive):
        a_voucher(gift)
    with writing():
        gift.approve(by=street.owner)
    assert gift.is_live
    assert told(street.giver) == ["gift-approved"]
    assert told(street.owner) == ["gift-waits"]


def test_a_keeper_may_confirm_it_and_the_shop_is_told(street: Street) -> None:
    gift = a_gift(street, confirmed=False)
    with writing():
        gift.approve(by=street.keeper)
    assert told(street.giver) == ["gift-approved"]
    assert told(street.owner) == ["gift-waits", "gift-approved"]


def test_nobody_confirms_their_own_gift() -> None:
    station, owner = a_station(), a_person("merchant")
    keeper = a_keeper(station)
    shop = a_shop(station, owner=owner)
    for giver, confirmer in ((owner, keeper), (keeper, owner)):
        with writing():
            gift = Offer.give(shop, by=giver, text=BUNS, count=3)
        with pytest.raises(errors.OwnGift), writing():
            gift.approve(by=giver)
        with writing():
            gift.approve(by=confirmer)
        assert gift.is_live


def test_a_shop_that_was_not_paid_says_so_and_the_giver_reads_why(
    street: Street, client: Client
) -> None:
    gift = a_gift(street, confirmed=False)
    with writing():
        gift.refuse(by=street.owner, reason="还没收到钱")
    assert told(street.giver) == ["gift-refused"]
    notice = db.session.scalars(select(Notice).where(Notice.person_id == street.giver.id)).one()
    sign_in(client, street.giver)
    assert "还没收到钱" in client.page(notice.link).text


def test_first_come_first_served_and_one_a_courier_a_day(street: Street) -> None:
    gift, hungry = a_gift(street, count=3), a_courier()
    a_voucher(gift, hungry)
    with pytest.raises(errors.QuotaUsed):
        a_voucher(gift, hungry)
    a_voucher(gift)
    with time_machine.travel(now() + timedelta(days=1)):
        tick()  # those of yesterday were not used: they are there again
        redeem(gift, hungry, street)
        a_voucher(gift)
        a_voucher(gift)
    assert wrong_in_the_books(gift.id) == []
    with time_machine.travel(now() + timedelta(days=1)), pytest.raises(errors.AllGone):
        a_voucher(gift)


def test_who_gave_it_hears_when_the_last_one_is_handed_out(street: Street) -> None:
    gift = a_gift(street, count=2)
    redeem(gift, a_courier(), street)
    assert told(street.giver) == ["gift-approved"]
    redeem(gift, a_courier(), street)
    assert told(street.giver) == ["gift-approved", "gift-all-used"]


def test_what_has_been_paid_for_is_not_edited(street: Street) -> None:
    gift = a_gift(street)
    before = contents()
    with pytest.raises(errors.GiftStays), writing():
        gift.edit(by=street.owner, terms={"text": "一根葱"})
    with pytest.raises(errors.GiftStays), writing():
        gift.ask(by=street.keeper, question="真的吗？")
    assert changed(before) == []


def test_a_volunteer_gives_by_the_form_and_it_hangs_on_the_wall(
    street: Street, client: Client
) -> None:
    an_offer(street.shop)
    sign_in(client, street.giver)
    fields = {"gift_text": BUNS, "gift_count": "８"}
    page = client.page(street.shop.link)
    assert "给小哥留一份" in page.text
    sent = client.submit(f"{street.shop.link}/gifts/new", "/gifts", fields)
    assert sent.location == "/me/gifts"
    assert "等店家或站长确认" in client.page("/me/gifts").text
    gift = db.session.scalars(select(Offer).where(Offer.given_by_id == street.giver.id)).one()
    assert (gift.text, gift.supply_count) == (BUNS, 8)
    sign_in(client, street.owner)
    assert street.giver.nickname in client.page(street.shop.link).text
    answer = client.submit(street.shop.link, f"/offers/{gift.public_id}/receipt")
    assert answer.status_code == 303
    wall = client.page(f"/stations/{street.shop.station.code}/wishes").text
    assert BUNS in wall and "待用" in wall and "还剩 8 份" in wall
    assert street.giver.nickname not in wall
    redeem(gift, a_courier(), street)
    sign_in(client, street.giver)
    assert "8 份中已到小哥手里 1 份" in client.page("/me/gifts").text


def test_what_is_all_gone_no_longer_hangs_there(street: Street, client: Client) -> None:
    gift = a_gift(street, count=1)
    wall = f"/stations/{street.shop.station.code}/wishes"
    assert BUNS in client.page(wall).text
    a_voucher(gift)
    assert BUNS not in client.page(wall).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"gift_count": ""}, "请填 1 到 999 的整数"),
        ({"gift_count": "0"}, "请填 1 到 999 的整数"),
        ({"gift_count": "-1"}, "请填 1 到 999 的整数"),
        ({"gift_count": "1e309"}, "请填 1 到 999 的整数"),
        ({"gift_count": "1000"}, "请填 1 到 999 的整数"),
        ({"gift_text": "包"}, "2"),
        ({"gift_text": "包子" * 200}, "60"),
        ({"gift_text": "打 13800138000 给我"}, "请不要写电话"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(
    street: Street, client: Client, fields: dict[str, Any], said: str
) -> None:
    an_offer(street.shop)
    sign_in(client, street.giver)
    page = client.page(f"{street.shop.link}/gifts/new")
    before = contents()
    answer = client.submit(page, "/gifts", {"gift_text": BUNS, "gift_count": "8", **fields})
    assert answer.status_code == 422
    assert said in answer.text
    assert changed(before) == []


def test_a_shop_gives_at_its_own_counter_only(street: Street, client: Client) -> None:
    foreign = a_shop(street.shop.station)
    an_offer(foreign)
    sign_in(client, street.owner)
    client.page(f"{street.shop.link}/gifts/new")
    client.page(f"{foreign.link}/gifts/new", 404)
    assert "给小哥留一份" not in client.page(foreign.link).text


def test_an_ordinary_offer_is_not_received(street: Street, client: Client) -> None:
    offer = an_offer(street.shop, state="waiting")
    sign_in(client, street.owner)
    assert "钱收到了" not in client.page(street.shop.link).text
    from_form = client.page(f"{street.shop.link}/offers/new")
    answer = client.submit(from_form, "/offers", {})
    assert answer.status_code == 422
    assert client.post(f"/offers/{offer.public_id}/receipt").status_code in {400, 404}
    assert offer.is_waiting
