"""When an offer may be used, and what the database does not let stand."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from tests.support.shops import a_shop, a_voucher, an_offer, wrong_in_the_books
from wishwall.kit.clock import CITY_ZONE
from wishwall.kit.db import db, writing
from wishwall.merchants.offers import Offer
from wishwall.merchants.supply import Supply

pytestmark = pytest.mark.usefixtures("app")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 by the clock on the station's wall."""
    return datetime(2026, 11, day, hour, minute, tzinfo=CITY_ZONE).astimezone(UTC)


DAYS = {"valid_from": date(2026, 11, 10), "valid_until": date(2026, 11, 20)}
LUNCH = {"from_minute": 11 * 60, "until_minute": 14 * 60}
NIGHT = {"from_minute": 22 * 60, "until_minute": 5 * 60}


@pytest.mark.parametrize(
    ("terms", "moment", "valid"),
    [
        (DAYS, at(9, 23, 59), False),
        (DAYS, at(10, 0), True),  # still the ninth in UTC
        (DAYS, at(20, 23, 59), True),
        (DAYS, at(21, 0), False),
        (DAYS | {"valid_until": None}, at(30, 12), True),
        (LUNCH, at(15, 10, 59), False),
        (LUNCH, at(15, 11), True),
        (LUNCH, at(15, 13, 59), True),
        (LUNCH, at(15, 14), False),
        (NIGHT, at(15, 21, 59), False),
        (NIGHT, at(15, 22), True),
        (NIGHT, at(16, 0), True),
        (NIGHT, at(16, 4, 59), True),
        (NIGHT, at(16, 5), False),
        (LUNCH | {"until_minute": 24 * 60}, at(15, 23, 59), True),
        (DAYS | LUNCH, at(9, 12), False),
    ],
)
def test_an_offer_is_valid_on_its_days_and_at_its_hours(
    terms: dict[str, Any], moment: datetime, *, valid: bool
) -> None:
    offer = Offer(**({"valid_from": date(2020, 1, 1)} | terms))
    assert offer.is_valid_at(moment) is valid


@pytest.mark.parametrize(
    "terms",
    [
        {"method": "gift"},
        {"state": "open"},
        {"method": "free", "value": 10},
        {"method": "discount", "value": None},
        {"method": "discount", "value": 0},
        {"method": "discount", "value": 100},
        {"method": "price", "value": 0},
        {"quota_count": 0},
        {"quota_count": None},
        {"quota_period": "week"},
        {"quota_count": None, "quota_period": None, "supply_count": 5},
        {"supply_count": 0},
        {"supply_period": "week"},
        {"valid_until": date(2019, 12, 31)},
        {"from_minute": 600},
        {"from_minute": 600, "until_minute": 600},
    ],
)
def test_the_database_keeps_no_terms_that_make_no_sense(terms: dict[str, Any]) -> None:
    shop = a_shop()
    with pytest.raises(IntegrityError, match=r"(?i)check"):
        an_offer(shop, **terms)
    assert db.session.scalars(select(Offer)).all() == []


@pytest.mark.parametrize(
    "values",
    [
        {"live": 3},
        {"used": 2},  # one is live
        {"granted": 0},
        {"live": -1},
        {"used": -1},
    ],
)
def test_the_database_counts_no_more_than_there_are(values: dict[str, int]) -> None:
    offer = an_offer(supply_count=2)
    a_voucher(offer)
    with pytest.raises(IntegrityError, match=r"(?i)check"), writing():
        db.session.execute(update(Supply).values(**values))
    assert wrong_in_the_books(offer.id) == []
