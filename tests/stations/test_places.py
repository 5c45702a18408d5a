"""How far it is, and links to maps that show the right side of the block."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wishwall.stations.places import (
    gcj02,
    geo_link,
    map_link,
    metres,
    minutes_by_e_bike,
    minutes_on_foot,
    parse_near,
)

SQUARE = (37.8703, 112.5566)


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert metres(37.0, 112.5, 38.0, 112.5) == pytest.approx(111_195, abs=1)


def test_the_other_end_of_the_earth_is_half_its_girth_away() -> None:
    assert metres(0, 0, 0, 180) == pytest.approx(20_015_115, abs=1)


def test_a_kilometre_is_seventeen_minutes_on_foot_and_six_by_e_bike() -> None:
    assert minutes_on_foot(1000) == 17
    assert minutes_by_e_bike(1000) == 6
    assert minutes_on_foot(0) == minutes_by_e_bike(0) == 1


def test_maps_in_china_draw_taiyuan_some_550_metres_away() -> None:
    assert metres(*SQUARE, *gcj02(*SQUARE)) == pytest.approx(555, abs=5)


def test_a_published_pair_of_places_agrees() -> None:
    assert gcj02(31.1774276, 121.5272106) == pytest.approx((31.17530398, 121.53154186), abs=1e-7)


def test_places_outside_china_stay_where_they_are() -> None:
    assert gcj02(48.8584, 2.2945) == (48.8584, 2.2945)


def test_a_map_link_keeps_any_name_in_one_piece() -> None:
    name = "嘉节&社区 #1(东)=?"
    link = urlsplit(map_link(name, *SQUARE))
    asked = parse_qs(link.query)
    assert (link.scheme, link.netloc, link.path) == ("https", "uri.amap.com", "/marker")
    assert asked["name"] == [name]
    assert asked["src"] == ["wishwall"] and asked["callnative"] == ["1"]
    lon, lat = map(float, asked["position"][0].split(","))
    assert (lat, lon) == pytest.approx(gcj02(*SQUARE), abs=1e-6)


def test_a_geo_link_is_in_the_coordinates_of_the_world() -> None:
    link = geo_link("驿站(东)&?", *SQUARE)
    place, _, query = link.removeprefix("geo:").partition("?q=")
    assert place == "37.870300,112.556600"
    assert query.startswith(f"{place}(") and query.endswith(")")
    assert unquote(query)[len(place) :] == "(驿站(东)&?)"
    assert query.count("(") == 1


@pytest.mark.parametrize(
    "text", ["37.87,112.55", " 37.87 , 112.55 ", "３７．８７，１１２．５５", "+37.87,112.55"]
)
def test_near_is_latitude_then_longitude(text: str) -> None:
    assert parse_near(text) == (37.87, 112.55)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "37.87",
        "37.87,112.55,1",
        "nan,112.55",
        "inf,112.55",
        "1e309,1",
        "1e1,1",
        "1_0,1",
        "91,112",
        "37,181",
        "37.87;112.55",
        "٣٧,١١٢",
        "37.,112",
        "37.87,112.55\0",
        "1" * 5000 + ",1",
        " " * 200 + "1,1",
    ],
)
def test_anything_else_is_not_near(text: str) -> None:
    with pytest.raises(ValueError, match="not a place"):
        parse_near(text)


@given(lat=st.floats(-90, 90), lon=st.floats(-180, 180))
def test_every_place_on_earth_can_be_near(lat: float, lon: float) -> None:
    assert parse_near(f"{lat:.6f},{lon:.6f}") == pytest.approx((lat, lon), abs=1e-6)
