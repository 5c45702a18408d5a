"""Requests that no form of ours sends: wrong types, bodies, methods and addresses."""

import io
import json
import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.city import (
    a_courier,
    a_station,
    a_volunteer,
    a_wish,
    an_organiser,
    sign_in,
)
from tests.support.client import PARTIAL, Client
from tests.support.sending import sealed
from tests.support.tables import changed, contents, everything_kept
from tests.web.cases import CASES, POSTS, cell_of, whoever_may
from tests.web.people import Someone, someone
from tests.web.test_bad_input import FIELDS, no_limits

__all__ = ["no_limits"]
pytestmark = pytest.mark.usefixtures("app", "no_limits")
NewClient = Callable[[], Client]
FILES = {
    "wishes.post": "photo",
    "wishes.deliver": "photo",
    "merchants.register": "photo",
    "merchants.change_shop": "photo",
    "desk.run_stations_import": "file",
    "desk.run_merchants_import": "file",
    "desk.run_couriers_import": "file",
}
ENDPOINTS = [endpoint for endpoint, _ in POSTS]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")


def a_file(name: str = "x.txt") -> tuple[io.BytesIO, str]:
    return io.BytesIO("文字".encode()), name


def a_visit(new_client: NewClient, endpoint: str) -> tuple[Client, Someone, str]:
    """A browser of somebody who may do this, and where they do it."""
    who = someone(whoever_may(endpoint))
    client = new_client()
    if who.person:
        sign_in(client, who.person)
    return client, who, CASES[endpoint, "POST"].address(who, cell_of(endpoint, who.column))


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_file_where_text_belongs_is_no_text(endpoint: str, new_client: NewClient) -> None:
    client, who, address = a_visit(new_client, endpoint)
    for field in (*FIELDS[endpoint], "key", "csrf_token"):
        for name in ("x.txt", ""):
            fields = sealed(client, **CASES[endpoint, "POST"].fields(who.station))
            fields[field] = a_file(name)
            assert client.post(address, data=fields).status_code < 500, field
    assert "FileStorage" not in everything_kept()


@pytest.mark.parametrize("endpoint", FILES)
def test_text_where_a_file_belongs_is_no_file(endpoint: str, new_client: NewClient) -> None:
    client, who, address = a_visit(new_client, endpoint)
    fields = sealed(client, **CASES[endpoint, "POST"].fields(who.station))
    fields[FILES[endpoint]] = "我不是文件"
    answer = client.post(address, data=fields, content_type="multipart/form-data")
    assert answer.status_code in (303, 422)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_fields_twice_in_brackets_or_not_at_all(endpoint: str, new_client: NewClient) -> None:
    client, who, address = a_visit(new_client, endpoint)
    whole = CASES[endpoint, "POST"].fields(who.station)
    whole = {name: value for name, value in whole.items() if isinstance(value, str)}
    for field in (*FIELDS[endpoint], "key", "csrf_token"):
        for odd in ({field: ["一", "二"]}, {f"{field}[]": "一"}, {f"{field}[a][b]": "一"}):
            fields = sealed(client, **whole)
            fields.pop(field, None)
            answer = client.post(address, data=fields | odd)
            assert answer.status_code < 500, field
    before = contents()
    assert client.post(address, data={}).status_code == 400
    assert client.post(address).status_code == 400
    assert changed(before) == []


BODIES = {
    "json": ("application/json", json.dumps({"text": ["手套"], "key": None}).encode()),
    "deep json": ("application/json", b"[" * 100_000),
    "broken json": ("application/json", b'{"text": '),
    "xml": ("application/xml", b'<!DOCTYPE x [<!ENTITY y "z">]><x>&y;</x>'),
    "plain": ("text/plain", b"csrf_token=1&key=2&text=3"),
    "no type": ("", b"text=3"),
    "no boundary": ("multipart/form-data", b"--x\r\n\r\n"),
    "cut multipart": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhal',
    ),
    "nameless part": ("multipart/form-data; boundary=x", b"--x\r\n\r\nhi\r\n--x--"),
    "strange part": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="\xff\x00"; filename="\x00"\r\n\r\n--x--',
    ),
    "odd charset": ("application/x-www-form-urlencoded; charset=utf-16", b"\xff\xfet\x00=\x00"),
    "half escapes": ("application/x-www-form-urlencoded", b"%=%&%u1234=%zz&&&=&=="),
    "many fields": ("application/x-www-form-urlencoded", b"a=1&" * 40_000),
}


@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_is_no_form_changes_nothing(body: str, new_client: NewClient) -> None:
    kind, content = BODIES[body]
    for endpoint in ENDPOINTS:
        client, _who, address = a_visit(new_client, endpoint)
        before = contents()
        answer = client.post(address, data=content, content_type=kind)
        assert 400 <= answer.status_code < 500, endpoint
        assert changed(before) == []


def test_a_form_of_too_many_parts_is_refused(client: Client) -> None:
    sign_in(client, a_courier())
    fields = sealed(client, text="手套", category="goods", photo=a_file("x.jpg"))
    fields |= {f"more{number}": "x" for number in range(150)}
    answer = client.post(f"/stations/{a_station().code}/wishes", data=fields)
    assert answer.status_code == 413


@pytest.mark.parametrize("size", [199_000, 250_000, 5_000_000])
def test_a_text_beyond_all_measure_is_refused_quickly(size: int, client: Client) -> None:
    sign_in(client, a_courier())
    fields = sealed(client, text="1" * size, category="goods")
    answer = client.post(f"/stations/{a_station().code}/wishes", data=fields)
    assert answer.status_code == (422 if size < 200_000 else 413)


def test_only_the_methods_of_a_route_are_answered(app: Flask, client: Client) -> None:
    station, wish = a_station(), a_wish()
    before = contents()
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        path = str(rule.rule).replace("<code:code>", station.code)
        path = re.sub("<id:[a-z_]+>", wish.public_id, path)
        allowed = {
            method
            for each in app.url_map.iter_rules()
            if each.rule == rule.rule
            for method in each.methods or ()
        }
        for method in set(METHODS) - allowed:
            response = client.open(path, method=method)
            assert response.status_code == 405, f"{method} {path}"
            assert set(response.headers["Allow"].split(", ")) == allowed
    assert changed(before) == []


HOSTILE_QUERIES = (
    *("-1", "0", "99999999999999999999", "1e309", "-0x1", "nan", "true", "null", "[]", "%", "%zz"),
    *("%00", "a%00b", "%ED%A0%80", "%FF%FE", "%C0%AF", "%F0%9F%98%80", "%E2%80%AE", "%0d%0aX:y"),
    *("'+OR+'1'='1", "%3Cscript%3Ealert(1)%3C/script%3E", "{{7*7}}", "..%2F..%2Fetc%2Fpasswd"),
    *("9" * 5000, "%E9%95%BF" * 1700, "1," * 2500, "//evil.example", "javascript:alert(1)"),
)
READS = {
    "/": ("lang",),
    "/sign-in": ("next",),
    "/sign-up": ("next",),
    "/stations": ("q", "district", "near", "open", "amenity", "after"),
    "/stations/{station}": (),
    "/stations/{station}/wishes": ("state", "category", "after"),
    "/wishes": ("district", "category", "near", "waiting", "after"),
    "/wishes/{wish}": (),
    "/wishes/{wish}/photo": ("small",),
    "/me": (),
    "/me/wishes": ("after",),
    "/me/claims": ("before",),
    "/me/notices": ("before",),
    "/desk": (),
    "/desk/stations": (),
    "/desk/merchants": (),
    "/desk/couriers": (),
    "/desk/people": (),
    "/healthz": (),
    "/readyz": (),
}
HAS_FRAGMENT = ("/stations", "/stations/{station}/wishes", "/wishes", "/wishes/{wish}")
EVERY_NAME = sorted({name for names in READS.values() for name in names})


@pytest.mark.parametrize("path", READS)
def test_any_query_is_answered_or_refused_in_words(path: str, client: Client) -> None:
    wish = a_wish()
    reader = an_organiser() if path.startswith("/desk") else a_volunteer()
    sign_in(client, reader)
    address = path.format(station=wish.station.code, wish=wish.public_id)
    for number, value in enumerate(HOSTILE_QUERIES):
        alone = [f"{name}={value}" for name in READS[path]]
        for query in (*alone, "&".join(f"{name}={value}" for name in EVERY_NAME), value):
            headers = PARTIAL if number % 2 and path in HAS_FRAGMENT else {}
            response = client.get(f"{address}?{query}", headers=headers)
            assert response.status_code < 500, query[:80]
            assert b"<script>alert" not in response.data
            assert b"Set-Cookie: " not in response.data and "X" not in response.headers


def test_a_known_wish_in_a_list_is_no_way_to_anothers(client: Client) -> None:
    wish = a_wish()
    with_comma = f"{wish.public_id},{wish.public_id}"
    assert client.get(f"/wishes?after={with_comma}").status_code == 200
    for path in ("/wishes/%00", "/wishes/" + "9" * 5000, f"/wishes/{wish.public_id}%20"):
        assert client.get(path).status_code == 404
