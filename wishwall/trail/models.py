"""The trail's one table."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from wishwall.kit.clock import now
from wishwall.kit.db import Base, db


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
