"""A wish written before signing in: kept a day, posted at the next sign-in, once.

The browser holds only a token; whoever signs in with it posts the wish that was written there.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wishwall.kit.clock import now
from wishwall.kit.db import Base, db
from wishwall.photos.models import Photo
from wishwall.stations.models import Station

KEPT_FOR = timedelta(days=1)


class Draft(Base):
    """What an anonymous visitor wrote on a station's wall."""

    __tablename__ = "draft"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(String(10))
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"))
    saved_at: Mapped[datetime] = mapped_column(default=now, index=True)

    station: Mapped[Station] = relationship()
    photo: Mapped[Photo | None] = relationship()

    @classmethod
    def keep(
        cls, *, station_id: int, text: str, category: str, photo: Photo | None, token: str | None
    ) -> str:
        """Keep a draft in place of the browser's earlier one; returns its token."""
        if token:
            cls.drop(token)
        token = secrets.token_urlsafe(24)
        db.session.add(
            cls(
                token_hash=_hashed(token),
                station_id=station_id,
                text=text,
                category=category,
                photo_id=photo.id if photo else None,
            )
        )
        db.session.flush()
        return token

    @classmethod
    def of(cls, token: str) -> "Draft | None":
        """The draft of this browser, unless it is too old; one reader at a time."""
        fresh = select(cls).where(cls.token_hash == _hashed(token), cls.saved_at > now() - KEPT_FOR)
        return db.session.scalar(fresh.with_for_update())

    @classmethod
    def drop(cls, token: str) -> None:
        """Forget a draft; quiet if it is gone."""
        db.session.execute(delete(cls).where(cls.token_hash == _hashed(token)))

    @classmethod
    def forget_old(cls) -> int:
        """Drop what nobody came back for; returns how many."""
        result = db.session.execute(delete(cls).where(cls.saved_at <= now() - KEPT_FOR))
        return result.rowcount  # type: ignore[attr-defined, no-any-return]


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
