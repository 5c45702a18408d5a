"""Whom a request addresses and where it comes from: this site, or it is not heard.

A form is taken only from a page of this site. Browsers say so themselves in `Sec-Fetch-Site`;
of those that do not, `Origin` or `Referer` must name the host that is asked, or one of the
names of this site. The token in every form is asked besides. Only a form with a file may be
large: Werkzeug bounds the text of no other.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, abort, request
from werkzeug.sansio.utils import host_is_trusted

SAFE = {"GET", "HEAD", "OPTIONS"}
OWN_PAGES = {"same-origin", "none"}
USUAL_PORTS = (":80", ":443")


class LowerCaseHost(Request):
    """Host names have no case; Werkzeug's list of trusted ones has."""

    def __init__(self, environ: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        if "HTTP_HOST" in environ:
            environ["HTTP_HOST"] = environ["HTTP_HOST"].lower()
        super().__init__(environ, *args, **kwargs)


def init_app(app: Flask, names: Sequence[str]) -> None:
    """Read hosts without case, and refuse what a page of another site than `names` sends."""
    app.request_class = LowerCaseHost

    @app.before_request
    def expect_little_text() -> None:
        if request.mimetype != "multipart/form-data":
            request.max_content_length = request.max_form_memory_size

    @app.before_request
    def refuse_foreign_pages() -> None:
        if request.endpoint and request.method not in SAFE and not _from_here(names):
            abort(400)


def _from_here(names: Sequence[str]) -> bool:
    told = request.headers.get("Sec-Fetch-Site")
    if told is not None:
        return told in OWN_PAGES
    page = request.headers.get("Origin") or request.headers.get("Referer")
    return page is None or _is_own(page, names)


def _is_own(page: str, names: Sequence[str]) -> bool:
    try:
        host = urlsplit(page.lower()).netloc
    except ValueError:
        return False
    return _plain(host) == _plain(request.host) or bool(names and host_is_trusted(host, names))


def _plain(host: str) -> str:
    for port in USUAL_PORTS:
        host = host.removesuffix(port)
    return host
