"""How much of an offer there is: counters that the database keeps from going below nothing."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String, or_, select, true, update
from sqlalchemy.orm import Mapped, mapped_column

from wishwall.kit.clock import now
from wishwall.kit.db import Base, db, insert
from wishwall.merchants import errors
from wishwall.merchants.periods import period_of


class Supply(Base):
    """How many of an offer there are in one period: granted, out as live vouchers, and used.

    `granted` is None where there is no limit. What remains is granted - live - used, never less
    than nothing: the database's check says so.
    """

    __tablename__ = "supply"
    __table_args__ = (
        CheckConstraint("live >= 0 AND used >= 0", name="counted"),
        CheckConstraint("granted IS NULL OR live + used <= granted", name="granted"),
    )

    offer_id: Mapped[int] = mapped_column(
        ForeignKey("offer.id", ondelete="CASCADE"), primary_key=True
    )
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    granted: Mapped[int | None]
    live: Mapped[int] = mapped_column(default=0)
    used: Mapped[int] = mapped_column(default=0)

    @property
    def remaining(self) -> int | None:
        """How many are left; None where there is no limit."""
        return None if self.granted is None else self.granted - self.live - self.used

    @classmethod
    def of(cls, offer_id: int, kind: str, moment: datetime) -> "Supply | None":
        """This period's, if anything was ever taken from it."""
        return db.session.get(cls, (offer_id, period_of(kind, moment)))

    @classmethod
    def take(cls, offer_id: int, period: str, granted: int | None) -> None:
        """One more is out, if there is one left."""
        blank = insert(cls).values(
            offer_id=offer_id, period=period, granted=granted, live=0, used=0
        )
        db.session.execute(blank.on_conflict_do_nothing())
        if not cls._change(offer_id, period, cls._left(), live=cls.live + 1):
            raise errors.AllGone

    @classmethod
    def give_back(cls, offer_id: int, period: str) -> None:
        """One that was out is there again."""
        cls._change(offer_id, period, cls.live > 0, live=cls.live - 1)

    @classmethod
    def use(cls, offer_id: int, period: str) -> None:
        """One that was out is used."""
        cls._change(offer_id, period, cls.live > 0, live=cls.live - 1, used=cls.used + 1)

    @classmethod
    def use_returned(cls, offer_id: int, period: str) -> bool:
        """One that had been given back was used after all; False if none is left."""
        return cls._change(offer_id, period, cls._left(), used=cls.used + 1)

    @classmethod
    def is_used_up(cls, offer_id: int, period: str) -> bool:
        """Whether the last one has been handed out."""
        granted = select(cls.granted == cls.used).where(
            cls.offer_id == offer_id, cls.period == period
        )
        return bool(db.session.scalar(granted))

    @classmethod
    def regrant(cls, offer_id: int, kind: str, granted: int | None) -> None:
        """Another number, from this period on; refused if more than that are out already.

        Where the kind of period changes too, what is out was promised from the count before: the
        new one begins with nothing taken.
        """
        period = period_of(kind, now())
        enough = true() if granted is None else cls.live + cls.used <= granted
        there = select(cls.period).where(cls.offer_id == offer_id, cls.period == period)
        if db.session.scalar(there) is None:
            return
        if not cls._change(offer_id, period, enough, granted=granted):
            raise errors.SupplyTooSmall

    @classmethod
    def _left(cls) -> ColumnElement[bool]:
        return or_(cls.granted.is_(None), cls.live + cls.used < cls.granted)

    @classmethod
    def _change(cls, offer_id: int, period: str, only_if: Any, **values: Any) -> bool:
        changed = db.session.execute(
            update(cls)
            .where(cls.offer_id == offer_id, cls.period == period, only_if)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        return changed.rowcount == 1  # type: ignore[attr-defined, no-any-return]
