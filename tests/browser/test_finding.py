"""Paging a long wall, going back, and finding what is near."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import Browse
from tests.support.city import a_courier, a_station, many_wishes

pytestmark = pytest.mark.browser


def test_a_long_wall_is_paged_in_place_and_back_is_a_whole_page(browse: Browse) -> None:
    station = a_station()
    many_wishes(station, 70)
    page = browse(a_courier())
    page.goto(f"/stations/{station.code}/wishes")
    expect(page.locator("#more[data-htmx-powered]")).to_be_attached()
    page.evaluate("window.sameReader = true")
    first = page.locator("#wall .note").first
    expect(first).to_contain_text("第70个心愿")
    for newest in ("第40个心愿", "第10个心愿"):
        page.locator("#more").tap()
        expect(first).to_contain_text(newest)
        expect(first).to_be_in_viewport()
        assert "?after=" in page.url
    expect(page.locator("#more")).to_have_count(0)
    assert page.evaluate("window.sameReader === true")

    page.go_back()
    expect(first).to_contain_text("第40个心愿")
    page.go_back()
    expect(first).to_contain_text("第70个心愿")
    expect(page).to_have_url(f"/stations/{station.code}/wishes")
    for part in ("header", "h1", "#wishing", "#more", "footer"):
        expect(page.locator(part)).to_have_count(1)
    page.go_forward()
    expect(first).to_contain_text("第40个心愿")
    expect(page.locator("h1")).to_have_count(1)


def test_near_me_asks_the_phone_where_it_is(browse: Browse) -> None:
    here = a_station(lat=37.9001, lon=112.4001)
    place = {"latitude": 37.9, "longitude": 112.4}
    page = browse(geolocation=place, permissions=["geolocation"])
    page.goto("/")
    page.get_by_role("link", name="离我近的驿站").tap()
    expect(page.locator("#results .name").first).to_have_text(here.name)


def test_who_does_not_say_where_they_are_is_told_what_else_to_do(browse: Browse) -> None:
    page = browse()
    page.goto("/stations")
    page.evaluate(
        """() => Object.defineProperty(navigator.geolocation, 'getCurrentPosition',
            {value: (found, failed) => failed({code: 1})})"""
    )
    page.get_by_role("link", name="离我近的").tap()
    expect(page.get_by_role("status").first).to_contain_text("按区县找")
