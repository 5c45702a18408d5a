"""A shop without an owner is given to the one whose it is."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.support.city import (
    a_courier,
    a_keeper,
    a_person,
    a_station,
    an_officer,
    an_organiser,
    sign_in,
)
from tests.support.client import Client
from tests.support.sending import sealed
from tests.support.shops import a_shop, an_offer, told
from tests.support.tables import changed, contents
from wishwall.accounts.models import Person
from wishwall.kit.db import db
from wishwall.merchants.models import Merchant
from wishwall.merchants.offers import Offer
from wishwall.trail.models import Trail

pytestmark = pytest.mark.usefixtures("app")


def hand_over(client: Client, shop: Merchant, phone: str, **how: Any) -> Any:
    return client.submit(shop.link, "owner", {"owner_phone": phone}, **how)


def test_a_keeper_hands_a_shop_to_its_owner(client: Client) -> None:
    station, owner = a_station(), a_courier()
    keeper, shop = a_keeper(station), a_shop(station)
    an_offer(shop)
    sign_in(client, keeper)
    page = client.follow(hand_over(client, shop, owner.phone.removeprefix("+86")))
    assert f"交给 {owner.nickname} 了" in page.text
    assert page.select("#owner") == []
    row = db.session.scalars(select(Trail).where(Trail.subject == "merchant")).one()
    assert (row.deed, row.actor_id, row.detail) == ("handed-over", keeper.id, {"owner": owner.id})
    assert told(owner) == ["shop-handed-over"] and told(keeper) == []
    sign_in(client, owner)
    assert shop.name in client.page("/me/merchants").text
    assert shop.name in client.page("/me/notices").text
    client.follow(client.submit(f"{shop.link}/edit", "edit", {"hours": "08:00-20:00"}))
    roles = {role.kind for role in db.session.get_one(Person, owner.id).roles}
    assert roles == {"courier", "merchant"}
    assert db.session.scalars(select(Offer.state)).all() == ["live"]


@pytest.mark.parametrize("htmx", [False, True])
def test_a_shop_is_given_only_to_somebody_who_may_have_it(client: Client, *, htmx: bool) -> None:
    station = a_station()
    keeper, shop = a_keeper(station), a_shop(station)
    sign_in(client, keeper)
    for phone, sentence in (
        ("13800000000", "没有这个手机号的人"),
        ("-1", "没有这个手机号的人"),
        ("", "请填写这一项"),
        (an_officer(f"部门 {htmx}").phone, "不能登记商户"),
        (keeper.phone, "不能把店交给自己"),
    ):
        before = contents()
        page = client.as_page(hand_over(client, shop, phone, htmx=htmx), 422)
        assert sentence in page.one("#owner_phone-error").to_text()
        assert changed(before) == []


def test_a_shop_that_has_an_owner_is_given_to_nobody_else(client: Client) -> None:
    station, first, second = a_station(), a_courier(), a_courier()
    keeper, shop = a_keeper(station), a_shop(station)
    sign_in(client, keeper)
    page = client.page(shop.link)
    client.follow(client.submit(page, "owner", {"owner_phone": first.phone}))
    late = client.post(f"{shop.link}/owner", data=sealed(client, owner_phone=second.phone))
    assert "已经有店主了" in client.as_page(late, 409).text
    assert db.session.get_one(Merchant, shop.id).owner_id == first.id
    assert told(second) == []


def test_only_keepers_of_the_station_and_organisers_hand_a_shop_over(client: Client) -> None:
    shop = a_shop()
    an_offer(shop)
    phone = a_courier().phone
    for person, status in (
        (a_keeper(a_station()), 404),
        (a_person("merchant"), 403),
        (an_organiser(), 303),
    ):
        sign_in(client, person)
        answer = client.post(f"{shop.link}/owner", data=sealed(client, owner_phone=phone))
        assert answer.status_code == status
