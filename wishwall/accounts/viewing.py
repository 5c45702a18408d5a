"""Whoever looks at a page: a signed-in person, or anyone; and the way to sign in first."""

from collections.abc import Callable, Iterable
from urllib.parse import quote

from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, LoginManager, current_user

from wishwall.accounts.models import Visit
from wishwall.kit.answers import go
from wishwall.kit.permissions import ANONYMOUS, Standing, Viewer

BeforeSignIn = Callable[[], ResponseReturnValue]


class Anyone(AnonymousUserMixin):  # type: ignore[misc]
    """Someone who has not signed in."""

    standings: Iterable[Standing] = (Standing(ANONYMOUS),)


login_manager = LoginManager()
login_manager.anonymous_user = Anyone
login_manager.session_protection = None  # a visit is a random token that can be ended
login_manager.user_loader(Visit.person_of)

_kept_before_sign_in: dict[str, BeforeSignIn] = {}


def init_app(app: Flask) -> None:
    """Let every page know its viewer."""
    login_manager.init_app(app)
    app.context_processor(lambda: {"viewer": viewer_or_none()})


def viewer() -> Viewer:
    """Whoever looks, with their standings."""
    found: Viewer = current_user
    return found


def viewer_or_none() -> object:
    """The signed-in person, for templates."""
    return current_user if current_user.is_authenticated else None


def keep_before_sign_in(endpoint: str, keep: BeforeSignIn) -> None:
    """Let a feature keep what a stranger sent to `endpoint` until they have signed in."""
    _kept_before_sign_in[endpoint] = keep


def sign_in_first() -> ResponseReturnValue:
    """Send a stranger to sign in; then they come back to where they were."""
    keep = _kept_before_sign_in.get(request.endpoint or "")
    if keep and request.method == "POST":
        return keep()
    if request.method == "POST":
        target = request.path.rsplit("/", 1)[0] if request.path.startswith("/wishes/") else "/"
    else:
        target = request.full_path.rstrip("?")
    return go(f"/sign-in?next={quote(target, safe='/')}")
