"""Vouchers: the right of one courier to use an offer once, and the redemption that uses it.

Where two could win, the database decides. A voucher holds a slot of its courier's quota
(`uq_voucher_slot`: one for each offer, person, period and number), is taken from the shop's
supply by a conditional update, and leaves the state `live` once, by a conditional update too.
Each verb changes the offer first, then vouchers, then the supply, and writes the trail last: those
who wait for each other's rows all stand in that one order, so that none waits for ever.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, select, text, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wishwall.accounts.models import Person
from wishwall.kit.clock import in_city, now
from wishwall.kit.db import Base, db, insert
from wishwall.kit.errors import Refusal
from wishwall.kit.ids import public_id
from wishwall.merchants import errors
from wishwall.merchants.codes import CODE_LENGTH, hashed, new_code, token_of
from wishwall.merchants.models import Merchant
from wishwall.merchants.offers import Offer
from wishwall.merchants.periods import period_of
from wishwall.merchants.redemptions import Redemption
from wishwall.merchants.supply import Supply
from wishwall.notices.models import tell
from wishwall.trail.models import record

LIVE, USED, EXPIRED, VOID = "live", "used", "expired", "void"
STATES = (LIVE, USED, EXPIRED, VOID)
HOLDS = text("state IN ('live', 'used')")
IS_LIVE = text("state = 'live'")
SUBJECT = "voucher"
CODES_TRIED = 3
PROMISED = ("text", "method", "value", "from_minute", "until_minute")


class Voucher(Base):
    """One courier may use one offer once, until `expires_at`.

    `promise` is what the offer said when it was taken. The token in its QR code has 128 bits and is
    kept hashed; `code` is for the counter and is unique among the live vouchers of a shop.
    """

    __tablename__ = "voucher"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("(state = 'used') = (used_at IS NOT NULL)", name="used"),
        Index(
            "uq_voucher_slot",
            *("offer_id", "person_id", "period", "slot"),
            unique=True,
            sqlite_where=HOLDS,
            postgresql_where=HOLDS,
        ),
        Index(
            "uq_voucher_code",
            *("merchant_id", "code"),
            unique=True,
            sqlite_where=IS_LIVE,
            postgresql_where=IS_LIVE,
        ),
        Index("ix_voucher_merchant_id", "merchant_id", "code", "id"),
        Index("ix_voucher_person_id", "person_id", "id"),
        Index("ix_voucher_expires_at", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"), index=True)
    merchant_id: Mapped[int] = mapped_column(ForeignKey("merchant.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code: Mapped[str] = mapped_column(String(CODE_LENGTH))
    period: Mapped[str] = mapped_column(String(10))
    slot: Mapped[int]
    supply_period: Mapped[str] = mapped_column(String(10))
    promise: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default=LIVE)
    issued_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    said: Mapped[str] = mapped_column(String(200), default="")  # why it was made void

    offer: Mapped[Offer] = relationship()
    merchant: Mapped[Merchant] = relationship()
    person: Mapped[Person] = relationship()

    @property
    def is_live(self) -> bool:
        return self.state == LIVE and self.expires_at > now()

    @property
    def is_used(self) -> bool:
        return self.state == USED

    @property
    def link(self) -> str:
        return f"/vouchers/{self.public_id}"

    @property
    def token(self) -> str:
        """What stands in the QR code; made anew from the site's key, kept nowhere."""
        return token_of(self.public_id)

    @classmethod
    def issue(cls, offer: Offer, *, to: Person, lasts: timedelta) -> "Voucher":
        """A courier takes a voucher. Of any number at once no more succeed than there are."""
        moment = now()
        if not to.is_courier:
            raise errors.ForCouriers
        if offer.verified_only and not to.is_verified:
            raise errors.ForVerifiedCouriers
        if offer.quota_count is None or offer.quota_period is None:
            raise errors.NoVoucherNeeded
        if not offer.is_valid_at(moment):
            raise errors.NotNow
        offer.promise_one()
        lapsed = cls._expire_overdue(offer, to)
        values = {
            "offer_id": offer.id,
            "merchant_id": offer.merchant_id,
            "person_id": to.id,
            "period": period_of(offer.quota_period, moment),
            "supply_period": period_of(offer.supply_period, moment),
            "promise": {name: getattr(offer, name) for name in PROMISED},
            "issued_at": moment,
            "expires_at": moment + lasts,
        }
        voucher = cls._in_a_free_slot(offer.quota_count, values)
        for each in lapsed:
            Supply.give_back(offer.id, each.supply_period)
        Supply.take(offer.id, voucher.supply_period, offer.supply_count)
        for each in lapsed:
            each._record("voucher-expired", by=None)  # noqa: SLF001 - its own
        voucher._record("issued", by=to)  # noqa: SLF001 - its own
        return voucher

    def redeem(self, *, by: Person) -> None:
        """The shop gives what was promised. Of any number at once exactly one succeeds."""
        moment = now()
        if not self._move(LIVE, USED, Voucher.expires_at > moment, used_at=moment):
            raise self._why_not(errors.NotRedeemable)
        Supply.use(self.offer_id, self.supply_period)
        self._redeemed(by, moment, noted=False)

    def redeem_noted(self, *, by: Person, at: datetime) -> None:
        """The shop had no network: it noted the code, and enters it later the same day."""
        today = in_city(now()).date() == in_city(at).date()
        if not (today and self.issued_at <= at <= min(self.expires_at, now())):
            raise self._why_not(errors.NotNotedToday)
        Offer.lock(self.offer_id)  # nobody takes its slot meanwhile
        if self._move(LIVE, USED, used_at=at):
            Supply.use(self.offer_id, self.supply_period)
        elif self._is_free_again() and self._move(EXPIRED, USED, used_at=at):
            if not Supply.use_returned(self.offer_id, self.supply_period):
                raise errors.GivenAgain
        else:
            raise self._why_not(errors.GivenAgain)
        self._redeemed(by, at, noted=True)

    def expire(self) -> bool:
        """Its time is over: its place is free again. False if it was no longer live."""
        if not self._move(LIVE, EXPIRED, Voucher.expires_at <= now()):
            return False
        Supply.give_back(self.offer_id, self.supply_period)
        self._record("voucher-expired", by=None)
        return True

    def void(self, *, by: Person, reason: str = "") -> None:
        """Its courier gives it back, or a keeper takes it back and says why."""
        if not self._move(LIVE, VOID, said=reason):
            raise errors.NotGivenBack
        Supply.give_back(self.offer_id, self.supply_period)
        told = {} if by.id == self.person_id else {self.person_id: "voucher-void"}
        self._record("voided", by=by, told=told, reason=reason)

    @classmethod
    def by_token(cls, token: str) -> "Voucher | None":
        """The voucher whose QR code says this."""
        return db.session.scalar(select(cls).where(cls.token_hash == hashed(token)))

    @classmethod
    def by_code(cls, merchant_id: int, code: str) -> "Voucher | None":
        """The newest voucher of a shop with this code."""
        found = select(cls).where(cls.merchant_id == merchant_id, cls.code == code)
        return db.session.scalar(found.order_by(cls.id.desc()).limit(1))

    @classmethod
    def _in_a_free_slot(cls, slots: int, values: dict[str, Any]) -> "Voucher":
        """These lines and the index `uq_voucher_slot` are the quota; the offer is locked."""
        held = cls._held_slots(values)
        free = [slot for slot in range(1, slots + 1) if slot not in held]
        for slot in free[: max(0, slots - len(held))]:  # a smaller quota may leave slots beyond it
            for _ in range(CODES_TRIED):  # a code may be taken
                new = cls._new(slot, values)
                made = insert(cls).values(new).on_conflict_do_nothing().returning(cls.id)
                if (voucher_id := db.session.execute(made).scalar()) is not None:
                    return db.session.get_one(cls, voucher_id)
        raise errors.QuotaUsed

    @classmethod
    def _held_slots(cls, values: dict[str, Any]) -> set[int]:
        whose = ("offer_id", "person_id", "period")
        mine = [getattr(cls, name) == values[name] for name in whose]
        return set(db.session.scalars(select(cls.slot).where(*mine, cls.state.in_((LIVE, USED)))))

    @staticmethod
    def _new(slot: int, values: dict[str, Any]) -> dict[str, Any]:
        name = public_id()
        own = {"public_id": name, "token_hash": hashed(token_of(name)), "code": new_code()}
        return {**values, **own, "slot": slot, "state": LIVE, "said": ""}

    @classmethod
    def _expire_overdue(cls, offer: Offer, person: Person) -> Sequence["Voucher"]:
        """What time has not got round to yet: this person's own, so that they may take anew."""
        mine = cls.offer_id == offer.id, cls.person_id == person.id
        overdue = update(cls).where(*mine, cls.state == LIVE, cls.expires_at <= now())
        expired = overdue.values(state=EXPIRED).returning(cls)
        options = {"synchronize_session": False, "populate_existing": True}
        return db.session.scalars(expired.execution_options(**options)).all()

    def _why_not(self, otherwise: type[Refusal]) -> type[Refusal]:
        db.session.refresh(self)
        known = {USED: errors.AlreadyRedeemed, VOID: errors.NotRedeemable}
        return known.get(self.state, otherwise)

    def _is_free_again(self) -> bool:
        """Whether the slot that it held is held by no other."""
        others = select(Voucher.id).where(
            Voucher.offer_id == self.offer_id,
            Voucher.person_id == self.person_id,
            Voucher.period == self.period,
            Voucher.slot == self.slot,
            Voucher.id != self.id,
            Voucher.state.in_((LIVE, USED)),
        )
        return db.session.scalar(others) is None

    def _move(self, before: str, after: str, *only_if: Any, **values: Any) -> bool:
        """Compare and set: of many that leave the state `before`, one does."""
        moved = db.session.execute(
            update(Voucher)
            .where(Voucher.id == self.id, Voucher.state == before, *only_if)
            .values(state=after, **values)
            .execution_options(synchronize_session=False)
        )
        if moved.rowcount != 1:  # type: ignore[attr-defined]
            return False
        db.session.refresh(self)
        return True

    def _redeemed(self, by: Person, at: datetime, *, noted: bool) -> None:
        given = Redemption(
            voucher_id=self.id,
            merchant_id=self.merchant_id,
            offer_id=self.offer_id,
            by_id=by.id,
            redeemed_at=at,
            day=in_city(at).date(),
            noted=noted,
        )
        db.session.add(given)
        giver = self.offer.given_by_id
        is_last = giver is not None and Supply.is_used_up(self.offer_id, self.supply_period)
        told = {giver: "gift-all-used"} if giver is not None and is_last else {}
        self._record("redeemed", by=by, told=told, link="/me/gifts")

    def _record(
        self,
        deed: str,
        *,
        by: Person | None,
        told: dict[int, str] | None = None,
        link: str = "",
        **detail: Any,
    ) -> None:
        """The trail names the offer, on whose page the number left changes; never the courier."""
        row = record(
            deed,
            subject=SUBJECT,
            subject_id=self.offer_id,
            station_id=self.merchant.station_id,
            actor_id=by.id if by else None,
            voucher=self.id,
            **detail,
        )
        about = str(self.promise["text"])[:24]
        tell(told or {}, trail=row, about=about, link=link or self.link)
