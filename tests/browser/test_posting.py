"""A wish from a courier's phone: by touch, with a photo, in a tunnel, and with a nervous thumb."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.support.browser import Browse, hold, let_go
from tests.support.city import a_courier, a_station, many_wishes
from tests.support.looking import wishes_by

pytestmark = pytest.mark.browser
WORDS = "想要一双42码防滑鞋"


def scan(page: Page, code: str) -> None:
    """Open the hall by its QR code, and know later whether it is still the same page."""
    page.goto(f"/stations/{code}")
    expect(page.locator("#post[data-htmx-powered]")).to_be_attached()
    page.evaluate("window.sameReader = true")


def is_same_page(page: Page) -> bool:
    return bool(page.evaluate("window.sameReader === true"))


def write(page: Page, words: str = WORDS, category: str = "用品") -> None:
    page.get_by_label("心愿", exact=True).fill(words)
    page.locator("#post .tile", has_text=category).tap()


def key_of(page: Page) -> str:
    return page.locator("#post input[name=key]").input_value()


def test_four_taps_and_a_line_of_text_hang_a_wish(browse: Browse) -> None:
    courier, station = a_courier(), a_station()
    many_wishes(station, 3)
    page = browse(courier)
    scan(page, station.code)
    key = key_of(page)
    page.get_by_role("link", name="许个心愿").tap()
    page.get_by_label("心愿", exact=True).tap()
    page.keyboard.type(WORDS)
    page.locator("#post .tile", has_text="用品").tap()
    page.get_by_role("button", name="贴上墙").tap()
    expect(page.locator("#wall .note").first).to_contain_text(WORDS)
    expect(page.get_by_role("status").first).to_have_text("您的心愿贴上墙了。")
    expect(page.locator("#toasts")).to_be_in_viewport()
    expect(page.get_by_label("心愿", exact=True)).to_have_value("")
    expect(page.locator("#post :checked")).to_have_count(0)
    assert key_of(page) != key
    assert is_same_page(page)
    assert wishes_by(courier) == [WORDS]


def test_a_photo_is_made_small_on_the_phone_and_hangs_upright(browse: Browse) -> None:
    courier, station = a_courier(), a_station()
    page = browse(courier)
    scan(page, station.code)
    big = a_big_photo_lying_on_its_side()
    file = {"name": "shoes.jpg", "mimeType": "image/jpeg", "buffer": big}
    page.locator("#post input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    expect(page.locator("#post-button")).to_be_enabled()
    write(page)
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.locator("#post-button").tap()
    assert len(sent.value.post_data_buffer or b"") < len(big) / 2
    picture = page.locator("#wall .note img")
    expect(picture).to_be_visible()
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", value=True)
    width, height = picture.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert 0 < width < height


def test_two_quick_taps_are_one_wish(browse: Browse) -> None:
    courier, station = a_courier(), a_station()
    page = browse(courier)
    scan(page, station.code)
    held = hold(page, f"**/stations/{station.code}/wishes")
    write(page)
    page.locator("#post-button").tap()
    page.locator("#post-button").tap()
    let_go(page, held)
    expect(page.locator("#wall .note")).to_have_count(1)
    assert len(held) == 1
    assert wishes_by(courier) == [WORDS]


def test_what_was_typed_outlives_a_tunnel(browse: Browse) -> None:
    courier, station = a_courier(), a_station()
    page = browse(courier)
    scan(page, station.code)
    write(page)
    key = key_of(page)
    page.context.set_offline(True)
    page.locator("#post-button").tap()
    expect(page.get_by_role("status").first).to_contain_text("网络不通")
    expect(page.get_by_label("心愿", exact=True)).to_have_value(WORDS)
    assert key_of(page) == key
    page.context.set_offline(False)
    page.locator("#post-button").tap()
    expect(page.locator("#wall .note")).to_have_count(1)
    expect(page.get_by_role("status").first).to_have_text("您的心愿贴上墙了。")
    assert wishes_by(courier) == [WORDS]


def test_an_answer_lost_on_the_way_costs_no_second_wish(browse: Browse) -> None:
    courier, station = a_courier(), a_station()
    page = browse(courier)
    scan(page, station.code)
    write(page)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route(f"**/stations/{station.code}/wishes", lose, times=1)
    page.locator("#post-button").tap()
    expect(page.get_by_role("status").first).to_contain_text("网络不通")
    assert wishes_by(courier) == [WORDS]
    page.locator("#post-button").tap()
    expect(page.locator("#wall .note")).to_have_count(1)
    assert wishes_by(courier) == [WORDS]


def test_by_keyboard_alone(browse: Browse) -> None:
    courier, station = a_courier(), a_station()
    page = browse(courier, viewport={"width": 1280, "height": 800}, is_mobile=False)
    scan(page, station.code)
    steps = tab_to(page, "text")
    assert steps[0] == "跳到正文"
    page.keyboard.type(WORDS)
    tab_to(page, "category-goods")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("技能")).to_be_checked()
    tab_to(page, "post-button")
    page.keyboard.press("Enter")
    expect(page.locator("#wall .note.skills").first).to_contain_text(WORDS)
    expect(page.locator("#post-button")).to_be_focused()


def tab_to(page: Page, wanted: str) -> list[str]:
    """Press Tab until the element with this id has the focus; each stop on the way is seen."""
    passed = []
    for _stop in range(40):
        page.keyboard.press("Tab")
        here, name, seen = page.evaluate(
            """() => {
              const here = document.activeElement, face = here.nextElementSibling;
              const ringed = [here, face, here.closest('.note')].some(
                one => one && getComputedStyle(one).outlineStyle !== 'none');
              return [here.id, here.innerText, ringed && here.checkVisibility()];
            }"""
        )
        assert seen, f"the focus on {here or name} cannot be seen"
        passed.append(name)
        if here == wanted:
            return passed
    return pytest.fail(f"no way to {wanted}: {passed}", pytrace=False)


def a_big_photo_lying_on_its_side() -> bytes:
    """As a phone takes it: wide pixels that its EXIF says to turn, and too many bytes."""
    picture = Image.effect_noise((2400, 1800), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=exif, quality=92)
    return buffer.getvalue()
