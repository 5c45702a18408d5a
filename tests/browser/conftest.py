"""Browsers on the served site; whoever opens a page with errors in its console fails the test."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, WebError, expect

from tests.support.browser import PATIENCE_SECONDS, PHONE, Browse, NewContext
from tests.support.cdn import ADDRESS, Cdn, own_copy, works
from tests.support.crowd import city_of, phone_of
from tests.support.server import Site, serving
from wishwall.accounts.models import Person
from wishwall.htmx import FILES
from wishwall.kit.db import db

PATIENCE = PATIENCE_SECONDS * 1000
ROOMY = {
    "LIMIT_ACTIONS": "10000 per hour",
    "LIMIT_POSTING": "10000 per hour",
    "LIMIT_POSTING_ADDRESS": "10000 per hour",
    "LIMIT_SIGN_IN_ADDRESS": "10000 per hour",
    "OPEN_WISHES": "100",
    "CLAIMS_PER_VOLUNTEER": "100",
    "TICK_SECONDS": "0",
}
# of a 4xx, or of a line that was cut; what the reader sees then is tested by itself
SAID_IN_ANY_CASE = (
    "Failed to load resource:",
    "htmx: htmx:error: Failed to fetch",
    "htmx: htmx:error: timeout",
    "htmx: htmx:sse:error:",
)


@pytest.fixture(scope="session")
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """One served site for all browsers."""
    with serving(request, tmp_path_factory, ROOMY) as served:
        yield served


@pytest.fixture(scope="session")
def city(site: Site) -> Iterator[Flask]:
    """The same city, to build in and to look at afterwards."""
    with city_of(site) as app:
        yield app


@pytest.fixture(autouse=True)
def in_the_city(city: Flask) -> Iterator[None]:
    """Builders work in every test."""
    expect.set_options(timeout=PATIENCE)
    with city.app_context():
        yield
        db.session.remove()


@pytest.fixture
def noise() -> Iterator[list[str]]:
    """What the consoles say; a test that expects something there takes it out."""
    heard: list[str] = []
    yield heard
    assert not heard, "\n".join(heard)


@pytest.fixture
def browse(new_context: NewContext, site: Site, city: Flask, noise: list[str]) -> Browse:
    """`browse(person, cdn=blocked, **context)`: a new browser, a phone if nothing is said."""

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(SAID_IN_ANY_CASE):
            noise.append(message.text)

    def fail(error: WebError) -> None:
        noise.append(str(error.error))

    def start(person: Person | None = None, *, cdn: Cdn = works, **how: Any) -> Page:
        context = new_context(base_url=site.url, **{**PHONE, **how})
        context.set_default_timeout(PATIENCE)
        context.route(ADDRESS, cdn)
        context.on("console", listen)
        context.on("weberror", fail)
        if person is not None:
            sign_in(context, phone_of(city, site, person).cookie, site)
        return context.new_page()

    for name in FILES:
        own_copy(name)
    return start


def sign_in(context: BrowserContext, cookie: str, site: Site) -> None:
    name, value = cookie.split("=", 1)
    context.add_cookies([{"name": name, "value": value, "url": site.url}])
