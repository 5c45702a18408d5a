"""The city's open wishes as its list shows them."""

from typing import Any

from wishwall.kit.db import db
from wishwall.kit.i18n import day
from wishwall.stations.places import minutes_by_e_bike, minutes_on_foot
from wishwall.stations.queries import Nearby
from wishwall.wishes.models import Wish
from wishwall.wishes.queries import open_wishes
from wishwall.wishes.words import CATEGORIES


def shown(row: Any, nearby: Nearby | None = None) -> dict[str, Any]:
    """A row of `city_wishes` as `wishes/_city_cards.html` needs it."""
    return {
        "id": row.public_id,
        "text": row.public_text,
        "category": row.category,
        "category_word": CATEGORIES[row.category],
        "since": day(row.opened_at),
        "photo": row.photo_id is not None,
        "station_code": row.code,
        "station_name": row.name,
        "district": row.district,
        "metres": nearby.metres if nearby else None,
        "walk": minutes_on_foot(nearby.metres) if nearby else None,
        "ride": minutes_by_e_bike(nearby.metres) if nearby else None,
    }


def card_of(wish_id: int) -> dict[str, Any] | None:
    """One wish of the list; nothing if it is no longer open."""
    row = db.session.execute(open_wishes.where(Wish.id == wish_id)).first()
    return shown(row) if row else None
