"""The hub: the slow, the gone and the silent, on sockets without a site around them."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from wishwall.live import hub as hubs
from wishwall.live.hub import BACKLOG, Audience, Hub, Viewer

EVERYONE = Audience("everyone", "zh")
PATIENCE_SECONDS = 10


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def listen(hub: Hub) -> Iterator[Callable[..., socket.socket]]:
    """`listen("who")`: our end of an open stream."""
    with ExitStack() as ending:

        def start(*who: str, audience: Audience = EVERYONE, visit: str = "") -> socket.socket:
            ours, theirs = socket.socketpair()
            ending.enter_context(ours)
            ours.settimeout(PATIENCE_SECONDS)
            viewer = Viewer(theirs.detach(), audience, chunked=False, who=who, visit=visit)
            hub.open(viewer, b"first\n")
            return ours

        yield start


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "never so"
        time.sleep(0.01)


def taken(line: socket.socket, length: int) -> bytes:
    said = b""
    while len(said) < length:
        more = line.recv(65536)
        assert more, said
        said += more
    return said


def test_an_audience_hears_the_same_in_order_and_others_do_not(
    hub: Hub, listen: Callable[..., socket.socket]
) -> None:
    here, there = listen(), listen(audience=Audience("everyone", "en"))
    for number in range(3):
        hub.tell(EVERYONE, b"%d\n" % number)
    hub.tell(Audience("everyone", "en"), b"english\n")
    assert taken(here, 12) == b"first\n0\n1\n2\n"
    assert taken(there, 14) == b"first\nenglish\n"


def test_who_never_reads_is_dropped_and_slows_nobody(
    hub: Hub, listen: Callable[..., socket.socket]
) -> None:
    sleeper, reader = listen("sleeper"), listen("reader")
    taken(reader, len(b"first\n"))
    content = bytes(16 * 1024)
    for _ in range(3 * BACKLOG // len(content)):
        hub.tell(EVERYONE, content)
        assert len(taken(reader, len(content))) == len(content)
    until(lambda: len(hub) == 1)
    assert sleeper.recv(1)


def test_who_is_only_slow_gets_everything(hub: Hub, listen: Callable[..., socket.socket]) -> None:
    slow = listen()
    contents = [bytes([65 + number]) * 100_000 for number in range(3)]
    for content in contents:
        hub.tell(EVERYONE, content)
    time.sleep(0.2)
    assert taken(slow, 300_006) == b"first\n" + b"".join(contents)
    assert len(hub) == 1


def test_a_place_is_given_back_when_a_viewer_goes(
    hub: Hub, listen: Callable[..., socket.socket]
) -> None:
    assert hub.admit([("address", 1)])
    line = listen("address")
    assert not hub.admit([("address", 1)])
    assert hub.audiences() == [EVERYONE]
    line.close()
    until(lambda: len(hub) == 0)
    until(lambda: hub.admit([("address", 1)]))
    assert hub.audiences() == []


def test_nobody_is_counted_who_is_refused(hub: Hub) -> None:
    assert not hub.admit([("all", 5), ("address", 0)])
    for _ in range(5):
        assert hub.admit([("all", 5)])
    assert not hub.admit([("all", 5)])


def test_the_private_streams_of_a_visit_are_closed(
    hub: Hub, listen: Callable[..., socket.socket]
) -> None:
    theirs, public = listen(visit="ended"), listen()
    taken(theirs, 6)
    until(lambda: len(hub.private()) == 1)
    hub.close(hub.private())
    assert theirs.recv(1) == b""
    hub.tell(EVERYONE, b"still\n")
    assert taken(public, 12) == b"first\nstill\n"


def test_everyone_is_pinged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "PING_EVERY", 1)
    ours, theirs = socket.socketpair()
    with ours:
        ours.settimeout(PATIENCE_SECONDS)
        Hub().open(Viewer(theirs.detach(), EVERYONE, chunked=True), b"")
        assert taken(ours, 10).startswith(b"15\r\nevent: ping\n"[:10])


def test_who_comes_while_the_doors_close_is_sent_away_too(
    hub: Hub, listen: Callable[..., socket.socket]
) -> None:
    hub.end()
    late = listen()
    heard = b""
    while more := late.recv(4096):
        heard += more
    assert heard.startswith(b"first\n") and b"event: bye\nretry: " in heard
