"""The front page, a station's hall, the languages, and whether the site is alive."""

from datetime import datetime
from typing import Any

import pytest
import time_machine
from sqlalchemy.exc import OperationalError

from tests.support.city import a_claimed_wish, a_courier, a_station, a_wish, many_wishes, sign_in
from tests.support.client import Client
from wishwall.kit.clock import CITY_ZONE
from wishwall.kit.db import db, writing
from wishwall.stations.models import Amenity, Station
from wishwall.stations.words import AMENITIES

pytestmark = pytest.mark.usefixtures("app")
MONDAY = (2026, 11, 23)


def in_taiyuan(hour: int, minute: int = 0, day: int = 23) -> time_machine.travel:
    moment = datetime(*MONDAY[:2], day, hour, minute, tzinfo=CITY_ZONE)
    return time_machine.travel(moment, tick=False)


def hall_of(station: Station) -> str:
    return f"/stations/{station.code}"


def test_the_front_page_of_an_empty_city_invites(client: Client) -> None:
    page = client.page("/")
    assert page.h1 == "歇歇脚，许个愿"
    assert "还没有心愿" in page.text
    found = client.as_page(client.submit(page, "/stations", {"q": "南寒"}), 200)
    assert "没有找到这样的驿站" in found.text


def test_the_front_page_shows_the_newest_open_wishes_and_the_districts(client: Client) -> None:
    station = a_station(district="小店区")
    a_station(district="小店区")
    a_station(district="迎泽区")
    many_wishes(station, 8)
    a_claimed_wish(text="有人认领的")
    page = client.page("/")
    words = [each.to_text() for each in page.select("article .words")]
    assert words == [f"第{number}个心愿" for number in range(8, 2, -1)]
    assert page.link("第8个心愿").startswith("/wishes/")
    assert page.link(station.name) == hall_of(station)
    districts = [link.to_text() for link in page.select("ul.cells a")]
    assert districts == ["小店区 3", "迎泽区 1"]
    assert "迎泽区" in client.page(page.link("迎泽区")).one("option[selected]").to_text()


def test_the_hall_says_all_about_the_station(client: Client) -> None:
    station = a_station(
        name="南寒<暖心>驿站",
        phone="0351-7654321",
        serves="小哥、环卫工",
        specialities="免费理发；修车;",
        hours="08:30-18:00",
    )
    with writing():
        gone = [each for each in station.amenities if each.kind in ("books", "wifi")]
        for amenity in gone:
            db.session.delete(amenity)
    page = client.page(hall_of(station))
    assert page.h1 == station.name
    for words in (station.address, station.host, station.code, station.serves, "08:30-18:00"):
        assert words in page.text
    assert "电话" in page.one('a[href="tel:0351-7654321"]').to_text()
    assert [chip.to_text() for chip in page.select("ul.chips li")] == ["免费理发", "修车"]
    amenities = page.select("ul.amenities li")
    assert len(amenities) == len(AMENITIES)
    missing = [each.to_text() for each in amenities if each.attrs.get("class") == "missing"]
    assert [words.split()[0] for words in missing] == ["书架", "无线网"]
    assert db.session.query(Amenity).count() == 8


def test_the_map_link_is_where_chinese_maps_draw_it(client: Client) -> None:
    station = a_station(name="南寒 & 驿站", lat=37.87, lon=112.55)
    page = client.page(hall_of(station))
    link = page.one('a[rel="external"]').attrs["href"] or ""
    assert link.startswith("https://uri.amap.com/marker?position=112.55")
    assert "112.550000,37.870000" not in link
    assert "%26" in link


def test_a_hall_without_a_telephone_has_no_number_to_call(client: Client) -> None:
    page = client.page(hall_of(a_station(phone="")))
    assert not page.select('a[href^="tel:"]')


@pytest.mark.parametrize(
    ("hours", "hour", "minute", "sign"),
    [
        ("08:30-18:00", 8, 29, "没开，11月23日 08:30 开门"),
        ("08:30-18:00", 8, 30, "开着，18:00 关门"),
        ("08:30-18:00", 17, 59, "开着，18:00 关门"),
        ("08:30-18:00", 18, 0, "没开，11月24日 08:30 开门"),
        ("20:00-08:00", 23, 30, "开着，08:00 关门"),
        ("20:00-08:00", 7, 59, "开着，08:00 关门"),
        ("20:00-08:00", 12, 0, "没开，11月23日 20:00 开门"),
        ("24小时", 3, 0, "全天开着"),
        ("周二至周五 09:00-17:00", 12, 0, "没开，11月24日 09:00 开门"),
        ("看站长心情", 12, 0, "看站长心情"),
    ],
)
def test_the_sign_on_the_door(
    hours: str, hour: int, minute: int, sign: str, client: Client
) -> None:
    station = a_station(hours=hours)
    with in_taiyuan(hour, minute):
        assert sign in client.page(hall_of(station)).one("h1 + p").to_text()
        assert sign in client.page("/stations").one("#results li").to_text()


def test_an_unchanged_hall_is_sent_again_when_its_door_closes(client: Client) -> None:
    station = a_station(hours="08:30-18:00")
    with in_taiyuan(17, 58):
        client.get(hall_of(station))
        tag = {"If-None-Match": client.get(hall_of(station)).headers["ETag"]}
        assert client.get(hall_of(station), headers=tag).status_code == 304
    with in_taiyuan(18):
        assert "没开，" in client.get(hall_of(station), headers=tag).text


def test_lower_case_opens_the_same_hall_and_an_unknown_code_is_nothing(client: Client) -> None:
    station = a_station()
    assert client.page(hall_of(station).lower()).h1 == station.name
    for unknown in ("TY999999", "TY1", "nowhere", "TY0000001", "ＴＹ000001"):
        assert "没有找到" in client.page(f"/stations/{unknown}", 404).h1


def test_the_hall_shows_its_wall_and_whoever_may_posts_there(client: Client) -> None:
    station = a_station()
    wish = a_wish(station)
    page = client.page(hall_of(station))
    assert page.link("想要一双42码防滑鞋") == wish.link
    assert page.form("post").action == f"{hall_of(station)}/wishes"
    sign_in(client, a_courier())
    assert client.page(hall_of(station)).select("form#post")


def test_alive_and_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, word in (("/healthz", "ok"), ("/readyz", "ready")):
        response = client.get(path)
        assert (response.status_code, response.text) == (200, word)
        assert response.mimetype == "text/plain"
        assert response.headers["Cache-Control"] == "no-store"

    def away(*_args: Any, **_more: Any) -> None:
        raise OperationalError("SELECT 1", {}, _Busy())

    monkeypatch.setattr(db.session, "execute", away)
    assert client.get("/healthz").status_code == 200
    refused = client.get("/readyz")
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]


class _Busy(Exception):
    sqlite_errorname = "SQLITE_BUSY"


def test_a_language_is_chosen_by_link_and_remembered(client: Client) -> None:
    station = a_station()
    page = client.page(f"{hall_of(station)}?from=qr")
    assert page.one("html").attrs["lang"] == "zh-Hans"
    english = client.page(page.link("English"))
    assert english.path.endswith("from=qr&lang=en")
    assert english.one("html").attrs["lang"] == "en"
    assert client.page("/stations").one("html").attrs["lang"] == "en"
    client.page(english.link("中文"))
    assert client.page("/stations").one("html").attrs["lang"] == "zh-Hans"


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-TW", "zh-Hans"),
        ("fr", "zh-Hans"),
        ("", "zh-Hans"),
        ("*;q=x,,,;;", "zh-Hans"),
    ],
)
def test_the_browsers_language_is_heard(accepted: str, lang: str, client: Client) -> None:
    page = client.page("/", headers={"Accept-Language": accepted})
    assert page.one("html").attrs["lang"] == lang
    assert (
        client.page("/?lang=xx", headers={"Accept-Language": accepted}).one("html").attrs["lang"]
        == lang
    )


def test_the_cards_of_a_wall_speak_the_readers_language(client: Client) -> None:
    station = a_station()
    a_wish(station)
    for lang in ("en", "zh", "en"):
        page = client.page(f"{hall_of(station)}?lang={lang}")
        assert ("日" in page.one("article time").to_text()) is (lang == "zh")
