"""What a shop offers: plain data that reads as a sentence, and how much of it there is."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wishwall.accounts.models import Person
from wishwall.accounts.queries import keeper_ids
from wishwall.kit.clock import in_city, now
from wishwall.kit.db import Base, db
from wishwall.kit.errors import Refusal
from wishwall.kit.ids import public_id
from wishwall.merchants import errors
from wishwall.merchants.complaints import Complaint
from wishwall.merchants.models import Merchant
from wishwall.merchants.periods import EVER
from wishwall.merchants.supply import Supply
from wishwall.notices.models import tell
from wishwall.trail.models import record

METHODS = ("discount", "price", "free")
PERIODS = ("day", "month", "year")
WAITING, ASKED, LIVE, PAUSED, REFUSED = "waiting", "asked", "live", "paused", "refused"
STATES = (WAITING, ASKED, LIVE, PAUSED, REFUSED)
SHOWN = (LIVE, PAUSED)
COMPLAINTS_THAT_PAUSE = 3
SUBJECT = "offer"
WAITS = text("state = 'waiting'")
TERMS = (
    "text",
    "method",
    "value",
    "quota_count",
    "quota_period",
    "supply_count",
    "supply_period",
    "valid_from",
    "valid_until",
    "from_minute",
    "until_minute",
    "verified_only",
)


class Offer(Base):
    """One discount, special price or free thing.

    `value` is the percentage taken off (discount) or the price in fen (price). A quota is how often
    one courier may, a supply how many there are, each for a period. Minutes count from midnight.
    """

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint(f"method IN {METHODS}", name="method"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(
            "(method = 'free') = (value IS NULL)"
            " AND (method <> 'discount' OR value BETWEEN 1 AND 99)"
            " AND (method <> 'price' OR value BETWEEN 1 AND 10000000)",
            name="value",
        ),
        CheckConstraint(f"quota_period IN {PERIODS}", name="quota_period"),
        CheckConstraint("(quota_count IS NULL) = (quota_period IS NULL)", name="quota"),
        CheckConstraint("quota_count BETWEEN 1 AND 99", name="quota_count"),
        CheckConstraint(f"supply_period IN {(*PERIODS, EVER)}", name="supply_period"),
        CheckConstraint("supply_count IS NULL OR quota_count IS NOT NULL", name="supply"),
        CheckConstraint("supply_count BETWEEN 1 AND 100000", name="supply_count"),
        CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="valid"),
        CheckConstraint(
            "(from_minute IS NULL) = (until_minute IS NULL) AND from_minute <> until_minute",
            name="minutes",
        ),
        Index("ix_offer_merchant_id", "merchant_id", "state", "id"),
        Index("ix_offer_waiting", "changed_at", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=public_id)
    merchant_id: Mapped[int] = mapped_column(ForeignKey("merchant.id"))
    text: Mapped[str] = mapped_column(String(60))
    method: Mapped[str] = mapped_column(String(10))
    value: Mapped[int | None]
    quota_count: Mapped[int | None]
    quota_period: Mapped[str | None] = mapped_column(String(5))
    supply_count: Mapped[int | None]
    supply_period: Mapped[str] = mapped_column(String(5), default=EVER)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    from_minute: Mapped[int | None]
    until_minute: Mapped[int | None]
    verified_only: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    revision: Mapped[int] = mapped_column(default=1)
    said: Mapped[str] = mapped_column(String(200), default="")  # the keeper's question or reason
    issued: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(default=now)

    merchant: Mapped[Merchant] = relationship()

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

    @property
    def needs_voucher(self) -> bool:
        return self.quota_count is not None

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether it may be used on that day and at that time of day."""
        local = in_city(moment)
        if local.date() < self.valid_from or (
            self.valid_until is not None and local.date() > self.valid_until
        ):
            return False
        if self.from_minute is None or self.until_minute is None:
            return True
        minute = local.hour * 60 + local.minute
        if self.from_minute < self.until_minute:
            return self.from_minute <= minute < self.until_minute
        return minute >= self.from_minute or minute < self.until_minute  # over midnight

    @classmethod
    def propose(cls, merchant: Merchant, *, by: Person, terms: Mapping[str, Any]) -> "Offer":
        """A shop offers something; a keeper of its station is asked to check it."""
        offer = cls(merchant=merchant, **terms)
        db.session.add(offer)
        db.session.flush()
        offer._record("proposed", by=by, told=offer._keepers("offer-waits"))
        return offer

    def edit(self, *, by: Person, terms: Mapping[str, Any]) -> None:
        """Other terms, checked anew; vouchers that are out keep what they promised."""
        before = {name: getattr(self, name) for name in TERMS}
        kept = {name: str(value) for name, value in before.items() if value is not None}
        self._move(STATES, WAITING, or_raise=errors.NotWaiting, **terms)
        Supply.regrant(self.id, self.supply_period, self.supply_count)
        self._record("offer-edited", by=by, told=self._keepers("offer-waits"), before=kept)

    def approve(self, *, by: Person) -> None:
        """A keeper has checked it: couriers see it."""
        self._refuse_own(by)
        self._move((WAITING,), LIVE, or_raise=errors.NotWaiting, said="")
        self._record("approved", by=by, told=self._owner("offer-approved"))

    def ask(self, *, by: Person, question: str) -> None:
        """A keeper wants to know something first."""
        self._refuse_own(by)
        self._move((WAITING,), ASKED, or_raise=errors.NotWaiting, said=question)
        self._record("asked", by=by, told=self._owner("offer-asked"), question=question)

    def refuse(self, *, by: Person, reason: str) -> None:
        """A keeper says no, and why."""
        self._refuse_own(by)
        self._move((WAITING, ASKED), REFUSED, or_raise=errors.NotWaiting, said=reason)
        self._record("refused", by=by, told=self._owner("offer-refused"), reason=reason)

    def pause(self, *, by: Person) -> None:
        """Nobody takes a voucher for it any more; those that are out stay good."""
        self._move((LIVE,), PAUSED, or_raise=errors.NotLive)
        self._record("paused", by=by, told=self._owner("offer-paused"))

    def resume(self, *, by: Person) -> None:
        """It goes on; complaints are settled with it."""
        self._move((PAUSED,), LIVE, or_raise=errors.NotPaused)
        Complaint.settle(self.id)
        self._record("resumed", by=by, told={})

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
        if by.id == self.merchant.owner_id:
            raise errors.OwnShop

    def _move(
        self, before: tuple[str, ...], after: str, *, or_raise: type[Refusal], **changes: Any
    ) -> None:
        if not self._moves(before, after, **changes):
            raise or_raise

    def _moves(self, before: tuple[str, ...], after: str, **changes: Any) -> bool:
        """Compare and set: the database lets exactly one of many leave these states."""
        moved = db.session.execute(
            update(Offer)
            .where(Offer.id == self.id, Offer.state.in_(before))
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
        others = {person: kind for person, kind in told.items() if by is None or person != by.id}
        tell(others, trail=row, about=self.text[:24], link=self.merchant.link)
