"""What waits for a keeper's or an organiser's eye."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from wishwall.kit.clock import now
from wishwall.kit.db import db
from wishwall.wishes.facts import Report
from wishwall.wishes.models import OPEN, Wish
from wishwall.wishes.queries import A_PAGE


def reported_wishes(station_ids: Sequence[int] | None) -> Sequence[tuple[Wish, int]]:
    """Wishes on the wall that somebody reported, for these stations or (None) the city."""
    reported = (
        select(Wish, func.count(Report.id))
        .join(Report, Report.wish_id == Wish.id)
        .where(Wish.on_wall)
        .group_by(Wish.id)
        .order_by(func.max(Report.id).desc())
        .limit(A_PAGE)
    )
    if station_ids is not None:
        reported = reported.where(Wish.station_id.in_(station_ids))
    return [(wish, count) for wish, count in db.session.execute(reported).all()]


def long_waiting(station_ids: Sequence[int] | None, days: int) -> Sequence[Wish]:
    """Open wishes that nobody has claimed for so many days, longest first."""
    waiting = (
        select(Wish)
        .where(Wish.state == OPEN, Wish.opened_at <= now() - timedelta(days=days))
        .options(joinedload(Wish.station))
        .order_by(Wish.opened_at)
        .limit(A_PAGE)
    )
    if station_ids is not None:
        waiting = waiting.where(Wish.station_id.in_(station_ids))
    return db.session.scalars(waiting).all()
