"""The browser's token as Flask-WTF checks it; signed once for a browser, not for each page."""

from collections.abc import Callable
from functools import lru_cache

from flask import Flask, current_app, g, session
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer

from wishwall.kit.sessions import COOKIES_KEPT

TOKEN = "csrf_token"  # noqa: S105 - its name in the session, there plain, and in `g`, there signed
Signer = Callable[[str], str]


def init_app(app: Flask) -> None:
    """Let templates ask for the token, which holds as long as the session."""
    signing = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token")
    app.extensions["token-signer"] = lru_cache(COOKIES_KEPT)(
        lambda token: str(signing.dumps(token))
    )
    app.jinja_env.globals["csrf_token"] = csrf_token


def csrf_token() -> str:
    """The signed token of this browser, made if it has none yet."""
    if TOKEN in session and TOKEN not in g:
        sign: Signer = current_app.extensions["token-signer"]
        g.csrf_token = sign(session[TOKEN])
    return str(generate_csrf())
