"""Too often, too much: told kindly, counted by the true address, and the same for everybody."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.support.city import PASSWORD, a_courier, a_station
from tests.support.client import PARTIAL, Client
from tests.support.sending import sealed
from tests.support.settings import NewApp
from tests.support.tables import changed, contents
from tests.web.cases import ready

pytestmark = pytest.mark.usefixtures("app")
NewClient = Callable[[], Client]


@pytest.mark.parametrize(("proxies", "counted_apart"), [(0, False), (1, True)])
def test_a_forwarded_address_counts_only_behind_a_proxy(
    new_app: NewApp, *, proxies: int, counted_apart: bool
) -> None:
    app = new_app(PROXIES=proxies, LIMIT_SIGN_IN_ADDRESS="2 per hour")
    client = app.test_client()
    answers = [_try(client, forwarded=f"203.0.113.{number}") for number in range(4)]
    assert [answer.status_code for answer in answers[:2]] == [422, 422]
    assert {answer.status_code for answer in answers[2:]} == {422 if counted_apart else 429}


def test_more_forwarded_addresses_than_proxies_do_not_help(new_app: NewApp) -> None:
    client = new_app(PROXIES=1, LIMIT_SIGN_IN_ADDRESS="2 per hour").test_client()
    chains = [f"198.51.100.{number}, 203.0.113.7" for number in range(3)]
    answers = [_try(client, forwarded=chain).status_code for chain in chains]
    assert answers == [422, 422, 429]


def _try(client: Any, *, forwarded: str = "", phone: str = "13800138000") -> TestResponse:
    headers = {"X-Forwarded-For": forwarded, "X-Real-IP": forwarded} if forwarded else {}
    sent = sealed(client, phone=phone, password="wrong")
    answer: TestResponse = client.post("/sign-in", data=sent, headers=headers)
    return answer


def test_guessing_a_password_ends_after_ten_tries_whether_or_not_the_phone_is_known(
    new_client: NewClient,
) -> None:
    known = a_courier()
    shapes = []
    for phone in (known.phone, "+8613700000000"):
        client = new_client()
        statuses = [_try(client, phone=phone).status_code for _ in range(12)]
        last = _try(client, phone=phone)
        shapes.append((statuses, 890 <= int(last.headers["Retry-After"]) <= 900, last.text))
    assert shapes[0] == shapes[1]
    assert shapes[0][:2] == ([422] * 10 + [429] * 2, True)
    right = sealed(client := new_client(), phone=known.phone, password=PASSWORD)
    assert client.post("/sign-in", data=right).status_code == 429, "the right one, too"


@pytest.mark.parametrize(
    ("endpoint", "rule"),
    [
        ("accounts.try_sign_in", "LIMIT_SIGN_IN_ADDRESS"),
        ("accounts.try_sign_up", "LIMIT_SIGN_UP_ADDRESS"),
        ("wishes.post", "LIMIT_POSTING"),
        ("wishes.post", "LIMIT_POSTING_ADDRESS"),
        ("wishes.claim", "LIMIT_ACTIONS"),
        ("desk.grant", "LIMIT_ACTIONS"),
    ],
)
def test_too_often_is_said_kindly_and_when_to_come_back(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch, endpoint: str, rule: str
) -> None:
    monkeypatch.setitem(app.config, rule, "1 per hour")
    address, fields = ready(client, endpoint)
    client.post(address, data=fields)
    before = contents()
    fields |= sealed(client)
    plain = client.post(address, data=fields)
    assert 0 < int(plain.headers["Retry-After"]) <= 3600
    assert "太频繁了" in client.as_page(plain, 429).text
    in_place = client.post(address, data=fields, headers=PARTIAL)
    assert in_place.status_code == 429 and "<html" not in in_place.text
    assert changed(before) == []


def test_a_strangers_drafts_are_limited_too(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "LIMIT_POSTING_ADDRESS", "1 per hour")
    wall = f"/stations/{a_station().code}/wishes"
    statuses = [
        client.post(wall, data=sealed(client, text="想要热水", category="goods")).status_code
        for _ in range(2)
    ]
    assert statuses == [303, 429]


@pytest.mark.parametrize("endpoint", ["accounts.try_sign_in", "wishes.post", "wishes.deliver"])
@pytest.mark.parametrize("headers", [{}, PARTIAL])
def test_what_is_much_too_large_is_refused(
    client: Client, endpoint: str, headers: dict[str, str]
) -> None:
    address, fields = ready(client, endpoint)
    before = contents()
    text = {**fields, "text": "水" * 100_000, "password": "x"}
    multipart = {"content_type": "multipart/form-data"}
    picture = {**fields, "photo": (io.BytesIO(b"\xff" * (10 * 1024 * 1024)), "large.jpg")}
    parts = {**fields, **{f"extra-{number}": "" for number in range(100)}}
    for answer in (
        client.post(address, data=text, headers=headers),
        client.post(address, data=text, headers=headers, **multipart),
        client.post(address, data=picture, headers=headers),
        client.post(address, data=parts, headers=headers, **multipart),
    ):
        assert answer.status_code == 413
        assert ("<html" in answer.text) == (not headers)
    assert changed(before) == []
