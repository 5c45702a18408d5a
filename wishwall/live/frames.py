"""Messages of a stream as bytes: server-sent events, with or without chunks around them."""

from collections.abc import Iterable
from typing import NamedTuple

LAST_CHUNK = b"0\r\n\r\n"


class Message(NamedTuple):
    """What happened up to the trail row `id`; an unnamed one is HTML that htmx swaps in."""

    id: int
    html: str
    event: str = ""


def encoded(messages: Iterable[Message]) -> bytes:
    """The messages as server-sent events."""
    return "".join(map(_event, messages)).encode()


def named(event: str, data: str = "1", *, retry: int | None = None) -> bytes:
    """A message for the page's script, which leaves no mark on where the stream is."""
    again = "" if retry is None else f"retry: {retry}\n"
    return f"event: {event}\n{again}data: {data}\n\n".encode()


def chunk(content: bytes) -> bytes:
    """A chunk of an HTTP/1.1 answer without a length."""
    return b"%x\r\n%s\r\n" % (len(content), content)


def _event(message: Message) -> str:
    name = f"event: {message.event}\n" if message.event else ""
    data = "".join(f"data: {line}\n" for line in message.html.splitlines() or [""])
    return f"id: {message.id}\n{name}{data}\n"
