"""Places: how far, how long it takes, and links that Chinese maps and phones understand.

Everything here takes WGS-84 degrees, latitude first.
"""

import re
import unicodedata
from math import asin, ceil, cos, pi, radians, sin, sqrt
from urllib.parse import quote, urlencode

EARTH_METRES = 6_371_008.8
DETOUR = 1.3  # streets are longer than the straight line
WALKING_METRES_A_MINUTE = 80  # 4.8 km/h
RIDING_METRES_A_MINUTE = 250  # 15 km/h with traffic lights; an e-bike may do 25 at most

# The ellipsoid (Krasovsky 1940) on which GCJ-02 is defined.
GCJ_AXIS = 6_378_245.0
GCJ_ECCENTRICITY = 0.00669342162296594323

_DEGREES = r"\s*([+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?)\s*"
_NEAR = re.compile(f"{_DEGREES},{_DEGREES}")


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The great-circle distance (haversine)."""
    across = sin(radians(other_lat - lat) / 2) ** 2
    along = sin(radians(other_lon - lon) / 2) ** 2
    chord = across + cos(radians(lat)) * cos(radians(other_lat)) * along
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, chord)))


def minutes_on_foot(distance: float) -> int:
    """Minutes to walk a straight-line distance: 4.8 km/h on streets 1.3 times as long."""
    return max(1, ceil(distance * DETOUR / WALKING_METRES_A_MINUTE))


def minutes_by_e_bike(distance: float) -> int:
    """Minutes to ride a straight-line distance: 15 km/h on streets 1.3 times as long."""
    return max(1, ceil(distance * DETOUR / RIDING_METRES_A_MINUTE))


def parse_near(text: str) -> tuple[float, float]:
    """`37.87,112.55` as latitude and longitude, full-width too; else `ValueError`."""
    found = _NEAR.fullmatch(unicodedata.normalize("NFKC", text[:100]))
    if found is None or len(text) > 100:
        raise ValueError("not a place: latitude,longitude")
    lat, lon = float(found[1]), float(found[2])
    if abs(lat) > 90 or abs(lon) > 180:
        raise ValueError("not a place on this earth")
    return lat, lon


def gcj02(lat: float, lon: float) -> tuple[float, float]:
    """The place as maps in China draw it; unchanged outside China."""
    if not (0.8293 <= lat <= 55.8271 and 72.004 <= lon <= 137.8347):
        return lat, lon
    x, y = lon - 105.0, lat - 35.0
    waves = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    bend = 1 - GCJ_ECCENTRICITY * sin(radians(lat)) ** 2
    metres_a_radian_north = GCJ_AXIS * (1 - GCJ_ECCENTRICITY) / (bend * sqrt(bend))
    metres_a_radian_east = GCJ_AXIS / sqrt(bend) * cos(radians(lat))
    return (
        lat + north / metres_a_radian_north * 180 / pi,
        lon + east / metres_a_radian_east * 180 / pi,
    )


def map_link(name: str, lat: float, lon: float) -> str:
    """A link that opens the place in Gaode's app, or on its site."""
    there_lat, there_lon = gcj02(lat, lon)
    wanted = {
        "position": f"{there_lon:.6f},{there_lat:.6f}",
        "name": name,
        "src": "wishwall",
        "callnative": "1",
    }
    return "https://uri.amap.com/marker?" + urlencode(wanted, safe=",", quote_via=quote)


def geo_link(name: str, lat: float, lon: float) -> str:
    """A link that opens the place in whatever map the phone has."""
    place = f"{lat:.6f},{lon:.6f}"
    return f"geo:{place}?q={place}({quote(name, safe='')})"
