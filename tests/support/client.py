"""The test client is a linter: each page it fetches is checked, and fails with a sentence."""

from collections.abc import Callable
from contextvars import Context
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.addresses import dead_ends
from tests.support.door import without_secrets
from tests.support.page import Page
from tests.support.page_lint import faults

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
HEADERS = {
    "Content-Security-Policy": "frame-ancestors",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "",
}


class Client(FlaskClient):
    """A browser without JavaScript that knows what a good page is."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        from wishwall.kit.db import db

        if db.session.new or db.session.dirty or db.session.deleted:
            pytest.fail("the test has unsaved rows: write them in `with writing():`", pytrace=False)
        db.session.rollback()  # the test's own look at the data ends; what it reads next is new
        # outside the test's application context, as a request on the real site would be
        response: TestResponse = Context().run(super().open, *args, **kwargs)
        response.request.environ["wsgi.input"].close()  # a large upload is a temporary file
        if response.status_code < 300 or 400 <= response.status_code < 500:
            _lint(response, self.application)
        return response

    def look(self, address: str, method: str = "GET") -> TestResponse:
        """Whatever is there, whole; of a stream its beginning."""
        response = self.open(address, method=method)
        if response.mimetype == "text/event-stream":
            beginning: bytes = next(iter(response.iter_encoded()), b"")
            response.close()
            response.response = [beginning]
        else:
            response.make_sequence()
            response.close()
        return response

    def page(self, path: str, status: int = 200, **kwargs: Any) -> Page:
        """GET a page, which must answer with this status."""
        return self._page(self.get(path, **kwargs), status)

    def fragment(self, path: str, status: int = 200, **kwargs: Any) -> Page:
        """GET the part of a page that htmx would ask for."""
        return self.page(path, status, headers=PARTIAL, **kwargs)

    def submit(
        self,
        where: Page | str,
        form: str,
        fields: dict[str, Any] | None = None,
        *,
        htmx: bool = False,
    ) -> TestResponse:
        """Fill in and send a form of a page, as it stands there with its token and key.

        `form` is its id or (the end of) its action. A file is `(BytesIO, "name.jpg")`.
        """
        page = self.page(where) if isinstance(where, str) else where
        filled = page.form(form)
        sent = filled.filled(fields or {})
        headers = {"Referer": f"http://localhost{page.path}", **(PARTIAL if htmx else {})}
        if filled.method == "GET":
            return self.get(filled.action, query_string=sent, headers=headers)
        kind = "multipart/form-data" if filled.is_multipart else "application/x-www-form-urlencoded"
        return self.post(filled.action, data=sent, content_type=kind, headers=headers)

    def follow(self, response: TestResponse, status: int = 200) -> Page:
        """The page that a 303 leads to."""
        if response.status_code != 303:
            pytest.fail(_unexpected(response, 303), pytrace=False)
        return self.page(response.location, status)

    def as_page(self, response: TestResponse, status: int) -> Page:
        """An answer as a page, for example the form again with 422."""
        return self._page(response, status)

    def _page(self, response: TestResponse, status: int) -> Page:
        if response.status_code != status:
            pytest.fail(_unexpected(response, status), pytrace=False)
        query = response.request.query_string.decode()
        return Page(response, response.request.path + (f"?{query}" if query else ""))


@pytest.fixture
def new_client(app: Flask) -> Callable[[], Client]:
    """Makes one more browser, with cookies of its own."""

    def make() -> Client:
        return Client(app, app.response_class, use_cookies=True)

    return make


@pytest.fixture
def client(new_client: Callable[[], Client]) -> Client:
    """A browser."""
    return new_client()


def _lint(response: TestResponse, app: Flask) -> None:
    found = _header_faults(response)
    if response.mimetype == "text/html" and response.request.method != "HEAD":
        if "HX-Request-Type" not in response.vary:
            found.append("Vary does not name HX-Request-Type")
        partial = response.request.headers.get("HX-Request-Type") == "partial"
        found += faults(without_secrets(response), fragment=partial)
        found += dead_ends(Page(response, response.request.path), app)
    if found:
        pytest.fail(f"{_named(response)}: {'; '.join(found)}", pytrace=False)


def _header_faults(response: TestResponse) -> list[str]:
    headers = response.headers
    found = [f"{name} is missing" for name in HEADERS if name not in headers]
    found += [
        f"{name} does not say {needed}"
        for name, needed in HEADERS.items()
        if name in headers and needed not in headers[name]
    ]
    if "unsafe-" in headers.get("Content-Security-Policy", ""):
        found.append("Content-Security-Policy allows something unsafe")
    return found


def _named(response: TestResponse) -> str:
    return f"{response.request.method} {response.request.path} ({response.status_code})"


def _unexpected(response: TestResponse, status: int) -> str:
    where = f" to {response.location}" if response.location else ""
    said = (
        Page(response, response.request.path).text[:300] if response.mimetype == "text/html" else ""
    )
    return f"{_named(response)}{where}: expected {status}. {said}"
