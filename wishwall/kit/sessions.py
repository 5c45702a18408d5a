"""Signed session cookies: Flask's own, whose serializer is made once and not for each request."""

from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface


class Sessions(SecureCookieSessionInterface):
    """Flask's own, with its serializer kept."""

    def __init__(self) -> None:
        self._kept: dict[Any, Any] = {}

    def get_signing_serializer(self, app: Flask) -> Any:
        """The serializer for this secret."""
        if app.secret_key not in self._kept:
            self._kept[app.secret_key] = super().get_signing_serializer(app)
        return self._kept[app.secret_key]
