"""Streams of the served site: what is told, to whom, from where on, and for how long."""

import http.client
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.city import RULES, a_courier, a_keeper, a_station, a_volunteer, a_wish
from tests.support.crowd import phone_of, same_city
from tests.support.listening import Listener
from tests.support.server import MakeSite, Site
from wishwall.kit.db import db, writing
from wishwall.trail.models import Trail
from wishwall.wishes.models import Wish


@pytest.fixture(autouse=True)
def in_the_city(city: Flask) -> Iterator[None]:
    with city.app_context():
        yield
        db.session.remove()


def until(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline, f"never seen: {what}"
        time.sleep(0.05)


def status_of(site: Site, path: str) -> int:
    with Listener(site.port, path) as listener:
        return listener.status


def stream_of(wish: Wish) -> str:
    return f"/stations/{wish.station.code}/live"


def newest(wish: Wish) -> int:
    """The last that has happened to a wish."""
    happened = select(func.max(Trail.id)).where(Trail.subject_id == wish.id)
    return db.session.scalar(happened) or 0


def test_a_wall_is_told_what_another_process_does_in_both_languages(site: Site) -> None:
    wish, volunteer = a_wish(text="想要一把伞"), a_volunteer()
    path = f"{stream_of(wish)}?after={newest(wish)}"
    with Listener(site.port, path) as here, Listener(site.port, path, language="en") as there:
        for listener in (here, there):
            listener.next(event="hello")
        with writing():
            wish.claim(by=volunteer, rules=RULES)
        chinese, english = here.next(), there.next()
        assert f'hx-target="#wish-{wish.public_id}" hx-swap="outerMorph"' in chinese.data
        assert "已认领" in chinese.data and "已认领 1" in chinese.data
        assert "Claimed 1" in english.data and "已认领" not in english.data
        assert chinese.id == english.id == newest(wish)


def test_a_new_wish_is_put_in_where_it_is_not_yet(site: Site) -> None:
    wish = a_wish()
    with Listener(site.port, f"{stream_of(wish)}?after={newest(wish)}") as listener:
        listener.next(event="hello")
        other = a_wish(wish.station, text="想要热水")
        said = listener.next().data
    assert f'hx-target="#wall[data-live]:not(:has(#wish-{other.public_id}))"' in said
    assert "想要热水" in said and "outerMorph" not in said and "全部 2" in said


@pytest.mark.parametrize("away", ["hidden", "withdrawn"])
def test_what_no_longer_hangs_there_is_taken_down_unread(site: Site, away: str) -> None:
    wish = a_wish(text="想要一把伞")
    keeper = a_keeper(wish.station)
    with Listener(site.port, f"{stream_of(wish)}?after={newest(wish)}") as listener:
        listener.next(event="hello")
        with writing():
            if away == "hidden":
                wish.hide(by=keeper, reason="有隐私")
            else:
                wish.withdraw(by=wish.author)
        said = listener.next().data
    assert f'#wish-{wish.public_id}:not(:focus-within)" hx-swap="delete"' in said
    assert "想要一把伞" not in said and "有隐私" not in said and "全部 0" in said


def test_who_was_away_is_told_the_rest_in_order_and_once(site: Site) -> None:
    station = a_station()
    first = a_wish(station)
    seen = newest(first)
    wishes = [a_wish(station, text=f"第 {number} 个心愿") for number in range(5)]
    with Listener(site.port, stream_of(first), last=seen) as listener:
        listener.next(event="hello")
        told = [listener.next() for _ in wishes]
        late = a_wish(station, text="最后一个")
        told.append(listener.next())
    ids = [said.id for said in told]
    assert ids == sorted(set(ids), key=lambda each: each or 0)
    for wish, said in zip([*wishes, late], told, strict=True):
        assert f"wish-{wish.public_id}" in said.data


def test_the_header_counts_before_the_address(site: Site) -> None:
    station = a_station()
    old = a_wish(station)
    with Listener(site.port, f"{stream_of(old)}?after=0", last=newest(old)) as listener:
        listener.next(event="hello")
        new = a_wish(station)
        assert f"wish-{new.public_id}" in listener.next().data


@pytest.mark.parametrize("last", ["too long", "of the future"])
def test_who_missed_too_much_fetches_the_list_again(site: Site, last: str) -> None:
    station = a_station()
    for _ in range(101 if last == "too long" else 1):
        wish = a_wish(station)
    after = 0 if last == "too long" else 2**62
    with Listener(site.port, f"{stream_of(wish)}?after={after}") as listener:
        listener.next(event="hello")
        assert listener.next(event="refresh").id == newest(wish)
        new = a_wish(station)
        assert f"wish-{new.public_id}" in listener.next().data


@pytest.mark.parametrize("after", ["x", "-1", "1e9", "９", "9" * 30])
def test_a_place_that_cannot_be_is_refused(site: Site, after: str) -> None:
    wish = a_wish()
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    connection.request("GET", stream_of(wish), headers={"Last-Event-ID": after.encode()})
    assert connection.getresponse().status == 400
    connection.close()


def test_another_walls_doings_are_not_told(site: Site) -> None:
    wish = a_wish()
    with Listener(site.port, f"{stream_of(wish)}?after={newest(wish)}") as listener:
        listener.next(event="hello")
        a_wish(text="别处的心愿")
        here = a_wish(wish.station, text="这里的心愿")
        said = listener.next()
        assert said.id == newest(here) and "别处的心愿" not in said.data


def test_the_citys_list_is_told_within_its_filters(site: Site) -> None:
    wish, volunteer = a_wish(), a_volunteer()
    with Listener(site.port, f"/wishes/live?after={newest(wish)}") as listener:
        listener.next(event="hello")
        with writing():
            wish.claim(by=volunteer, rules=RULES)
        assert f'#results #wish-{wish.public_id}:not(:focus-within)"' in listener.next().data
        new = a_wish(text="想学修车", category="skills")
        said = listener.next().data
        assert "[data-district=&#34;&#34;],[data-district=&#34;小店区&#34;]" in said
        assert f"#wish-{new.public_id}" in said and "想学修车" in said


def test_one_is_told_of_ones_own_wish_and_nobody_else_is(city: Flask, site: Site) -> None:
    author, other, volunteer = a_courier(), a_courier(), a_volunteer()
    wish = a_wish(author=author, text="想要一把伞")
    path = f"/me/live?after={newest(wish)}"
    mine, theirs = (phone_of(city, site, person).cookie for person in (author, other))
    with (
        Listener(site.port, path, cookie=mine) as own,
        Listener(site.port, path, cookie=theirs) as foreign,
    ):
        for listener in (own, foreign):
            listener.next(event="hello")
        with writing():
            wish.claim(by=volunteer, rules=RULES)
        said = own.next().data
        assert "有人认领了" in said and f'"#mine-{wish.public_id}"' in said
        assert '<span class="badge">1</span>' in said
        second = a_wish(author=other)
        with writing():
            second.claim(by=volunteer, rules=RULES)
        heard = foreign.next().data
        assert "想要一把伞" not in heard and f"mine-{second.public_id}" in heard


def test_a_private_stream_ends_with_its_visit_within_five_seconds(city: Flask, site: Site) -> None:
    phone = phone_of(city, site, a_courier())
    with Listener(site.port, "/me/live", cookie=phone.cookie) as listener:
        listener.next(event="hello")
        assert phone.post("/sign-out").status == 303
        assert listener.is_ended_within(5)


def test_strangers_have_no_private_stream(site: Site) -> None:
    with Listener(site.port, "/me/live") as listener:
        assert listener.status == 303


def test_http_1_0_is_answered_without_chunks(site: Site) -> None:
    wish = a_wish()
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as line:
        asked = f"GET {stream_of(wish)}?after={newest(wish)} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"
        line.sendall(asked.encode())
        said = b""
        while b"event: hello" not in said:
            said += line.recv(4096)
        a_wish(wish.station)
        while b"hx-partial" not in said:
            said += line.recv(65536)
    head, _, body = said.partition(b"\r\n\r\n")
    assert b"Transfer-Encoding" not in head
    assert body.startswith(b"event: hello\n") and b"\nid: " in body


def test_so_many_streams_an_address_and_no_more(new_site: MakeSite) -> None:
    site = new_site(LIVE_PER_ADDRESS="3", WORKERS="1", TICK_SECONDS="0")
    with ExitStack() as hanging_up:
        listeners = [hanging_up.enter_context(Listener(site.port, "/wishes/live")) for _ in "1234"]
        assert [listener.status for listener in listeners] == [200, 200, 200, 429]
        listeners[0].next(event="hello")
        listeners[0].close()
        until(lambda: status_of(site, "/wishes/live") == 200, "the place is given to another")


def test_more_listeners_than_threads_hold_up_nobody(new_site: MakeSite) -> None:
    site = new_site(WORKERS="1", THREADS="2", TICK_SECONDS="0")
    with ExitStack() as hanging_up:
        for _ in range(40):
            hanging_up.enter_context(Listener(site.port, "/wishes/live")).next(event="hello")
        assert site.is_ready()


def a_talking_stream(site: Site) -> tuple[str, str]:
    """The address of a stream that has something to say at once, and what that is about."""
    app = same_city(site)
    with app.app_context():
        wish = a_wish()
        found = f"{stream_of(wish)}?after=0", f"wish-{wish.public_id}"
        db.session.remove()
        db.engine.dispose()
    return found


def test_a_reload_sends_everybody_to_the_new_workers(new_site: MakeSite) -> None:
    site = new_site(WORKERS="1", TICK_SECONDS="0")
    path, about = a_talking_stream(site)
    with Listener(site.port, path) as listener:
        assert about in listener.next().data
        site.send(signal.SIGHUP)
        listener.next(event="bye")
    for _ in range(20):  # the old worker may have taken the next one too, and sends it away
        with Listener(site.port, path) as again:
            said = next((said for said in again.heard() if said.event in {"", "bye"}), None)
            if said and said.event == "":
                break
    assert said and about in said.data


def test_the_end_of_the_server_says_when_to_come_back(new_site: MakeSite) -> None:
    site = new_site(WORKERS="1", TICK_SECONDS="0")
    path, about = a_talking_stream(site)
    with Listener(site.port, path) as listener:
        assert about in listener.next().data
        site.send(signal.SIGTERM)
        listener.next(event="bye")
        assert listener.is_ended_within(5)
