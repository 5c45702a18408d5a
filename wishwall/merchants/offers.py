"""The life of what a shop offers: proposed, checked by a keeper, in force, paused, edited."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select, text, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wishwall.accounts.models import Person
from wishwall.accounts.queries import keeper_ids
from wishwall.kit.clock import now, today
from wishwall.kit.db import Base, db
from wishwall.kit.errors import Refusal
from wishwall.kit.ids import public_id
from wishwall.merchants import errors
from wishwall.merchants.complaints import Complaint
from wishwall.merchants.models import Merchant
from wishwall.merchants.offered import CHECKS, GIFT, TERMS, Terms
from wishwall.merchants.periods import DAY, EVER
from wishwall.merchants.supply import Supply
from wishwall.notices.models import tell
from wishwall.trail.models import record

WAITING, ASKED, LIVE, PAUSED, REFUSED = "waiting", "asked", "live", "paused", "refused"
STATES = (WAITING, ASKED, LIVE, PAUSED, REFUSED)
SHOWN = (LIVE, PAUSED)
COMPLAINTS_THAT_PAUSE = 3
SUBJECT = "offer"
WAITS = text("state = 'waiting'")
ONE_A_DAY = {"method": GIFT, "quota_count": 1, "quota_period": DAY, "supply_period": EVER}


class Offer(Terms, Base):
    """One discount, special price or free thing; `Terms` says which, how often and when.

    A gift (待用) is what `given_by` has paid for beforehand: so many, one a courier a day.
    """

    __tablename__ = "offer"
    __table_args__ = (
        *CHECKS,
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(
            "(method = 'gift') = (given_by_id IS NOT NULL) AND (method <> 'gift' OR"
            " (quota_count = 1 AND quota_period = 'day'"
            " AND supply_count IS NOT NULL AND supply_period = 'ever'))",
            name="gift",
        ),
        Index("ix_offer_merchant_id", "merchant_id", "state", "id"),
        Index("ix_offer_waiting", "changed_at", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=public_id)
    merchant_id: Mapped[int] = mapped_column(ForeignKey("merchant.id"))
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    revision: Mapped[int] = mapped_column(default=1)
    said: Mapped[str] = mapped_column(String(200), default="")  # the keeper's question or reason
    issued: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(default=now)

    merchant: Mapped[Merchant] = relationship()
    given_by: Mapped[Person | None] = relationship()

    @property
    def is_waiting(self) -> bool:
        return self.state == WAITING

    @property
    def is_live(self) -> bool:
        return self.state == LIVE

    @property
    def is_paused(self) -> bool:
        return self.state == PAUSED

    @property
    def is_shown(self) -> bool:
        return self.state in SHOWN

    @classmethod
    def propose(cls, merchant: Merchant, *, by: Person, terms: Mapping[str, Any]) -> "Offer":
        """A shop offers something; a keeper of its station is asked to check it."""
        offer = cls(merchant=merchant, **terms)
        db.session.add(offer)
        db.session.flush()
        offer._record("proposed", by=by, told=offer._keepers("offer-waits"))
        return offer

    @classmethod
    def give(cls, merchant: Merchant, *, by: Person, text: str, count: int) -> "Offer":
        """Somebody pays for couriers who come later; shown when shop or keeper has confirmed it."""
        terms = {"text": text, "supply_count": count, "valid_from": today()}
        gift = cls(merchant=merchant, given_by=by, **ONE_A_DAY, **terms)
        db.session.add(gift)
        db.session.flush()
        gift._record("given", by=by, told=gift._keepers("offer-waits") | gift._owner("gift-waits"))
        return gift

    def edit(self, *, by: Person, terms: Mapping[str, Any]) -> None:
        """Other terms, checked anew; vouchers that are out keep what they promised."""
        self._refuse_gift()
        before = {name: getattr(self, name) for name in TERMS}
        kept = {name: str(value) for name, value in before.items() if value is not None}
        self._move(STATES, WAITING, or_raise=errors.NotWaiting, **terms)
        Supply.regrant(self.id, self.supply_period, self.supply_count)
        self._record("offer-edited", by=by, told=self._keepers("offer-waits"), before=kept)

    def wait_again(self, *, by: Person) -> None:
        """Its shop is not what a keeper saw: it is checked anew; quiet if couriers see it not."""
        if self._moves(SHOWN, WAITING):
            self._record("waits-again", by=by, told=self._keepers("offer-waits"))

    def approve(self, *, by: Person, seen: int | None = None) -> None:
        """A keeper has checked it, or a shop has been paid for a gift: couriers see it.

        `seen` is the revision that was looked at: what has been edited since is looked at again.
        """
        self._refuse_own(by)
        as_seen = [] if seen is None else [Offer.revision == seen]
        if not self._moves((WAITING,), LIVE, *as_seen, said=""):
            db.session.refresh(self)
            raise errors.ChangedSince if self.is_waiting else errors.NotWaiting
        self._record("approved", by=by, told=self._whose("approved"))

    def ask(self, *, by: Person, question: str) -> None:
        """A keeper wants to know something first."""
        self._refuse_gift()
        self._refuse_own(by)
        self._move((WAITING,), ASKED, or_raise=errors.NotWaiting, said=question)
        self._record("asked", by=by, told=self._owner("offer-asked"), question=question)

    def refuse(self, *, by: Person, reason: str) -> None:
        """A keeper says no, or a shop to a gift, and why."""
        self._refuse_own(by)
        self._move((WAITING, ASKED), REFUSED, or_raise=errors.NotWaiting, said=reason)
        self._record("refused", by=by, told=self._whose("refused"), reason=reason)

    def pause(self, *, by: Person) -> None:
        """Nobody takes a voucher for it any more; those that are out stay good."""
        self._move((LIVE,), PAUSED, or_raise=errors.NotLive)
        self._record("paused", by=by, told=self._owner("offer-paused"))

    def resume(self, *, by: Person) -> None:
        """It goes on; complaints are settled with it."""
        self._move((PAUSED,), LIVE, or_raise=errors.NotPaused)
        Complaint.settle(self.id)
        self._record("resumed", by=by, told=self._owner("offer-resumed"))

    def complain(self, *, by: Person, reason: str) -> None:
        """A courier could not use it; three open complaints pause it until a keeper has looked."""
        Offer.lock(self.id)  # or each of three at once would count but its own
        if not Complaint.file(self.id, by, reason):
            return
        enough = Complaint.open_of(self.id) >= COMPLAINTS_THAT_PAUSE
        pauses = enough and self._moves((LIVE,), PAUSED)
        self._record("complained", by=by, told=self._keepers("offer-complained"), reason=reason)
        if pauses:
            kind = "offer-paused-by-complaints"
            self._record("paused", by=None, told={**self._keepers(kind), **self._owner(kind)})

    @classmethod
    def lock(cls, offer_id: int) -> None:
        """Let no one else change it, or take a voucher for it, until this transaction ends."""
        locked = select(cls.id).where(cls.id == offer_id)
        db.session.execute(locked.with_for_update(key_share=True))

    @classmethod
    def held_of(cls, merchant: Merchant) -> Sequence["Offer"]:
        """All of a shop; let no one else change them until this transaction ends."""
        own = select(cls).where(cls.merchant_id == merchant.id).order_by(cls.id)
        held = own.with_for_update(key_share=True).execution_options(populate_existing=True)
        return db.session.scalars(held).all()

    def promise_one(self) -> None:
        """A voucher promises these very terms: refused unless they are in force still."""
        counted = db.session.execute(
            update(Offer)
            .where(Offer.id == self.id, Offer.state == LIVE, Offer.revision == self.revision)
            .values(issued=Offer.issued + 1)
            .execution_options(synchronize_session=False)
        )
        if counted.rowcount != 1:  # type: ignore[attr-defined]
            raise errors.NotLive

    def _refuse_own(self, by: Person) -> None:
        if self.is_gift and by.id == self.given_by_id:
            raise errors.OwnGift
        if not self.is_gift and by.id == self.merchant.owner_id:
            raise errors.OwnShop

    def _refuse_gift(self) -> None:
        if self.is_gift:
            raise errors.GiftStays

    def _move(
        self, before: tuple[str, ...], after: str, *, or_raise: type[Refusal], **changes: Any
    ) -> None:
        if not self._moves(before, after, **changes):
            raise or_raise

    def _moves(self, before: tuple[str, ...], after: str, *only_if: Any, **changes: Any) -> bool:
        """Compare and set: the database lets exactly one of many leave these states."""
        moved = db.session.execute(
            update(Offer)
            .where(Offer.id == self.id, Offer.state.in_(before), *only_if)
            .values(state=after, revision=Offer.revision + 1, changed_at=now(), **changes)
            .execution_options(synchronize_session=False)
        )
        if moved.rowcount != 1:  # type: ignore[attr-defined]
            return False
        db.session.refresh(self)
        return True

    def _keepers(self, kind: str) -> dict[int, str]:
        return dict.fromkeys(keeper_ids(self.merchant.station_id), kind)

    def _owner(self, kind: str) -> dict[int, str]:
        return {self.merchant.owner_id: kind} if self.merchant.owner_id else {}

    def _whose(self, decided: str) -> dict[int, str]:
        """Whom a decision is for: who gives it, and the shop that is to hand it out."""
        giver = {self.given_by_id: f"gift-{decided}"} if self.given_by_id else {}
        return self._owner(f"gift-{decided}" if self.is_gift else f"offer-{decided}") | giver

    def _record(
        self, deed: str, *, by: Person | None, told: Mapping[int, str], **detail: Any
    ) -> None:
        row = record(
            deed,
            subject=SUBJECT,
            subject_id=self.id,
            station_id=self.merchant.station_id,
            actor_id=by.id if by else None,
            **detail,
        )
        for person_id, kind in told.items():
            if by is None or person_id != by.id:
                link = "/me/gifts" if person_id == self.given_by_id else self.merchant.link
                tell({person_id: kind}, trail=row, about=self.text[:24], link=link)
