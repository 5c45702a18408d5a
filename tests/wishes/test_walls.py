"""A station's wall: filters, counts, pages without gap or double, nothing sent for nothing new."""

from collections.abc import Callable

import pytest

from tests.support.city import (
    RULES,
    a_claimed_wish,
    a_courier,
    a_delivered_wish,
    a_station,
    a_volunteer,
    a_wish,
    many_wishes,
    sign_in,
)
from tests.support.client import PARTIAL, Client
from tests.support.page import Page
from wishwall.kit.db import writing
from wishwall.stations.models import Station

pytestmark = pytest.mark.usefixtures("app")
NewClient = Callable[[], Client]


def wall_of(station: Station) -> str:
    return f"/stations/{station.code}/wishes"


def words_on(page: Page) -> list[str]:
    return [words.to_text() for words in page.select("#wall .words, #results .words")]


def all_pages(client: Client, page: Page, *, between: Callable[[], object]) -> list[str]:
    """The words of this page and of all that come after it."""
    words = words_on(page)
    while page.select("#more"):
        between()
        page = client.page(page.address(page.one("#more").attrs["href"] or ""))
        words += words_on(page)
    return words


def test_an_empty_wall_invites(client: Client) -> None:
    page = client.page(wall_of(a_station()))
    assert words_on(page) == []
    assert "墙上还空着" in page.text
    assert not page.select("#more")


def test_a_wall_that_is_not_there(client: Client) -> None:
    client.page("/stations/TY999999/wishes", 404)
    client.page("/stations/elsewhere/wishes", 404)


def test_lower_case_opens_the_same_wall(client: Client) -> None:
    station = a_station()
    a_wish(station)
    assert len(words_on(client.page(wall_of(station).lower()))) == 1


def test_a_wall_is_filtered_by_state_and_category(client: Client) -> None:
    station = a_station()
    a_wish(station, text="开着的手套")
    a_wish(station, text="开着的课", category="skills")
    a_claimed_wish(station=station, text="认领的课", category="skills")
    a_delivered_wish(station=station, text="送到的锅", category="living")
    withdrawn = a_wish(station, text="撤回的")
    with writing():
        withdrawn.withdraw(by=withdrawn.author)
    wall = wall_of(station)
    everything = ["送到的锅", "认领的课", "开着的课", "开着的手套"]
    assert words_on(client.page(wall)) == everything
    assert words_on(client.page(f"{wall}?state=&category=&after=")) == everything
    assert words_on(client.page(f"{wall}?state=open")) == ["开着的课", "开着的手套"]
    assert words_on(client.page(f"{wall}?category=skills")) == ["认领的课", "开着的课"]
    assert words_on(client.page(f"{wall}?state=claimed&category=skills")) == ["认领的课"]
    assert words_on(client.page(f"{wall}?state=confirmed")) == []
    for unknown in ("state=hidden", "state=withdrawn", "category=gold", "state=open%27--"):
        client.page(f"{wall}?{unknown}", 400)


def test_the_counts_follow_every_step(client: Client) -> None:
    station = a_station()
    a_wish(station)
    a_claimed_wish(station=station)
    confirmed = a_delivered_wish(station=station)
    with writing():
        confirmed.confirm(by=confirmed.author)
    page = client.page(wall_of(station))
    counts = {
        state: int(page.one(f"#only-{state}").to_text().split()[-1])
        for state in ("open", "claimed", "delivered", "confirmed")
    }
    assert counts == {"open": 1, "claimed": 1, "delivered": 0, "confirmed": 1}
    assert page.one("#all-states").to_text().split()[-1] == "3"


def test_a_filter_is_chosen_by_its_form_and_kept_while_paging(client: Client) -> None:
    station = a_station()
    many_wishes(station, 31, category="skills")
    many_wishes(station, 5)
    page = client.page(f"{wall_of(station)}?state=open")
    kept = {each.attrs["name"]: each.attrs["value"] for each in page.select("form.row input")}
    assert kept == {"state": "open"}
    page = client.page(f"{wall_of(station)}?state=open&category=skills")
    assert len(words_on(page)) == 30
    assert page.one("#only-open").attrs["aria-current"] == "true"
    rest = client.page(page.address(page.one("#more").attrs["href"] or ""))
    assert words_on(rest) == ["第1个心愿"]
    assert rest.one("option[value=skills]").attrs.get("selected") is not None


@pytest.mark.parametrize("filtered", ["", "?state=open&category=goods"])
def test_paging_has_no_gap_and_no_double_while_new_wishes_arrive(
    filtered: str, client: Client
) -> None:
    station = a_station()
    many_wishes(station, 95)
    first = client.page(wall_of(station) + filtered)
    seen = all_pages(client, first, between=lambda: a_wish(station, text="刚到的"))
    assert seen == [f"第{number}个心愿" for number in range(95, 0, -1)]


def test_only_the_first_page_of_all_is_live(client: Client) -> None:
    station = a_station()
    many_wishes(station, 31)
    wall = wall_of(station)
    first = client.page(wall)
    assert "data-live" in first.one("#wall").attrs
    second = client.page(first.address(first.one("#more").attrs["href"] or ""))
    assert "data-live" not in second.one("#wall").attrs
    assert "data-live" not in client.page(f"{wall}?state=open").one("#wall").attrs


def test_paging_goes_on_after_a_wish_that_has_left_the_wall(client: Client) -> None:
    station = a_station()
    wishes = many_wishes(station, 40)
    first = client.page(wall_of(station))
    last_shown = wishes[10]
    with writing():
        last_shown.withdraw(by=last_shown.author)
    second = client.page(first.address(first.one("#more").attrs["href"] or ""))
    assert words_on(second) == [f"第{number}个心愿" for number in range(10, 0, -1)]


def test_htmx_gets_the_wall_alone_and_the_same_cards(client: Client) -> None:
    station = a_station()
    a_wish(station)
    wall = wall_of(station)
    fragment, page = client.fragment(wall), client.page(wall)
    assert not fragment.select("html")
    assert fragment.one("#wall-of-station").to_html() == page.one("#wall-of-station").to_html()


@pytest.mark.parametrize("path", ["/stations/{}/wishes", "/stations/{}"])
def test_an_unchanged_wall_is_not_sent_again(path: str, client: Client) -> None:
    station = a_station()
    wish = a_wish(station)
    address = path.format(station.code)
    client.get(address)  # the first visit gives the browser its session

    def tag() -> str:
        response = client.get(address)
        assert response.status_code == 200
        return response.headers["ETag"]

    def status(tag: str, **headers: str) -> int:
        return client.get(address, headers={"If-None-Match": tag, **headers}).status_code

    volunteer = a_volunteer()
    last = tag()
    assert status(last) == 304
    for verb in (
        lambda: wish.claim(by=volunteer, rules=RULES),
        lambda: wish.extend(by=volunteer, rules=RULES),
        lambda: wish.release(by=volunteer, rules=RULES),
        lambda: wish.edit(by=wish.author, text="想要手套", category="goods"),
        lambda: wish.claim(by=volunteer, rules=RULES),
        lambda: wish.deliver(by=volunteer),
        lambda: wish.reopen(by=wish.author, rules=RULES),
        lambda: wish.claim(by=volunteer, rules=RULES),
        lambda: wish.deliver(by=volunteer),
        lambda: wish.confirm(by=wish.author, thanks="谢谢"),
        lambda: wish.hide(by=wish.author, reason="试一试"),
    ):
        with writing():
            verb()
        assert status(last) == 200
        last = tag()
        assert status(last) == 304
    assert status(last, **{"Accept-Language": "en"}) == 200
    sign_in(client, volunteer)
    assert status(last) == 200


def test_a_tag_belongs_to_one_reader_and_one_form_of_the_page(new_client: NewClient) -> None:
    wall = wall_of(a_station())
    here, there = new_client(), new_client()
    for browser in (here, there):
        browser.get(wall)
    tag = here.get(wall).headers["ETag"]
    assert there.get(wall, headers={"If-None-Match": tag}).status_code == 200
    assert here.get(wall, headers={"If-None-Match": tag, **PARTIAL}).status_code == 200
    assert here.get(wall, headers={"If-None-Match": tag}).status_code == 304


def test_an_unread_notice_shows_on_a_wall_that_has_not_changed(client: Client) -> None:
    station, author = a_station(), a_courier()
    elsewhere, volunteer = a_wish(author=author), a_volunteer()
    sign_in(client, author)
    client.get(wall_of(station))
    tag = client.get(wall_of(station)).headers["ETag"]
    with writing():
        elsewhere.claim(by=volunteer, rules=RULES)
    again = client.get(wall_of(station), headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert "1 条未读" in client.as_page(again, 200).text


def test_a_message_is_said_once_and_its_page_is_not_kept_by_tag(client: Client) -> None:
    station = a_station()
    sign_in(client, a_courier())
    wall = wall_of(station)
    client.get(wall)
    words = {"text": "想要手套", "category": "goods"}
    client.submit(wall, "post", words)
    fresh = client.get(wall, headers={"If-None-Match": '"whatever"'})
    assert "您的心愿贴上墙了" in fresh.text
    assert "ETag" not in fresh.headers
    quiet = client.get(wall)
    assert "您的心愿贴上墙了" not in quiet.text
    assert quiet.headers["ETag"]
