"""Every page can be used by everyone: axe, large targets, large text, no sideways scroll."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.support.barriers import barriers
from tests.support.browser import Browse
from tests.support.city import (
    RULES,
    a_courier,
    a_keeper,
    a_person,
    a_station,
    a_volunteer,
    an_organiser,
    many_wishes,
)
from tests.support.pictures import a_photo
from tests.support.shops import a_shop, a_voucher, an_offer
from wishwall.accounts.models import Person
from wishwall.kit.db import writing
from wishwall.merchants.models import Merchant
from wishwall.merchants.vouchers import Voucher
from wishwall.stations.models import Station
from wishwall.wishes.models import Wish

pytestmark = pytest.mark.browser
STEPS = ("where", "shop", "offer", "contact")
LONG = "想要一本讲劳动合同和工伤赔偿的书https://example.org/aVeryLongAddressThatHasNoSpacesInIt" * 2


@dataclass
class Scene:
    """A station on whose wall hang wishes in every state."""

    station: Station
    courier: Person
    volunteer: Person
    open: Wish
    claimed: Wish
    delivered: Wish
    confirmed: Wish
    expired: Wish
    withdrawn: Wish
    hidden: Wish
    shop: Merchant
    voucher: Voucher

    def all(self) -> list[Wish]:
        return [value for value in vars(self).values() if isinstance(value, Wish)]


@pytest.fixture
def scene() -> Scene:
    station, courier, volunteer = a_station(), a_courier(), a_volunteer()
    keeper = a_keeper(station)
    claimed, delivered, confirmed, expired, withdrawn, hidden = many_wishes(
        station, 6, author=courier, text="想要一双42码防滑鞋"
    )
    opened = many_wishes(station, 1, author=courier, text=LONG, category="legal")[0]
    with writing():
        for wish in (claimed, delivered, confirmed):
            wish.claim(by=volunteer, rules=RULES, named=True)
        for wish in (delivered, confirmed):
            wish.deliver(by=volunteer, note="放在前台了")
        confirmed.confirm(by=courier, thanks="太谢谢了，正好合脚")
        expired.expire()
        withdrawn.withdraw(by=courier)
        hidden.hide(by=keeper, reason="重复了")
        opened.report(by=volunteer, reason="other")
    wishes = (opened, claimed, delivered, confirmed, expired, withdrawn, hidden)
    shop = a_shop(station, owner=a_person("merchant"), name="龙城理发" * 8)
    offer = an_offer(shop, supply_count=5, from_minute=0, until_minute=1439, text="免费理发" * 12)
    an_offer(shop, state="waiting", method="price", value=990, text="午餐套餐")
    return Scene(station, courier, volunteer, *wishes, shop, a_voucher(offer, courier))


def as_a_stranger(page: Page, scene: Scene) -> Iterator[str]:
    many_wishes(scene.station, 31)
    code = scene.station.code
    yield from visited(
        page,
        *("/", "/stations", "/stations?near=37.8,112.55", "/stations?q=没有这样的驿站"),
        *(f"/stations/{code}{more}" for more in ("", "/wishes", "/wishes?state=claimed")),
        *("/wishes", "/wishes?near=37.8,112.55", "/sign-in", "/sign-up", "/nowhere", "/me"),
        *(wish.link for wish in scene.all() if wish.on_wall),
    )
    shops = f"/stations/{code}/merchants"
    yield from visited(page, "/merchants", "/merchants?near=37.8,112.55", shops, scene.shop.link)
    for path in ("/sign-in", "/sign-up", f"/merchants/new?station={code}#step-contact"):
        page.goto(path)
        page.locator("form.panel button[type=submit]").click()
        expect(page.locator(".error").first).to_be_visible()
        yield f"{path} with errors"


def as_a_courier(page: Page, scene: Scene) -> Iterator[str]:
    yield from visited(page, "/me", "/me/wishes", "/me/notices", "/me/vouchers")
    yield from visited(page, scene.shop.link, scene.voucher.link)
    yield from visited(page, *(wish.link for wish in scene.all()))
    page.goto(f"/stations/{scene.station.code}")
    page.get_by_label("心愿", exact=True).fill("打13900001234找我")
    name, mime = "shoes.jpg", "image/jpeg"
    file = {"name": name, "mimeType": mime, "buffer": b"no picture"}
    page.locator("#post input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.locator("#post-button").click()
    expect(page.get_by_text("遮住号码后照样贴上墙")).to_be_visible()
    yield "the hall with a form that came back"
    page.get_by_label("心愿", exact=True).fill("想要雨衣")
    page.locator("#post .tile").first.click()
    good = {"name": name, "mimeType": mime, "buffer": a_photo()[0].getvalue()}
    page.locator("#post input[type=file]").set_input_files(good)  # type: ignore[arg-type]
    page.locator("#post-button").click()
    expect(page.locator("#toasts .toast")).to_be_visible()
    yield "the hall with a new wish"


def as_a_volunteer(page: Page, scene: Scene) -> Iterator[str]:
    yield from visited(page, "/wishes", "/me/claims", scene.open.link, scene.delivered.link)
    page.goto(scene.claimed.link)
    page.locator("#contact-button").click()
    expect(page.locator(".dial")).to_be_visible()
    yield "a claimed wish with a telephone number"
    page.goto(scene.open.link)
    quicker = a_volunteer()
    with writing():
        scene.open.claim(by=quicker, rules=RULES)
    page.locator("#claim-button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "a wish that somebody else was quicker to claim"


def as_the_keeper(page: Page, scene: Scene) -> Iterator[str]:
    hall = f"/stations/{scene.station.code}"
    yield from visited(page, "/desk", "/desk/couriers", hall, scene.open.link, "/me")
    yield from visited(page, f"{scene.shop.link}/voids")
    page.locator("#void-button").click()
    expect(page.locator(".error").first).to_be_visible()
    yield "taking a voucher back, with errors"
    nobodys = a_shop(scene.station)
    yield from visited(
        page, scene.shop.link, "/merchants/new", nobodys.link, f"{nobodys.link}/edit"
    )
    page.goto(nobodys.link)
    page.locator("#owner-button").click()
    expect(page.locator("#owner .error")).to_be_visible()
    yield "a shop without an owner, given to nobody"


def as_a_merchant(page: Page, scene: Scene) -> Iterator[str]:
    shop = scene.shop.link
    yield from visited(page, "/me", "/me/merchants", shop, f"{shop}/offers/new", f"{shop}/poster")
    yield from visited(page, f"{shop}/redemptions", f"{shop}/redemptions?code=zzzzzz")
    yield from visited(page, f"{shop}/edit", *(f"/merchants/new#step-{step}" for step in STEPS))
    page.goto(f"{shop}/redemptions?code={scene.voucher.code}")
    yield "the counter with a good voucher"
    page.locator("#redeem-button").click()
    expect(page.locator(".said")).to_be_visible()
    page.goto(f"{shop}/redemptions?code={scene.voucher.code}")
    yield "the counter with a used voucher"
    yield from visited(page, f"{shop}/redemptions/days")


def as_an_organiser(page: Page, scene: Scene) -> Iterator[str]:
    yield from visited(page, "/desk", "/desk/stations", "/desk/merchants", "/desk/people")
    page.locator("#grant-button").click()
    expect(page.locator(".error").first).to_be_visible()
    yield "/desk/people with errors"
    page.goto("/desk/stations")
    header = "驿站编号,驿站名称,区县,街道,地址,依托场所,经度,纬度,开放时间,联系电话"
    row = f"{scene.station.code},暖心驿站,小店区,龙城街道,某路1号,商场,37.77,112.57,8点到18点,1"
    file = {"name": "a.csv", "mimeType": "text/csv", "buffer": f"{header}\n{row}\n".encode()}
    page.locator("#file").set_input_files(file)  # type: ignore[arg-type]
    page.locator("#import-button").click()
    expect(page.locator("#report, .error").first).to_be_visible()
    yield "/desk/stations with a report"
    page.goto("/desk/couriers")
    page.locator("#import-button").click()
    expect(page.locator(".error").first).to_be_visible()
    yield "/desk/couriers with errors"
    page.get_by_label("单位名称").fill("龙城速递太原分公司")
    file["buffer"] = "手机号\n13712345678\n13712345678\n".encode()
    page.locator("#file").set_input_files(file)  # type: ignore[arg-type]
    page.locator("#import-button").click()
    expect(page.locator("#report")).to_be_visible()
    yield "/desk/couriers with a report"


def visited(page: Page, *paths: str) -> Iterator[str]:
    for path in paths:
        page.goto(path)
        yield path


WALKS: dict[Callable[[Page, Scene], Iterator[str]], Callable[[Scene], Person | None]] = {
    as_a_stranger: lambda _scene: None,
    as_a_courier: lambda scene: scene.courier,
    as_a_volunteer: lambda scene: scene.volunteer,
    as_the_keeper: lambda scene: a_keeper(scene.station),
    as_a_merchant: lambda scene: scene.shop.owner,
    as_an_organiser: lambda _scene: an_organiser(),
}


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_every_page_can_be_used(
    browse: Browse, scene: Scene, walk: Callable[[Page, Scene], Iterator[str]]
) -> None:
    page = browse(WALKS[walk](scene), is_mobile=False, reduced_motion="reduce")
    found = [f"{where}: {barrier}" for where in walk(page, scene) for barrier in barriers(page)]
    assert not found, "\n" + "\n".join(found)
