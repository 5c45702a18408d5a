"""Finding a station: by words, district, nearness, what it has, and whether it is open."""

from datetime import datetime

import pytest
import time_machine

from tests.support.city import a_station
from tests.support.client import Client
from tests.support.page import Page
from wishwall.kit.clock import CITY_ZONE
from wishwall.kit.db import db, writing

pytestmark = pytest.mark.usefixtures("app")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=CITY_ZONE)


def names_on(page: Page) -> list[str]:
    return [name.to_text() for name in page.select("#results .name")]


def found(client: Client, **asked: str) -> list[str]:
    """The stations that the search form finds."""
    page = client.as_page(client.submit("/stations", "/stations", asked), 200)
    return names_on(page)


def test_an_empty_directory(client: Client) -> None:
    assert "没有找到这样的驿站" in client.page("/stations").text


def test_a_station_is_found_by_name_street_district_and_code(client: Client) -> None:
    a_station("TY050001", name="南寒驿站", street="龙城街道", district="小店区")
    a_station("TY010002", name="柳巷驿站", street="柳巷街道", district="迎泽区")
    assert found(client, q="南寒") == ["南寒驿站"]
    assert found(client, q="柳巷街道") == ["柳巷驿站"]
    assert found(client, q="迎泽区") == ["柳巷驿站"]
    assert found(client, q="小店区龙城街道") == ["南寒驿站"]
    assert found(client, q="TY05") == ["南寒驿站"]
    assert found(client, q="ty050001") == ["南寒驿站"]
    assert found(client, q="ＴＹ０５０００１") == ["南寒驿站"]
    assert found(client, q="驿站 迎泽") == ["柳巷驿站"]
    assert found(client, q="驿站") == ["柳巷驿站", "南寒驿站"]
    assert found(client, q="%") == found(client, q="_") == found(client, q="不存在") == []


def test_a_link_leads_to_the_hall_and_the_form_keeps_what_was_asked(client: Client) -> None:
    station = a_station(name="南寒驿站", district="小店区")
    asked = {"q": "南寒", "district": "小店区", "amenity": "wifi", "open": "1"}
    page = client.as_page(client.submit("/stations", "/stations", asked), 200)
    assert page.link("南寒驿站") == f"/stations/{station.code}"
    kept = page.form("/stations").values
    assert {name: kept.get(name) for name in asked} == asked


def test_stations_are_narrowed_by_district_amenity_and_open_now(client: Client) -> None:
    a_station("TY000001", name="全天", hours="24小时", district="小店区")
    a_station("TY000002", name="夜里", hours="20:00-08:00", district="迎泽区")
    plain = a_station("TY000003", name="没网", hours="08:00-18:00", district="迎泽区")
    with writing():
        for amenity in [each for each in plain.amenities if each.kind == "wifi"]:
            db.session.delete(amenity)
    assert found(client, district="迎泽区") == ["夜里", "没网"]
    assert found(client, amenity="wifi") == ["全天", "夜里"]
    with time_machine.travel(NOON, tick=False):
        assert found(client, open="1") == ["全天", "没网"]
        assert found(client, open="1", district="迎泽区") == ["没网"]
        assert names_on(client.page("/stations?open=0")) == ["全天", "夜里", "没网"]


def test_near_me_works_without_javascript_and_says_how_many_minutes(client: Client) -> None:
    a_station(name="远处", lat=37.90, lon=112.55)
    a_station(name="近处", lat=37.804, lon=112.55)
    page = client.page("/stations?near=37.8,112.55")
    assert names_on(page) == ["近处", "远处"]
    near, far = (each.to_text() for each in page.select("#results li"))
    assert "440 米" in near and "走路 8 分钟" in near and "骑车 3 分钟" in near
    assert "11.1 公里" in far and "走路" not in far and "骑车 58 分钟" in far
    assert names_on(client.page("/stations?near=３７.８，１１２.５５")) == ["近处", "远处"]
    again = client.as_page(client.submit(page, "/stations", {"q": "远"}), 200)
    assert names_on(again) == ["远处"]
    assert "公里" in again.text


@pytest.mark.parametrize(
    "bad",
    [
        "near=x",
        "near=37.8",
        "near=91,0",
        "near=0,181",
        "near=1e309,1",
        "near=nan,nan",
        "near=" + "1" * 5000 + ",1",
        "amenity=gold",
        "q=" + "长" * 201,
        "q=%00",
        "district=%00",
        "after=%00",
    ],
)
def test_a_question_that_makes_no_sense_gets_a_plain_answer(bad: str, client: Client) -> None:
    a_station()
    assert client.page(f"/stations?{bad}", 400).h1 == "没有成功"


@pytest.mark.parametrize(
    "odd",
    ["open=yes", "district=" + "区" * 2000, "after=" + "9" * 5000, "q=%F0%9F%92%A9", "q=%ED%A0%80"],
)
def test_an_odd_question_finds_what_it_finds(odd: str, client: Client) -> None:
    a_station()
    client.page(f"/stations?{odd}")


def test_the_list_is_paged_by_code_without_gap_or_double(client: Client) -> None:
    for number in range(65):
        a_station(f"TY1{number:05d}", name=f"驿站{number}", hours="24小时")
    page = client.page("/stations?q=驿站&open=1")
    names = names_on(page)
    while page.select("#more"):
        page = client.page(page.address(page.one("#more").attrs["href"] or ""))
        names += names_on(page)
    assert names == [f"驿站{number}" for number in range(65)]


def test_htmx_gets_the_results_alone(client: Client) -> None:
    a_station(name="南寒驿站")
    fragment = client.fragment("/stations?q=南寒")
    assert names_on(fragment) == ["南寒驿站"]
    assert not fragment.select("form")
