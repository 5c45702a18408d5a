"""A keeper takes a voucher back; its courier is told why, and may take another."""

import pytest
from flask import Flask
from werkzeug.security import generate_password_hash

from tests.support.city import PASSWORD, a_courier, a_keeper, a_station, an_organiser, sign_in
from tests.support.client import Client
from tests.support.sending import sealed
from tests.support.shops import a_shop, a_voucher, an_offer, redeem, told, wrong_in_the_books
from tests.support.tables import changed, contents
from wishwall.accounts.models import Person
from wishwall.kit.db import db, writing
from wishwall.merchants.vouchers import Voucher

pytestmark = pytest.mark.usefixtures("app")
GOOD = {"reason": "店今天停电", "password": PASSWORD}


@pytest.fixture
def voucher(owner: Person) -> Voucher:
    return a_voucher(an_offer(a_shop(owner=owner)))


@pytest.fixture
def keeper(voucher: Voucher) -> Person:
    return a_keeper(voucher.merchant.station)


def form_of(voucher: Voucher) -> str:
    return f"{voucher.merchant.link}/voids"


def state_of(voucher: Voucher) -> str:
    db.session.rollback()
    return db.session.get_one(Voucher, voucher.id).state


def test_a_keeper_finds_the_form_on_the_shops_page_and_the_courier_reads_the_reason(
    client: Client, voucher: Voucher, keeper: Person
) -> None:
    courier = voucher.person
    sign_in(client, keeper)
    form = client.page(client.page(voucher.merchant.link).link("作废小哥的一张券"))
    sent = client.submit(form, "/voids", {"code": voucher.code.upper(), **GOOD})
    assert "作废了：免费理发" in client.follow(sent).text
    assert state_of(voucher) == "void"
    assert told(courier) == ["voucher-void"]
    sign_in(client, courier)
    assert "店今天停电" in client.page(voucher.link).text
    assert a_voucher(voucher.offer, courier).is_live
    assert wrong_in_the_books(voucher.offer_id) == []


def test_an_organiser_may_too_and_by_what_the_qr_code_says(
    client: Client, voucher: Voucher
) -> None:
    sign_in(client, an_organiser())
    sent = client.submit(form_of(voucher), "/voids", {"code": voucher.token, **GOOD})
    assert sent.status_code == 303
    assert state_of(voucher) == "void"


def test_a_keeper_of_another_station_finds_nothing_there(client: Client, voucher: Voucher) -> None:
    sign_in(client, a_keeper(a_station()))
    assert client.get(form_of(voucher)).status_code == 404
    sent = client.post(form_of(voucher), data=sealed(client, code=voucher.code, **GOOD))
    assert sent.status_code == 404
    assert state_of(voucher) == "live"


def test_a_wrong_password_is_said_beside_its_field_and_what_else_was_typed_stays(
    client: Client, voucher: Voucher, keeper: Person
) -> None:
    sign_in(client, keeper)
    form, before = client.page(form_of(voucher)), contents()
    wrong = {"code": voucher.code, **GOOD, "password": "cold tea at noon"}
    page = client.as_page(client.submit(form, "/voids", wrong), 401)
    assert "券没有作废" in page.one("#password-error").to_text()
    values = page.form("/voids").values
    assert (values["code"], values["reason"]) == (voucher.code, "店今天停电")
    assert "cold tea" not in page.response.text
    assert changed(before) == []
    assert client.submit(page, "/voids", {"password": PASSWORD}).status_code == 303


@pytest.mark.parametrize(
    ("field", "typed"), [("code", ""), ("code", "zzzzzz"), ("reason", ""), ("password", "")]
)
def test_what_is_missing_or_unknown_is_said_beside_its_field(
    client: Client, voucher: Voucher, keeper: Person, field: str, typed: str
) -> None:
    sign_in(client, keeper)
    form, before = client.page(form_of(voucher)), contents()
    fields = {"code": voucher.code, **GOOD, field: typed}
    page = client.as_page(client.submit(form, "/voids", fields), 422)
    assert page.select(f"#{field}-error")
    assert changed(before) == []


def test_a_used_voucher_stays_used_and_the_keeper_is_told(
    client: Client, voucher: Voucher, keeper: Person, owner: Person
) -> None:
    redeem(voucher, owner)
    sign_in(client, keeper)
    form, before = client.page(form_of(voucher)), contents()
    page = client.as_page(client.submit(form, "/voids", {"code": voucher.code, **GOOD}), 409)
    assert "已经用过或过期" in page.one("[role=alert]").to_text()
    assert page.form("/voids").values["reason"] == "店今天停电"
    assert changed(before) == []


def test_the_second_tap_is_harmless_but_not_with_another_password(
    client: Client, voucher: Voucher, keeper: Person
) -> None:
    courier = voucher.person
    sign_in(client, keeper)
    form = client.page(form_of(voucher))
    fields = {"code": voucher.code, **GOOD}
    answers = [client.submit(form, "/voids", fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert told(courier) == ["voucher-void"]
    wrong = client.submit(form, "/voids", fields | {"password": "cold tea at noon"})
    assert wrong.status_code == 401


def test_nothing_is_kept_from_which_a_password_could_be_guessed(
    client: Client, voucher: Voucher, keeper: Person
) -> None:
    sign_in(client, keeper)
    form, fields = client.page(form_of(voucher)), {"code": voucher.code, **GOOD}
    client.submit(form, "/voids", fields)
    with writing():
        keeper.password_hash = generate_password_hash("cold tea at noon", "pbkdf2:sha256:1")
    again = client.submit(form, "/voids", fields | {"password": "cold tea at noon"})
    assert again.status_code == 303, "the same deed, whatever the password"


def test_tries_are_limited_as_at_the_counter(
    app: Flask,
    client: Client,
    voucher: Voucher,
    keeper: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "LIMIT_CODES", "1 per hour")
    sign_in(client, keeper)
    form = client.page(form_of(voucher))
    client.submit(form, "/voids", {"code": "zzzzzz", **GOOD})
    answer = client.submit(form, "/voids", {"code": voucher.code, **GOOD})
    assert "太频繁了" in client.as_page(answer, 429).text
    assert int(answer.headers["Retry-After"]) > 0
    assert state_of(voucher) == "live"


def test_neither_couriers_nor_the_shop_take_back_a_voucher_so(
    client: Client, voucher: Voucher, owner: Person
) -> None:
    for person in (owner, a_courier()):
        sign_in(client, person)
        assert client.get(form_of(voucher)).status_code == 403
        assert "作废小哥的一张券" not in client.page(voucher.merchant.link).text
