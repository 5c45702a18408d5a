"""What has not changed is answered at the door, before Flask is entered.

A page that everybody may read is the same for all strangers (nobody has signed in, no message
waits, no draft is kept) but for the browser's token and the form's key. Its view hands it over
with `keep`; while its version stays, strangers get it from here, or a 304 if they hold it.
Whatever is not exactly such a request goes on to Flask, which answers the same.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from threading import Lock
from typing import Any, NamedTuple

from flask import Flask, Response, current_app, g, request
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine, Select
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
from wishwall.kit.sessions import COOKIES_KEPT, Sessions
from wishwall.kit.splice import Spliced

PAGES_KEPT = 500
STRANGER = {"csrf_token"}  # all that a stranger's session holds
AS_A_STRANGER = "wishwall.as_a_stranger"  # a request that the door could answer
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


class KeptPages:
    """The door: asks for the version, and answers with what it remembers."""

    def __init__(self, app: Flask, kinds: Iterable[Kind]) -> None:
        self._app, self._inside = app, app.wsgi_app
        hosts = app.config["TRUSTED_HOSTS"]
        self._pages: OrderedDict[tuple[str, str], tuple[Version, Spliced]] = OrderedDict()
        self._lock = Lock()
        self._headers = of_page(app)
        self._is_ours = lru_cache(256)(partial(host_is_trusted, trusted_list=hosts))
        # as Flask-WTF signs them; they do not expire before the session does
        tokens = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token")
        self._signed = lru_cache(COOKIES_KEPT)(lambda token: str(tokens.dumps(token)).encode())
        with app.app_context():
            self._table = table()
        reading: Engine = app.extensions["reading"]
        self._kinds = [(kind, Prepared(reading, kind.statement)) for kind in kinds]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = self._answer(environ)
        if answer is None:
            return self._inside(environ, start_response)
        status, headers, body = answer
        start_response(status, [*headers, *self._headers])
        return [body] if body else []

    def remember(self, path: str, spoken: str, version: Version, page: Spliced) -> None:
        """Keep a page until it changes, or until many others have been asked for."""
        with self._lock:
            self._pages[path, spoken] = (version, page)
            self._pages.move_to_end((path, spoken))
            if len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)

    def forget_all(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._pages.clear()

    def _answer(self, environ: dict[str, Any]) -> Answer | None:
        found = self._kind(environ)
        if found is None:
            return None
        cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
        token = self._token(cookies.get(self._app.config["SESSION_COOKIE_NAME"], ""))
        if token is None:
            return None
        environ[AS_A_STRANGER] = True
        spoken = i18n.chosen(environ.get("HTTP_ACCEPT_LANGUAGE", ""), cookies.get(i18n.COOKIE))
        kept = self._pages.get((environ["PATH_INFO"], spoken))
        seen = environ.get("HTTP_IF_NONE_MATCH", "")
        version = self._version(*found) if kept or seen else None
        if version is None:
            return None
        tag = tag_for(version, False, spoken, token)  # noqa: FBT003 - no fragment
        if seen and parse_etags(seen).contains_weak(tag):
            return "304 NOT MODIFIED", [("ETag", f'W/"{tag}"')], b""
        if kept and kept[0] == version:
            return self._page(kept[1], tag, token, environ.get("HTTP_ACCEPT_ENCODING", ""))
        return None

    def _page(self, page: Spliced, tag: str, token: str, accepted: str) -> Answer:
        packing = _packing(accepted)
        make = page.gzipped if packing else page.plain
        body = make(self._signed(token), new_key().encode())
        length = ("Content-Length", str(len(body)))
        return "200 OK", [HTML, length, ("ETag", f'W/"{tag}"'), *packing], body

    def _kind(self, environ: dict[str, Any]) -> tuple[Kind, Prepared, dict[str, str]] | None:
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

    def _token(self, cookie: str) -> str | None:
        """The token of a stranger's browser."""
        sessions = self._app.session_interface
        held = sessions.held(self._app, cookie) if isinstance(sessions, Sessions) else None
        return str(held["csrf_token"]) if held and held.keys() == STRANGER else None

    def _version(self, kind: Kind, prepared: Prepared, values: dict[str, str]) -> Version | None:
        try:
            row = prepared.first(values)
        except SQLAlchemyError:
            return None  # inside it is met again, and answered in words
        return kind.version(row, **values) if row else None


def init_app(app: Flask, kinds: Iterable[Kind]) -> None:
    """Stand before the application for these kinds of pages."""
    door = KeptPages(app, kinds)
    app.extensions["kept-pages"] = door
    app.wsgi_app = door  # type: ignore[method-assign]


def keep(response: Response, version: Version) -> Response:
    """The same answer; if it is what every stranger would get, it is kept for the next."""
    if not request.environ.get(AS_A_STRANGER):
        return response
    pieces = _around(response.get_data(), str(g.get("csrf_token", "")).encode())
    if pieces:
        door: KeptPages = current_app.extensions["kept-pages"]
        door.remember(request.path, language(), version, Spliced(pieces))
    return response


def _around(page: bytes, token: bytes) -> Sequence[bytes]:
    """What stands around the token and the key of a page with one form; nothing of any other."""
    halves = page.split(BEFORE_TOKEN + token + BEFORE_KEY) if token else []
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
