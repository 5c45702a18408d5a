"""What a shop's owner sees of the last thirty days: how many of each offer, day by day."""

from datetime import datetime, timedelta

import pytest
import time_machine

from tests.support.city import a_courier, sign_in
from tests.support.client import Client
from tests.support.page import Page
from tests.support.shops import NOON, a_shop, a_voucher, an_offer, redeem
from tests.support.statements import statements
from wishwall.accounts.models import Person
from wishwall.merchants.models import Merchant
from wishwall.merchants.offers import Offer

pytestmark = pytest.mark.usefixtures("app", "clock")


@pytest.fixture
def shop(owner: Person) -> Merchant:
    return a_shop(owner=owner)


def given(clock: time_machine.Traveller, offer: Offer, at: datetime, times: int = 1) -> None:
    """So many couriers got this at that moment; then it is noon again."""
    clock.move_to(at)
    for _ in range(times):
        redeem(a_voucher(offer), a_courier())
    clock.move_to(NOON)


def seen(client: Client, shop: Merchant, owner: Person) -> Page:
    sign_in(client, owner)
    return client.page(client.page(f"{shop.link}/redemptions").link("每天核销"))


def rows(page: Page, part: str = "tbody") -> list[list[str]]:
    return [
        [" ".join(cell.to_text().split()) for cell in row.children if cell.name in {"th", "td"}]
        for row in page.select(f"{part} tr")
    ]


def test_a_shop_that_has_given_nothing_is_told_so(
    client: Client, shop: Merchant, owner: Person
) -> None:
    page = seen(client, shop, owner)
    assert page.select("table") == []
    assert "最近 30 天还没有核销过券" in page.text


def test_one_redemption_is_on_its_day_among_thirty(
    client: Client, shop: Merchant, owner: Person, clock: time_machine.Traveller
) -> None:
    given(clock, an_offer(shop), NOON)
    page = seen(client, shop, owner)
    found = rows(page)
    assert found[0] == ["11月24日", "免费 免费理发", "1"]
    assert found[1:3] == [["11月23日", "–", "0"], ["11月22日", "–", "0"]]
    assert (len(found), found[-1][0]) == (30, "10月26日")
    assert rows(page, "tfoot") == [["合计", "免费 免费理发", "1"]]
    assert shop.name in page.one("caption").to_text()


def test_days_end_at_the_citys_midnight_and_each_offer_is_counted_by_itself(
    client: Client, shop: Merchant, owner: Person, clock: time_machine.Traveller
) -> None:
    haircut = an_offer(shop, quota_count=9)
    noodles = an_offer(shop, text="面", method="price", value=1000)
    midnight = NOON.replace(hour=0)
    given(clock, haircut, midnight - timedelta(days=30, seconds=1), times=5)
    given(clock, haircut, midnight - timedelta(days=29))
    given(clock, haircut, midnight - timedelta(seconds=1), times=2)
    given(clock, noodles, midnight, times=3)
    given(clock, haircut, midnight, times=4)
    given(clock, an_offer(), NOON)
    page = seen(client, shop, owner)
    found = rows(page)
    assert found[:3] == [
        ["11月24日", "免费 免费理发", "4"],
        ["¥10 面", "3"],
        ["11月23日", "免费 免费理发", "2"],
    ]
    assert found[-1] == ["10月26日", "免费 免费理发", "1"]
    expected = [["合计", "免费 免费理发", "7"], ["¥10 面", "3"], ["全部", "10"]]
    assert rows(page, "tfoot") == expected


def test_it_reads_in_english(
    client: Client, shop: Merchant, owner: Person, clock: time_machine.Traveller
) -> None:
    given(clock, an_offer(shop, method="discount", value=20), NOON)
    sign_in(client, owner)
    page = client.page(f"{shop.link}/redemptions/days", headers={"Accept-Language": "en"})
    assert rows(page)[0] == ["Nov 24", "20% off 免费理发", "1"]


def test_it_asks_as_often_whatever_was_given(
    client: Client, shop: Merchant, owner: Person, clock: time_machine.Traveller
) -> None:
    counts = []
    for times in (1, 5):
        given(clock, an_offer(shop, quota_count=9), NOON - timedelta(days=times), times=times)
        sign_in(client, owner)
        with statements() as asked:
            client.page(f"{shop.link}/redemptions/days")
        counts.append(len(asked))
    assert counts[0] == counts[1]
