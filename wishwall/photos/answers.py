"""Serving a stored picture so that a browser can only look at it."""

from pathlib import Path

from flask import Response, send_file
from werkzeug.exceptions import NotFound

A_YEAR = 365 * 24 * 3600


def photo_response(path: Path) -> Response:
    """The picture as an inline JPEG, kept by this browser alone; its name never changes content."""
    try:
        response = send_file(
            path.absolute(), mimetype="image/jpeg", download_name=path.name, etag=path.stem
        )
    except FileNotFoundError:
        raise NotFound from None
    response.headers["Content-Disposition"] = f"inline; filename={path.name}"
    response.headers["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    return response
