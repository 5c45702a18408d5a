"""The counter: what is entered later by the clock on the shop's wall, and what a refusal shows."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support.city import sign_in
from tests.support.client import PARTIAL, Client
from tests.support.sending import sealed
from tests.support.shops import NOON, a_shop, a_voucher, an_offer, redeem
from tests.support.statements import statements
from tests.support.tables import changed, contents
from wishwall.accounts.models import Person
from wishwall.kit.db import db, writing
from wishwall.merchants.offers import Offer
from wishwall.merchants.redemptions import Redemption
from wishwall.merchants.vouchers import Voucher

pytestmark = pytest.mark.usefixtures("app", "clock")


@pytest.fixture
def offer(owner: Person) -> Offer:
    return an_offer(a_shop(owner=owner))


@pytest.fixture
def counter(client: Client, owner: Person) -> Client:
    """The browser at the shop's counter."""
    sign_in(client, owner)
    return client


def enter(counter: Client, voucher: Voucher, *, htmx: bool = False, **more: str) -> TestResponse:
    fields = sealed(counter, code=voucher.code, **more)
    path = f"{voucher.merchant.link}/redemptions"
    return counter.post(path, data=fields, headers=PARTIAL if htmx else {})


def after(seconds: int) -> timedelta:
    return timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("issued", "entered", "typed", "used"),
    [
        pytest.param(0, 1810, "12:30", 1800, id="this very minute"),
        pytest.param(40, 50, "12:00", 40, id="the minute in which it was taken"),
        pytest.param(20, 3 * 3600, "13:00", 3600, id="the minute in which it ended"),
        pytest.param(20, 12 * 3600 - 1, "12:41", 2460, id="at the end of the day"),
        pytest.param(39_600, 43_190, "23:59", 43_140, id="the last minute of the day"),
    ],
)
@pytest.mark.parametrize("expired", [False, True])
def test_a_minute_is_enough_to_enter_what_was_used_without_a_network(
    counter: Client,
    offer: Offer,
    clock: time_machine.Traveller,
    *,
    issued: int,
    entered: int,
    typed: str,
    used: int,
    expired: bool,
) -> None:
    clock.move_to(NOON + after(issued))
    voucher = a_voucher(offer)
    clock.move_to(NOON + after(entered))
    if expired:
        with writing():
            voucher.expire()
    assert enter(counter, voucher, used_at=typed).status_code == 303
    db.session.rollback()
    assert db.session.scalars(select(Redemption.redeemed_at)).one() == NOON + after(used)


@pytest.mark.parametrize(
    ("issued", "entered", "typed"),
    [
        pytest.param(0, 600, "11:59", id="before it was taken"),
        pytest.param(0, 1859, "12:31", id="a minute to come"),
        pytest.param(20, 3 * 3600, "13:01", id="after it had ended"),
        pytest.param(0, 12 * 3600, "12:10", id="yesterday"),
    ],
)
def test_a_minute_in_which_it_was_not_good_is_refused(
    counter: Client,
    offer: Offer,
    clock: time_machine.Traveller,
    *,
    issued: int,
    entered: int,
    typed: str,
) -> None:
    clock.move_to(NOON + after(issued))
    voucher = a_voucher(offer)
    clock.move_to(NOON + after(entered))
    before = contents()
    page = counter.as_page(enter(counter, voucher, used_at=typed), 409)
    assert "补记只能记当天" in page.text
    assert page.one("#used_at").attrs["value"] == typed
    assert changed(before) == []


@pytest.mark.parametrize("htmx", [False, True])
def test_a_refusal_is_the_verdict_and_the_form_and_asks_for_nothing_else(
    counter: Client, offer: Offer, owner: Person, *, htmx: bool
) -> None:
    earlier, voucher = a_voucher(offer), a_voucher(offer)
    for each in (earlier, voucher):
        redeem(each, owner)
    with statements() as asked:
        page = counter.as_page(enter(counter, voucher, htmx=htmx), 409)
    assert "已经用过了" in page.text and "已于 12:00 使用" in page.text
    assert page.select("#code-button")
    assert earlier.person.nickname not in page.text
    assert not any("redemption" in statement for statement in asked)
    if not htmx:
        assert earlier.person.nickname in counter.page(page.link("最近核销")).text


def test_what_was_used_on_another_day_says_on_which(
    counter: Client, offer: Offer, owner: Person, clock: time_machine.Traveller
) -> None:
    voucher = a_voucher(offer)
    redeem(voucher, owner)
    clock.shift(timedelta(days=1))
    assert "已于 11月24日 12:00 使用" in counter.as_page(enter(counter, voucher), 409).text


def test_what_was_given_is_shown_newest_first_and_again_when_one_is_redeemed(
    counter: Client, offer: Offer, owner: Person, clock: time_machine.Traveller
) -> None:
    first, second = a_voucher(offer), a_voucher(offer)
    assert counter.page(f"{offer.merchant.link}/redemptions").select("#given li") == []
    redeem(first, owner)
    clock.shift(60)
    page = counter.as_page(enter(counter, second, htmx=True), 200)
    assert "核销好了" in page.text
    whole = counter.page(f"{offer.merchant.link}/redemptions")
    for found in (page.response.text, whole.response.text):
        assert found.index(second.person.nickname) < found.index(first.person.nickname)
    assert 'hx-target="#given"' in page.response.text
