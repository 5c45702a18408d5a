"""A visit: how it begins, where it leads, what its cookie is worth, and how it ends."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote, urljoin, urlsplit

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support.city import PASSWORD, a_courier, a_volunteer, sign_in
from tests.support.client import PARTIAL, Client
from tests.support.sending import sealed
from tests.support.settings import NewApp
from tests.support.tables import everything_kept
from wishwall.accounts.models import Visit
from wishwall.kit.clock import now
from wishwall.kit.db import db

pytestmark = pytest.mark.usefixtures("app")
NewClient = Callable[[], Client]

LEADING_AWAY = (
    "//evil.example", "///evil.example", "////evil.example/me", "/\\evil.example",
    "\\/evil.example", "\\\\evil.example", "https://evil.example", "http:evil.example",
    "https:/evil.example", "HTTPS://EVIL.EXAMPLE", "javascript:alert(1)", "data:text/html,x",
    "evil.example", "@evil.example", "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example",
    " //evil.example", "\t//evil.example", "/\x01/evil.example", "/me\\..\\..//evil.example",
    "/me\r\nLocation: https://evil.example", "//localhost@evil.example/",
)  # fmt: skip


def enter(client: Client, phone: str) -> TestResponse:
    return client.submit("/sign-in", "/sign-in", {"phone": phone, "password": PASSWORD})


def test_signing_in_takes_a_new_session_and_a_new_token(
    client: Client, new_client: NewClient
) -> None:
    person = a_courier()
    page = client.page("/sign-in")
    planted, old_token = _cookie(client), page.form("/sign-in").values["csrf_token"]
    client.submit(page, "/sign-in", {"phone": person.phone, "password": PASSWORD})
    assert _cookie(client) != planted
    thief = new_client()
    thief.set_cookie("wishwall", planted)
    assert thief.get("/me").status_code == 303, "a planted session stays a stranger's"
    forged = {"csrf_token": old_token, "key": "a-fresh-key"}
    assert client.post("/sign-out", data=forged).status_code == 400


def test_after_signing_out_a_copied_cookie_is_dead(client: Client, new_client: NewClient) -> None:
    sign_in(client, a_courier())
    thief = new_client()
    thief.set_cookie("wishwall", _cookie(client))
    assert thief.get("/me").status_code == 200
    client.submit("/me", "/sign-out")
    assert thief.get("/me").status_code == 303
    assert db.session.scalars(select(Visit)).all() == []


def test_whoever_signs_in_on_somebodys_phone_ends_that_visit(
    client: Client, new_client: NewClient
) -> None:
    first, second = a_courier(), a_volunteer()
    enter(client, first.phone)
    copied = new_client()
    copied.set_cookie("wishwall", _cookie(client))
    enter(client, second.phone)
    assert client.page("/me").h1 == second.nickname
    assert copied.get("/me").status_code == 303


def test_a_visit_lasts_thirty_days(client: Client) -> None:
    began, person = now(), a_courier()
    with time_machine.travel(began, tick=False):
        enter(client, person.phone)
    with time_machine.travel(began + timedelta(days=30, seconds=-1), tick=False):
        assert client.get("/me").status_code == 200
    with time_machine.travel(began + timedelta(days=30), tick=False):
        assert client.get("/me").status_code == 303
    with time_machine.travel(began + timedelta(days=30, minutes=1), tick=False):
        assert client.get("/me").status_code == 303


def test_the_cookie_holds_a_token_that_no_table_holds(client: Client) -> None:
    sign_in(client, a_courier())
    with client.session_transaction() as session:
        token = session["_user_id"]
    assert len(token) >= 32 and token not in everything_kept()


@pytest.mark.parametrize("target", LEADING_AWAY)
def test_after_signing_in_nobody_is_led_to_another_site(client: Client, target: str) -> None:
    person = a_courier()
    address = f"/sign-in?next={quote(target, safe='')}"
    page = client.page(address)
    assert page.form("/sign-in").action == "/sign-in"
    assert page.link("注册") == "/sign-up"
    for headers in ({}, PARTIAL):
        sent = sealed(client, phone=person.phone, password=PASSWORD)
        answer = client.post(address, data=sent, headers=headers)
        went = answer.headers.get("HX-Redirect") or answer.location
        assert _host_of(went) == "localhost", went


def _host_of(location: str) -> str | None:
    """Where a browser goes: it drops line ends and tabs, and reads \\ as /."""
    seen = re.sub(r"[\t\r\n]", "", location).strip("\x00 ").replace("\\", "/")
    return urlsplit(urljoin("http://localhost/sign-in", seen)).hostname


@pytest.mark.parametrize("target", ["/me/notices?before=3&x=1", "/stations?q=小店#top", "/wishes"])
def test_after_signing_in_one_is_back_where_one_was(client: Client, target: str) -> None:
    person = a_courier()
    address = f"/sign-in?next={quote(target, safe='')}"
    for headers in ({}, PARTIAL):
        sent = sealed(client, phone=person.phone, password=PASSWORD)
        answer = client.post(address, data=sent, headers=headers)
        went = answer.headers.get("HX-Redirect") or answer.location
        assert went == quote(target, safe="/?=&#")


def test_the_way_back_survives_signing_up_first(client: Client) -> None:
    page = client.page("/sign-in?next=/me/notices")
    joining = {"phone": "13800138000", "nickname": "一阵风", "password": PASSWORD}
    joining |= {"role": "volunteer"}
    sent = client.submit(page.link("注册"), "/sign-up?next=/me/notices", joining)
    assert sent.location == "/sign-in?next=/me/notices"
    page = client.follow(sent)
    sent = client.submit(page, "/sign-in?next=/me/notices", {"password": PASSWORD})
    assert sent.location == "/me/notices"


def test_the_session_cookie_is_for_this_site_alone(client: Client) -> None:
    cookie = _set_cookie(enter(client, a_courier().phone), "wishwall")
    assert {"httponly", "samesite=lax", "path=/"} <= cookie
    assert "secure" not in cookie and not any(part.startswith("domain") for part in cookie)
    assert any(part.startswith("expires=") for part in cookie)
    language = _set_cookie(client.get("/?lang=en"), "lang")
    assert {"httponly", "samesite=lax", "path=/"} <= language


def test_by_https_the_cookie_is_a_host_cookie_and_browsers_are_told_to_stay(
    new_app: NewApp,
) -> None:
    app, person = new_app(HTTPS=True), a_courier()
    client = app.test_client()
    page = _https(client, "/sign-in")
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "secure" in _set_cookie(_https(client, "/?lang=en"), "lang")
    sent = {"phone": person.phone, "password": PASSWORD, **_hidden(page.text)}
    refused = client.post("/sign-in", base_url="https://localhost", data=sent)
    assert refused.status_code == 400, "by https a form says which page it comes from"
    headers = {"Referer": "https://localhost/sign-in"}
    answer = client.post("/sign-in", base_url="https://localhost", data=sent, headers=headers)
    assert answer.status_code == 303
    cookie = _set_cookie(answer, "__Host-wishwall")
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= cookie
    assert not any(part.startswith("domain") for part in cookie)
    assert _https(client, "/me").status_code == 200


def _https(client: FlaskClient, path: str) -> TestResponse:
    answer: TestResponse = client.get(path, base_url="https://localhost")
    return answer


def _hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(csrf_token|key)" value="([^"]*)"', page))


def _set_cookie(answer: TestResponse, name: str) -> set[str]:
    """The attributes of a cookie that the answer sets."""
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith(f"{name}=")]
    return {part.strip().lower() for part in cookie.split(";")[1:]}


def _cookie(client: Client) -> str:
    cookie = client.get_cookie("wishwall")
    assert cookie is not None
    return cookie.value
