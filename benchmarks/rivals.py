"""What the live stream is measured against: the same message to as many, told as plainly as can be.

`python -m benchmarks.rivals bare PORT FILE` is an epoll loop and nothing else: no application, no
rights, no catch-up; the limit of what Python can do. `python -m benchmarks.rivals starlette PORT
FILE` is a stream of sse-starlette under uvicorn. Both send the content of FILE to every listener
whenever a datagram comes to the same port.
"""

import asyncio
import os
import select
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import uvicorn
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n15\r\nevent: hello\ndata: 1\n\n\r\n"
)


def bare(port: int, message: bytes) -> None:
    """One thread, one epoll."""
    chunk = b"%x\r\n%s\r\n" % (len(message), message)
    with socket.create_server(("127.0.0.1", port), backlog=1024) as door, _bell(port) as bell:
        looking = select.epoll()
        for one in (door, bell):
            looking.register(one.fileno(), select.EPOLLIN)
        listeners: dict[int, socket.socket] = {}
        while True:
            for descriptor, _events in looking.poll():
                if descriptor == door.fileno():
                    listener = door.accept()[0]
                    listeners[listener.fileno()] = listener
                    looking.register(listener.fileno(), select.EPOLLIN)
                elif descriptor == bell.fileno():
                    bell.recv(16)
                    for each in listeners:
                        os.write(each, chunk)
                elif listeners[descriptor].recv(4096):
                    os.write(descriptor, HEAD)
                else:
                    looking.unregister(descriptor)
                    listeners.pop(descriptor).close()


def starlette(port: int, message: bytes) -> None:
    """As its documentation would have it: a generator for each listener, woken together."""
    head, _, data = message.decode().partition("\n")
    event = ServerSentEvent(
        data=data.strip().replace("data: ", ""), id=head.removeprefix("id: "), sep="\n"
    )
    rung: asyncio.Condition = asyncio.Condition()

    async def told() -> AsyncIterator[ServerSentEvent]:
        yield ServerSentEvent(data="1", event="hello", sep="\n")
        while True:
            async with rung:
                await rung.wait()
            yield event

    async def live(_request: Request) -> Response:
        return EventSourceResponse(told())

    async def ring() -> None:
        bell = _bell(port)
        bell.setblocking(False)  # noqa: FBT003
        while True:
            await asyncio.get_running_loop().sock_recv(bell, 16)
            async with rung:
                rung.notify_all()

    async def serve() -> None:
        app = Starlette(routes=[Route("/{path:path}", live)])
        ringing = asyncio.create_task(ring())
        config = uvicorn.Config(app, port=port, log_level="error", access_log=False, backlog=2048)
        await uvicorn.Server(config).serve()
        ringing.cancel()

    asyncio.run(serve())


def _bell(port: int) -> socket.socket:
    bell = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    bell.bind(("127.0.0.1", port))
    return bell


if __name__ == "__main__":
    {"bare": bare, "starlette": starlette}[sys.argv[1]](
        int(sys.argv[2]), Path(sys.argv[3]).read_bytes()
    )
