"""Whatever is typed into any field of any form: refused kindly or kept as text, never run."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support.city import (
    a_courier,
    a_delivered_wish,
    a_station,
    many_wishes,
    sign_in,
)
from tests.support.client import PARTIAL, Client
from tests.support.sending import sealed
from tests.support.tables import everything_kept
from tests.web.cases import CASES, cell_of, whoever_may
from tests.web.people import Someone, someone
from tests.web.strings import GOOD, HOSTILE, LIVE
from wishwall.kit.db import db, writing
from wishwall.wishes.models import Wish

pytestmark = pytest.mark.usefixtures("app", "no_limits")
NewClient = Callable[[], Client]
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"

OFFER_FIELDS = (
    *("offer_text", "offer_method", "offer_value", "quota_count", "quota_period"),
    *("supply_count", "valid_from", "valid_until", "from_time", "until_time", "verified_only"),
)
SHOP_FIELDS = (
    *("name", "kind", "address", "place", "phone", "hours"),
    *("contact_name", "contact_phone"),
)
FIELDS = {
    "accounts.try_sign_in": ("phone", "password"),
    "accounts.try_sign_up": ("phone", "nickname", "password", "role", "group"),
    "accounts.sign_out": (),
    "notices.reading": ("up_to",),
    "wishes.post": ("text", "category", "courier_phone", "publish_masked"),
    "wishes.claim": ("named",),
    "wishes.release": ("reason",),
    "wishes.extend": (),
    "wishes.deliver": ("note",),
    "wishes.confirm": ("thanks",),
    "wishes.reopen": ("reason",),
    "wishes.withdraw": (),
    "wishes.edit": ("text", "category", "publish_masked"),
    "wishes.report": ("reason", "note"),
    "wishes.contact": (),
    "wishes.hide": ("reason",),
    "merchants.register": ("station", "owner_phone", *SHOP_FIELDS, *OFFER_FIELDS),
    "merchants.change_shop": (*SHOP_FIELDS, "without_photo"),
    "merchants.hand_over": ("owner_phone",),
    "merchants.propose": OFFER_FIELDS,
    "merchants.edit": OFFER_FIELDS,
    "merchants.approve": ("revision",),
    "merchants.ask": ("question",),
    "merchants.refuse": ("reason",),
    "merchants.pause": (),
    "merchants.resume": (),
    "merchants.complain": ("reason",),
    "merchants.save": (),
    "merchants.give": ("gift_text", "gift_count"),
    "merchants.receive_gift": ("revision",),
    "merchants.decline_gift": ("reason",),
    "merchants.issue": (),
    "merchants.give_back": (),
    "merchants.redeem": ("code", "used_at"),
    "merchants.void": ("code", "reason", "password"),
    "desk.run_stations_import": ("dry_run",),
    "desk.run_merchants_import": ("dry_run",),
    "desk.run_couriers_import": ("employer", "dry_run"),
    "desk.verify_courier": ("phone",),
    "desk.grant": ("phone", "role", "station", "department", "reason", "password"),
}
SEALS = ("key", "csrf_token")
SAME_FORM = {"merchants.propose", "merchants.edit", "merchants.change_shop"}  # as in registering
EVERY_FIELD = [
    pytest.param(endpoint, field, id=f"{endpoint} {field}")
    for endpoint, fields in FIELDS.items()
    for field in (*fields, *SEALS)
]
ONE_OF_FEW = (
    *(*SEALS, "category", "role", "group", "named", "publish_masked", "dry_run", "up_to"),
    *("kind", "offer_method", "quota_period", "verified_only", "used_at", "valid_from"),
    "without_photo",
)


@pytest.fixture
def no_limits(app: Flask) -> Iterator[None]:
    """Nobody is told to come back later."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in app.config if name.startswith("LIMIT_")]:
            patch.setitem(app.config, name, "1000000 per hour")
        yield


def whoever_fills(endpoint: str, field: str) -> Someone:
    return someone("ST" if field == "courier_phone" else whoever_may(endpoint))


def send(client: Client, path: str, fields: dict[str, Any], *, htmx: bool) -> TestResponse:
    """Send the form; bytes go as they are."""
    raw = "&".join(
        f"{name}={quote_from_bytes(value)}"
        if isinstance(value, bytes)
        else urlencode({name: value})
        for name, value in fields.items()
    )
    headers = PARTIAL if htmx else {}
    return client.post(path, data=raw.encode(), content_type=URLENCODED, headers=headers)


def test_every_form_of_the_site_is_filled_in_here() -> None:
    posts = {endpoint for endpoint, method in CASES if method == "POST"}
    assert posts == set(FIELDS)


@pytest.mark.parametrize(("endpoint", "field"), EVERY_FIELD)
def test_a_field_takes_anything_and_runs_nothing(
    endpoint: str, field: str, new_client: NewClient
) -> None:
    case = CASES[endpoint, "POST"]
    who = whoever_fills(endpoint, field)
    client = new_client()
    if who.person:
        sign_in(client, who.person)
    cell = cell_of(endpoint, who.column)
    address = case.address(who, cell)
    few = field in ONE_OF_FEW or field == "password"  # kept nowhere as text
    step = 4 if few or endpoint in SAME_FORM else 1
    for number, (name, value) in enumerate(list(HOSTILE.items())[::step]):
        fields = sealed(client, **case.fields(who.station)) | {field: value}
        fields = {each: part for each, part in fields.items() if isinstance(part, (str, bytes))}
        response = send(
            client, address, fields, htmx=number % 2 == 1 and endpoint.startswith("wishes.")
        )
        assert response.status_code < 500, name
        assert not any(live in response.data for live in LIVE), name
        if field in SEALS:
            assert response.status_code == 400, name
        if response.status_code < 400:
            _look_at_everything(client, who, address)
            address = case.address(who, cell)
            if who.person:
                _open_no_wishes(who)
                sign_in(client, who.person)
    assert "\0" not in everything_kept()


def _look_at_everything(client: Client, who: Someone, address: str) -> None:
    """The pages on which what was typed may stand; the client looks for live markup."""
    wish = address.rsplit("/", 1)[0] if address.startswith("/wishes/") else "/wishes"
    shops = f"/stations/{who.station.code}/merchants"
    for path in (wish, f"/stations/{who.station.code}", shops, "/merchants", "/me/notices"):
        response = client.get(path)
        assert response.status_code < 500
        assert not any(live in response.data for live in LIVE), path


def _open_no_wishes(who: Someone) -> None:
    """Take down what hangs open, so that the next one is not refused for being the third."""
    with writing():
        for wish in db.session.scalars(select(Wish).where(Wish.state == "open")):
            wish.withdraw(by=wish.author)
    assert who.person is not None


@pytest.mark.parametrize("text", GOOD)
def test_unusual_words_are_kept_unharmed(text: str, client: Client) -> None:
    courier, station = a_courier(), a_station()
    sign_in(client, courier)
    wall = f"/stations/{station.code}/wishes"
    client.follow(client.submit(wall, "post", {"text": text, "category": "goods"}))
    wish = db.session.scalars(select(Wish)).one()
    assert wish.text == text
    for path in (wish.link, wall, "/wishes", "/", "/me/wishes"):
        [shown] = client.page(path).select("article .words")
        assert "".join(shown.to_text().split()) == "".join(text.split())
    client.follow(client.submit(wish.link, "edit", {"text": text + "！"}))
    assert db.session.scalars(select(Wish.text)).one() == text + "！"


@pytest.mark.parametrize("thanks", [text for text in GOOD if "\n" not in text])
def test_unusual_thanks_are_kept_unharmed(thanks: str, client: Client) -> None:
    wish = a_delivered_wish()
    sign_in(client, wish.author)
    client.follow(client.submit(wish.link, "confirmation", {"thanks": thanks}))
    page = client.page(wish.link)
    shown = page.one("article .thanks").to_text()
    assert "".join(shown.split()) == "".join(thanks.split())


def test_what_is_invisible_is_left_out_and_the_rest_kept(client: Client) -> None:
    sign_in(client, a_courier())
    text = "心\u200b愿\u202e反\u202c\ufeff\u00a0\u00a0了\r\n\r\n\r\n\r\n好"
    wall = f"/stations/{a_station().code}/wishes"
    client.follow(client.submit(wall, "post", {"text": text, "category": "goods"}))
    assert db.session.scalars(select(Wish.text)).one() == "心愿反 了\n\n好"


@pytest.mark.parametrize("bad", ["nul", "lone surrogate", "no utf-8"])
def test_what_cannot_be_kept_is_refused_beside_its_field(bad: str, client: Client) -> None:
    sign_in(client, a_courier())
    wall = f"/stations/{a_station().code}/wishes"
    fields = sealed(client, text=HOSTILE[bad], category="goods")
    page = client.as_page(client.post(wall, data=_multipart(fields), content_type=MULTIPART), 422)
    assert "有无法识别的字符" in page.one("#text-error").to_text()


def test_bytes_that_are_no_text_stay_visible_escapes(client: Client) -> None:
    sign_in(client, a_courier())
    fields = sealed(client, text=HOSTILE["lone surrogate"], category="goods")
    send(client, f"/stations/{a_station().code}/wishes", fields, htmx=False)
    assert db.session.scalars(select(Wish.text)).one() == "a%ED%A0%80b"


def _multipart(fields: dict[str, Any]) -> bytes:
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + (value if isinstance(value, bytes) else value.encode())
        for name, value in fields.items()
    ]
    return b"\r\n".join([*parts, b"--x--\r\n"])


def test_a_name_of_a_person_is_text_wherever_it_stands(client: Client) -> None:
    station, courier = a_station(), a_courier()
    with writing():
        courier.nickname = '"><script>x</script>'[:20]
    many_wishes(station, 1, author=courier)
    sign_in(client, courier)
    assert client.page("/me").h1 == courier.nickname
