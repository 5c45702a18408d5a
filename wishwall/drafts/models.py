"""Drafts: forms that were filled in before signing in."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wishwall.kit.clock import now
from wishwall.kit.db import Base, db
from wishwall.photos.models import Photo

KEPT_FOR = timedelta(days=1)


class Draft(Base):
    """What a stranger wrote into a form; the browser holds only the token."""

    __tablename__ = "draft"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    form: Mapped[str] = mapped_column(String(10))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"))
    saved_at: Mapped[datetime] = mapped_column(default=now, index=True)

    photo: Mapped[Photo | None] = relationship()

    @classmethod
    def keep(cls, form: str, fields: Mapping[str, Any], photo: Photo | None) -> str:
        """Keep what was written; returns the token that finds it."""
        token = secrets.token_urlsafe(24)
        draft = cls(
            token_hash=_hashed(token),
            form=form,
            fields=dict(fields),
            photo_id=photo.id if photo else None,
        )
        db.session.add(draft)
        db.session.flush()
        return token

    @classmethod
    def of(cls, form: str, token: str) -> "Draft | None":
        """The draft that this token finds, unless it is too old; one reader at a time."""
        fresh = select(cls).where(
            cls.token_hash == _hashed(token), cls.form == form, cls.saved_at > now() - KEPT_FOR
        )
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
