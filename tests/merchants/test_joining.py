"""A shop joins by the form: what may be typed, what is said of the rest, and by whom."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.city import (
    PASSWORD,
    a_courier,
    a_keeper,
    a_person,
    a_station,
    an_officer,
    sign_in,
)
from tests.support.client import Client
from tests.support.pictures import a_photo, no_photo_at_all
from tests.support.sending import sealed
from tests.support.shops import a_shop, a_voucher, an_offer
from tests.support.tables import changed, contents
from wishwall.accounts.models import Person
from wishwall.drafts.models import Draft
from wishwall.kit.clock import today
from wishwall.kit.db import db
from wishwall.merchants.models import Merchant
from wishwall.merchants.offers import Offer
from wishwall.photos.models import Photo

pytestmark = pytest.mark.usefixtures("app")
GOOD = {
    "name": "老李理发",
    "kind": "barber",
    "address": "龙城街道21号",
    "offer_text": "理发一次",
    "offer_method": "free",
}


def form(**fields: Any) -> dict[str, Any]:
    station = fields.pop("station", None) or a_station().code
    return {**GOOD, "station": station, **fields}


def really_sign_in(client: Client, person: Person) -> str:
    """By the form, as a browser with a draft does; where it leads."""
    fields = sealed(client, phone=person.phone, password=PASSWORD)
    return client.post("/sign-in", data=fields).location


@pytest.mark.parametrize(
    ("method", "typed", "kept"),
    [
        ("discount", "八折", 20),
        ("discount", "5折", 50),
        ("discount", "85折", 15),
        ("discount", "8.5折", 15),
        ("discount", "20%", 20),
        ("discount", "20", 20),
        ("price", "０．５", 50),
        ("price", "10元", 1000),
        ("free", "", None),
    ],
)
def test_a_value_is_kept_as_it_was_meant(
    client: Client, method: str, typed: str, kept: int | None
) -> None:
    sign_in(client, a_person("merchant"))
    fields = form(offer_method=method, offer_value=typed)
    assert client.post("/merchants/new", data=sealed(client, **fields)).status_code == 303
    offer = db.session.scalars(select(Offer)).one()
    assert (offer.method, offer.value, offer.state) == (method, kept, "waiting")


@pytest.mark.parametrize("typed", ["-1", "1e309", "０．５", "85", "8", "100", "nan", "折"])
def test_a_discount_that_is_none_or_may_be_two_is_asked_about(client: Client, typed: str) -> None:
    sign_in(client, a_person("merchant"))
    fields = form(offer_method="discount", offer_value=typed)
    before = contents()
    page = client.as_page(client.post("/merchants/new", data=sealed(client, **fields)), 422)
    assert "折" in page.one("#offer_value-error").to_text()
    assert page.one("#offer_value").attrs["value"]
    assert changed(before) == []


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("offer_value", "-1", "0.01 到 100000 元"),
        ("offer_value", "1e309", "0.01 到 100000 元"),
        ("offer_value", "5折", "0.01 到 100000 元"),
        ("offer_value", "八折", "0.01 到 100000 元"),
        ("offer_value", "", "0.01 到 100000 元"),
        ("offer_value", "免费", "0.01 到 100000 元"),
        ("name", "店" * 300, "太长了"),
        ("name", "", "请填写这一项"),
        ("kind", "bank", "请选一类"),
        ("station", "TY999999", "没有这个编号的驿站"),
        ("hours", "随便", "09:00-21:00"),
        ("valid_until", "2020-01-01", "已经过去了"),
        ("valid_until", "2026-02-30", "这样的日期"),
        ("quota_count", "0", "1 到 99"),
        ("quota_count", "三", "1 到 99"),
        ("supply_count", "9999999999", "1 到 100000"),
        ("from_time", "25:00", "14:00"),
        ("phone", "拨打我", "电话号码"),
        ("place", "北极", "没能看懂"),
        ("offer_text", "打 13800138000", "不要写电话"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_changes_nothing(
    client: Client, field: str, typed: str, sentence: str
) -> None:
    sign_in(client, a_person("merchant"))
    fields = form(offer_method="price", offer_value="10") | {field: typed}
    before = contents()
    answer = client.post("/merchants/new", data=sealed(client, **fields))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert changed(before) == []
    if len(typed) < 50:
        assert GOOD["address"] in answer.text  # nothing typed is lost


def test_an_end_before_the_start_is_refused(client: Client) -> None:
    sign_in(client, a_person("merchant"))
    first, last = today() + timedelta(days=9), today() + timedelta(days=3)
    fields = form(valid_from=first.isoformat(), valid_until=last.isoformat())
    answer = client.post("/merchants/new", data=sealed(client, **fields))
    assert answer.status_code == 422 and "结束的日子在开始之前" in answer.text


def test_html_in_a_name_is_text(client: Client) -> None:
    keeper = a_person("merchant")
    sign_in(client, keeper)
    fields = form(name="<b>好店</b>")
    answer = client.post("/merchants/new", data=sealed(client, **fields))
    page = client.get(answer.location)
    assert "&lt;b&gt;好店&lt;/b&gt;" in page.text and "<b>好店" not in page.text


def test_the_same_form_twice_is_one_shop_and_the_same_name_another_time_is_refused(
    client: Client,
) -> None:
    sign_in(client, a_person("merchant"))
    fields = sealed(client, **form())
    first, again = (client.post("/merchants/new", data=fields) for _ in range(2))
    assert first.location == again.location
    other = client.post("/merchants/new", data=sealed(client, **form(station=fields["station"])))
    page = client.as_page(other, 409)
    assert "同名的店" in page.one("#name-error").to_text()
    assert page.one("#address").attrs["value"] == GOOD["address"]
    assert db.session.scalar(select(func.count(Merchant.id))) == 1


def test_a_strangers_form_is_kept_and_registered_when_they_have_signed_in(client: Client) -> None:
    answer = client.post("/merchants/new", data=sealed(client, **form()))
    assert answer.location == "/sign-up?role=merchant"
    assert db.session.scalars(select(Merchant)).all() == []
    owner = a_courier()
    landed = really_sign_in(client, owner)
    shop = db.session.scalars(select(Merchant)).one()
    assert shop.owner_id == owner.id
    assert db.session.scalars(select(Draft)).all() == []
    db.session.refresh(owner)
    assert {role.kind for role in owner.roles} == {"courier", "merchant"}
    assert landed == shop.link
    assert "等站长核对" in client.get(landed).text


def test_a_strangers_shop_whose_name_is_taken_meanwhile_is_refused_kindly(client: Client) -> None:
    station = a_station()
    client.post("/merchants/new", data=sealed(client, **form(station=station.code)))
    a_shop(station, name=GOOD["name"])
    assert really_sign_in(client, a_courier()) == "/merchants"
    assert "同名的店" in client.get("/merchants").text
    assert db.session.scalar(select(func.count(Merchant.id))) == 1


def test_an_officers_draft_is_refused_kindly(client: Client) -> None:
    client.post("/merchants/new", data=sealed(client, **form()))
    assert really_sign_in(client, an_officer()) == "/merchants"
    assert "您的身份不能登记商户" in client.get("/merchants").text
    assert db.session.scalars(select(Merchant)).all() == []


def test_a_keeper_enters_a_shop_for_an_owner_at_the_counter(client: Client) -> None:
    station, owner = a_station(), a_courier()
    sign_in(client, a_keeper(station))
    unknown = form(station=station.code, owner_phone="13800000000")
    answer = client.post("/merchants/new", data=sealed(client, **unknown))
    assert answer.status_code == 422 and "没有这个手机号的人" in answer.text
    for name, phone in (("没手机的店", ""), ("有手机的店", owner.phone)):
        fields = form(station=station.code, name=name, owner_phone=phone)
        assert client.post("/merchants/new", data=sealed(client, **fields)).status_code == 303
    owners = dict(db.session.execute(select(Merchant.name, Merchant.owner_id)).all())
    assert owners == {"没手机的店": None, "有手机的店": owner.id}


def test_a_keeper_enters_no_shop_for_an_officer(client: Client) -> None:
    station = a_station()
    sign_in(client, a_keeper(station))
    fields = form(station=station.code, owner_phone=an_officer().phone)
    answer = client.post("/merchants/new", data=sealed(client, **fields))
    assert answer.status_code == 422 and "不能登记商户" in answer.text
    assert db.session.scalars(select(Merchant)).all() == []


def test_what_is_no_photo_is_refused_and_a_lost_one_is_asked_for_again(client: Client) -> None:
    for person in (a_person("merchant"), None):
        if person:
            sign_in(client, person)
        else:
            client.post("/sign-out", data=sealed(client))
        bad = client.post("/merchants/new", data=sealed(client, **form(photo=no_photo_at_all())))
        page = client.as_page(bad, 422)
        assert page.one("#photo-error").to_text() and "请再选一次" not in page.text
        fields = form(name="", photo=a_photo())
        page = client.as_page(client.post("/merchants/new", data=sealed(client, **fields)), 422)
        assert "请再选一次" in page.one("#photo-hint").to_text()
        page = client.as_page(
            client.post("/merchants/new", data=sealed(client, **form(name=""))), 422
        )
        assert "请再选一次" not in page.text
    assert db.session.scalars(select(Photo)).all() == []


def test_the_first_field_that_is_wrong_on_the_page_has_the_focus(client: Client) -> None:
    sign_in(client, a_person("merchant"))
    fields = form(offer_text="", contact_phone="拨打我")
    page = client.as_page(client.post("/merchants/new", data=sealed(client, **fields)), 422)
    assert [field.attrs["id"] for field in page.select("[autofocus]")] == ["offer_text"]
    fields = form(station="TY999999", name="")
    page = client.as_page(client.post("/merchants/new", data=sealed(client, **fields)), 422)
    assert [field.attrs["id"] for field in page.select("[autofocus]")] == ["station"]


def test_the_stations_around_come_alone_so_that_nothing_typed_is_replaced(client: Client) -> None:
    near, far = a_station(lat=37.8, lon=112.5), a_station(lat=37.9, lon=112.6)
    part = client.fragment("/merchants/new?near=37.8001,112.5")
    assert {field.attrs["name"] for field in part.select("input")} == {"place", "station"}
    offered = [field.attrs["value"] for field in part.select("input[type=radio]")]
    assert offered == [near.code, far.code]
    assert part.one("input[name=place]").attrs["value"] == "37.8001,112.5"
    whole = client.page("/merchants/new?near=37.8001,112.5")
    assert whole.one("input[name=place]").attrs["value"] == "37.8001,112.5"
    assert "name" in whole.form("/merchants/new").names()


def test_a_keeper_does_not_check_their_own_shop(client: Client) -> None:
    station = a_station()
    keeper = a_keeper(station)
    offer = an_offer(a_shop(station, owner=keeper), state="waiting")
    sign_in(client, keeper)
    answer = client.post(f"/offers/{offer.public_id}/approval", data=sealed(client))
    assert answer.status_code == 403
    db.session.rollback()
    assert db.session.scalars(select(Offer.state)).one() == "waiting"


def test_another_shops_voucher_is_no_voucher_here(app: Flask, client: Client) -> None:
    owner = a_person("merchant")
    mine, foreign = a_shop(owner=owner), an_offer()
    voucher = a_voucher(foreign)
    sign_in(client, owner)
    with app.app_context():
        token = voucher.token
    for code in (voucher.code, token):
        answer = client.post(f"{mine.link}/redemptions", data=sealed(client, code=code))
        assert answer.status_code == 422 and "没有这张券" in answer.text
    elsewhere = f"{voucher.merchant.link}/redemptions"
    answer = client.post(elsewhere, data=sealed(client, code=voucher.code))
    assert answer.status_code == 404
