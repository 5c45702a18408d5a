"""A wish written before signing in: it hangs on the wall once its author is known, and once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.support.city import PASSWORD, a_courier, a_station, a_volunteer, a_wish
from tests.support.client import Client
from tests.support.page import Page
from tests.support.pictures import a_photo
from wishwall.accounts.models import Person
from wishwall.drafts.models import Draft
from wishwall.kit.clock import now
from wishwall.kit.db import db, writing
from wishwall.stations.models import Station
from wishwall.wishes.models import Wish

pytestmark = pytest.mark.usefixtures("app")
NewClient = Callable[[], Client]

TEXT = "想要一双43码的雨靴"


def write(client: Client, station: Station, **more: Any) -> Page:
    """A stranger writes a wish, and is asked to sign in."""
    wall = f"/stations/{station.code}/wishes"
    sent = client.submit(wall, "post", {"text": TEXT, "category": "goods", **more})
    page = client.follow(sent)
    assert page.path == "/sign-in" and "您的心愿已存好" in page.text
    return page


def enter(client: Client, page: Page | str, person: Person) -> TestResponse:
    return client.submit(page, "/sign-in", {"phone": person.phone, "password": PASSWORD})


def wishes() -> list[Wish]:
    db.session.rollback()
    return list(db.session.scalars(select(Wish).order_by(Wish.id)))


def drafts() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Draft)) or 0


def test_it_is_posted_at_the_next_sign_in_with_its_photo_and_once(client: Client) -> None:
    station, courier = a_station(), a_courier()
    sent = enter(client, write(client, station, photo=a_photo()), courier)
    page = client.follow(sent)
    (wish,) = wishes()
    assert page.path == wish.link and "您的心愿贴上墙了" in page.text and TEXT in page.text
    assert (wish.author_id, wish.station_id) == (courier.id, station.id)
    assert client.get(page.one("img").attrs["src"] or "", buffered=True).status_code == 200
    assert drafts() == 0
    assert enter(client, "/sign-in", courier).location == "/"
    assert len(wishes()) == 1


def test_someone_new_signs_up_signs_in_and_finds_the_wish_on_the_wall(client: Client) -> None:
    page = write(client, a_station())
    joining = {"phone": "13800138000", "nickname": "一阵风", "password": PASSWORD}
    joining |= {"role": "courier", "group": "food"}
    page = client.follow(client.submit(page.link("注册"), "/sign-up", joining))
    client.submit(page, "/sign-in", {"password": PASSWORD})
    assert [wish.text for wish in wishes()] == [TEXT]


def test_a_wrong_password_keeps_it_waiting(client: Client) -> None:
    page, courier = write(client, a_station()), a_courier()
    sent = client.submit(page, "/sign-in", {"phone": courier.phone, "password": "wrong"})
    page = client.as_page(sent, 422)
    assert "您的心愿已存好" in page.text and wishes() == []
    enter(client, page, courier)
    assert len(wishes()) == 1


def test_a_volunteer_is_told_kindly_that_wishes_are_for_couriers(client: Client) -> None:
    station = a_station()
    page = client.follow(enter(client, write(client, station), a_volunteer()))
    assert page.path == f"/stations/{station.code}/wishes"
    assert "许愿是给小哥的" in page.text
    assert wishes() == []


def test_whoever_has_enough_wishes_finds_it_in_the_form_and_posts_it_later_once(
    client: Client,
) -> None:
    station, courier = a_station(), a_courier()
    first = a_wish(station, courier)
    a_wish(station, courier)
    page = client.follow(enter(client, write(client, station), courier))
    assert "您还有心愿挂在墙上" in page.text
    assert page.form("post").values["text"] == TEXT and drafts() == 1
    with writing():
        first.withdraw(by=courier)
    sent = client.submit(page, "post", {})
    assert client.follow(sent).form("post").values["text"] == ""
    assert enter(client, "/sign-in", courier).location == "/"
    assert [wish.text for wish in wishes()].count(TEXT) == 1 and drafts() == 0


def test_another_walls_form_does_not_use_it_up(client: Client) -> None:
    station, courier = a_station(), a_courier()
    wall = f"/stations/{a_station().code}/wishes"
    kept = [a_wish(station, courier), a_wish(station, courier)]
    enter(client, write(client, station), courier)
    assert client.page(wall).form("post").values["text"] == ""
    with writing():
        kept[0].withdraw(by=courier)
    client.submit(wall, "post", {"text": "想要热水", "category": "goods"})
    assert drafts() == 1


def test_writing_again_replaces_the_earlier_one(client: Client) -> None:
    station = a_station()
    write(client, station, text="想要一把伞")
    enter(client, write(client, station), a_courier())
    assert [wish.text for wish in wishes()] == [TEXT]


def test_each_browser_has_its_own(new_client: NewClient) -> None:
    station, writer, other = a_station(), new_client(), new_client()
    write(writer, station)
    enter(other, "/sign-in", a_courier())
    assert wishes() == [] and drafts() == 1


def test_after_a_day_it_is_forgotten(client: Client) -> None:
    courier = a_courier()
    with time_machine.travel(now() - timedelta(days=1, minutes=1)):
        page = write(client, a_station())
    assert enter(client, page, courier).location == "/"
    assert wishes() == []


def test_a_wish_with_a_number_in_it_is_asked_about_before_it_is_kept(client: Client) -> None:
    wall = f"/stations/{a_station().code}/wishes"
    words = {"text": "请打13800138000", "category": "goods"}
    page = client.as_page(client.submit(wall, "post", words), 422)
    assert drafts() == 0
    client.submit(page, "post", {"publish_masked": "y"})
    enter(client, "/sign-in", a_courier())
    assert [wish.public_text for wish in wishes()] == ["请打•••••••••••"]


def test_a_wish_and_a_shop_may_wait_at_once_and_each_is_finished(client: Client) -> None:
    station, courier = a_station(), a_courier()
    write(client, station)
    shop = {"name": "老李理发", "kind": "barber", "address": "龙城街道21号"}
    offer = {"offer_text": "理发一次", "offer_method": "free", "station": station.code}
    client.submit("/merchants/new", "/merchants/new", shop | offer)
    assert drafts() == 2
    page = client.page("/sign-in")
    assert "您的心愿已存好" in page.text and "店铺资料已存好" in page.text
    enter(client, page, courier)
    assert ([wish.text for wish in wishes()], drafts()) == ([TEXT], 1)
    assert "老李理发" in client.follow(enter(client, "/sign-in", courier)).text
    assert drafts() == 0
