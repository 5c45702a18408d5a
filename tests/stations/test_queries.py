"""Finding a station: by words, by district, by what is open, by what is near."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from wishwall.stations.models import Amenity, Station
from wishwall.stations.places import metres
from wishwall.stations.queries import Wanted, districts, find, nearest, station_by_code

NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
NIGHT = NOON.replace(hour=23)


def add(session: Session, number: int, **changed: object) -> Station:
    fields: dict[str, object] = {
        "code": f"TY{number:06}",
        "name": f"第{number}暖心驿站",
        "district": "小店区",
        "street": "龙城街道",
        "address": "龙城街道1号",
        "host": "爱心驿站",
        "lat": 37.8,
        "lon": 112.5,
        "hours": "08:00-20:00",
    }
    station = Station(**fields | changed)
    session.add(station)
    session.flush()
    return station


def codes(session: Session, q: str = "", amenity: str = "") -> list[str]:
    return [each.code for each in find(session, Wanted(q=q, amenity=amenity)).stations]


def test_a_part_of_name_street_district_or_code_finds_a_station(session: Session) -> None:
    add(session, 1, name="嘉节社区暖心驿站")
    add(session, 2, district="迎泽区", street="文庙街道")
    for q in (
        "嘉节",
        "龙城",
        "小店",
        "000001",
        "ty000001",
        "ＴＹ０００００１",
        "小店区龙城街道 嘉节",
    ):
        assert codes(session, q=q) == ["TY000001"]
    assert codes(session, q=" ") == ["TY000001", "TY000002"]


def test_wildcards_and_strange_signs_in_a_search_mean_themselves(session: Session) -> None:
    add(session, 1, name="100%_驿站/")
    add(session, 2)
    for q in ("%", "_", "/", "0%_驿", "％"):
        assert codes(session, q=q) == ["TY000001"]
    for q in ("\\", "'", '"; --', "%2", "_2"):
        assert codes(session, q=q) == []
    assert len(codes(session, q="\0\ud800\u202e")) == 2
    assert codes(session, q="驿" * 100_000) == []


def test_pages_follow_each_other_by_code(session: Session) -> None:
    for number in (5, 3, 1, 4, 2):
        add(session, number)
    first = find(session, Wanted(), limit=2)
    second = find(session, Wanted(), after=first.after or "", limit=2)
    third = find(session, Wanted(), after=second.after or "", limit=2)
    pages = [[station.code[-1] for station in page.stations] for page in (first, second, third)]
    assert pages == [["1", "2"], ["3", "4"], ["5"]]
    assert third.after is None
    assert find(session, Wanted(), limit=5).after is None


def test_only_stations_with_an_amenity(session: Session) -> None:
    add(session, 1).amenities = [Amenity(kind="wifi")]
    add(session, 2)
    session.flush()
    assert codes(session, amenity="wifi") == ["TY000001"]
    assert codes(session, amenity="sauna") == []


def test_only_stations_open_now(session: Session) -> None:
    add(session, 1, hours="24小时")
    add(session, 2)
    add(session, 3, hours="写错了")
    open_at_noon = find(session, Wanted(open_at=NOON)).stations
    open_at_night = find(session, Wanted(open_at=NIGHT)).stations
    assert [each.code for each in open_at_noon] == ["TY000001", "TY000002"]
    assert [each.code for each in open_at_night] == ["TY000001"]


def test_a_code_is_found_however_it_is_typed(session: Session) -> None:
    station = add(session, 1)
    assert station_by_code(session, " ty００0001") is station
    assert station_by_code(session, "TY00000") is None


def test_districts_are_counted_in_the_citys_order(session: Session) -> None:
    add(session, 2, district="迎泽区")
    add(session, 1)
    add(session, 3)
    assert [(each.name, each.stations) for each in districts(session)] == [
        ("小店区", 2),
        ("迎泽区", 1),
    ]


@pytest.mark.parametrize(
    ("lat", "lon"), [(37.8, 112.5), (37.83, 112.46), (39.9, 116.4), (-37.8, -67.5), (90.0, 0.0)]
)
def test_the_nearest_come_first_from_next_door_and_from_afar(
    session: Session, lat: float, lon: float
) -> None:
    stations = [
        add(session, 10 * row + column, lat=37.7 + row * 0.011, lon=112.3 + column * 0.017)
        for row in range(10)
        for column in range(10)
    ]
    found = nearest(session, lat, lon, Wanted(), limit=3)
    truly = sorted(stations, key=lambda each: metres(lat, lon, each.lat, each.lon))
    assert [each.metres for each in found] == sorted(each.metres for each in found)
    if lat > 0 and lat < 90:
        assert [each.station for each in found] == truly[:3]
    assert len(found) == 3


def test_a_station_in_the_corner_of_the_box_is_not_nearer_than_one_outside(
    session: Session,
) -> None:
    add(session, 1, lat=37.8 + 0.0130, lon=112.5 + 0.0165)  # within 1.5 km each way, 2 km away
    beyond = add(session, 2, lat=37.8 + 0.0144)  # 1.6 km north
    assert nearest(session, 37.8, 112.5, Wanted(), limit=1)[0].station is beyond


def test_nearest_obeys_the_other_wishes_and_an_empty_city_has_none(session: Session) -> None:
    assert nearest(session, 37.8, 112.5, Wanted()) == []
    add(session, 1)
    open_station = add(session, 2, lat=37.9, hours="24小时")
    [found] = nearest(session, 37.8, 112.5, Wanted(open_at=NIGHT))
    assert found.station is open_station
