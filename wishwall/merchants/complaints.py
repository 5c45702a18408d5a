"""What couriers could not use."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from wishwall.accounts.models import Person
from wishwall.kit.clock import now, today
from wishwall.kit.db import Base, db, insert

REASONS = ("turned-away", "closed")


class Complaint(Base):
    """A courier could not use an offer; open until a keeper or the shop has settled it."""

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint(f"reason IN {REASONS}", name="reason"),
        UniqueConstraint("offer_id", "by_id", "day", name="uq_complaint_offer_id_by_id_day"),
        Index("ix_complaint_open", "offer_id", "settled_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(20))
    day: Mapped[date]
    settled_at: Mapped[datetime | None]

    @classmethod
    def file(cls, offer_id: int, by: Person, reason: str) -> bool:
        """Keep it; False if this person has an open complaint of today already."""
        new = insert(cls).values(offer_id=offer_id, by_id=by.id, reason=reason, day=today())
        anew = new.on_conflict_do_update(
            index_elements=[cls.offer_id, cls.by_id, cls.day],
            set_={"reason": reason, "settled_at": None},
            where=cls.settled_at.is_not(None),
        )
        return db.session.execute(anew.returning(cls.id)).scalar() is not None

    @classmethod
    def open_of(cls, offer_id: int) -> int:
        """How many people's complaints are open."""
        people = func.count(cls.by_id.distinct())
        return (
            db.session.scalar(
                select(people).where(cls.offer_id == offer_id, cls.settled_at.is_(None))
            )
            or 0
        )

    @classmethod
    def settle(cls, offer_id: int) -> None:
        """They have been looked into."""
        db.session.execute(
            update(cls)
            .where(cls.offer_id == offer_id, cls.settled_at.is_(None))
            .values(settled_at=now())
        )
