"""What strangers try: forged forms, forged names, floods; and what every answer carries."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.support.city import (
    a_claimed_wish,
    a_courier,
    a_delivered_wish,
    a_station,
    a_volunteer,
    a_wish,
    sign_in,
)
from tests.support.client import PARTIAL, Client
from tests.support.sending import ANOTHER_SITE, sealed, token_of
from tests.support.settings import NewApp
from tests.support.tables import changed, contents
from tests.web.cases import CASES, POSTS, cell_of, ready
from tests.web.people import someone
from wishwall.accounts.models import Person
from wishwall.kit.db import db
from wishwall.permissions import COLUMNS
from wishwall.wishes.models import Wish

pytestmark = pytest.mark.usefixtures("app")
NewClient = Callable[[], Client]
Ready = tuple[str, dict[str, Any]]

POLICY = (
    "default-src 'self'; script-src 'self' https://unpkg.com/htmx.org@4.0.1/dist/; "
    "style-src 'self'; img-src 'self' blob:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
}
FORGED_HOSTS = (
    "evil.example", "evil.example:80", "localhost.evil.example", "evil.example#localhost",
    "localhost@evil.example", "localhost, evil.example", "localhost/evil", "127.0.0.1.nip.io",
    "[::ffff:7f00:1]", "localhost:99999", "localhost:80:81", "lоcalhost",
)  # fmt: skip

FROM_ELSEWHERE = (
    {"Origin": ANOTHER_SITE},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:9999"},
    {"Referer": f"{ANOTHER_SITE}/localhost/"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
)


@pytest.mark.parametrize("endpoint", [endpoint for endpoint, _ in POSTS])
class TestEveryForm:
    def test_is_refused_without_the_browsers_own_token(
        self, client: Client, new_client: NewClient, endpoint: str
    ) -> None:
        address, fields = ready(client, endpoint)
        before = contents()
        for token in (None, "", "forged", token_of(new_client())):
            sent = {**fields, "csrf_token": token} if token is not None else dict(fields)
            if token is None:
                del sent["csrf_token"]
            assert client.post(address, data=_unread(sent)).status_code == 400, token
        assert changed(before) == []

    def test_is_refused_from_another_sites_page(self, client: Client, endpoint: str) -> None:
        address, fields = ready(client, endpoint)
        before = contents()
        for headers in FROM_ELSEWHERE:
            answer = client.post(address, data=_unread(fields), headers=headers)
            assert answer.status_code == 400, headers
        assert changed(before) == []

    def test_is_taken_from_this_sites_page(self, client: Client, endpoint: str) -> None:
        address, fields = ready(client, endpoint)
        headers = {"Origin": "http://LOCALHOST:80", "Sec-Fetch-Site": "same-origin"}
        assert client.post(address, data=fields, headers=headers).status_code in (200, 303)

    def test_is_refused_without_a_key(self, client: Client, endpoint: str) -> None:
        address, fields = ready(client, endpoint)
        before = contents()
        for key in (None, "", "short", "x" * 65, "emoji😀emoji"):
            sent = {name: value for name, value in fields.items() if name != "key"}
            if key is not None:
                sent["key"] = key
            assert client.post(address, data=_unread(sent)).status_code == 400, key
        assert changed(before) == []


def _unread(fields: dict[str, Any]) -> dict[str, Any]:
    """The same fields, a file at its beginning: sending reads and closes it."""
    return {
        name: (io.BytesIO(b"a,b"), value[1]) if isinstance(value, tuple) else value
        for name, value in fields.items()
    }


def test_the_second_tap_gets_the_first_answer_and_there_is_one_wish(client: Client) -> None:
    address, fields = ready(client, "wishes.post")
    first, second = client.post(address, data=fields), client.post(address, data=fields)
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert first.status_code == 303 and _wishes() == 1
    for headers in (PARTIAL, PARTIAL):
        assert client.post(address, data=fields, headers=headers).status_code == 303


def test_the_same_form_with_other_words_keeps_them_and_takes_a_fresh_key(client: Client) -> None:
    address, fields = ready(client, "wishes.post")
    client.post(address, data=fields)
    answer = client.post(address, data={**fields, "text": "想要一把伞"})
    form = client.as_page(answer, 409).form("post")
    assert form.values["text"] == "想要一把伞" and form.values["key"] != fields["key"]
    assert _wishes() == 1
    again = client.post(address, data={**fields, **form.values.to_dict()})
    assert again.status_code == 303 and _wishes() == 2


def test_a_key_belongs_to_the_person_who_used_it(new_client: NewClient) -> None:
    wall = f"/stations/{a_station().code}/wishes"
    for text in ("想要一把伞", "想要热水"):
        client = new_client()
        sign_in(client, a_courier())
        sent = sealed(client, text=text, category="goods") | {"key": "the-same-key-for-both"}
        assert client.post(wall, data=sent).status_code == 303
    assert _wishes() == 2


def _wishes() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Wish)) or 0


@pytest.mark.parametrize("host", FORGED_HOSTS)
def test_the_site_does_not_answer_to_another_name(app: Flask, host: str) -> None:
    sent = host.encode().decode("latin-1")
    for path in ("/", "/healthz", "/stations"):
        answer = app.test_client().get(path, headers={"Host": sent})
        assert answer.status_code == 400
        assert "evil" not in answer.text
    posted = app.test_client().post("/sign-in", headers={"Host": sent}, data={"phone": "1"})
    assert posted.status_code == 400


def test_host_names_have_no_case(new_app: NewApp) -> None:
    app = new_app(TRUSTED_HOSTS="Wall.Taiyuan.example, heart.example")
    for host in ("WALL.taiyuan.EXAMPLE", "heart.example:8443", "LocalHost:8000", "127.0.0.1"):
        assert app.test_client().get("/healthz", headers={"Host": host}).status_code == 200, host


def test_a_proxy_that_renames_the_host_may_name_it_in_the_settings(new_app: NewApp) -> None:
    app = new_app(TRUSTED_HOSTS="wall.example")
    client = app.test_client()
    sent = sealed(client, phone="13800138000", password="wrong")
    for origin, status in (("https://wall.example", 422), (ANOTHER_SITE, 400)):
        answer = client.post("/sign-in", data=sent, headers={"Origin": origin})
        assert answer.status_code == status


def test_every_kind_of_answer_carries_the_headers(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = f"/stations/{a_station().code}/wishes"
    tag = client.get(wall).headers["ETag"]
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setitem(app.view_functions, "stations.index", _broken)
    answers = {
        200: client.get("/"),
        303: client.get("/me"),
        304: client.get(wall, headers={"If-None-Match": tag}),
        400: app.test_client().get("/", headers={"Host": "evil.example"}),
        404: client.get("/stations/TY999999"),
        405: client.post("/healthz"),
        500: client.get("/stations"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS, status
        assert "Strict-Transport-Security" not in answer.headers
    assert "Traceback" not in answers[500].text and "broken" not in answers[500].text
    static = client.get("/static/css/base.css", buffered=True)
    assert {name: static.headers.get(name) for name in ALWAYS} == ALWAYS


def _broken() -> TestResponse:
    raise RuntimeError("broken")


@pytest.mark.parametrize("column", COLUMNS)
def test_nobody_finds_a_telephone_number_on_any_page(new_client: NewClient, column: str) -> None:
    who, client = someone(column), new_client()
    a_delivered_wish(station=who.station)
    a_claimed_wish(station=who.station, text="请打 138-0013-8000")
    if who.person:
        sign_in(client, who.person)
    pages = [
        (address, client.look(address).get_data(as_text=True))
        for (endpoint, method), case in CASES.items()
        if method == "GET" and endpoint != "static" and "photo" not in endpoint
        for relation in case.relations
        for address in [case.address(who, cell_of(endpoint, column, method), relation)]
    ]
    db.session.rollback()
    phones = [phone[3:] for phone in db.session.scalars(select(Person.phone))]
    assert len(phones) > 5
    for address, page in pages:
        digits = re.sub(r"\D", "", page)
        assert not [phone for phone in [*phones, "13800138000"] if phone in digits], address


def test_errors_inside_a_page_are_a_sentence_and_not_a_page(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setitem(app.view_functions, "stations.index", _broken)
    wish = a_wish()
    sign_in(client, a_volunteer())
    answers = (
        client.get("/stations/TY999999", headers=PARTIAL),
        client.get("/stations", headers=PARTIAL),
        client.get("/desk", headers=PARTIAL),
        client.post(f"{wish.link}/claim", headers=PARTIAL),
        client.post(f"{wish.link}/edit", data=sealed(client), headers=PARTIAL),
        client.delete(wish.link, headers=PARTIAL),
    )
    assert [answer.status_code for answer in answers] == [404, 500, 403, 400, 403, 405]
    for answer in answers:
        assert "<html" not in answer.text and 'role="alert"' in answer.text


def test_a_stranger_in_a_page_is_led_to_sign_in(client: Client) -> None:
    answer = client.post(f"{a_wish().link}/claim", data=sealed(client), headers=PARTIAL)
    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers["HX-Redirect"].startswith("/sign-in?next=/wishes/")
