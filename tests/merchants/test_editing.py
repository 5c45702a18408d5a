"""A shop is looked after: by its owner, or by a keeper until it has one."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.support.city import (
    a_courier,
    a_keeper,
    a_person,
    a_station,
    an_organiser,
    sign_in,
)
from tests.support.client import Client
from tests.support.pictures import a_photo, no_photo_at_all
from tests.support.sending import sealed
from tests.support.shops import a_shop, a_voucher, an_offer, told
from tests.support.tables import changed, contents
from wishwall.kit.db import db, writing
from wishwall.merchants.errors import HasOwner
from wishwall.merchants.models import Merchant
from wishwall.merchants.offers import Offer
from wishwall.merchants.vouchers import Voucher
from wishwall.photos.models import Photo
from wishwall.trail.models import Trail

pytestmark = pytest.mark.usefixtures("app")


def edit(client: Client, shop: Merchant, **fields: Any) -> Any:
    """Open the form, change these fields in it, send it."""
    return client.submit(f"{shop.link}/edit", "edit", fields)


def states(shop: Merchant) -> list[str]:
    found = select(Offer.state).where(Offer.merchant_id == shop.id).order_by(Offer.id)
    return list(db.session.scalars(found))


def trail_of(shop: Merchant) -> list[Trail]:
    rows = select(Trail).where(Trail.subject == "merchant", Trail.subject_id == shop.id)
    return list(db.session.scalars(rows.order_by(Trail.id)))


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("phone", "0351-7000000"),
        ("hours", "08:00-22:00"),
        ("contact_name", "老李"),
        ("contact_phone", "13900001111"),
    ],
)
def test_what_no_keeper_checks_is_changed_at_once(client: Client, field: str, typed: str) -> None:
    station, owner = a_station(), a_person("merchant")
    keeper, shop = a_keeper(station), a_shop(station, owner=owner)
    an_offer(shop)
    sign_in(client, owner)
    page = client.follow(edit(client, shop, **{field: typed}))
    assert "改好了。" in page.text
    assert getattr(db.session.get_one(Merchant, shop.id), field) == typed
    assert states(shop) == ["live"]
    assert told(keeper) == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "老李理发"),
        ("kind", "food"),
        ("address", "并州路1号"),
        ("place", "37.81,112.56"),
    ],
)
def test_what_a_keeper_has_checked_is_checked_again(client: Client, field: str, typed: str) -> None:
    station, owner = a_station(), a_person("merchant")
    keeper, shop = a_keeper(station), a_shop(station, owner=owner)
    for state in ("live", "paused", "waiting", "asked", "refused"):
        an_offer(shop, state=state)
    sign_in(client, owner)
    page = client.follow(edit(client, shop, **{field: typed}))
    assert "等站长再核对一次" in page.text
    assert states(shop) == ["waiting", "waiting", "waiting", "asked", "refused"]
    assert told(keeper) == ["offer-waits"] * 2
    assert told(owner) == []
    assert client.get(shop.link).status_code == 200  # its owner's still
    sign_in(client, a_courier())
    assert client.get(shop.link).status_code == 404
    sign_in(client, keeper)
    client.follow(client.submit(shop.link, "approval"))
    assert states(shop)[0] == "live"


def test_a_place_is_kept_as_degrees_and_stays_where_none_is_given(client: Client) -> None:
    owner = a_person("merchant")
    shop = a_shop(owner=owner)
    sign_in(client, owner)
    client.follow(edit(client, shop, place="３７．８１， 112.56"))
    client.follow(edit(client, shop, phone="0351-7000000"))
    found = db.session.get_one(Merchant, shop.id)
    assert (found.lat, found.lon) == (37.81, 112.56)
    filled = client.page(f"{shop.link}/edit?near=37.9,112.6")
    assert filled.one("#place").attrs["value"] == "37.9,112.6"
    fragment = client.fragment(f"{shop.link}/edit?near=37.9,112.6")
    assert [field.attrs["name"] for field in fragment.select("input")] == ["place"]


def test_a_voucher_that_is_out_stays_good_when_its_shop_changes(client: Client) -> None:
    owner = a_person("merchant")
    shop = a_shop(owner=owner)
    voucher = a_voucher(an_offer(shop))
    sign_in(client, owner)
    client.follow(edit(client, shop, name="老李理发"))
    given = client.submit(f"{shop.link}/redemptions", "redemptions", {"code": voucher.code})
    assert "核销好了" in client.follow(given).text
    assert db.session.get_one(Voucher, voucher.id).is_used


def test_the_trail_says_what_was_before_but_no_private_number(client: Client) -> None:
    owner = a_person("merchant")
    shop = a_shop(owner=owner, name="旧名字", contact_phone="13700009999")
    sign_in(client, owner)
    client.follow(edit(client, shop, name="新名字", contact_phone="13700008888"))
    [row] = trail_of(shop)
    assert (row.deed, row.actor_id) == ("shop-edited", owner.id)
    assert row.detail == {"changed": ["name", "contact_phone"], "before": {"name": "旧名字"}}


def test_a_form_that_changes_nothing_leaves_no_trace(client: Client) -> None:
    owner = a_person("merchant")
    shop = a_shop(owner=owner, contact_name="老李", contact_phone="13700009999")
    an_offer(shop)
    sign_in(client, owner)
    before = contents()
    client.follow(edit(client, shop))
    assert changed(before) == ["answer"]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "店" * 300, "太长了"),
        ("name", "店", "太短了"),
        ("name", "", "请填写这一项"),
        ("kind", "bank", "请选一类"),
        ("address", "路" * 300, "太长了"),
        ("place", "北极", "没能看懂"),
        ("place", "91,0", "没能看懂"),
        ("place", "1e309,0", "没能看懂"),
        ("phone", "拨打我", "电话号码"),
        ("hours", "随便", "09:00-21:00"),
        ("contact_name", "李" * 300, "太长了"),
        ("contact_phone", "-1", "电话号码"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_changes_nothing(
    client: Client, field: str, typed: str, sentence: str
) -> None:
    owner = a_person("merchant")
    shop = a_shop(owner=owner)
    an_offer(shop)
    sign_in(client, owner)
    before = contents()
    fields = {field: typed} | ({} if field == "address" else {"address": "并州路1号"})
    page = client.as_page(edit(client, shop, **fields), 422)
    assert sentence in page.text
    assert changed(before) == []
    assert field == "address" or page.one("#address").attrs["value"] == "并州路1号"


def test_html_in_a_name_is_text_on_the_pages_and_in_the_form(client: Client) -> None:
    owner = a_person("merchant")
    shop = a_shop(owner=owner)
    sign_in(client, owner)
    page = client.follow(edit(client, shop, name='"><b>好店</b>'))
    assert page.h1 == '"><b>好店</b>'
    filled = client.page(f"{shop.link}/edit")
    assert filled.one("#name").attrs["value"] == '"><b>好店</b>'


def test_a_name_that_is_taken_is_said_beside_it_and_is_free_at_another_station(
    client: Client,
) -> None:
    station, owner = a_station(), a_person("merchant")
    a_shop(station, name="老李理发")
    here, elsewhere = a_shop(station, owner=owner), a_shop(owner=owner)
    sign_in(client, owner)
    before = contents()
    page = client.as_page(edit(client, here, name="老李理发", address="并州路1号"), 409)
    assert "同名的店" in page.one("#name-error").to_text()
    assert page.one("#address").attrs["value"] == "并州路1号"
    assert changed(before) == []
    client.follow(client.submit(page, "edit", {"name": "老李理发二店"}))
    client.follow(edit(client, elsewhere, name="老李理发"))


def test_a_new_photo_takes_the_place_of_the_old_one_or_none_does(client: Client) -> None:
    owner = a_person("merchant")
    shop = a_shop(owner=owner)
    sign_in(client, owner)
    seen = []
    for _ in range(2):
        page = client.follow(edit(client, shop, photo=a_photo()))
        [picture] = page.select(".hall-head img")
        address = picture.attrs["src"] or ""
        assert client.look(address).mimetype == "image/jpeg"
        seen.append(address)
    assert seen[0] != seen[1]  # a browser keeps a picture for a year by its address
    assert states(shop) == []
    client.follow(edit(client, shop, hours="08:00-20:00"))
    assert db.session.get_one(Merchant, shop.id).photo_id is not None
    page = client.follow(edit(client, shop, without_photo="y"))
    assert page.select(".hall-head img") == []


def test_what_is_no_photo_is_refused_and_a_lost_one_is_asked_for_again(client: Client) -> None:
    owner = a_person("merchant")
    shop = a_shop(owner=owner)
    sign_in(client, owner)
    page = client.as_page(edit(client, shop, photo=no_photo_at_all()), 422)
    assert page.one("#photo-error").to_text()
    assert "请再选一次" not in page.text
    page = client.as_page(edit(client, shop, photo=a_photo(), name=""), 422)
    assert "请再选一次" in page.one("#photo-hint").to_text()
    assert page.one("#photo").attrs["aria-describedby"] == "photo-hint"
    assert "请再选一次" not in client.as_page(edit(client, shop, name=""), 422).text
    assert db.session.scalars(select(Photo)).all() == []


def test_the_same_form_twice_is_one_change(client: Client) -> None:
    owner = a_person("merchant")
    shop = a_shop(owner=owner)
    sign_in(client, owner)
    page = client.page(f"{shop.link}/edit")
    for _ in range(2):
        client.follow(client.submit(page, "edit", {"name": "老李理发"}))
    assert [row.deed for row in trail_of(shop)] == ["shop-edited"]


def test_a_keeper_looks_after_a_shop_until_it_has_an_owner(client: Client) -> None:
    station = a_station()
    keeper, free, owned = a_keeper(station), a_shop(station), a_shop(station, owner=a_courier())
    for shop in (free, owned):
        an_offer(shop)
    sign_in(client, keeper)
    assert client.page(free.link).link("修改店铺资料") == f"{free.link}/edit"
    client.follow(edit(client, free, hours="08:00-20:00"))
    assert "修改店铺资料" not in client.page(owned.link).text
    for refused in (
        client.get(f"{owned.link}/edit"),
        client.post(f"{owned.link}/edit", data=sealed(client, name="别人的")),
    ):
        assert refused.status_code == 404
    with pytest.raises(HasOwner), writing():  # it got one between looking and saving
        owned.edit(by=keeper, shop={"hours": ""})


def test_a_keeper_of_another_station_and_an_organiser_do_not_edit(client: Client) -> None:
    shop = a_shop()
    an_offer(shop)
    sign_in(client, a_keeper(a_station()))
    assert client.get(f"{shop.link}/edit").status_code == 404
    sign_in(client, an_organiser())
    assert client.get(f"{shop.link}/edit").status_code == 403
