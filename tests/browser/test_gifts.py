"""Pay it forward, by hand: paid for, confirmed, seen on the wall at once, taken by a courier."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import Browse
from tests.support.city import a_courier
from tests.support.shops import a_street, an_offer

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripted", [True, False], ids=["with scripts", "without scripts"])
def test_a_gift_goes_from_a_volunteer_to_a_courier(browse: Browse, *, scripted: bool) -> None:
    street = a_street()
    an_offer(street.shop, quota_count=None, quota_period=None)
    wall = f"/stations/{street.shop.station.code}/wishes"
    watching = browse()
    watching.goto(wall)
    expect(watching.locator("#link")).to_have_attribute("data-state", "live")
    expect(watching.locator("#offers li")).to_have_count(1)

    giving = browse(street.giver, java_script_enabled=scripted)
    giving.goto(street.shop.link)
    giving.get_by_role("link", name="给小哥留一份").tap()
    giving.get_by_label("请小哥什么").fill("两个包子一杯豆浆")
    giving.get_by_label("几份").fill("8")
    giving.get_by_role("button", name="请客").tap()
    expect(giving.locator(".list")).to_contain_text("等店家或站长确认")

    counter = browse(street.owner, java_script_enabled=scripted)
    counter.goto(street.shop.link)
    counter.get_by_role("button", name="钱收到了").tap()
    expect(counter.locator(".offer", has_text="两个包子")).to_contain_text("还剩 8 份")
    expect(watching.locator("#offers li").first).to_contain_text("还剩 8 份")

    taking = browse(a_courier(), java_script_enabled=scripted)
    taking.goto(wall)
    taking.get_by_role("link", name="两个包子一杯豆浆").tap()
    taking.get_by_role("button", name="领一张券").tap()
    expect(taking.locator(".code")).to_be_visible()
    expect(watching.locator("#offers li").first).to_contain_text("还剩 7 份")
