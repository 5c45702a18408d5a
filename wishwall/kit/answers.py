"""Answers for a plain browser and for htmx, from the same view."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request
from werkzeug.urls import iri_to_uri


def wants_fragment() -> bool:
    """Whether htmx asked for a part of the page."""
    return request.headers.get("HX-Request-Type") == "partial"


def page_or(fragment: str, page: str, status: int = 200, **context: Any) -> Response:
    """The fragment for htmx, the whole page for everyone else."""
    template = fragment if wants_fragment() else page
    return make_response(render_template(template, **context), status)


def done(location: str, said: str) -> Response:
    """After a plain POST: say what happened on the page that follows."""
    flash(said)
    return go(location)


def go(location: str) -> Response:
    """See other; also for an htmx request that must leave its page."""
    if wants_fragment():
        response = make_response("", 200)
        response.headers["HX-Redirect"] = iri_to_uri(location)
        return response
    return make_response(redirect(location, code=303))


def safe_next(target: str | None) -> str:
    """A path of this site to go on to, or the front page: never another site."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    if any(ord(character) < 0x20 or character == "\\" for character in target):
        return "/"
    return target
