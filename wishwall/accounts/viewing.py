"""Whoever looks at a page: a signed-in person, or anyone; and the way to sign in first."""

from collections.abc import Callable, Iterable
from urllib.parse import quote

from flask import Flask, abort, current_app, request, session
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, LoginManager, current_user
from sqlalchemy import ScalarSelect

from wishwall.accounts.models import Person
from wishwall.accounts.visitors import Frame, Visitor, Visitors
from wishwall.kit.answers import go
from wishwall.kit.db import db
from wishwall.kit.permissions import ANONYMOUS, Standing, Viewer

BeforeSignIn = Callable[[], ResponseReturnValue]


class Anyone(AnonymousUserMixin):  # type: ignore[misc]
    """Someone who has not signed in."""

    standings: Iterable[Standing] = (Standing(ANONYMOUS),)


login_manager = LoginManager()
login_manager.anonymous_user = Anyone
login_manager.session_protection = None  # a visit is a random token that can be ended

_kept_before_sign_in: dict[str, BeforeSignIn] = {}


def init_app(app: Flask, unread: ScalarSelect[int]) -> None:
    """Let every page know its viewer, and how many notices they have not read."""
    login_manager.init_app(app)
    app.extensions["visitors"] = Visitors(app.extensions["reading"], unread)
    app.context_processor(_viewer_for_templates)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def visitor_of(token: str) -> Visitor | None:
    """The visitor on this visit, for as long as it has not ended."""
    visitors: Visitors = current_app.extensions["visitors"]
    return visitors.of(token, request.environ)


def viewer() -> Viewer:
    """Whoever looks, with their standings."""
    found: Viewer = current_user
    return found


def viewer_or_none() -> Visitor | None:
    """Whoever is signed in."""
    found = current_user._get_current_object()  # noqa: SLF001 - each use of the proxy looks again
    return found if found.is_authenticated else None


def _viewer_for_templates() -> dict[str, object]:
    visitor = viewer_or_none()
    return {"viewer": visitor, "unread": visitor.unread if visitor else 0}


def actor() -> Person:
    """Whoever does it; the permission table has let nobody else through."""
    visitor = viewer_or_none()
    person = db.session.get(Person, visitor.id) if visitor else None
    if person is None:
        abort(403)
    return person


def frame() -> Frame:
    """What a page's frame shows of its viewer; nothing of a stranger."""
    visitor = viewer_or_none() if "_user_id" in session else None
    return visitor.frame if visitor else ()


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
