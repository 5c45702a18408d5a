"""The facts of a wish's life, each a row: claims, deliveries, confirmations, reports, reveals."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wishwall.accounts.models import Department, Person
from wishwall.accounts.visitors import SignedIn
from wishwall.kit.clock import now
from wishwall.kit.db import Base, db
from wishwall.photos.models import Photo
from wishwall.wishes.errors import TooManyContacts
from wishwall.wishes.rules import Rules

ENDINGS = ("released", "timed-out", "reopened", "withdrawn", "hidden", "confirmed")
REPORT_REASONS = ("private", "advert", "offensive", "not-a-wish", "other")
LIVE = text("ended_at IS NULL")
A_DAY = timedelta(days=1)


class Claim(Base):
    """One person or department undertakes a wish, until it ends; one live claim a wish."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint(f"ending IN {ENDINGS}", name="ending"),
        CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="ended"),
        Index("uq_claim_live", "wish_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_claim_claimant_id", "claimant_id", "id"),
        Index("ix_claim_department_id", "department_id", "ended_at"),
        Index("ix_claim_due_at", "ended_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(ForeignKey("wish.id"), index=True)
    claimant_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    named: Mapped[bool] = mapped_column(default=False)
    claimed_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime]
    extended_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ending: Mapped[str | None] = mapped_column(String(10))

    claimant: Mapped[Person] = relationship()
    department: Mapped[Department | None] = relationship()
    delivery: Mapped["Delivery | None"] = relationship(back_populates="claim")

    def is_held_by(self, person: SignedIn) -> bool:
        """Whether it is this person's claim, or that of the department they act for."""
        if self.department_id is not None:
            return self.department_id == person.department_id
        return self.claimant_id == person.id

    def may_be_reopened(self, rules: Rules) -> bool:
        """Whether the author's time to reopen after the delivery still runs."""
        return self.delivery is not None and (
            now() <= self.delivery.delivered_at + rules.reopening_within
        )

    @property
    def public_name(self) -> str:
        """The claimant's name if they chose to be named, else nothing."""
        if not self.named:
            return ""
        return self.department.name if self.department else self.claimant.nickname


class Delivery(Base):
    """The claimant says it is done."""

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), unique=True)
    note: Mapped[str] = mapped_column(String(200), default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"))
    delivered_at: Mapped[datetime] = mapped_column(default=now, index=True)
    asked: Mapped[int] = mapped_column(default=0)

    claim: Mapped[Claim] = relationship(back_populates="delivery")
    photo: Mapped[Photo | None] = relationship()


class Confirmation(Base):
    """The author, or the keeper for them, says it arrived."""

    __tablename__ = "confirmation"

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), unique=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    thanks: Mapped[str] = mapped_column(String(200), default="")
    confirmed_at: Mapped[datetime] = mapped_column(default=now)


class Report(Base):
    """Someone finds that a wish should not hang there; one report a person and wish."""

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint(f"reason IN {REPORT_REASONS}", name="reason"),
        Index("uq_report_wish_id_by_id", "wish_id", "by_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(ForeignKey("wish.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(200), default="")
    reported_at: Mapped[datetime] = mapped_column(default=now)

    @classmethod
    def file(cls, wish_id: int, by: Person, reason: str, note: str) -> bool:
        """Keep a report; False if this person has reported the wish already."""
        by.lock()
        seen = select(cls.id).where(cls.wish_id == wish_id, cls.by_id == by.id)
        if db.session.scalar(seen) is not None:
            return False
        db.session.add(cls(wish_id=wish_id, by_id=by.id, reason=reason, note=note))
        return True


class Reveal(Base):
    """The claimant looked at the author's telephone number; the author can see that."""

    __tablename__ = "reveal"
    __table_args__ = (Index("ix_reveal_by_id", "by_id", "revealed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    revealed_at: Mapped[datetime] = mapped_column(default=now)

    @classmethod
    def note(cls, claim: Claim, by: Person, rules: Rules) -> bool:
        """Note that the number is shown; False if it was noted for this claim already."""
        by.lock()
        seen = select(cls.id).where(cls.claim_id == claim.id, cls.by_id == by.id)
        if db.session.scalar(seen) is not None:
            return False
        recent = cls.by_id == by.id, cls.revealed_at > now() - A_DAY
        looked = db.session.scalar(select(func.count()).where(*recent)) or 0
        if looked >= rules.contacts_per_day:
            raise TooManyContacts
        db.session.add(cls(claim_id=claim.id, by_id=by.id))
        return True
