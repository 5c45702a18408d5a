"""A shop's book: how many of each offer it has given on each of the last days."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from flask import Response, make_response, render_template

from wishwall.kit.clock import CITY_ZONE, today
from wishwall.merchants import sentences
from wishwall.merchants.access import find_for
from wishwall.merchants.blueprint import bp
from wishwall.merchants.offers import Offer
from wishwall.merchants.queries import given_by_day

DAYS = 30
Given = list[tuple[Offer, int]]


@bp.get("/merchants/<id:shop_id>/redemptions/days")
def days(shop_id: str) -> Response:
    """What the shop's owner sees; of couriers it says nothing."""
    shop, last = find_for("voucher.redeem", shop_id), today()
    counted = given_by_day(shop, last - timedelta(days=DAYS - 1), last)
    page = render_template(
        "merchants/days.html",
        shop=shop,
        days=_days(counted, last),
        totals=_totals(counted),
        what=sentences.what,
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _days(counted: Sequence[tuple[date, Offer, int]], last: date) -> list[tuple[datetime, Given]]:
    """Each day, newest first, also those on which nothing was given."""
    given: dict[date, Given] = {last - timedelta(days=back): [] for back in range(DAYS)}
    for day, offer, times in counted:
        given[day].append((offer, times))
    return [(datetime.combine(day, time(), CITY_ZONE), that_day) for day, that_day in given.items()]


def _totals(counted: Sequence[tuple[date, Offer, int]]) -> Given:
    totals: dict[Offer, int] = {}
    for _day, offer, times in counted:
        totals[offer] = totals.get(offer, 0) + times
    return sorted(totals.items(), key=lambda total: -total[1])
