"""Who may do what: asked of every route, as everybody, about what is theirs and what is not."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support.city import (
    a_station,
    a_wish,
    an_organiser,
    sign_in,
)
from tests.support.client import Client
from tests.support.sending import sealed
from tests.support.tables import changed, contents
from tests.web import shop_cases
from tests.web.cases import (
    CASES,
    FOREIGN,
    MISSING,
    NO_SUCH_WISH,
    cell_of,
    is_tied,
)
from tests.web.people import Someone, someone
from wishwall.drafts.models import Draft
from wishwall.kit.db import db
from wishwall.permissions import ACTIONS, COLUMNS, ROUTES, TABLE
from wishwall.wishes.models import Wish

pytestmark = pytest.mark.usefixtures("app")
NewClient = Callable[[], Client]

# What the city decided, action by action; AN CO VO ME DE GR ST CA.
DECIDED = {
    "station.read": "YYYYYYYY",
    "wish.list": "YYYYYYYY",
    "wish.create": "LYNNNNSN",
    "wish.edit": "LONNNNNN",
    "wish.withdraw": "LONNNNSN",
    "wish.claim": "LNYNYNNN",
    "wish.release": "LNANANSN",
    "wish.extend": "LNANANNN",
    "wish.done": "LNANANNN",
    "wish.contact": "LOANANRN",
    "wish.confirm": "LONNNNSN",
    "wish.reopen": "LONNNNNN",
    "wish.report": "LYYYYYYY",
    "wish.moderate": "LNNNNNSY",
    "wish.thread": "LOANANRN",
    "offer.list": "YYYYYYYY",
    "merchant.apply": "YYYYNNYY",
    "merchant.approve": "LNNNNNSY",
    "merchant.edit": "LNNONNSN",
    "merchant.save": "LYYYYYYY",
    "offer.edit": "LNNONNNN",
    "offer.pause": "LNNONNSY",
    "offer.complain": "LYNNNNNN",
    "gift.give": "LNYONNNN",
    "gift.receive": "LNNONNNN",
    "gifts.read": "LNOONNNN",
    "voucher.issue": "LOONNNNN",
    "voucher.view": "LOONNNNN",
    "voucher.redeem": "LNNONNNN",
    "voucher.void": "LNNNNNRR",
    "merchants.read": "LNNONNNN",
    "me.read": "LOOOOOOO",
    "wishes.read": "LOOOOOOO",
    "claims.read": "LNONONNN",
    "desk.read": "LNNNNNSY",
    "import.stations": "LNNNDNSY",
    "import.merchants": "LNNNDNSY",
    "import.couriers": "LNNNDNSY",
    "courier.verify": "LNNNNNSY",
    "role.grant": "LNNNNNNR",
}
# Where the site is not yet as far, or stricter, and why.
APART = {
    ("merchant.apply", "AN"): "L: the form is kept until its owner has signed in",
    ("voucher.issue", "CO"): "Y: a voucher that is taken is one's own",
    ("voucher.issue", "VO"): "N: a courier must be a courier",
    ("voucher.view", "VO"): "N: a courier must be a courier",
    ("wish.contact", "CO"): "N: an author knows their own number",
    ("wish.contact", "ST"): "N: no keeper reads a number before a password is asked again",
    ("wish.thread", "ST"): "N: no keeper reads it before a password is asked again",
    ("import.stations", "DE"): "N: the list of stations is the city's",
    ("import.stations", "ST"): "N: the list of stations is the city's",
    ("import.merchants", "DE"): "N: the list of shops is the city's",
    ("import.merchants", "ST"): "N: the list of shops is the city's",
    ("import.couriers", "DE"): "N: whom an employer names is the city's to say",
    ("import.couriers", "ST"): "N: a keeper verifies whom they see",
}

# What a stranger sends there is kept until they have signed in.
KEPT = {"wishes.post", "merchants.register"}


def test_the_table_says_what_the_city_decided() -> None:
    decided = {action: dict(zip(COLUMNS, cells, strict=True)) for action, cells in DECIDED.items()}
    for (action, column), here in APART.items():
        decided[action][column] = here[0]
    assert dict(TABLE.matrix) == decided


def test_every_route_has_a_case_in_the_walk() -> None:
    assert set(CASES) == set(ROUTES), "write a case in tests/web/cases.py for the new route"
    assert set(ACTIONS) == set(ROUTES.values()) - {"public"}, "an action without a route"


@pytest.mark.parametrize("column", COLUMNS)
def test_each_route_answers_everybody_as_the_table_says(new_client: NewClient, column: str) -> None:
    wrong = [
        f"{method} {endpoint}, {relation}: {fault}"
        for (endpoint, method), case in CASES.items()
        for who in [someone(column)]
        for relation in case.relations
        for fault in _faults(new_client(), who, endpoint, method, relation)
    ]
    assert not wrong, f"\n{column}\n" + "\n".join(wrong)


def _faults(
    client: Client, who: Someone, endpoint: str, method: str, relation: str
) -> Iterator[str]:
    case, cell = CASES[endpoint, method], cell_of(endpoint, who.column, method)
    address = case.address(who, cell, relation)
    fields = case.fields(who.station) if method == "POST" else {}
    if who.person:
        sign_in(client, who.person)
    before = contents()
    response = _send(client, method, address, fields)
    expected = _expected(endpoint, who.column, cell, relation)
    if not expected(response):
        yield f"{cell} got {response.status_code} {response.location or ''}"
    denied = response.status_code >= 400 or (cell == "L" and endpoint not in KEPT)
    if denied and (tables := changed(before)):
        yield f"{cell} was denied, and changed {tables}"


def _expected(
    endpoint: str, column: str, cell: str, relation: str
) -> Callable[[TestResponse], bool]:
    if cell == "N":
        return lambda response: response.status_code == 403
    missing = relation == MISSING
    if cell == "L" and not (missing and endpoint in KEPT):  # no draft for no wall
        return lambda response: (
            response.status_code == 303 and response.location.startswith(("/sign-in", "/sign-up"))
        )
    if missing or (relation == FOREIGN and is_tied(cell, column)):
        return lambda response: response.status_code == 404
    return lambda response: (
        response.status_code in (200, 303) and not str(response.location).startswith("/sign-in?")
    )


def _send(client: Client, method: str, address: str, fields: dict[str, Any]) -> TestResponse:
    if method == "GET":
        return client.look(address)
    return client.post(address, data=sealed(client, **fields))


@pytest.mark.parametrize(
    ("column", "endpoint", "method"),
    [
        (column, endpoint, method)
        for endpoint, method in CASES
        for column in COLUMNS
        if FOREIGN in CASES[endpoint, method].relations
        and is_tied(cell_of(endpoint, column, method), column)
    ],
)
def test_what_is_another_persons_looks_like_what_is_not_there(
    client: Client, column: str, endpoint: str, method: str
) -> None:
    who, case = someone(column), CASES[endpoint, method]
    assert who.person is not None
    sign_in(client, who.person)
    bodies = []
    for relation in (FOREIGN, MISSING):
        address = case.address(who, cell_of(endpoint, column, method), relation)
        response = _send(client, method, address, case.fields(who.station))
        assert response.status_code == 404, address
        bodies.append(_masked(response.text))
    assert bodies[0] == bodies[1]


def _masked(page: str) -> str:
    page = re.sub(r'(name="(?:csrf_token|key)" value=")[^"]*', r"\1", page)
    return re.sub(
        r"/(?:(?:wishes|merchants|offers|vouchers)/[2-9a-z]{10}|stations/TY\d{6})", "/…", page
    )


def test_a_stranger_is_sent_back_after_signing_in(client: Client) -> None:
    wish = a_wish()
    sent = client.post(f"{wish.link}/claim", data=sealed(client))
    assert sent.location == f"/sign-in?next={wish.link}"
    assert client.get("/me/notices?before=3").location == "/sign-in?next=/me/notices%3Fbefore%3D3"


def test_a_strangers_wish_is_kept_as_a_draft(client: Client) -> None:
    wall = f"/stations/{a_station().code}/wishes"
    sent = client.post(wall, data=sealed(client, text="想要热水", category="goods"))
    assert sent.location == "/sign-in"
    assert db.session.scalars(select(Draft)).one().fields["text"] == "想要热水"
    assert db.session.scalars(select(Wish)).all() == []


def test_head_is_answered_as_get_is(new_client: NewClient) -> None:
    for column in ("AN", "CO", "ST", "CA"):
        who, client = someone(column), new_client()
        if who.person:
            sign_in(client, who.person)
        for (endpoint, method), case in CASES.items():
            if method == "GET":
                address = case.address(who, cell_of(endpoint, column, method))
                head, got = (client.look(address, asked) for asked in ("HEAD", "GET"))
                assert (head.status_code, head.location) == (got.status_code, got.location), address
                assert head.data == b""


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_other_method_is_known_anywhere(client: Client, method: str) -> None:
    sign_in(client, an_organiser())
    who = someone("CA")
    before = contents()
    for case in CASES.values():
        names = dict.fromkeys(("wish", *shop_cases.KINDS), NO_SUCH_WISH)
        address = case.path.format(station=who.station.code, **names)
        response = client.open(address, method=method, data=sealed(client))
        assert response.status_code == 405, address
    assert changed(before) == []


def test_asking_for_the_options_does_nothing(app: Flask) -> None:
    who = someone("CA")
    wishes = {case.wish: case.address(who, "Y") for case in CASES.values() if "{wish}" in case.path}
    before = contents()
    for (endpoint, _), case in CASES.items():
        wish = wishes.get(case.wish, "//").split("/")[2]
        names = {"wish": wish, **dict.fromkeys(shop_cases.KINDS, NO_SUCH_WISH)}
        path = case.path.format(station=who.station.code, **names)
        response = app.test_client().options(path)
        assert response.status_code == 200, endpoint
        assert response.data == b"" and "OPTIONS" in response.headers["Allow"]
    assert changed(before) == []


def test_a_route_that_the_table_does_not_know_is_closed(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/stations").status_code == 200
    monkeypatch.delitem(app.extensions["permissions"].routes, ("stations.index", "GET"))
    assert client.get("/stations").status_code == 403
