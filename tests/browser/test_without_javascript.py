"""An old phone that runs no script: from signing up to "got it, thank you"."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Browse
from tests.support.city import PASSWORD, a_station
from tests.support.looking import wishes_by
from wishwall.accounts.queries import person_by_phone

pytestmark = pytest.mark.browser


def join(page: Page, phone: str, nickname: str, role: str) -> None:
    page.goto("/")
    page.get_by_role("link", name="登录").tap()
    page.get_by_role("link", name="注册").tap()
    page.get_by_label("手机号").fill(phone)
    page.get_by_label("昵称").fill(nickname)
    page.get_by_label("密码").fill(PASSWORD)
    page.locator(".tile", has_text=role).tap()
    if role == "小哥":
        page.get_by_label("我属于").select_option(label="外卖骑手")
    page.locator("#sign-up-button").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("#sign-in-button").tap()
    expect(page.get_by_role("link", name="我的")).to_be_visible()


def test_a_wish_comes_true_without_a_script(browse: Browse) -> None:
    station = a_station(lat=37.7701, lon=112.5772)
    courier, volunteer = (browse(java_script_enabled=False) for _person in range(2))
    join(courier, "13900010001", "跑单的老张", "小哥")
    join(volunteer, "13900010002", "热心的小李", "志愿者")

    courier.goto("/stations?near=37.7700,112.5770")
    courier.get_by_role("link", name=station.name).tap()
    courier.get_by_role("link", name="许个心愿").tap()
    courier.get_by_label("心愿", exact=True).fill("想要一副厚手套")
    courier.locator("#post .tile", has_text="用品").tap()
    courier.locator("#post-button").dblclick()
    expect(courier.locator("#wall .note")).to_have_count(1)
    author = person_by_phone("+8613900010001")
    assert author is not None and wishes_by(author) == ["想要一副厚手套"]

    volunteer.goto(f"/stations/{station.code}/wishes")
    volunteer.get_by_role("link", name="我来认领").tap()
    volunteer.locator("#claim-button").tap()
    expect(volunteer.locator("#toasts")).to_contain_text("认领好了")
    volunteer.locator("#contact-button").tap()
    expect(volunteer.get_by_text("139 0001 0001")).to_be_visible()
    volunteer.get_by_label("留言").fill("放在前台了")
    volunteer.locator("#delivery-button").tap()
    expect(volunteer.locator("#wish .note .state")).to_contain_text("已送达")

    courier.get_by_role("link", name="消息").tap()
    courier.get_by_role("link", name="已送达").tap()
    courier.get_by_label("说声谢谢").fill("很暖和")
    courier.locator("#confirmation-button").tap()
    expect(courier.locator("#wish .note .state")).to_contain_text("已实现")
    expect(courier.locator("#wish .note .thanks")).to_have_text("很暖和")

    courier.get_by_role("link", name="English").tap()
    expect(courier.locator("html")).to_have_attribute("lang", "en")
    courier.get_by_role("link", name="中文").tap()
    expect(courier.locator("html")).to_have_attribute("lang", "zh-Hans")
