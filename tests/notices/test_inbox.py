"""The inbox: how many wait, what they say, and that it is nobody else's."""

from collections.abc import Callable

import pytest

from tests.support.city import (
    RULES,
    a_claimed_wish,
    a_courier,
    a_keeper,
    a_station,
    a_volunteer,
    a_wish,
    sign_in,
)
from tests.support.client import Client
from tests.support.page import Page
from tests.support.sending import sealed
from wishwall.accounts.models import Person
from wishwall.kit.db import db, writing
from wishwall.notices.models import Notice, tell
from wishwall.trail.models import record
from wishwall.wishes.words import NOTICES

pytestmark = pytest.mark.usefixtures("app")
NewClient = Callable[[], Client]


def told_often(person: Person, how_many: int) -> None:
    """So many notices about different wishes."""
    with writing():
        for number in range(1, how_many + 1):
            row = record("claimed", subject="wish", subject_id=number)
            about = f"第{number}个心愿"
            tell({person.id: "your-wish-claimed"}, trail=row, about=about, link="/me/wishes")


def badge(page: Page) -> str:
    found = page.select("header .badge")
    return found[0].to_text() if found else ""


def sentences(page: Page) -> list[str]:
    return [name.to_text() for name in page.select("main .name")]


def test_an_empty_inbox_says_what_will_come(client: Client) -> None:
    sign_in(client, a_courier())
    page = client.page("/me/notices")
    assert "还没有消息" in page.text
    assert badge(page) == ""
    assert not page.select("#reading-button")


def test_a_stranger_signs_in_first_and_comes_back(client: Client) -> None:
    assert client.get("/me/notices").location == "/sign-in?next=/me/notices"


def test_every_page_says_how_many_wait_until_they_are_read(client: Client) -> None:
    author, volunteer = a_courier(), a_volunteer()
    wish = a_claimed_wish(volunteer, author=author)
    with writing():
        wish.deliver(by=volunteer)
    sign_in(client, author)
    for path in ("/", wish.link, "/me", "/me/notices"):
        assert badge(client.page(path)) == "2"
    page = client.page("/me/notices")
    assert sentences(page) == [
        "您的心愿「想要一双42码防滑鞋」已送达，收到请确认",
        "您的心愿「想要一双42码防滑鞋」有人认领了",
    ]
    assert page.link("已送达，收到请确认") == wish.link
    assert len(page.select(".fresh")) == 2
    page = client.follow(client.submit(page, "/me/notices/reading"))
    assert "都看过了" in page.one("#toasts").to_text()
    assert (badge(page), page.select(".fresh"), len(sentences(page))) == ("", [], 2)


def test_what_came_after_the_page_was_opened_stays_unread(client: Client) -> None:
    author, volunteer = a_courier(), a_volunteer()
    first, second = a_wish(author=author), a_wish(author=author)
    sign_in(client, author)
    with writing():
        first.claim(by=volunteer, rules=RULES)
    page = client.page("/me/notices")
    with writing():
        second.claim(by=volunteer, rules=RULES)
    page = client.follow(client.submit(page, "/me/notices/reading"))
    assert badge(page) == "1"
    assert len(page.select(".fresh")) == 1


def test_older_messages_are_paged_without_gap_or_double(client: Client) -> None:
    courier = a_courier()
    told_often(courier, 65)
    sign_in(client, courier)
    page = client.page("/me/notices")
    assert badge(page) == "65"
    words = sentences(page)
    told_often(courier, 1)
    while any("更早的消息" in link.to_text() for link in page.select("main a")):
        page = client.page(page.link("更早的消息"))
        words += sentences(page)
    assert words == [f"您的心愿「第{number}个心愿」有人认领了" for number in range(65, 0, -1)]


def test_a_hundred_and_more_are_many(client: Client) -> None:
    courier = a_courier()
    told_often(courier, 101)
    sign_in(client, courier)
    assert badge(client.page("/")) == "99+"


@pytest.mark.parametrize("before", ["-1", "0", "x", "9" * 30, str(2**31), "1e309", ""])
def test_a_page_that_cannot_be_is_the_first(before: str, client: Client) -> None:
    courier = a_courier()
    told_often(courier, 2)
    sign_in(client, courier)
    assert len(sentences(client.page(f"/me/notices?before={before}"))) == 2


@pytest.mark.parametrize("up_to", ["", "x", "-1", str(2**31), "9" * 30])
def test_reading_up_to_nothing_reads_nothing(up_to: str, client: Client) -> None:
    courier = a_courier()
    told_often(courier, 2)
    sign_in(client, courier)
    client.follow(client.post("/me/notices/reading", data=sealed(client, up_to=up_to)))
    assert badge(client.page("/")) == "2"


def test_nobody_reads_or_marks_anothers(new_client: NewClient) -> None:
    station, author = a_station(), a_courier()
    a_claimed_wish(station=station, author=author, text="想要一顶帽子")
    for other in (a_courier(), a_volunteer(), a_keeper(station)):
        client = new_client()
        sign_in(client, other)
        assert "帽子" not in client.page("/me/notices").text
        client.post("/me/notices/reading", data=sealed(client, up_to=2**31 - 1))
    assert db.session.query(Notice).one().read_at is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kind_of_message_names_what_it_is_about(lang: str, client: Client) -> None:
    courier = a_courier()
    with writing():
        for number, kind in enumerate(NOTICES, 1):
            row = record("claimed", subject="wish", subject_id=number)
            tell({courier.id: kind}, trail=row, about="100% 想要 %s 帽子", link="/me/wishes")
    sign_in(client, courier)
    page = client.page(f"/me/notices?lang={lang}")
    assert len(sentences(page)) == len(NOTICES)
    assert len(set(sentences(page))) == len(NOTICES)
    assert all("100% 想要 %s 帽子" in sentence for sentence in sentences(page))
    assert page.one("html").attrs["lang"] == {"zh": "zh-Hans", "en": "en"}[lang]


def test_a_message_shows_the_masked_words_only_shortened(client: Client) -> None:
    author = a_courier()
    a_claimed_wish(author=author, text="打 13800001111 找我\n" + "长" * 100)
    sign_in(client, author)
    [sentence] = sentences(client.page("/me/notices"))
    assert "13800001111" not in sentence
    assert sentence.endswith("…」有人认领了")
