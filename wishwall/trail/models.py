"""The trail's one table."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any, NamedTuple

from sqlalchemy import JSON, ForeignKey, Index, String, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column, scoped_session

from wishwall.kit.clock import now
from wishwall.kit.db import Base, db

BELL = "wishwall-trail"  # what PostgreSQL and Redis call it
TURN = 0x77697368  # the advisory lock of whoever writes to the trail
WRITTEN = "trail-written"


class Trail(Base):
    """One thing that happened. `detail` is for those who may read it, never for the public."""

    __tablename__ = "trail"
    __table_args__ = (
        Index("ix_trail_subject", "subject", "subject_id", "id"),
        Index("ix_trail_station_id", "station_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    deed: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Happening(NamedTuple):
    """What anybody may know of a trail row."""

    id: int
    deed: str
    subject: str
    subject_id: int
    station_id: int | None


# Ids are taken in the order of the commits: whoever writes to the trail holds the turn until their
# transaction has ended, or a row with a lower id could appear after one that has been told already.
# SQLite lets but one write at a time. Those who listen hear of it when it is committed.
_in_turn = select(func.pg_advisory_xact_lock(TURN), func.pg_notify(BELL, ""))


def is_written(session: scoped_session[Any]) -> bool:
    """Whether the trail has got longer since this was asked before, in this session."""
    return bool(session.info.pop(WRITTEN, False))


def record(
    deed: str,
    *,
    subject: str,
    subject_id: int,
    station_id: int | None = None,
    actor_id: int | None = None,
    **detail: Any,
) -> Trail:
    """Write down what happened; `actor_id` is None when time itself did it."""
    _take_turn()
    row = Trail(
        deed=deed,
        subject=subject,
        subject_id=subject_id,
        station_id=station_id,
        actor_id=actor_id,
        detail=detail,
    )
    db.session.add(row)
    db.session.flush()
    return row


def record_each(
    deed: str,
    *,
    subject: str,
    subject_ids: Sequence[int],
    station_ids: Iterable[int | None] = repeat(None),
    actor_id: int | None = None,
    **detail: Any,
) -> None:
    """Write down that the same happened to each of many, each at its station; one row for each."""
    same = {"deed": deed, "subject": subject, "actor_id": actor_id, "detail": detail}
    rows = [
        {"subject_id": subject_id, "station_id": station_id, **same}
        for subject_id, station_id in zip(subject_ids, station_ids, strict=False)
    ]
    if rows:
        _take_turn()
        db.session.execute(insert(Trail), rows)


def _take_turn() -> None:
    if db.engine.dialect.name == "postgresql":
        db.session.execute(_in_turn)
    db.session.info[WRITTEN] = True
