"""Signed session cookies: Flask's own, whose serializer and checked cookies are kept."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature

from wishwall.kit.clock import now

COOKIES_KEPT = 2000


class Sessions(SecureCookieSessionInterface):
    """Flask's own; a cookie that comes again is not checked again, but for its age."""

    def __init__(self) -> None:
        self._kept: dict[Any, Any] = {}

    def get_signing_serializer(self, app: Flask) -> Any:
        """The serializer for this secret."""
        if app.secret_key not in self._kept:
            self._kept[app.secret_key] = super().get_signing_serializer(app)
        return self._kept[app.secret_key]

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """What the browser's cookie holds, for this request to change."""
        held = self.held(app, request.cookies.get(self.get_cookie_name(app), ""))
        return self.session_class(deepcopy(dict(held or {})))

    def held(self, app: Flask, cookie: str) -> Mapping[str, Any] | None:
        """What a session cookie holds, read without a request; None if it is not ours."""
        try:
            held, signed_at = self._verified(self.get_signing_serializer(app), cookie)
        except BadSignature:
            return None
        age = now() - signed_at  # below nothing after a clock was set back: not ours either
        return held if timedelta() <= age <= app.permanent_session_lifetime else None

    @staticmethod
    @lru_cache(maxsize=COOKIES_KEPT)
    def _verified(serializer: Any, cookie: str) -> tuple[Mapping[str, Any], datetime]:
        held, signed_at = serializer.loads(cookie, return_timestamp=True)
        return MappingProxyType(held), signed_at
