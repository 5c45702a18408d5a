"""Pages that have not changed are not sent again, nor rendered."""

import hashlib
from collections.abc import Iterable

from flask import Response, g, request, session

from wishwall.kit.answers import wants_fragment
from wishwall.kit.assets import BUILD
from wishwall.kit.i18n import language


def unless_seen(*version: object) -> Response | None:
    """A 304 if the browser holds this version of the page in this language; else nothing.

    A page that has a message to say is always sent.
    """
    g.has_message = "_flashes" in session
    if g.has_message or "lang" in request.args:
        return None
    if "If-None-Match" not in request.headers:
        return None
    seen = tag(*version)
    if not request.if_none_match.contains_weak(seen):
        return None
    return Response(status=304, headers={"ETag": f'W/"{seen}"'})


def tagged(response: Response, *version: object) -> Response:
    """The same answer, marked with the version of what it shows; a message is said but once."""
    if not g.get("has_message"):
        response.headers["ETag"] = f'W/"{tag(*version)}"'
    return response


def tag(*version: object) -> str:
    """A short name of a version of a page; a browser asks for page and fragment by it."""
    return tag_for(version, wants_fragment(), language(), session.get("csrf_token"))


def tag_for(version: Iterable[object], *frame: object) -> str:
    """The same, for a frame: whether a fragment, the language, the browser's token."""
    parts = "|".join(map(str, (*version, *frame, BUILD)))
    return hashlib.blake2b(parts.encode(), digest_size=12).hexdigest()
