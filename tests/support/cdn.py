"""The CDN that htmx comes from, played: it works, fails, lies or never answers."""

import subprocess
from collections.abc import Callable
from functools import cache

import pytest
from playwright.sync_api import Route

from tests.support.needs import ON_CI
from tests.support.project import ROOT
from tests.support.server import program

ADDRESS = "https://unpkg.com/**"
OWN_COPY = "**/static/vendor/**"
Cdn = Callable[[Route], None]


def works(route: Route) -> None:
    """The real file, as another origin would send it."""
    anyone = {"Access-Control-Allow-Origin": "*"}
    name = route.request.url.partition("/dist/")[2]
    route.fulfill(body=own_copy(name), content_type="text/javascript", headers=anyone)


def blocked(route: Route) -> None:
    route.abort("connectionrefused")


def lies(route: Route) -> None:
    """Another file than the page's hash allows."""
    anyone = {"Access-Control-Allow-Origin": "*"}
    script = "document.title = 'taken over'"
    route.fulfill(body=script, content_type="text/javascript", headers=anyone)


def hangs(_route: Route) -> None:
    """No answer, ever."""


def is_gone(route: Route) -> None:
    route.fulfill(status=404, body="")


@cache
def own_copy(name: str) -> bytes:
    """A self-hosted copy, fetched by the site's own command where it is not there yet."""
    file = ROOT / "static" / "vendor" / name
    if not file.exists():
        done = subprocess.run([program(), "htmx", "pull"], capture_output=True, check=False)
        if done.returncode:
            sentence = "htmx could not be had from its CDN or from npm"
            pytest.fail(sentence, pytrace=False) if ON_CI else pytest.skip(sentence)
    return file.read_bytes()
