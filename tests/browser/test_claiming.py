"""Two volunteers reach for one wish, each on their own phone, and its author looks on."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Browse, hold, let_go
from tests.support.city import a_courier, a_station, a_volunteer, a_wish
from tests.support.looking import claims_on
from wishwall.wishes.models import Wish

pytestmark = pytest.mark.browser


def look_at(page: Page, wish: Wish) -> None:
    page.goto(wish.link)
    expect(page.locator("#claim-button")).to_be_visible()
    expect(page.locator("#claim[data-htmx-powered]")).to_be_attached()


def test_the_quicker_one_gets_it_and_the_other_is_told_kindly_in_place(browse: Browse) -> None:
    courier, station = a_courier(), a_station()
    wish = a_wish(station, courier)
    quick, slow, author = browse(a_volunteer()), browse(a_volunteer()), browse(courier)
    look_at(slow, wish)
    author.goto(f"/stations/{station.code}")
    expect(author.locator("#wall .state")).to_contain_text("待认领")

    look_at(quick, wish)
    quick.locator("#claim-button").tap()
    expect(quick.get_by_text("认领好了")).to_be_focused()
    expect(quick.locator("#delivery-button")).to_be_visible()

    author.reload()
    expect(author.locator("#wall .state")).to_contain_text("已认领")

    slow.evaluate("window.sameReader = true")
    slow.get_by_text("在墙上写出我的名字").tap()
    slow.locator("#claim-button").tap()
    expect(slow.get_by_role("alert")).to_contain_text("刚刚被别人认领了")
    expect(slow.get_by_role("alert")).to_be_focused()
    expect(slow.get_by_role("alert")).to_be_in_viewport()
    expect(slow.locator("#wish .state")).to_contain_text("已认领")
    expect(slow.locator("#claim-button")).to_have_count(0)
    assert slow.evaluate("window.sameReader === true")
    assert claims_on(wish) == 1


def test_two_quick_taps_are_one_claim(browse: Browse) -> None:
    wish = a_wish()
    page = browse(a_volunteer())
    look_at(page, wish)
    held = hold(page, f"**{wish.link}/claim")
    page.locator("#claim-button").tap()
    page.locator("#claim-button").tap()
    let_go(page, held)
    expect(page.get_by_text("认领好了")).to_be_visible()
    assert len(held) == 1
    assert claims_on(wish) == 1
