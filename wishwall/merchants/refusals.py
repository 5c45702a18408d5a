"""A rule said no: the shop, the form or the counter as it now stands, and why."""

from flask import Response, current_app, make_response, request
from werkzeug.exceptions import NotFound

from wishwall.kit.errors import Refusal
from wishwall.merchants.access import find, find_voucher
from wishwall.merchants.blueprint import bp
from wishwall.merchants.counter import counter_page_of, voucher_page
from wishwall.merchants.joining import new_again
from wishwall.merchants.page import shop_page
from wishwall.merchants.queries import offer_by_id
from wishwall.merchants.voiding import voids_page_of


@bp.errorhandler(Refusal)
def refused(refusal: Refusal) -> Response:
    """Nothing has changed; say so in place."""
    try:
        response = _in_place(refusal)
    except NotFound as gone:  # hidden meanwhile; Flask asks no second handler
        return make_response(current_app.handle_user_exception(gone))
    response.headers.update(refusal.headers)
    return response


def _in_place(refusal: Refusal) -> Response:
    values, problem = request.view_args or {}, str(refusal.sentence)
    if "voucher_id" in values:
        return voucher_page(find_voucher(values["voucher_id"]), refusal.status, problem=problem)
    if "offer_id" in values:
        offer = offer_by_id(values["offer_id"])
        if offer is None:
            raise NotFound
        return shop_page(find(offer.merchant.public_id), refusal.status, problem=problem)
    if request.endpoint in {"merchants.redeem", "merchants.counter"}:
        return counter_page_of(values["shop_id"], problem, refusal.status)
    if request.endpoint in {"merchants.voids", "merchants.void"}:
        return voids_page_of(values["shop_id"], problem, refusal.status)
    if "shop_id" in values:
        return shop_page(find(values["shop_id"]), refusal.status, problem=problem)
    return new_again(problem, refusal.status)
