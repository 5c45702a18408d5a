"""The city's open wishes, a person's own, and what every list may cost the database."""

from datetime import timedelta

import pytest
import time_machine

from tests.support.city import (
    RULES,
    a_claimed_wish,
    a_courier,
    a_keeper,
    a_station,
    a_volunteer,
    a_wish,
    an_officer,
    many_wishes,
    sign_in,
)
from tests.support.client import Client
from tests.support.page import Page
from tests.support.statements import statements
from wishwall.kit.clock import now
from wishwall.kit.db import db, writing
from wishwall.stations.models import Station
from wishwall.wishes import walls
from wishwall.wishes.facts import Claim
from wishwall.wishes.models import Wish

pytestmark = pytest.mark.usefixtures("app")
MOST_QUERIES = 8
MOST_QUERIES_NEAR = 12  # the circle is widened until it holds enough stations


def words_on(page: Page) -> list[str]:
    return [words.to_text() for words in page.select("article .words")]


def all_pages(client: Client, page: Page, more: str) -> list[str]:
    """The words of this page and of all that `more` leads to."""
    words = words_on(page)
    while any(more in link.to_text() for link in page.select("a")):
        page = client.page(page.link(more))
        words += words_on(page)
    return words


def test_the_city_lists_open_wishes_longest_waiting_first(client: Client) -> None:
    first, second = a_wish(text="先许的"), a_wish(text="后许的")
    a_claimed_wish(text="有人认领的")
    page = client.page("/wishes")
    assert words_on(page) == ["先许的", "后许的"]
    assert page.link("先许的") == first.link
    assert page.link(second.station.name) == f"/stations/{second.station.code}"
    assert not client.fragment("/wishes").select("html")


def test_the_city_is_asked_by_district_category_and_waiting(client: Client) -> None:
    north = a_station(district="尖草坪区")
    with time_machine.travel(now() - timedelta(days=8)):
        a_wish(north, text="等了八天", category="legal")
    a_wish(text="刚许的")
    page = client.page("/wishes")
    asked = {"district": "尖草坪区", "category": "legal", "waiting": "7"}
    assert words_on(client.as_page(client.submit(page, "/wishes", asked), 200)) == ["等了八天"]
    assert words_on(client.page("/wishes?waiting=3")) == ["等了八天"]
    assert words_on(client.page("/wishes?waiting=14")) == []
    assert words_on(client.page("/wishes?district=尖草坪区")) == ["等了八天"]
    assert "现在没有这样的心愿" in client.page("/wishes?category=company").text
    for bad in ("category=gold", "waiting=5", "near=here", "near=91,0", "near=1e309,1"):
        client.page(f"/wishes?{bad}", 400)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_city_list_opens_in_both_languages(lang: str, client: Client) -> None:
    a_wish()
    assert len(words_on(client.page(f"/wishes?lang={lang}"))) == 1


def test_wishes_near_me_come_nearest_first_and_every_one_once(client: Client) -> None:
    far, near = a_station(lat=37.90), a_station(lat=37.81)
    many_wishes(far, 20, text="远的")
    many_wishes(near, 15, text="近的")
    page = client.page("/wishes?near=37.8,112.55")
    assert words_on(page)[:10] == ["近的"] * 10
    nearest = page.select("article")[0].to_text()
    assert "1.1 公里" in nearest and "走路" in nearest and "骑车" in nearest
    assert sorted(all_pages(client, page, "后面的心愿")) == ["近的"] * 15 + ["远的"] * 20


def test_the_city_is_paged_without_gap_or_double(client: Client) -> None:
    many_wishes(a_station(), 65)
    words = all_pages(client, client.page("/wishes?category=goods"), "后面的心愿")
    assert words == [f"第{number}个心愿" for number in range(1, 66)]


def test_my_wishes_are_all_there_newest_first_and_nobody_elses(client: Client) -> None:
    courier, station = a_courier(), a_station()
    many_wishes(station, 35, author=courier)
    a_wish(station, text="别人的")
    sign_in(client, courier)
    words = all_pages(client, client.page("/me/wishes"), "更早的心愿")
    assert words == [f"第{number}个心愿" for number in range(35, 0, -1)]


def test_whoever_has_no_wishes_and_no_claims_is_shown_the_way(client: Client) -> None:
    sign_in(client, a_courier())
    assert "您还没有许过心愿" in client.page("/me/wishes").text
    assert client.get("/me/claims").status_code == 403
    sign_in(client, a_volunteer())
    assert "您还没有认领过心愿" in client.page("/me/claims").text


def test_my_claims_are_all_there_newest_first(client: Client) -> None:
    volunteer, station = a_volunteer(), a_station()
    for wish in many_wishes(station, 35):
        with writing():
            wish.claim(by=volunteer, rules=RULES)
            wish.release(by=volunteer, rules=RULES)
    a_claimed_wish()
    sign_in(client, volunteer)
    words = all_pages(client, client.page("/me/claims"), "更早的认领")
    assert words == [f"第{number}个心愿" for number in range(35, 0, -1)]


def test_a_department_sees_its_officers_claims_together(client: Client) -> None:
    officer = an_officer("市总工会")
    a_claimed_wish(officer, text="归市总工会")
    a_claimed_wish(an_officer("团市委"), text="归团市委")
    sign_in(client, officer)
    assert words_on(client.page("/me/claims")) == ["归市总工会"]


def _lists(station: Station, wish: Wish) -> list[str]:
    return [
        f"/stations/{station.code}/wishes",
        f"/stations/{station.code}/wishes?state=open",
        f"/stations/{station.code}",
        "/",
        "/stations",
        "/wishes",
        wish.link,
        "/me/wishes",
        "/me/claims",
        "/me/notices",
    ]


@pytest.mark.parametrize("how_many", [1, 60])
def test_a_page_costs_a_few_statements_however_full_the_wall(how_many: int, client: Client) -> None:
    station, courier, officer = a_station(), a_courier(), an_officer()
    wishes = many_wishes(station, how_many, author=courier)
    with writing():
        for wish in wishes[: how_many // 2]:
            db.session.add(
                Claim(
                    wish_id=wish.id,
                    claimant=officer,
                    department_id=officer.department_id,
                    named=True,
                    due_at=now(),
                )
            )
            wish.state = "claimed"
    for person in (courier, officer, a_keeper(station)):
        sign_in(client, person)
        for path in _lists(station, wishes[0]):
            walls.forget_all()
            with statements() as sent:
                response = client.get(path)
            assert response.status_code == 200 or path == "/me/claims"
            assert len(sent) <= MOST_QUERIES, f"{path} for {person.nickname}:\n" + "\n".join(sent)


@pytest.mark.parametrize("path", ["/wishes", "/stations"])
def test_asking_what_is_near_costs_a_few_statements_more(path: str, client: Client) -> None:
    many_wishes(a_station(), 3)
    sign_in(client, a_volunteer())
    with statements() as sent:
        client.page(f"{path}?near=37.8,112.55")
    assert len(sent) <= MOST_QUERIES_NEAR


def test_an_unchanged_wall_costs_no_reading_of_its_wishes(client: Client) -> None:
    station = a_station()
    many_wishes(station, 3)
    wall = f"/stations/{station.code}/wishes"
    client.get(wall)
    with statements() as sent:
        client.get(wall)
    assert len(sent) == 1
