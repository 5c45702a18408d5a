"""Several browsers on one wall: each sees what the others do, and loses nothing of its own."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Browse
from tests.support.city import (
    RULES,
    a_courier,
    a_delivered_wish,
    a_keeper,
    a_station,
    a_volunteer,
    a_wish,
    many_wishes,
)
from tests.support.server import Site
from wishwall.kit.db import writing
from wishwall.wishes.models import Wish

pytestmark = pytest.mark.browser
CARET = "document.querySelector('#post textarea').selectionStart"


def listening(page: Page, path: str) -> Page:
    """A page that says that it is heard."""
    page.goto(path)
    expect(page.locator("#link")).to_have_attribute("data-state", "live")
    return page


def wall_of(wish: Wish) -> str:
    return f"/stations/{wish.station.code}/wishes"


def test_a_wish_and_its_claim_are_seen_everywhere_and_nothing_typed_is_lost(
    browse: Browse,
) -> None:
    station, courier, volunteer = a_station(), a_courier(), a_volunteer()
    wall = f"/stations/{station.code}/wishes"
    typing, english = listening(browse(), wall), listening(browse(), f"{wall}?lang=en")
    poster = listening(browse(courier), wall)
    for page in (typing, poster):
        page.locator("#wishing > summary").tap()
    typing.get_by_label("心愿", exact=True).fill("写到一半")
    typing.evaluate("document.querySelector('#post textarea').setSelectionRange(2, 2)")
    poster.get_by_label("心愿", exact=True).fill("想要雨衣")
    poster.locator("#post .tile", has_text="用品").tap()
    poster.locator("#post-button").tap()
    for page in (typing, english, poster):
        expect(page.locator("#wall .note")).to_have_count(1)
        expect(page.locator("#wall .note")).to_contain_text("想要雨衣")
    expect(typing.locator("#all-states")).to_have_text("全部 1")
    expect(english.locator("#only-open")).to_have_text("Open 1")
    expect(typing.locator("#heard")).to_have_text("墙上多了 1 个心愿")
    helper = browse(volunteer)
    helper.goto(str(typing.locator("#wall .note a").first.get_attribute("href")))
    helper.get_by_role("button", name="认领这个心愿").tap()
    expect(typing.locator("#wall .note .state")).to_contain_text("已认领")
    expect(english.locator("#wall .note .state")).to_contain_text("Claimed")
    expect(typing.locator("#only-claimed")).to_have_text("已认领 1")
    assert typing.get_by_label("心愿", exact=True).input_value() == "写到一半"
    assert typing.evaluate(CARET) == 2
    expect(typing.locator("#wishing")).to_have_attribute("open", "")
    expect(poster.locator("#wall .note")).to_have_count(1)


def test_what_is_taken_down_goes(browse: Browse) -> None:
    wish = a_wish()
    keeper = a_keeper(wish.station)
    page = listening(browse(), wall_of(wish))
    with writing():
        wish.hide(by=keeper, reason="有隐私")
    expect(page.locator("#wall .note")).to_have_count(0)
    expect(page.locator("#wall .empty")).to_be_visible()
    expect(page.locator("#all-states")).to_have_text("全部 0")


def test_who_was_cut_off_catches_up_by_themselves(browse: Browse) -> None:
    wish = a_wish()
    page = listening(browse(), wall_of(wish))
    page.context.set_offline(True)
    expect(page.locator("#link")).to_have_text("没有网络")
    for number in range(3):
        a_wish(wish.station, text=f"断线时的心愿 {number}")
    page.context.set_offline(False)
    expect(page.locator("#wall .note")).to_have_count(4)
    expect(page.locator("#link")).to_have_text("实时")


def test_who_missed_too_much_has_the_list_again_and_what_was_typed(
    browse: Browse, site: Site
) -> None:
    wish = a_wish()
    page = listening(browse(), wall_of(wish))
    page.locator("#wishing > summary").tap()
    page.get_by_label("心愿", exact=True).fill("写到一半")
    site.stop()
    many_wishes(wish.station, 101)
    site.start()
    expect(page.locator("#wall .note").first).to_contain_text("第101个心愿")
    expect(page.locator("#wall .note")).to_have_count(30)
    assert page.get_by_label("心愿", exact=True).input_value() == "写到一半"


def test_a_restart_of_the_site_is_survived(browse: Browse, site: Site) -> None:
    wish = a_wish()
    page = listening(browse(), wall_of(wish))
    site.stop()
    expect(page.locator("#link")).to_have_text("正在重连")
    a_wish(wish.station, text="停机时的心愿")
    site.start()
    expect(page.locator("#wall .note")).to_have_count(2)
    expect(page.locator("#link")).to_have_text("实时")


def test_ones_own_pages_move_too(browse: Browse) -> None:
    author, volunteer = a_courier(), a_volunteer()
    wish = a_wish(author=author)
    wishes = listening(browse(author), "/me/wishes")
    inbox = listening(browse(author), "/me/notices")
    expect(inbox.locator("#notices li")).to_have_count(0)
    with writing():
        wish.claim(by=volunteer, rules=RULES)
    expect(wishes.locator(".note .state")).to_contain_text("已认领")
    expect(wishes.locator("#inbox-tab .badge")).to_have_text("1")
    expect(inbox.locator("#notices li")).to_contain_text("有人认领了")
    claims = listening(browse(volunteer), "/me/claims")
    with writing():
        wish.deliver(by=volunteer, note="放在前台了")
        wish.confirm(by=author, thanks="谢谢")
    expect(claims.locator(".note .state")).to_contain_text("已实现")
    expect(claims.locator("#inbox-tab .badge")).to_have_text("1")


def test_the_citys_list_moves_within_its_filters(browse: Browse) -> None:
    station, volunteer = a_station(district="流动区"), a_volunteer()
    wish = a_wish(station, category="legal", text="想问劳动合同")
    page = listening(browse(), "/wishes?district=流动区&category=legal")
    notes = page.locator("#results .note")
    expect(notes).to_have_count(1)
    a_wish(category="legal", text="别的区的心愿")
    a_wish(station, category="skills", text="想学修车")
    a_wish(station, category="legal", text="想问工伤")
    expect(notes).to_have_count(2)
    expect(notes.last).to_contain_text("想问工伤")
    with writing():
        wish.claim(by=volunteer, rules=RULES)
    expect(notes).to_have_count(1)
    expect(notes).to_contain_text("想问工伤")


def test_a_silent_stream_is_noticed_and_the_page_asks(browse: Browse) -> None:
    wish = a_wish()
    page = browse()
    page.clock.install()
    silent = re.compile(r"/live\?")
    page.route(silent, lambda _route: None)  # a proxy that keeps everything to itself
    page.goto(wall_of(wish))
    expect(page.locator("#stream[data-htmx-powered]")).to_be_attached()
    a_wish(wish.station, text="流里听不到的心愿")
    page.clock.run_for(60_000)
    expect(page.locator("#wall .note")).to_have_count(2)
    expect(page.locator("#link")).to_have_text("正在重连")


def test_thanks_do_not_show_whose_they_are(browse: Browse) -> None:
    wish = a_delivered_wish()
    page = listening(browse(), wall_of(wish))
    with writing():
        wish.confirm(by=wish.author, thanks="收到了，谢谢")
    expect(page.locator("#wall .thanks")).to_have_text("收到了，谢谢")
    assert wish.author.nickname not in page.content()
