"""The discount list, whatever is asked of it, on both databases."""

from typing import Any

import pytest
import time_machine

from tests.support.city import a_courier, a_station, sign_in
from tests.support.client import Client
from tests.support.sending import sealed
from tests.support.shops import a_shop, a_voucher, an_offer
from wishwall.merchants.finding import A_PAGE, Wanted, nearest, shops

pytestmark = pytest.mark.usefixtures("app")


def names(found: Any) -> list[str]:
    return [shop.name for shop in found]


def test_each_question_finds_its_shops(client: Client) -> None:
    station, elsewhere = a_station(lat=37.8, lon=112.5), a_station(lat=37.9, lon=112.6)
    barber = a_shop(station, name="理发")
    noodles = a_shop(elsewhere, name="面馆", kind="food")
    an_offer(barber)
    an_offer(noodles, method="price", value=1000)
    an_offer(a_shop(station, name="没核对的"), state="waiting")
    assert names(shops(Wanted())) == ["面馆", "理发"]
    assert names(shops(Wanted(kind="food"))) == ["面馆"]
    assert names(shops(Wanted(free=True))) == ["理发"]
    assert names(shops(Wanted(station_id=station.id))) == ["理发"]
    assert names(shops(Wanted(), before=noodles.public_id)) == ["理发"]
    found = nearest(37.8001, 112.5, Wanted())
    assert names(found) == ["理发", "面馆"]
    assert 5 < (found[0].metres or 0) < 20
    courier = a_courier()
    sign_in(client, courier)
    client.post(f"{barber.link}/saving", data=sealed(client))
    assert names(shops(Wanted(saved_by=courier.id))) == ["理发"]
    for query in ("", "?kind=food", "?free=1", "?open=1", "?near=37.8,112.5", "?saved=1"):
        assert client.get(f"/merchants{query}").status_code == 200
    assert client.get("/merchants?kind=bank").status_code == 400
    assert client.get("/merchants?near=there").status_code == 400


def test_a_page_is_cut_by_shops_and_goes_on(client: Client) -> None:
    station = a_station()
    for _ in range(A_PAGE + 3):
        shop = a_shop(station)
        an_offer(shop)
        an_offer(shop, text="第二条")
    first = shops(Wanted())
    assert len(first) == A_PAGE + 1 and all(len(shop.offers) == 2 for shop in first)
    rest = shops(Wanted(), before=first[A_PAGE - 1].public_id)
    assert len(rest) == 3
    assert "更多的店" in client.get("/merchants").text


def test_who_holds_a_voucher_finds_it_on_the_shops_page(client: Client) -> None:
    courier, offer = a_courier(), an_offer(quota_count=1)
    voucher = a_voucher(offer, courier)
    sign_in(client, courier)
    page = client.page(offer.merchant.link)
    assert page.link("看我的券") == voucher.link
    assert "领一张券" not in page.text
    with time_machine.travel(voucher.expires_at):
        sign_in(client, courier)
        assert "领一张券" in client.page(offer.merchant.link).text
