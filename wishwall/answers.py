"""What the site says when something is refused or goes wrong: kindly, and in place."""

from flask import Flask, Response, make_response, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from wishwall.kit.answers import wants_fragment
from wishwall.kit.db import db
from wishwall.kit.errors import SENTENCES, Refusal, is_unavailable, sentence_for


def init_app(app: Flask) -> None:
    """Answer refusals, HTTP errors, limits and faults of the database in words."""

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Response:
        response = _say(str(refusal.sentence), refusal.status)
        response.headers.update(refusal.headers)
        return response

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        if error.response is not None:  # a redirect
            return error.response  # type: ignore[return-value]
        response = _say(str(sentence_for(error)), error.code or 500)
        if error.code == 405:
            response.headers.extend(error.get_headers())
            response.content_type = "text/html; charset=utf-8"
        return response

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> Response:
        return _say(str(SENTENCES[400]), 400)

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        db.session.rollback()
        if is_unavailable(error):
            app.logger.warning("database unavailable: %s", type(error).__name__)
            response = _say(str(SENTENCES[503]), 503)
            response.headers["Retry-After"] = "5"
            return response
        if app.testing:
            raise error
        app.logger.error("unexpected error", exc_info=error)
        return _say(str(sentence_for(InternalServerError())), 500)


def _say(sentence: str, status: int) -> Response:
    template = "kit/_refused.html" if wants_fragment() else "kit/error.html"
    return make_response(render_template(template, sentence=sentence, status=status), status)
