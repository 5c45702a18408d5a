"""Invented shops around the stations, and what they give couriers."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from random import Random
from typing import Any, NamedTuple

from wishwall.demo.bulk import Bulk
from wishwall.demo.crowd import public_id

FIRST_STATION, EVERY = 4, 5  # shops at the first station, and one at each fifth of the others
SHOPS = (
    # kind, names, what it gives, method, value, how often, in which period
    ("food", ("刀削面馆", "砂锅店", "饺子馆"), "午餐套餐", "price", 1000, None, None),
    ("food", ("羊汤馆", "早餐铺", "家常菜馆"), "出示小哥码，全单优惠", "discount", 20, None, None),
    ("food", ("面馆", "粥铺"), "热水、热饭、歇脚", "free", None, None, None),
    ("barber", ("理发店", "美发厅"), "理发一次", "free", None, 1, "month"),
    ("repair", ("修车铺", "电动车行"), "补胎、打气、检查刹车", "free", None, 2, "month"),
    ("shop", ("便利店", "超市"), "矿泉水一瓶", "price", 100, 1, "day"),
    ("laundry", ("洗衣店",), "工服清洗", "discount", 40, None, None),
    ("pharmacy", ("大药房",), "量血压、测血糖", "free", None, None, None),
    ("phones", ("手机维修店",), "贴膜一张", "free", None, 1, "year"),
)
GIFT = {
    "text": "刀削面一碗",
    "method": "gift",
    "value": None,
    "quota_count": 1,
    "quota_period": "day",
    "supply_count": 8,
    "supply_period": "ever",
}
HOURS = ("07:00-21:00", "09:00-21:00", "10:00-22:00", "24小时")
SIGNS = ("晋阳", "老街", "福顺", "金虎", "同心", "和顺", "小东门", "汾河")


class Spot(NamedTuple):
    """A station that shops can stand around."""

    id: int
    lat: float
    lon: float
    address: str


class Hands(NamedTuple):
    """Whose the first shop is, and who has paid there for couriers who come later."""

    owner_id: int
    giver_id: int


def expected(places: int) -> int:
    """How many rows the shops of so many stations have: themselves, their offers and the gift."""
    shops = FIRST_STATION + max(0, places - 1) // EVERY if places else 0
    return 2 * shops + (shops > 0)


def write_shops(
    bulk: Bulk, places: Iterable[Spot], hands: Hands, moment: datetime, random: Random
) -> None:
    """Shops and an offer each, approved; the first has an owner and a gift, nobody owns others."""
    first_shop = bulk.first_free_id("merchant")
    planned = list(_planned(places, first_shop, moment, random))
    shops = [shop for shop, _offer in planned]
    offers = [offer for _shop, offer in planned]
    if shops:
        shops[0]["owner_id"] = hands.owner_id
        offers.append({**offers[0], **GIFT, "given_by_id": hands.giver_id})
        offers[-1]["public_id"] = public_id(random)
    bulk.write("merchant", shops)
    first_offer = bulk.first_free_id("offer")
    bulk.write("offer", ({"id": nth, **offer} for nth, offer in enumerate(offers, first_offer)))


def _planned(
    places: Iterable[Spot], first_id: int, moment: datetime, random: Random
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for number, place in enumerate(_where(places)):
        kind, names, text, method, value, quota_count, quota_period = SHOPS[number % len(SHOPS)]
        shop_id = first_id + number
        shop = {
            "id": shop_id,
            "public_id": public_id(random),
            "station_id": place.id,
            "owner_id": None,
            "name": f"{random.choice(SIGNS)}{random.choice(names)}（示例 {number + 1}）",
            "kind": kind,
            "address": place.address,
            "lat": place.lat + random.uniform(-0.003, 0.003),
            "lon": place.lon + random.uniform(-0.003, 0.003),
            "hours": random.choice(HOURS),
            "registered_at": moment,
        }
        offer = {
            "public_id": public_id(random),
            "merchant_id": shop_id,
            "given_by_id": None,
            "text": text,
            "method": method,
            "value": value,
            "quota_count": quota_count,
            "quota_period": quota_period,
            "supply_count": None,
            "supply_period": quota_period or "ever",
            "valid_from": date(2026, 1, 1),
            "state": "live",
            "changed_at": moment,
        }
        yield shop, offer


def _where(places: Iterable[Spot]) -> Iterator[Spot]:
    for number, place in enumerate(places):
        if number == 0:
            yield from [place] * FIRST_STATION
        elif number % EVERY == 0:
            yield place
