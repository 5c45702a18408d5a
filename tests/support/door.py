"""What tests of the door need: whether Flask was entered, and pages without their secrets."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from wishwall.stations.models import Station

SECRETS = re.compile(r'(?<=name="csrf_token" value=")[^"]+|(?<=name="key" value=")[^"]+')


@pytest.fixture
def entered(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The station codes whose wall was asked of Flask."""
    view, codes = app.view_functions["wishes.wall"], []

    def noting(code: str) -> Any:
        codes.append(code)
        return view(code=code)

    monkeypatch.setitem(app.view_functions, "wishes.wall", noting)
    app.extensions["kept-pages"].forget_all()
    yield codes
    app.extensions["kept-pages"].forget_all()


def wall_of(station: Station) -> str:
    """The address of a station's wall."""
    return f"/stations/{station.code}/wishes"


def without_secrets(response: TestResponse) -> str:
    """The page, but for the browser's token and the form's key."""
    return SECRETS.sub("", response.text)


def said(response: TestResponse) -> dict[str, str]:
    """The headers, apart from the length: a token of another second may be a byte longer."""
    return {name: value for name, value in response.headers.items() if name != "Content-Length"}
