"""A shop joins by hand on a phone, a courier takes a voucher, the counter redeems it once."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import Browse
from tests.support.city import PASSWORD, a_courier, a_keeper, a_person, a_station, a_volunteer
from tests.support.shops import a_shop, an_offer
from wishwall.kit.db import db
from wishwall.merchants.vouchers import Voucher

pytestmark = pytest.mark.browser
MOST_INTERACTIONS = 12


class Hand:
    """Taps and choices, counted; typing is not."""

    def __init__(self, page: Page) -> None:
        self.page, self.interactions = page, 0

    def tap(self, what: str | Locator) -> None:
        self.interactions += 1
        (self.page.locator(what) if isinstance(what, str) else what).tap()

    def choose(self, what: str, word: str) -> None:
        self.interactions += 1
        self.page.locator(what).select_option(label=word)

    def type(self, name: str, text: str) -> None:
        self.page.locator(f'[name="{name}"]').fill(text)


@pytest.mark.parametrize("scripted", [True, False], ids=["with scripts", "without scripts"])
def test_a_shop_joins_in_a_few_taps(browse: Browse, *, scripted: bool) -> None:
    station = a_station()
    keeper = a_keeper(station)
    page = browse(java_script_enabled=scripted)
    hand = Hand(page)
    page.goto(f"/stations/{station.code}/merchants")
    hand.tap(page.get_by_role("link", name="我要加入"))
    onward = [".now .next"] if scripted else []
    for each in onward:
        hand.tap(each)
    hand.type("name", "老李理发")
    hand.type("address", "龙城街道21号")
    hand.tap(page.locator(".tile", has_text="理发"))
    for each in onward:
        hand.tap(each)
    hand.type("offer_text", "理发一次")
    hand.tap(page.locator(".tile", has_text="免费"))
    hand.choose('[name="quota_period"]', "每月")
    for each in onward:
        hand.tap(each)
    hand.tap("#join-button")
    phone = f"1390002{1 if scripted else 2:04d}"
    hand.type("phone", phone)
    hand.type("nickname", "龙城老李")
    hand.type("password", PASSWORD)
    hand.tap("#sign-up-button")
    hand.type("password", PASSWORD)
    hand.tap("#sign-in-button")
    expect(page.get_by_role("heading", level=1)).to_have_text("老李理发")
    expect(page.locator(".offer")).to_contain_text("等站长核对")
    assert hand.interactions <= MOST_INTERACTIONS
    desk = browse(keeper, java_script_enabled=scripted)
    desk.goto("/desk")
    desk.get_by_role("link", name="老李理发").tap()
    desk.get_by_role("button", name="通过", exact=True).tap()
    expect(desk.get_by_role("button", name="暂停")).to_be_visible()
    stranger = browse()
    stranger.goto(f"/stations/{station.code}/merchants")
    expect(stranger.locator("#results")).to_contain_text("老李理发")
    expect(stranger.locator("#results")).to_contain_text("每人每月 1 次")


def test_a_voucher_is_good_once_and_stays_on_the_screen_without_a_network(browse: Browse) -> None:
    owner, courier = a_person("merchant"), a_courier()
    shop = a_shop(owner=owner)
    an_offer(shop, supply_count=5)
    page = browse(courier)
    page.goto(shop.link)
    expect(page.locator(".offer")).to_contain_text("还剩 5 份")
    page.get_by_role("button", name="领一张券").tap()
    code = page.locator(".code")
    expect(code).to_be_visible()
    expect(page.locator("[data-countdown]")).to_contain_text(":")
    page.context.set_offline(True)
    expect(code).to_be_visible()
    expect(page.locator(".qr")).to_be_visible()
    page.context.set_offline(False)
    db.session.rollback()
    token = db.session.query(Voucher).filter_by(person_id=courier.id).one().token
    counter = browse(owner)
    counter.goto(f"{shop.link}/redemptions?code={token}")
    expect(counter.locator(".verdict.good")).to_contain_text("可用")
    expect(counter.locator(".verdict.good")).to_contain_text(courier.nickname)
    counter.get_by_role("button", name="给了，核销").tap()
    expect(counter.locator(".said")).to_contain_text("核销好了")
    counter.goto(f"{shop.link}/redemptions?code={token}")
    expect(counter.locator(".verdict.bad")).to_contain_text("已于")
    page.reload()
    expect(page.locator(".alarm")).to_contain_text("已使用")


def test_the_hall_and_the_shop_hear_of_offers_as_they_happen(browse: Browse) -> None:
    station = a_station()
    keeper, owner, courier = a_keeper(station), a_person("merchant"), a_courier()
    shop = a_shop(station, owner=owner)
    offer = an_offer(shop, state="waiting", supply_count=5)
    hall = browse(a_volunteer())
    hall.goto(f"/stations/{station.code}")
    expect(hall.locator("#link")).to_have_attribute("data-state", "live")
    expect(hall.locator("#offers li")).to_have_count(0)
    checking = browse(keeper)
    checking.goto(shop.link)
    checking.get_by_role("button", name="通过", exact=True).tap()
    expect(hall.locator("#offers")).to_contain_text("免费理发")
    watching, taking = browse(), browse(courier)
    for page in (watching, taking):
        page.goto(shop.link)
    expect(watching.locator("#link")).to_have_attribute("data-state", "live")
    taking.get_by_role("button", name="领一张券").tap()
    expect(watching.locator(f"#left-{offer.public_id}")).to_have_text("还剩 4 份")
    expect(hall.locator("#offers")).to_contain_text("还剩 4 份")
