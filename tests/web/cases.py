"""One deed for every route: where it goes, what it sends, and the wish or station it is about."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.desk import files as rosters
from tests.merchants import files as merchants
from tests.stations.files import a_row, csv_of, lines_of
from tests.support.city import (
    PASSWORD,
    a_claimed_wish,
    a_courier,
    a_delivered_wish,
    a_station,
    a_volunteer,
    a_wish,
    sign_in,
)
from tests.support.client import Client
from tests.support.sending import sealed
from tests.web import shop_cases
from tests.web.people import Someone, someone
from wishwall.accounts.models import Person
from wishwall.kit.db import db, writing
from wishwall.photos.models import Photo
from wishwall.stations.models import Station
from wishwall.wishes.models import Wish

NO_SUCH_WISH, NO_SUCH_STATION = "zzzzzzzzzz", "TY999999"
OWN, FOREIGN, MISSING = "own", "foreign", "missing"
Fields = Callable[[Station], dict[str, Any]]


def nothing(_station: Station) -> dict[str, Any]:
    return {}


def saying(**fields: Any) -> Fields:
    """These fields, whoever sends them."""
    return lambda _station: dict(fields)


@dataclass(frozen=True)
class Case:
    """A request that succeeds for whoever may make it."""

    path: str
    wish: str = "open"
    fields: Fields = nothing
    offer: str = "live"

    @property
    def relations(self) -> tuple[str, ...]:
        return (OWN, FOREIGN, MISSING) if "{" in self.path else (OWN,)

    def address(self, who: Someone, cell: str, relation: str = OWN) -> str:
        """Where the request goes: to a wish or station that is theirs, somebody's or nobody's."""
        if "{wish}" in self.path:
            wish = None if relation == MISSING else self._wish(who, cell, own=relation == OWN)
            return self.path.format(wish=wish.public_id if wish else NO_SUCH_WISH)
        if kind := shop_cases.kind_in(self.path):
            own = relation == OWN
            tied = {"O": who.person, "S": who.station, "R": who.station}.get(cell) if own else None
            public_id = (
                NO_SUCH_WISH if relation == MISSING else shop_cases.a(kind, self.offer, tied)
            )
            return self.path.format(**{kind: public_id})
        if "{station}" in self.path:
            code = {OWN: who.station.code, MISSING: NO_SUCH_STATION}.get(relation)
            return self.path.format(station=code or a_station().code)
        return self.path

    def _wish(self, who: Someone, cell: str, *, own: bool) -> Wish:
        tie: dict[str, Any] = {}
        if own and cell == "O":
            tie = {"author": who.person}
        elif own and cell == "S":
            tie = {"station": who.station}
        claimant = who.person if own and cell == "A" else None
        return WISHES[self.wish](claimant, tie)


def _photographed_delivery(claimant: Person | None, tie: dict[str, Any]) -> Wish:
    claimant, photo = claimant or a_volunteer(), shop_cases.a_photo()
    wish = a_claimed_wish(claimant, **tie)
    with writing():
        wish.deliver(by=claimant, note="放在前台了", photo=db.session.get_one(Photo, photo.id))
    return wish


WISHES: dict[str, Callable[[Person | None, dict[str, Any]], Wish]] = {
    "open": lambda _claimant, tie: a_wish(**tie),
    "with a photo": lambda _claimant, tie: a_wish(photo=shop_cases.a_photo(), **tie),
    "claimed": lambda claimant, tie: a_claimed_wish(claimant, **tie),
    "delivered": lambda claimant, tie: a_delivered_wish(claimant, **tie),
    "delivered with a photo": _photographed_delivery,
}


def _a_table(_station: Station) -> dict[str, Any]:
    content = csv_of(lines_of(a_row(驿站编号="TY050009")))
    return {"file": (io.BytesIO(content), "stations.csv")}


def _a_list_of_shops(station: Station) -> dict[str, Any]:
    content = csv_of(merchants.lines_of(merchants.a_row(驿站编号=station.code)))
    return {"file": (io.BytesIO(content), "merchants.csv")}


def _a_roster(_station: Station) -> dict[str, Any]:
    content = csv_of(rosters.lines_of("13712345670"))
    return {"employer": rosters.EMPLOYER, "file": (io.BytesIO(content), "couriers.csv")}


def _a_grant(station: Station) -> dict[str, Any]:
    return {
        "phone": a_courier().phone,
        "role": "keeper",
        "station": station.code,
        "reason": "新站长",
        "password": PASSWORD,
    }


def _a_sign_in(_station: Station) -> dict[str, Any]:
    return {"phone": a_courier().phone, "password": PASSWORD}


def _a_wish(_station: Station) -> dict[str, Any]:
    return {"text": "想要一双雨靴", "category": "goods", "courier_phone": a_courier().phone}


def _a_shop(station: Station) -> dict[str, Any]:
    return {**shop_cases.A_SHOP, "station": station.code}


A_SIGN_UP = {
    "phone": "13712345678",
    "nickname": "南寒一阵风",
    "password": PASSWORD,
    "role": "courier",
    "group": "food",
}

CASES: dict[tuple[str, str], Case] = {
    ("static", "GET"): Case("/static/css/base.css"),
    ("home.front", "GET"): Case("/"),
    ("home.healthz", "GET"): Case("/healthz"),
    ("home.readyz", "GET"): Case("/readyz"),
    ("home.hall", "GET"): Case("/stations/{station}"),
    ("stations.index", "GET"): Case("/stations"),
    ("accounts.sign_in", "GET"): Case("/sign-in"),
    ("accounts.try_sign_in", "POST"): Case("/sign-in", fields=_a_sign_in),
    ("accounts.sign_up", "GET"): Case("/sign-up"),
    ("accounts.try_sign_up", "POST"): Case("/sign-up", fields=saying(**A_SIGN_UP)),
    ("accounts.sign_out", "POST"): Case("/sign-out"),
    ("accounts.me", "GET"): Case("/me"),
    ("notices.inbox", "GET"): Case("/me/notices"),
    ("notices.reading", "POST"): Case("/me/notices/reading", fields=saying(up_to="1")),
    ("wishes.wall", "GET"): Case("/stations/{station}/wishes"),
    ("wishes.post", "POST"): Case("/stations/{station}/wishes", fields=_a_wish),
    ("wishes.city", "GET"): Case("/wishes"),
    ("live.wall", "GET"): Case("/stations/{station}/live"),
    ("live.the_city", "GET"): Case("/wishes/live"),
    ("live.mine", "GET"): Case("/me/live"),
    ("wishes.wish", "GET"): Case("/wishes/{wish}"),
    ("wishes.photo", "GET"): Case("/wishes/{wish}/photo", wish="with a photo"),
    ("wishes.delivery_photo", "GET"): Case(
        "/wishes/{wish}/delivery/photo", wish="delivered with a photo"
    ),
    ("wishes.claim", "POST"): Case("/wishes/{wish}/claim"),
    ("wishes.release", "POST"): Case("/wishes/{wish}/release", wish="claimed"),
    ("wishes.extend", "POST"): Case("/wishes/{wish}/extension", wish="claimed"),
    ("wishes.deliver", "POST"): Case("/wishes/{wish}/delivery", wish="claimed"),
    ("wishes.confirm", "POST"): Case("/wishes/{wish}/confirmation", wish="delivered"),
    ("wishes.reopen", "POST"): Case("/wishes/{wish}/reopening", wish="delivered"),
    ("wishes.withdraw", "POST"): Case("/wishes/{wish}/withdrawal"),
    ("wishes.edit", "POST"): Case(
        "/wishes/{wish}/edit", fields=saying(text="想要一双43码雨靴", category="goods")
    ),
    ("wishes.report", "POST"): Case("/wishes/{wish}/report", fields=saying(reason="advert")),
    ("wishes.contact", "POST"): Case("/wishes/{wish}/contact", wish="claimed"),
    ("wishes.hide", "POST"): Case("/wishes/{wish}/hiding", fields=saying(reason="是广告")),
    ("wishes.mine", "GET"): Case("/me/wishes"),
    ("wishes.claims", "GET"): Case("/me/claims"),
    ("merchants.city", "GET"): Case("/merchants"),
    ("merchants.of_station", "GET"): Case("/stations/{station}/merchants"),
    ("merchants.shop", "GET"): Case("/merchants/{shop}"),
    ("merchants.photo", "GET"): Case("/merchants/{shop}/photo"),
    ("merchants.new", "GET"): Case("/merchants/new"),
    ("merchants.register", "POST"): Case("/merchants/new", fields=_a_shop),
    ("merchants.edit_shop", "GET"): Case("/merchants/{shop}/edit"),
    ("merchants.change_shop", "POST"): Case(
        "/merchants/{shop}/edit", fields=saying(**shop_cases.A_SHOP)
    ),
    ("merchants.hand_over", "POST"): Case(
        "/merchants/{shop}/owner", fields=lambda _station: {"owner_phone": a_courier().phone}
    ),
    ("merchants.approve", "POST"): Case("/offers/{offer}/approval", offer="waiting"),
    ("merchants.ask", "POST"): Case(
        "/offers/{offer}/question", offer="waiting", fields=saying(question="几点到几点？")
    ),
    ("merchants.refuse", "POST"): Case(
        "/offers/{offer}/refusal", offer="waiting", fields=saying(reason="店已搬走")
    ),
    ("merchants.pause", "POST"): Case("/offers/{offer}/pause"),
    ("merchants.resume", "POST"): Case("/offers/{offer}/resumption", offer="paused"),
    ("merchants.complain", "POST"): Case(
        "/offers/{offer}/complaint", fields=saying(reason="closed")
    ),
    ("merchants.new_offer", "GET"): Case("/merchants/{shop}/offers/new"),
    ("merchants.propose", "POST"): Case(
        "/merchants/{shop}/offers", fields=saying(**shop_cases.AN_OFFER)
    ),
    ("merchants.edit_offer", "GET"): Case("/offers/{offer}/edit"),
    ("merchants.edit", "POST"): Case("/offers/{offer}/edit", fields=saying(**shop_cases.AN_OFFER)),
    ("merchants.poster", "GET"): Case("/merchants/{shop}/poster"),
    ("merchants.save", "POST"): Case("/merchants/{shop}/saving"),
    ("merchants.new_gift", "GET"): Case("/merchants/{shop}/gifts/new"),
    ("merchants.give", "POST"): Case(
        "/merchants/{shop}/gifts", fields=saying(gift_text="两个包子", gift_count="8")
    ),
    ("merchants.receive_gift", "POST"): Case("/offers/{gift}/receipt"),
    ("merchants.decline_gift", "POST"): Case(
        "/offers/{gift}/non-receipt", fields=saying(reason="没有收到钱")
    ),
    ("merchants.my_gifts", "GET"): Case("/me/gifts"),
    ("merchants.issue", "POST"): Case("/offers/{offer}/vouchers"),
    ("merchants.voucher", "GET"): Case("/vouchers/{voucher}"),
    ("merchants.give_back", "POST"): Case("/vouchers/{voucher}/return"),
    ("merchants.my_vouchers", "GET"): Case("/me/vouchers"),
    ("merchants.counter", "GET"): Case("/merchants/{shop}/redemptions"),
    ("merchants.redeem", "POST"): Case(
        "/merchants/{shop}/redemptions", fields=saying(code=shop_cases.CODE)
    ),
    ("merchants.days", "GET"): Case("/merchants/{shop}/redemptions/days"),
    ("merchants.voids", "GET"): Case("/merchants/{shop}/voids"),
    ("merchants.void", "POST"): Case(
        "/merchants/{shop}/voids",
        fields=saying(code=shop_cases.CODE, reason="发错了", password=PASSWORD),
    ),
    ("merchants.mine", "GET"): Case("/me/merchants"),
    ("desk.front", "GET"): Case("/desk"),
    ("desk.stations_import", "GET"): Case("/desk/stations"),
    ("desk.run_stations_import", "POST"): Case("/desk/stations", fields=_a_table),
    ("desk.merchants_import", "GET"): Case("/desk/merchants"),
    ("desk.run_merchants_import", "POST"): Case("/desk/merchants", fields=_a_list_of_shops),
    ("desk.couriers", "GET"): Case("/desk/couriers"),
    ("desk.verify_courier", "POST"): Case(
        "/desk/couriers", fields=lambda _station: {"phone": a_courier().phone}
    ),
    ("desk.run_couriers_import", "POST"): Case("/desk/couriers/list", fields=_a_roster),
    ("desk.people", "GET"): Case("/desk/people"),
    ("desk.grant", "POST"): Case("/desk/people", fields=_a_grant),
}

POSTS = sorted(rule for rule in CASES if rule[1] == "POST")


def whoever_may(endpoint: str) -> str:
    """A column that may do what this POST does."""
    from wishwall.permissions import ROUTES, TABLE

    action = ROUTES[endpoint, "POST"]
    if action == "public":
        return "AN"
    row = TABLE.matrix[action]
    return next(column for column, cell in row.items() if cell not in "NL")


def cell_of(endpoint: str, column: str, method: str = "POST") -> str:
    """What the table says there; Y where everybody may."""
    from wishwall.permissions import ROUTES, TABLE

    action = ROUTES[endpoint, method]
    return "Y" if action == "public" else TABLE.matrix[action][column]


def is_tied(cell: str, column: str) -> bool:
    """Whether what the table allows there depends on whose it is; an organiser is everywhere."""
    return cell in "OAS" or (cell, column) == ("R", "ST")


def ready(client: Client, endpoint: str) -> tuple[str, dict[str, Any]]:
    """Sign somebody in who may do this; where to send what they send."""
    who, case = someone(whoever_may(endpoint)), CASES[endpoint, "POST"]
    if who.person:
        sign_in(client, who.person)
    address = case.address(who, cell_of(endpoint, who.column))
    return address, sealed(client, **case.fields(who.station))
