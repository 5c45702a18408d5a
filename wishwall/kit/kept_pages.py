"""What has not changed is answered at the door, before Flask is entered.

A page that everybody may read is the same for all who see it in one frame (strangers are one,
couriers without unread notices another) but for the browser's token and the form's key, unless a
message waits or a draft is kept. Its view hands it over with `keep`; while its version stays, they
get it from here, or a 304 if they hold it. Whatever is not exactly such a request goes on to Flask,
which answers the same.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from threading import Lock
from typing import Any, NamedTuple

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Connection, Engine, Select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_accept_header, parse_cookie, parse_etags
from werkzeug.sansio.utils import host_is_trusted

from wishwall.kit import i18n
from wishwall.kit.forms import new_key
from wishwall.kit.headers import of_page
from wishwall.kit.i18n import language
from wishwall.kit.pages import tag_for
from wishwall.kit.permissions import table
from wishwall.kit.prepared import Prepared
from wishwall.kit.sessions import Sessions
from wishwall.kit.splice import Spliced
from wishwall.kit.tokens import TOKEN, Signer

PAGES_KEPT = 500
VISIT = "_user_id"
# all that a session holds in which neither a draft nor a message waits
NOTHING_WAITS = {TOKEN, VISIT, "_fresh", "_id", "_permanent"}
FRAME = "wishwall.frame"  # in the environ of a request that the door could answer
# as `keyed` in templates/kit/fields.html writes them
BEFORE_TOKEN = b'name="csrf_token" value="'
BEFORE_KEY = b'"><input type="hidden" name="key" value="'
HTML = ("Content-Type", "text/html; charset=utf-8")
Version = tuple[object, ...]
Answer = tuple[str, list[tuple[str, str]], bytes]


class Kind(NamedTuple):
    """Pages of one view: their address without a query, and what tells the version of each.

    The groups of the address are the values of the statement; its row and they give the version,
    no row means no such page.
    """

    endpoint: str
    address: re.Pattern[str]
    statement: Select[*tuple[Any, ...]]
    version: Callable[..., Version]


Environ = dict[str, Any]
FrameOf = Callable[[str, Environ, Connection], Version | None]
Found = tuple[Kind, Prepared, dict[str, str]]
Kept = tuple[Version, Spliced]


class KeptPages:
    """The door: asks for the version, and answers with what it remembers."""

    def __init__(self, app: Flask, kinds: Iterable[Kind], frame_of: FrameOf) -> None:
        """`frame_of` tells a visit's frame in this environ, or None of a visit that has ended."""
        self._app, self._inside, self._frame_of = app, app.wsgi_app, frame_of
        hosts = app.config["TRUSTED_HOSTS"]
        self._pages: OrderedDict[tuple[str, str, Version], Kept] = OrderedDict()
        self._lock = Lock()
        self._headers = of_page(app)
        self._is_ours = lru_cache(256)(partial(host_is_trusted, trusted_list=hosts))
        self._signed: Signer = app.extensions["token-signer"]
        with app.app_context():
            self._table = table()
        self._reading: Engine = app.extensions["reading"]
        self._kinds = [(kind, Prepared(self._reading, kind.statement)) for kind in kinds]

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        answer = self._answer(environ)
        if answer is None:
            return self._inside(environ, start_response)
        status, headers, body = answer
        start_response(status, [*headers, *self._headers])
        return [body] if body else []

    def remember(
        self, path: str, spoken: str, frame: Version, version: Version, page: Spliced
    ) -> None:
        """Keep a page until it changes, or until many others have been asked for."""
        with self._lock:
            self._pages[path, spoken, frame] = (version, page)
            self._pages.move_to_end((path, spoken, frame))
            if len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)

    def forget_all(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._pages.clear()

    def _answer(self, environ: Environ) -> Answer | None:
        found = self._kind(environ)
        if found is None:
            return None
        cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
        held = self._held(cookies.get(self._app.config["SESSION_COOKIE_NAME"], ""))
        if held is None:
            return None
        spoken = i18n.chosen(environ.get("HTTP_ACCEPT_LANGUAGE", ""), cookies.get(i18n.COOKIE))
        try:
            with self._reading.connect() as connection:
                looked = self._look(found, held, spoken, environ, connection)
        except SQLAlchemyError:
            return None  # inside it is met again, and answered in words
        return self._say(*looked, held.get(TOKEN), spoken, environ) if looked else None

    def _say(
        self, version: Version, kept: Kept | None, token: str | None, spoken: str, environ: Environ
    ) -> Answer | None:
        """A 304 to who holds this version; the kept page if it is of this version."""
        seen = environ.get("HTTP_IF_NONE_MATCH", "")
        tag = tag_for(version, False, spoken, token)  # noqa: FBT003 - no fragment
        if seen and parse_etags(seen).contains_weak(tag):
            return "304 NOT MODIFIED", [("ETag", f'W/"{tag}"')], b""
        if kept is None or kept[0] != version:
            return None
        return self._page(kept[1], token, tag, environ.get("HTTP_ACCEPT_ENCODING", ""))

    def _look(
        self,
        found: Found,
        held: Mapping[str, Any],
        spoken: str,
        environ: Environ,
        connection: Connection,
    ) -> tuple[Version, Kept | None] | None:
        """The page's version now, and what is kept of it; nothing if neither helps this browser."""
        frame = self._frame_of(held[VISIT], environ, connection) if VISIT in held else ()
        if frame is None:
            return None
        environ[FRAME] = frame
        kept = self._pages.get((environ["PATH_INFO"], spoken, frame))
        if kept is None and "HTTP_IF_NONE_MATCH" not in environ:
            return None
        kind, prepared, values = found
        row = prepared.first(values, connection)
        return ((*kind.version(row, **values), *frame), kept) if row else None

    def _page(self, page: Spliced, token: str | None, tag: str, accepted: str) -> Answer | None:
        """The page; nothing if it wants a token and the browser has none yet."""
        if page.secrets and token is None:
            return None
        secrets = (
            (self._signed(token).encode(), new_key().encode()) if token and page.secrets else ()
        )
        packing = _packing(accepted)
        body = (page.gzipped if packing else page.plain)(*secrets)
        length = ("Content-Length", str(len(body)))
        return "200 OK", [HTML, length, ("ETag", f'W/"{tag}"'), *packing], body

    def _kind(self, environ: Environ) -> Found | None:
        """The kind of page that is asked for, plainly and by a name of ours."""
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
            return None
        if "HTTP_HX_REQUEST_TYPE" in environ or environ.get("SCRIPT_NAME"):
            return None
        if not self._is_ours(environ.get("HTTP_HOST", "").lower()):
            return None
        for kind, prepared in self._kinds:
            address = kind.address.fullmatch(environ["PATH_INFO"])
            if address and self._table.is_open_to_all(kind.endpoint, "GET"):
                return kind, prepared, address.groupdict()
        return None

    def _held(self, cookie: str) -> Mapping[str, Any] | None:
        """What the browser's session holds, if nothing waits in it."""
        sessions = self._app.session_interface
        held = sessions.held(self._app, cookie) if isinstance(sessions, Sessions) else None
        return held if held and held.keys() <= NOTHING_WAITS else None


def init_app(app: Flask, kinds: Iterable[Kind], frame_of: FrameOf) -> None:
    """Stand before the application for these kinds of pages."""
    door = KeptPages(app, kinds, frame_of)
    app.extensions["kept-pages"] = door
    app.wsgi_app = door  # type: ignore[method-assign]


def keep(response: Response, version: Version) -> Response:
    """The same answer; if all who come in this frame would get it, it is kept for the next.

    The version ends with the frame.
    """
    frame = request.environ.get(FRAME)
    if frame is None:
        return response
    pieces = _around(response.get_data(), str(g.get(TOKEN, "")).encode())
    if pieces:
        door: KeptPages = current_app.extensions["kept-pages"]
        door.remember(request.path, language(), frame, version, Spliced(pieces))
    return response


def _around(page: bytes, token: bytes) -> Sequence[bytes]:
    """What stands around the token and the key of a page with one form, or a page without forms.

    Nothing of any other.
    """
    if not token:
        return (page,)
    halves = page.split(BEFORE_TOKEN + token + BEFORE_KEY)
    if len(halves) != 2 or token in halves[0] or token in halves[1]:
        return ()
    key, _, rest = halves[1].partition(b'"')
    if key in rest:
        return ()
    return (halves[0] + BEFORE_TOKEN, BEFORE_KEY, b'"' + rest)


@lru_cache(maxsize=256)
def _packing(accepted: str) -> tuple[tuple[str, str], ...]:
    """How the body goes over the wire."""
    return (("Content-Encoding", "gzip"),) if parse_accept_header(accepted)["gzip"] else ()
