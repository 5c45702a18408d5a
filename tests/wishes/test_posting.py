"""Hanging a wish: two taps and a line of text, and what the wall does not take as it comes."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.city import (
    a_courier,
    a_keeper,
    a_station,
    a_volunteer,
    a_wish,
    an_organiser,
    sign_in,
)
from tests.support.client import PARTIAL, Client
from tests.support.page import Page
from wishwall.accounts.models import Person
from wishwall.kit.db import db
from wishwall.stations.models import Station
from wishwall.trail.models import Trail
from wishwall.wishes.models import Wish

pytestmark = pytest.mark.usefixtures("app")
NewClient = Callable[[], Client]
WORDS = {"text": "想要一副手套", "category": "goods"}
NUMBER = "13800001111"


def browser_of(new_client: NewClient, person: Person) -> Client:
    client = new_client()
    sign_in(client, person)
    return client


def wall_of(station: Station) -> str:
    return f"/stations/{station.code}/wishes"


def wishes() -> list[Wish]:
    return list(db.session.scalars(select(Wish).order_by(Wish.id)))


def test_a_courier_posts_and_finds_it_on_the_wall(client: Client) -> None:
    station, courier = a_station(), a_courier()
    sign_in(client, courier)
    page = client.follow(client.submit(wall_of(station), "post", WORDS))
    assert "您的心愿贴上墙了" in page.text
    assert page.one("#wall article .words").to_text() == "想要一副手套"
    [wish] = wishes()
    assert (wish.author.id, wish.category, wish.is_open) == (courier.id, "goods", True)


def test_with_htmx_the_card_a_fresh_form_and_a_message_come_back(client: Client) -> None:
    station = a_station()
    sign_in(client, a_courier())
    page = client.page(wall_of(station))
    answer = client.as_page(client.submit(page, "post", WORDS, htmx=True), 201)
    assert answer.one("hx-partial .words").to_text() == "想要一副手套"
    assert "您的心愿贴上墙了" in answer.one("hx-partial .toast").to_text()
    fresh = answer.form("post").values
    assert fresh["text"].strip() == "" and fresh["key"] != page.form("post").values["key"]
    assert client.page(wall_of(station)).one("#wall article").to_html() == (
        answer.one("hx-partial article").to_html()
    )


def test_the_hall_has_the_same_form(client: Client) -> None:
    station = a_station()
    sign_in(client, a_courier())
    client.follow(client.submit(f"/stations/{station.code}", "post", WORDS))
    assert len(wishes()) == 1


def test_a_keeper_posts_for_a_courier_and_both_stand_in_the_trail(new_client: NewClient) -> None:
    station, courier = a_station(), a_courier()
    keeper = a_keeper(station)
    client = browser_of(new_client, keeper)
    unknown = WORDS | {"courier_phone": "139 0000 0000"}
    again = client.as_page(client.submit(wall_of(station), "post", unknown), 422)
    assert "没有这个手机号的小哥" in again.one("#courier_phone-error").to_text()
    assert again.form("post").values["text"] == WORDS["text"]
    known = WORDS | {"courier_phone": courier.phone.removeprefix("+86")}
    client.follow(client.submit(wall_of(station), "post", known))
    [wish] = wishes()
    posted = db.session.scalars(select(Trail).where(Trail.deed == "posted")).one()
    assert (wish.author_id, posted.actor_id) == (courier.id, keeper.id)
    inbox = browser_of(new_client, courier).page("/me/notices")
    assert "站长替您贴上了心愿「想要一副手套」" in inbox.text


def test_a_keeper_does_not_post_for_a_volunteer_nor_at_another_station(
    new_client: NewClient,
) -> None:
    station = a_station()
    client = browser_of(new_client, a_keeper(station))
    page = client.page(wall_of(station))
    not_a_courier = WORDS | {"courier_phone": a_volunteer().phone}
    assert client.submit(page, "post", not_a_courier).status_code == 422
    elsewhere = a_station()
    sent = page.form("post").filled(WORDS | {"courier_phone": a_courier().phone})
    assert client.post(wall_of(elsewhere), data=sent).status_code in (403, 404)
    assert wishes() == []


@pytest.mark.parametrize("someone", [a_volunteer, an_organiser])
def test_wishing_is_for_couriers(someone: Callable[[], Person], client: Client) -> None:
    station = a_station()
    sign_in(client, someone())
    page = client.page(f"/stations/{station.code}")
    assert "许愿是给小哥的" in page.one("#post").to_text()
    assert not page.select("form#post")
    assert not client.page(wall_of(station)).select("#post")
    sent = client.page("/me").form("/sign-out").values
    sent.update(WORDS)
    assert client.post(wall_of(station), data=sent).status_code == 403
    assert wishes() == []


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_number_is_warned_about_and_then_masked(new_client: NewClient, *, htmx: bool) -> None:
    station, author = a_station(), a_courier()
    client = browser_of(new_client, author)
    words = {"text": f"找人修车，打 {NUMBER}", "category": "skills"}
    sent = client.submit(wall_of(station), "post", words, htmx=htmx)
    warned = client.as_page(sent, 422)
    assert "我们会把它遮住" in warned.one("#text-error").to_text()
    assert warned.form("post").values["text"] == words["text"]
    assert wishes() == []
    client.submit(warned, "post", {"publish_masked": "y"}, htmx=htmx)
    [wish] = wishes()
    own = client.page(wish.link)
    assert NUMBER in own.h1 and NUMBER in own.one("article .words").to_text()
    assert NUMBER in client.page("/me/wishes").text
    for reader in (new_client(), browser_of(new_client, a_volunteer())):
        for path in ("/", f"/stations/{station.code}", "/wishes", wall_of(station), wish.link):
            shown = reader.get(path).text
            assert "找人修车" in shown and NUMBER not in shown
        for path in ("/wishes", wall_of(station), wish.link):
            shown = reader.get(path, headers=PARTIAL).text
            assert "找人修车" in shown and NUMBER not in shown
    claimant = browser_of(new_client, a_volunteer())
    assert NUMBER not in claimant.submit(wish.link, "claim", htmx=True).text
    assert NUMBER not in claimant.page("/me/claims").text
    assert NUMBER not in client.page("/me/notices").text


def test_masking_keeps_what_is_no_number(client: Client) -> None:
    sign_in(client, a_courier())
    station = a_station()
    words = {"text": "42码鞋，24小时都在，打12345问", "category": "goods"}
    client.follow(client.submit(wall_of(station), "post", words))
    assert wishes()[0].public_text == words["text"]


@pytest.mark.parametrize(
    ("fields", "where", "why"),
    [
        ({"text": "想要手套"}, "#category-goods", "请选一个类别"),
        ({"text": "想要手套", "category": "gold"}, "#category-goods", "请选一个类别"),
        ({"text": "", "category": "goods"}, "#text", "请填写这一项"),
        ({"text": " \n ", "category": "goods"}, "#text", "请填写这一项"),
        ({"text": "要", "category": "goods"}, "#text", "太短了"),
        ({"text": "要" * 201, "category": "goods"}, "#text", "现在 201 个"),
    ],
)
def test_what_is_missing_is_said_beside_the_field(
    fields: dict[str, str], where: str, why: str, client: Client
) -> None:
    station = a_station()
    sign_in(client, a_courier())
    again = client.as_page(client.submit(wall_of(station), "post", fields), 422)
    assert why in again.one("form#post").to_text()
    assert "autofocus" in again.one(where).attrs
    assert again.form("post").values["text"].strip() == fields["text"].strip()
    assert "open" in again.one("#wishing").attrs
    assert wishes() == []


def test_two_hundred_characters_are_not_too_many(client: Client) -> None:
    sign_in(client, a_courier())
    longest = "愿" * 200
    sent = {"text": longest, "category": "goods"}
    client.follow(client.submit(wall_of(a_station()), "post", sent))
    assert wishes()[0].text == longest


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_third_open_wish_is_refused_and_its_words_are_kept(client: Client, *, htmx: bool) -> None:
    station, author = a_station(), a_courier()
    a_wish(station, author)
    a_wish(station, author)
    sign_in(client, author)
    answer = client.as_page(client.submit(wall_of(station), "post", WORDS, htmx=htmx), 409)
    assert "您还有心愿挂在墙上" in answer.one("#post [role=alert]").to_text()
    assert answer.form("post").values["text"] == WORDS["text"]
    assert len(wishes()) == 2


def test_pressing_twice_hangs_one_wish(client: Client) -> None:
    station = a_station()
    sign_in(client, a_courier())
    page = client.page(wall_of(station))
    answers = [client.submit(page, "post", WORDS) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "您的心愿贴上墙了" in client.follow(answers[1]).text
    assert len(wishes()) == 1


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_used_form_with_other_words_keeps_them_for_one_more_press(
    client: Client, *, htmx: bool
) -> None:
    station = a_station()
    sign_in(client, a_courier())
    page = client.page(wall_of(station))
    client.submit(page, "post", WORDS)
    other = {"text": "还想要一顶帽子", "category": "goods"}
    refused: Page = client.as_page(client.submit(page, "post", other, htmx=htmx), 409)
    assert "这张表单已经用过了" in refused.one("#post [role=alert]").to_text()
    assert refused.form("post").values["text"] == other["text"]
    client.submit(refused, "post", htmx=htmx)
    assert [wish.text for wish in wishes()] == [WORDS["text"], other["text"]]


def test_an_hour_of_posting_has_its_limit(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "LIMIT_POSTING", "1 per hour")
    station = a_station()
    sign_in(client, a_courier())
    client.follow(client.submit(wall_of(station), "post", WORDS))
    answer = client.submit(wall_of(station), "post", {"text": "再来一个", "category": "goods"})
    assert "太频繁了" in client.as_page(answer, 429).text
    assert "再来一个" in answer.text
    assert len(wishes()) == 1


def test_a_strangers_wish_waits_for_them_to_sign_in_and_hangs_once(client: Client) -> None:
    station, courier = a_station(), a_courier()
    sent = client.submit(wall_of(station), "post", WORDS)
    page = client.follow(sent)
    assert "登录后自动贴上墙" in page.text
    assert wishes() == []
    keys = {"phone": courier.phone, "password": "warm tea at noon"}
    page = client.follow(client.submit(page, "/sign-in", keys))
    assert "您的心愿贴上墙了" in page.text
    assert page.one("article .words").to_text() == WORDS["text"]
    client.follow(client.submit("/me", "/sign-out"))
    client.follow(client.submit("/sign-in", "/sign-in", keys))
    assert len(wishes()) == 1
