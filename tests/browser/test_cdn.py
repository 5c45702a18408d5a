"""htmx comes from a CDN that may be cut off, tampered with or too slow; the wall works on."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Browse, hold
from tests.support.cdn import ADDRESS, OWN_COPY, Cdn, blocked, hangs, is_gone, lies, works
from tests.support.city import a_courier, a_station
from tests.support.looking import wishes_by

pytestmark = pytest.mark.browser
POWERED = "#post[data-htmx-powered]"


def post(page: Page) -> None:
    page.get_by_label("心愿", exact=True).fill("想要雨衣")
    page.locator("#post .tile", has_text="用品").tap()
    page.locator("#post-button").tap()
    expect(page.locator("#wall .note")).to_have_count(1)
    expect(page.locator("#toasts")).to_contain_text("您的心愿贴上墙了。")


@pytest.mark.parametrize("cdn", [works, blocked, lies, hangs])
def test_htmx_is_there_whatever_the_cdn_does(browse: Browse, noise: list[str], cdn: Cdn) -> None:
    courier, station = a_courier(), a_station()
    page = browse(courier, cdn=cdn)
    own_copies: list[str] = []
    page.on("request", lambda request: own_copies.append(request.url))
    page.goto(f"/stations/{station.code}", wait_until="commit")
    expect(page.locator(POWERED)).to_be_attached()
    page.evaluate("window.sameReader = true")
    post(page)
    assert page.evaluate("window.sameReader === true")
    assert wishes_by(courier) == ["想要雨衣"]
    assert any("/static/vendor/" in url for url in own_copies) is (cdn is not works)
    if cdn is lies:
        assert noise and all("integrity" in line for line in noise)
        noise.clear()


def test_a_script_that_comes_late_does_not_run_a_second_time(browse: Browse) -> None:
    courier, station = a_courier(), a_station()
    page = browse(courier)
    late = hold(page.context, ADDRESS)
    page.goto(f"/stations/{station.code}", wait_until="commit")
    expect(page.locator(POWERED)).to_be_attached()
    page.evaluate("window.first = window.htmx")
    for route in late:
        works(route)
    page.wait_for_load_state()
    assert page.evaluate("window.first === window.htmx")
    post(page)


@pytest.mark.parametrize("cdn", [blocked, hangs])
def test_without_any_htmx_forms_and_links_are_followed(browse: Browse, cdn: Cdn) -> None:
    courier, station = a_courier(), a_station()
    page = browse(courier, cdn=cdn)
    page.context.route(OWN_COPY, is_gone)
    page.goto(f"/stations/{station.code}", wait_until="commit")
    post(page)
    expect(page).to_have_url(f"/stations/{station.code}/wishes")
    assert wishes_by(courier) == ["想要雨衣"]
