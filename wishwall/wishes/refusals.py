"""A rule said no: the wish as it now stands, or the form with what was typed, and why."""

from flask import Response, current_app, make_response, request
from werkzeug.exceptions import NotFound

from wishwall.kit.errors import KeyMissing, KeyReused, Refusal
from wishwall.wishes.access import find
from wishwall.wishes.blueprint import bp
from wishwall.wishes.forms import PostForm
from wishwall.wishes.page import wish_page
from wishwall.wishes.walls import head_or_404, post_again


@bp.errorhandler(Refusal)
def refused(refusal: Refusal) -> Response:
    """Nothing has changed; say so in place."""
    try:
        response = _in_place(refusal)
    except NotFound as gone:  # withdrawn or hidden meanwhile; Flask asks no second handler
        return make_response(current_app.handle_user_exception(gone))
    response.headers.update(refusal.headers)
    return response


def _in_place(refusal: Refusal) -> Response:
    values = request.view_args or {}
    if "wish_id" in values:
        return wish_page(find(values["wish_id"]), refusal.status, problem=str(refusal.sentence))
    form = PostForm()
    if isinstance(refusal, (KeyMissing, KeyReused)):
        form.renew_key()  # the next press is a new deed
    form.key.errors = [str(refusal.sentence)]
    return post_again(head_or_404(values["code"]), form, refusal.status)
