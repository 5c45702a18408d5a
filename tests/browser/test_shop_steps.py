"""The form by which a shop joins: a step at a time on a phone, one page elsewhere, nothing lost."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.support.browser import DESK, Browse
from tests.support.city import a_person, a_station
from wishwall.kit.db import db
from wishwall.merchants.models import Merchant
from wishwall.merchants.offers import Offer

pytestmark = pytest.mark.browser
HERE = {"permissions": ["geolocation"], "geolocation": {"latitude": 37.61, "longitude": 112.31}}
MOST_TABS = 40


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field of this name has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    pytest.fail(f"{name} cannot be reached by Tab")


def choose(page: Page, name: str, number: int) -> None:
    """Go to a group of radio buttons and choose this one, the first being 0."""
    tab_to(page, name)
    page.keyboard.press("Space")
    for _ in range(number):
        page.keyboard.press("ArrowRight")


def heading(page: Page, word: str) -> None:
    """The focus is on the heading of the step that is shown, and it says which one it is."""
    expect(page.locator(".now h2")).to_be_focused()
    expect(page.locator(".now h2")).to_contain_text(word)
    expect(page.locator(".step:visible")).to_have_count(1)


@pytest.mark.parametrize("scripted", [True, False], ids=["with scripts", "without scripts"])
def test_a_shop_joins_by_keyboard_alone(browse: Browse, *, scripted: bool) -> None:
    station, owner = a_station(), a_person("merchant")
    page = browse(owner, java_script_enabled=scripted)
    page.goto(f"/merchants/new?station={station.code}")
    if scripted:
        expect(page.locator(".now")).to_contain_text("第 1 步，共 4 步")
        tab_to(page, "station")
        page.keyboard.press("Enter")
        heading(page, "第 2 步，共 4 步")
    tab_to(page, "name")
    page.keyboard.type("老李理发")
    choose(page, "kind", 2)
    tab_to(page, "address")
    page.keyboard.type("龙城街道21号")
    if scripted:
        page.keyboard.press("Enter")
        heading(page, "第 3 步，共 4 步")
    tab_to(page, "offer_text")
    page.keyboard.type("理发一次")
    choose(page, "offer_method", 2)
    if scripted:
        page.keyboard.press("Enter")
        heading(page, "第 4 步，共 4 步")
    tab_to(page, "contact_name")
    page.keyboard.type("老李")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("老李理发")
    db.session.rollback()
    shop = db.session.scalars(select(Merchant).where(Merchant.owner_id == owner.id)).one()
    offer = db.session.scalars(select(Offer).where(Offer.merchant_id == shop.id)).one()
    assert (shop.kind, shop.contact_name, offer.method) == ("barber", "老李", "free")


def test_on_a_wide_screen_or_without_scripts_it_is_one_page(browse: Browse) -> None:
    for page in (browse(**DESK, is_mobile=False), browse(java_script_enabled=False)):
        page.goto("/merchants/new")
        expect(page.locator(".step:visible")).to_have_count(4)
        expect(page.locator(".next:visible")).to_have_count(0)
        expect(page.locator("#join-button")).to_be_visible()


def test_the_step_with_the_first_error_is_open_and_what_was_typed_is_there(
    browse: Browse,
) -> None:
    page = browse(a_person("merchant"))
    page.goto(f"/merchants/new?station={a_station().code}#step-shop")
    page.locator("#name").fill("老李理发")
    page.locator(".now .tile").first.tap()
    page.locator("#address").fill("龙城街道21号")
    page.locator(".now .next").tap()
    page.locator("#offer_text").fill("理发一次")
    page.locator(".now .tile", has_text="打折").tap()
    page.locator("#offer_value").fill("85")
    page.locator(".now .next").tap()
    page.locator("#contact_phone").fill("拨打我")
    page.locator("#join-button").tap()
    expect(page.locator("#offer_value")).to_be_focused()
    expect(page.locator("#offer_value-error")).to_contain_text("8.5折")
    expect(page.locator(".step:visible")).to_have_count(1)
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("8.5折")
    page.keyboard.press("Enter")
    expect(page.locator("#contact_phone-error")).to_be_visible()
    page.locator("#contact_phone").fill("0351-7000000")
    page.locator("#join-button").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("老李理发")
    expect(page.locator(".offer")).to_contain_text("8.5 折")


def test_nothing_typed_is_lost_by_back_by_reloading_or_by_looking_for_the_place(
    browse: Browse,
) -> None:
    station = a_station(lat=37.61, lon=112.31)
    page = browse(**HERE)
    page.goto("/merchants/new")
    page.locator("#station").fill("TY")
    page.locator(".now .next").tap()
    page.locator("#name").fill("老李理发")
    page.locator("#hours").fill("09:00-21:00")
    page.locator(".now .tile", has_text="理发").tap()
    page.locator(".now .next").tap()
    expect(page.locator("#step-offer")).to_be_visible()
    page.go_back()
    page.reload()
    expect(page.locator("#step-shop")).to_be_visible()
    expect(page.locator("#name")).to_have_value("老李理发")
    expect(page.locator("#hours")).to_have_value("09:00-21:00")
    expect(page.locator("[name=kind]:checked")).to_have_value("barber")
    page.locator(".brand").tap()
    expect(page.locator("#step-shop")).to_have_count(0)
    page.go_back()
    expect(page.locator("#name")).to_have_value("老李理发")
    page.locator(".now").get_by_role("link", name="上一步").tap()
    page.locator("#near").tap()
    expect(page.locator("[name=station]:checked")).to_have_value(station.code)
    expect(page.locator("[name=station]:checked")).to_be_focused()
    expect(page.locator("[name=name]")).to_have_value("老李理发")
    expect(page.locator("[name=place]")).to_have_value("37.61000,112.31000")
