"""What has not changed is answered at the door, and only to strangers; to them as inside."""

import gzip
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests.support.city import a_station, a_wish
from tests.support.client import Client
from tests.support.door import SECRETS, said, wall_of, without_secrets
from tests.support.statements import statements
from wishwall.kit.clock import now
from wishwall.kit.kept_pages import PAGES_KEPT, KeptPages
from wishwall.kit.sessions import Sessions
from wishwall.kit.splice import Spliced
from wishwall.wishes import walls

NewClient = Callable[[], Client]


def kept_wall(client: Client, entered: list[str]) -> str:
    """The address of a wall with one wish, kept for strangers; this one knows it already."""
    wall = wall_of(a_wish(text="想要一把伞").station)
    client.get(wall)  # gets the cookie
    client.get(wall)  # comes as a stranger who is known
    entered.clear()
    return wall


def test_a_kept_wall_is_the_same_page_with_the_browsers_own_token_and_a_new_key(
    entered: list[str], new_client: NewClient
) -> None:
    here, there = new_client(), new_client()
    wall = kept_wall(here, entered)
    inside = there.get(wall)  # a first visit has no cookie
    assert len(entered) == 1
    kept, again, elsewhere = there.get(wall), there.get(wall), here.get(wall)
    assert len(entered) == 1
    assert without_secrets(inside) == without_secrets(kept) == without_secrets(elsewhere)
    (_, key), (_, next_key) = (SECRETS.findall(page.text) for page in (kept, again))
    assert key != next_key
    assert SECRETS.findall(kept.text)[0] != SECRETS.findall(elsewhere.text)[0]


def test_the_door_says_what_flask_says(
    app: Flask, client: Client, entered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = kept_wall(client, entered)
    kept = client.get(wall)
    seen = client.get(wall, headers={"If-None-Match": kept.headers["ETag"]})
    assert entered == []
    monkeypatch.setattr(app, "wsgi_app", app.extensions["kept-pages"]._inside)
    inside = client.get(wall)
    seen_inside = client.get(wall, headers={"If-None-Match": kept.headers["ETag"]})
    assert len(entered) == 2
    assert (kept.status, seen.status) == (inside.status, seen_inside.status)
    assert said(kept) == said(inside)
    assert said(seen) == said(seen_inside)


def test_a_wish_written_on_a_kept_page_is_not_lost(client: Client, entered: list[str]) -> None:
    wall = kept_wall(client, entered)
    sent = client.submit(client.page(wall), "post", {"text": "想要热水", "category": "goods"})
    assert entered == []
    assert sent.location == "/sign-in"


def test_a_wish_elsewhere_changes_nothing_here(client: Client, entered: list[str]) -> None:
    wall = kept_wall(client, entered)
    etag = client.get(wall).headers["ETag"]
    assert wall_of(a_wish().station) != wall
    assert "想要一把伞" in client.get(wall).text
    assert client.get(wall, headers={"If-None-Match": etag}).status_code == 304
    assert entered == []


def test_a_changed_wall_is_made_anew(client: Client, entered: list[str]) -> None:
    station = a_station()
    a_wish(station, text="想要一把伞")
    for _ in range(3):
        etag = client.get(wall_of(station)).headers["ETag"]
    entered.clear()
    a_wish(station, text="想要一副手套")
    fresh = client.get(wall_of(station), headers={"If-None-Match": etag})
    assert fresh.status_code == 200 and "想要一副手套" in fresh.text
    assert len(entered) == 1
    assert "想要一副手套" in client.get(wall_of(station)).text
    assert len(entered) == 1


def test_each_language_has_its_own_page(client: Client, entered: list[str]) -> None:
    wall = kept_wall(client, entered)
    english = {"Accept-Language": "en"}
    assert 'lang="en"' in client.get(wall, headers=english).text
    assert len(entered) == 1
    assert 'lang="en"' in client.get(wall, headers=english).text
    assert 'lang="zh-Hans"' in client.get(wall).text
    assert len(entered) == 1


def test_a_draft_is_shown_to_its_author_alone(
    entered: list[str], client: Client, new_client: NewClient
) -> None:
    wall, other = kept_wall(client, entered), new_client()
    client.submit(client.page(wall), "post", {"text": "想要热水", "category": "goods"})
    for _ in range(2):
        assert "想要热水" in client.get(wall).text
    for _ in range(3):
        assert "想要热水" not in other.get(wall).text


def test_a_message_is_said_once_and_to_one(
    app: Flask, entered: list[str], client: Client, new_client: NewClient
) -> None:
    wall, other = kept_wall(client, entered), new_client()
    app.extensions["kept-pages"].forget_all()
    with client.session_transaction() as session:
        session["_flashes"] = [("message", "只说给你听")]
    assert "只说给你听" in client.get(wall).text
    for browser in (client, other, other):
        assert "只说给你听" not in browser.get(wall).text


@pytest.mark.parametrize(
    "asked",
    [
        {"query_string": "state=open"},
        {"query_string": "lang=en"},
        {"headers": {"HX-Request-Type": "partial"}},
        {"method": "HEAD"},
    ],
    ids=str,
)
def test_whatever_is_not_plainly_that_page_goes_inside(
    client: Client, entered: list[str], asked: dict[str, Any]
) -> None:
    wall = kept_wall(client, entered)
    assert client.open(wall, **asked).status_code == 200
    assert len(entered) == 1


def test_a_strange_host_is_refused_at_the_door_too(client: Client, entered: list[str]) -> None:
    wall = kept_wall(client, entered)
    assert client.get(wall, headers={"Host": "evil.example"}).status_code == 400
    assert client.get(wall, headers={"Host": "LOCALHOST"}).status_code == 200
    assert entered == []


@pytest.mark.parametrize("cookie", ["", "forged", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb", "%00%C3%A9"])
def test_a_cookie_that_is_not_ours_opens_nothing(
    app: Flask, client: Client, entered: list[str], cookie: str
) -> None:
    wall = kept_wall(client, entered)
    name = app.config["SESSION_COOKIE_NAME"]
    answer = app.test_client(use_cookies=False).get(wall, headers={"Cookie": f"{name}={cookie}"})
    assert answer.status_code == 200
    assert len(entered) == 1


def test_a_cookie_grows_old_though_it_was_checked(
    client: Client, entered: list[str], monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    wall = kept_wall(client, entered)
    client.get(wall)
    assert entered == []
    monkeypatch.setitem(app.config, "PERMANENT_SESSION_LIFETIME", timedelta(seconds=-1))
    client.get(wall)
    assert len(entered) == 1


def test_a_cookie_from_a_later_time_is_not_taken(
    app: Flask, client: Client, entered: list[str]
) -> None:
    wall = kept_wall(client, entered)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie and isinstance(app.session_interface, Sessions)
    assert app.session_interface.held(app, cookie.value)
    with time_machine.travel(now() - timedelta(days=2), tick=False):
        assert app.session_interface.held(app, cookie.value) is None
        client.get(wall)
    assert len(entered) == 1


def test_a_wall_that_is_no_longer_for_everybody_is_not_given_away(
    app: Flask, client: Client, entered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = kept_wall(client, entered)
    monkeypatch.delitem(app.extensions["permissions"].routes, ("wishes.wall", "GET"))
    assert client.get(wall).status_code == 403


def test_the_door_asks_the_database_once(client: Client, entered: list[str]) -> None:
    wall = kept_wall(client, entered)
    with statements() as sent:
        client.get(wall)
    assert (len(sent), entered) == (1, [])


def test_a_database_that_does_not_answer_is_met_inside(
    client: Client, entered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = kept_wall(client, entered)

    def unanswered(*_: object) -> None:
        raise OperationalError("SELECT", {}, ValueError("away"))

    monkeypatch.setattr(KeptPages, "_look", unanswered)
    assert client.get(wall).status_code == 200
    assert len(entered) == 1


def test_a_page_goes_packed_to_who_takes_it_so(app: Flask, entered: list[str]) -> None:
    browser, wall = app.test_client(), wall_of(a_wish().station)
    for _ in range(2):
        browser.get(wall)
    entered.clear()
    plain, packed = (
        browser.get(wall, headers={"Accept-Encoding": taken}) for taken in ("gzip;q=0", "gzip, br")
    )
    assert entered == []
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert SECRETS.sub("", gzip.decompress(packed.data).decode()) == SECRETS.sub("", plain.text)
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2


def test_only_so_many_pages_are_kept(app: Flask) -> None:
    door = KeptPages(app, [], lambda *_: None)
    for number in range(PAGES_KEPT + 10):
        door.remember(f"/{number}", "zh", (), (), Spliced([b"", b"", b""]))
    assert len(door._pages) == PAGES_KEPT
    assert ("/9", "zh", ()) not in door._pages and ("/10", "zh", ()) in door._pages


def test_the_doors_addresses_are_the_routes_own(app: Flask) -> None:
    address = wall_of(a_station())
    endpoint, values = app.url_map.bind("localhost").match(address)
    found = walls.KIND.address.fullmatch(address)
    assert found and (endpoint, values) == (walls.KIND.endpoint, found.groupdict())
