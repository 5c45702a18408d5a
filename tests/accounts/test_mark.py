"""The mark of a verified courier: for their own eyes, not for the shop's."""

from collections.abc import Callable

import pytest

from tests.support.city import a_courier, a_person, a_volunteer, sign_in
from tests.support.client import Client
from tests.support.shops import a_shop, a_voucher, an_offer
from wishwall.accounts.models import Person
from wishwall.kit.db import db, writing

pytestmark = pytest.mark.usefixtures("app")
NewClient = Callable[[], Client]

MARK, HOW = "已核实", "到驿站给站长看看"
OWN_PAGES = ("/me", "/me/vouchers")


def verify(courier: Person) -> None:
    with writing():
        assert db.session.get_one(Person, courier.id).verify()


def test_a_verified_courier_reads_it_on_their_own_pages(client: Client) -> None:
    courier = a_courier()
    sign_in(client, courier)
    for path in OWN_PAGES:
        assert MARK not in client.page(path).text
    verify(courier)
    for path in OWN_PAGES:
        page = client.page(path)
        (chip,) = [chip for chip in page.select(".chip") if MARK in chip.to_text()]
        assert any(child.name == "svg" for child in chip.children)
        assert HOW not in page.text


def test_one_who_is_not_reads_how_to_get_there(client: Client) -> None:
    sign_in(client, a_courier())
    assert HOW in client.page("/me").text


def test_others_read_nothing_of_it(client: Client) -> None:
    sign_in(client, a_volunteer())
    page = client.page("/me")
    assert MARK not in page.text and HOW not in page.text


def test_the_counter_of_a_shop_does_not_show_it(new_client: NewClient) -> None:
    courier, owner = a_courier(), a_person("merchant")
    verify(courier)
    shop = a_shop(owner=owner)
    voucher = a_voucher(an_offer(shop), courier)
    merchant, phone = new_client(), new_client()
    sign_in(merchant, owner)
    sign_in(phone, courier)
    counter = f"{shop.link}/redemptions"
    looked = merchant.page(f"{counter}?code={voucher.code}")
    assert courier.nickname in looked.text and MARK not in looked.text
    given = merchant.follow(merchant.submit(counter, counter, {"code": voucher.code}))
    assert courier.nickname in given.text and MARK not in given.text
    shown = phone.page(voucher.link)
    assert MARK not in shown.text, "this page is held out to the shop"
