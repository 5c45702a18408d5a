"""A wish and its verbs. Each verb is one arrow of the life cycle in the package's docstring."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wishwall.accounts.models import Person
from wishwall.accounts.privacy import mask
from wishwall.accounts.queries import keeper_ids
from wishwall.kit.clock import now
from wishwall.kit.db import Base, db
from wishwall.kit.errors import Refusal
from wishwall.kit.ids import public_id
from wishwall.notices.models import tell
from wishwall.photos.models import Photo
from wishwall.stations.models import Station
from wishwall.trail.models import record
from wishwall.wishes import errors
from wishwall.wishes.allowances import refuse_too_many_claims
from wishwall.wishes.facts import Claim, Confirmation, Delivery, Report, Reveal
from wishwall.wishes.rules import Rules
from wishwall.wishes.wall import Wall

CATEGORIES = ("goods", "skills", "legal", "family", "living", "company")
OPEN, CLAIMED, DELIVERED, CONFIRMED = "open", "claimed", "delivered", "confirmed"
WITHDRAWN, EXPIRED, HIDDEN = "withdrawn", "expired", "hidden"
ON_WALL = (OPEN, CLAIMED, DELIVERED, CONFIRMED)
STATES = (*ON_WALL, WITHDRAWN, EXPIRED, HIDDEN)
SUBJECT = "wish"


class Wish(Base):
    """What a courier asks for. `text` is theirs; `public_text` has private numbers masked."""

    __tablename__ = "wish"
    __table_args__ = (
        CheckConstraint(f"category IN {CATEGORIES}", name="category"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_wish_wall", "station_id", "on_wall", "id"),
        Index("ix_wish_wall_state", "station_id", "state", "id"),
        Index("ix_wish_state", "state", "id"),
        Index("ix_wish_category", "state", "category", "id"),
        Index("ix_wish_author_id", "author_id", "id"),
        Index("ix_wish_expires_at", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=public_id)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(String(200))
    public_text: Mapped[str] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(String(10))
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"))
    state: Mapped[str] = mapped_column(String(10), default=OPEN)
    on_wall: Mapped[bool] = mapped_column(default=True)
    revision: Mapped[int] = mapped_column(default=1)
    posted_at: Mapped[datetime] = mapped_column(default=now)
    opened_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    keeper_asked_at: Mapped[datetime | None]
    hidden_reason: Mapped[str] = mapped_column(String(200), default="")

    station: Mapped[Station] = relationship()
    author: Mapped[Person] = relationship()
    photo: Mapped[Photo | None] = relationship()

    @property
    def is_open(self) -> bool:
        return self.state == OPEN

    @property
    def is_claimed(self) -> bool:
        return self.state == CLAIMED

    @property
    def is_delivered(self) -> bool:
        return self.state == DELIVERED

    @property
    def is_hidden(self) -> bool:
        return self.state == HIDDEN

    @property
    def is_withdrawable(self) -> bool:
        return self.state in (OPEN, CLAIMED)

    @property
    def link(self) -> str:
        return f"/wishes/{self.public_id}"

    @property
    def live_claim(self) -> Claim | None:
        """The claim that has not ended."""
        live = select(Claim).where(Claim.wish_id == self.id, Claim.ended_at.is_(None))
        return db.session.scalar(live)

    @classmethod
    def post(
        cls,
        *,
        station: Station,
        author: Person,
        by: Person,
        text: str,
        category: str,
        rules: Rules,
        photo: Photo | None = None,
    ) -> "Wish":
        """Hang a wish on a station's wall; `by` is the author, or the keeper at the counter."""
        author.lock()
        mine = select(func.count()).where(cls.author_id == author.id, cls.state == OPEN)
        if (db.session.scalar(mine) or 0) >= rules.open_wishes:
            raise errors.TooManyOpenWishes
        wish = cls(
            station=station,
            author=author,
            text=text,
            public_text=mask(text),
            category=category,
            photo=photo,
            expires_at=now() + rules.wish_lasts,
        )
        db.session.add(wish)
        db.session.flush()
        Wall.hang(station.id)
        Wall.change(station.id, left=None, entered=OPEN)
        told = {} if by is author else {author.id: "wish-posted-for-you"}
        named = {} if by is author else {"author_id": author.id}
        wish._record("posted", by=by, told=told, **named)
        return wish

    def claim(self, *, by: Person, rules: Rules, named: bool = False) -> Claim:
        """Undertake to fulfil it. Of any number at once exactly one succeeds."""
        if by.id == self.author_id:
            raise errors.OwnWish
        refuse_too_many_claims(by, rules)
        self._move(OPEN, CLAIMED, or_raise=errors.AlreadyClaimed)
        claim = Claim(
            wish_id=self.id,
            claimant=by,
            department_id=by.department_id,
            named=named,
            claimed_at=now(),
            due_at=now() + rules.claim_lasts,
        )
        db.session.add(claim)
        db.session.flush()
        self._record("claimed", by=by, told={self.author_id: "your-wish-claimed"})
        return claim

    def release(self, *, by: Person, rules: Rules, reason: str = "") -> None:
        """Give it back: the claimant cannot, or the keeper sees that they do not."""
        claim = self._end_claim("released", CLAIMED, OPEN, errors.NotClaimed, rules=rules)
        told = {self.author_id: "your-wish-released"}
        if by.id != claim.claimant_id:
            told[claim.claimant_id] = "your-claim-released"
        self._record("released", by=by, told=told, reason=reason)

    def extend(self, *, by: Person, rules: Rules) -> None:
        """Three more days, once a claim."""
        claim = self._live_claim_or(errors.NotClaimed)
        extended = db.session.execute(
            update(Claim)
            .where(Claim.id == claim.id, Claim.ended_at.is_(None), Claim.extended_at.is_(None))
            .values(extended_at=now(), due_at=claim.due_at + rules.extension_adds)
        )
        if extended.rowcount != 1:  # type: ignore[attr-defined]
            raise errors.AlreadyExtended
        self._move(CLAIMED, CLAIMED, or_raise=errors.NotClaimed)
        self._record("extended", by=by, told={self.author_id: "your-wish-extended"})

    def deliver(self, *, by: Person, note: str = "", photo: Photo | None = None) -> None:
        """The claimant says it is done."""
        self._move(CLAIMED, DELIVERED, or_raise=errors.NotClaimed)
        claim = self._live_claim_or(errors.NotClaimed)
        db.session.add(Delivery(claim_id=claim.id, note=note, photo_id=photo and photo.id))
        self._record("delivered", by=by, told={self.author_id: "your-wish-delivered"}, note=note)

    def confirm(self, *, by: Person, thanks: str = "") -> None:
        """The author says it arrived, or the keeper says so for them."""
        claim = self._end_claim("confirmed", DELIVERED, CONFIRMED, errors.NotDelivered)
        db.session.add(Confirmation(claim_id=claim.id, by_id=by.id, thanks=mask(thanks)))
        told = {claim.claimant_id: "your-delivery-confirmed"}
        if by.id != self.author_id:
            told[self.author_id] = "your-wish-confirmed-for-you"
        self._record("confirmed", by=by, told=told)

    def reopen(self, *, by: Person, rules: Rules, reason: str = "") -> None:
        """The author says it did not arrive: the wish hangs there again."""
        claim = self._live_claim_or(errors.NotDelivered)
        if claim.delivery is None:
            raise errors.NotDelivered
        if not claim.may_be_reopened(rules):
            raise errors.ReopeningTooLate
        self._end_claim("reopened", DELIVERED, OPEN, errors.NotDelivered, rules=rules)
        told = {claim.claimant_id: "your-delivery-reopened"}
        self._record("reopened", by=by, told=told, reason=reason)

    def withdraw(self, *, by: Person) -> None:
        """Take it down; a claimant is told."""
        self._lock()
        if not self.is_withdrawable:
            raise errors.NotWithdrawable
        told = self._end_any_claim("withdrawn", "claimed-wish-withdrawn")
        self._move(self.state, WITHDRAWN, or_raise=errors.NotWithdrawable)
        if by.id != self.author_id:
            told[self.author_id] = "your-wish-withdrawn-for-you"
        self._record("withdrawn", by=by, told=told)

    def edit(self, *, by: Person, text: str, category: str) -> None:
        """Change the words while nobody has claimed it; every version is kept in the trail."""
        before = {"text": self.text, "category": self.category}
        changes = {"text": text, "public_text": mask(text), "category": category}
        self._move(OPEN, OPEN, or_raise=errors.NotOpen, **changes)
        self._record("edited", by=by, told={}, before=before)

    def hide(self, *, by: Person, reason: str) -> None:
        """A keeper takes it off the wall; the author reads the reason."""
        self._lock()
        if self.is_hidden:
            raise errors.AlreadyHidden
        told = self._end_any_claim("hidden", "claimed-wish-hidden")
        self._move(self.state, HIDDEN, or_raise=errors.AlreadyHidden, hidden_reason=reason)
        told[self.author_id] = "your-wish-hidden"
        self._record("hidden", by=by, told=told, reason=reason)

    def expire(self) -> None:
        """Thirty days have passed and nobody came."""
        self._move(OPEN, EXPIRED, or_raise=errors.NotOpen)
        self._record("expired", by=None, told={self.author_id: "your-wish-expired"})

    def time_out(self, *, rules: Rules) -> None:
        """The claim is overdue: the wish is open again."""
        claim = self._end_claim("timed-out", CLAIMED, OPEN, errors.NotClaimed, rules=rules)
        told = {
            self.author_id: "your-wish-timed-out",
            claim.claimant_id: "your-claim-timed-out",
        }
        self._record("timed-out", by=None, told=told)

    def report(self, *, by: Person, reason: str, note: str = "") -> None:
        """Ask the keeper to look; quiet if this person has reported it already."""
        if Report.file(self.id, by, reason, note):
            told = dict.fromkeys(keeper_ids(self.station_id), "wish-reported")
            self._record("reported", by=by, told=told, reason=reason)

    def reveal_contact(self, *, by: Person, rules: Rules) -> str:
        """The author's telephone number, for the claimant; the author sees that they looked."""
        claim = self._live_claim_or(errors.NotClaimed)
        if not self.is_claimed:
            raise errors.NotClaimed
        if Reveal.note(claim, by, rules):
            self._record("revealed", by=by, told={self.author_id: "your-number-revealed"})
        return self.author.phone

    def remind(self, deed: str, told: Mapping[int, str]) -> None:
        """Time asks someone to look; nothing changes on the wall."""
        self._record(deed, by=None, told=told)

    def _move(self, before: str, after: str, *, or_raise: type[Refusal], **changes: Any) -> None:
        """Compare and set: the database lets exactly one of many leave the state `before`."""
        moved = db.session.execute(
            update(Wish)
            .where(Wish.id == self.id, Wish.state == before)
            .values(state=after, on_wall=after in ON_WALL, revision=Wish.revision + 1, **changes)
            .execution_options(synchronize_session=False)
        )
        if moved.rowcount != 1:  # type: ignore[attr-defined]
            raise or_raise
        db.session.refresh(self)
        Wall.change(self.station_id, left=before, entered=after)

    def _end_claim(
        self,
        ending: str,
        before: str,
        after: str,
        or_raise: type[Refusal],
        *,
        rules: Rules | None = None,
    ) -> Claim:
        """Move and end the live claim; with `rules` the wish is open anew and lasts anew."""
        anew: dict[str, Any] = {}
        if rules:
            lasts_until = now() + rules.wish_lasts
            anew = {"opened_at": now(), "expires_at": lasts_until, "keeper_asked_at": None}
        self._move(before, after, or_raise=or_raise, **anew)
        claim = self._live_claim_or(or_raise)
        claim.ended_at, claim.ending = now(), ending
        db.session.flush()
        return claim

    def _live_claim_or(self, or_raise: type[Refusal]) -> Claim:
        claim = self.live_claim
        if claim is None:
            raise or_raise
        return claim

    def _end_any_claim(self, ending: str, kind: str) -> dict[int, str]:
        """End the live claim if there is one; whom to tell, and how."""
        claim = self.live_claim
        if claim is None:
            return {}
        claim.ended_at, claim.ending = now(), ending
        return {claim.claimant_id: kind}

    def _lock(self) -> None:
        """Hold the row so that the state read is the state left."""
        db.session.refresh(self, with_for_update={"of": Wish})

    def _record(
        self, deed: str, *, by: Person | None, told: Mapping[int, str], **detail: Any
    ) -> None:
        """Write the trail row and the notices that are made from it."""
        row = record(
            deed,
            subject=SUBJECT,
            subject_id=self.id,
            station_id=self.station_id,
            actor_id=by.id if by else None,
            **detail,
        )
        others = {person: kind for person, kind in told.items() if by is None or person != by.id}
        tell(others, trail=row, about=_excerpt(self.public_text), link=self.link)


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 24 else line[:23] + "…"
