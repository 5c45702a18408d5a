"""Signed session cookies: Flask's own, whose serializer is made once and not for each request."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature

from wishwall.kit.clock import now

COOKIES_KEPT = 2000


class Sessions(SecureCookieSessionInterface):
    """Flask's own, with its serializer kept."""

    def __init__(self) -> None:
        self._kept: dict[Any, Any] = {}

    def get_signing_serializer(self, app: Flask) -> Any:
        """The serializer for this secret."""
        if app.secret_key not in self._kept:
            self._kept[app.secret_key] = super().get_signing_serializer(app)
        return self._kept[app.secret_key]

    def held(self, app: Flask, cookie: str) -> Mapping[str, Any] | None:
        """What a session cookie holds, read without a request; None if it is not ours."""
        try:
            held, signed_at = self._verified(self.get_signing_serializer(app), cookie)
        except BadSignature:
            return None
        return held if now() - signed_at <= app.permanent_session_lifetime else None

    @staticmethod
    @lru_cache(maxsize=COOKIES_KEPT)
    def _verified(serializer: Any, cookie: str) -> tuple[Mapping[str, Any], datetime]:
        held, signed_at = serializer.loads(cookie, return_timestamp=True)
        return MappingProxyType(held), signed_at
