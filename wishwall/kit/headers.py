"""The headers of every answer: what a page may load, who may frame it, what may be kept."""

from flask import Flask, Response, request

from wishwall.kit.assets import asset

HTMX = "https://unpkg.com/htmx.org@4.0.1/dist/"
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        f"script-src 'self' {HTMX}",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)
FIXED = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
}
VARY = "HX-Request-Type, Accept-Language, Cookie"
KEPT = "private, no-cache"


def of_every_answer(app: Flask) -> dict[str, str]:
    """What every answer says unless it says otherwise itself."""
    if app.config["HTTPS"]:
        return {**FIXED, "Strict-Transport-Security": "max-age=31536000"}
    return FIXED


def of_page(app: Flask) -> list[tuple[str, str]]:
    """What a page says that may come packed, also when it is not sent again."""
    kept = [("Vary", f"{VARY}, Accept-Encoding"), ("Cache-Control", KEPT)]
    return [*of_every_answer(app).items(), *kept]


def init_app(app: Flask) -> None:
    """Add the headers to every answer; an answer that set one itself keeps its own."""
    fixed = of_every_answer(app)

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        headers.extend({name: fixed[name] for name in fixed if name not in headers})
        if response.mimetype == "text/html" or response.status_code == 304:
            headers["Vary"] = VARY
            if "Cache-Control" not in headers:
                headers["Cache-Control"] = KEPT
        elif request.endpoint == "static" and _is_newest(response):
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _is_newest(response: Response) -> bool:
    """Whether the address is of this very file: during an update it may be of another build's."""
    if response.status_code != 200 or "v" not in request.args:
        return False
    path: str = (request.view_args or {})["filename"]
    return f"/static/{path}?v={request.args['v']}" == asset(path)
