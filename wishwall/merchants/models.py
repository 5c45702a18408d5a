"""Shops: who they are and where; what they offer stands in `offers`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wishwall.accounts.models import Person
from wishwall.accounts.roles import MERCHANT
from wishwall.kit.clock import now
from wishwall.kit.db import Base, db
from wishwall.kit.ids import public_id
from wishwall.merchants import errors
from wishwall.notices.models import tell
from wishwall.photos.models import Photo
from wishwall.stations.models import Station
from wishwall.trail.models import Trail, record

KINDS = (
    "food",
    "shop",
    "barber",
    "repair",
    "laundry",
    "pharmacy",
    "glasses",
    "phones",
    "other-shop",
)
SUBJECT = "merchant"
CHECKED = ("name", "kind", "address", "lat", "lon")  # what a keeper looks at besides the offer
PRIVATE = ("contact_name", "contact_phone")  # the trail need not remember them


class Merchant(Base):
    """A shop near a station. `phone` is the shop's and public; `contact_…` is for its keeper.

    `owner` is None while a keeper has entered it for somebody without a phone at hand, or a list
    has. Latitude and longitude are WGS-84 degrees.
    """

    __tablename__ = "merchant"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("lat BETWEEN -90 AND 90", name="lat"),
        CheckConstraint("lon BETWEEN -180 AND 180", name="lon"),
        Index("uq_merchant_station_id_name", "station_id", "name", unique=True),
        Index("ix_merchant_owner_id", "owner_id"),
        Index("ix_merchant_phone", "phone"),
        Index("ix_merchant_place", "lat", "lon"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=public_id)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(String(120))
    lat: Mapped[float]
    lon: Mapped[float]
    phone: Mapped[str] = mapped_column(String(40), default="")
    hours: Mapped[str] = mapped_column(String(120), default="")
    contact_name: Mapped[str] = mapped_column(String(20), default="")
    contact_phone: Mapped[str] = mapped_column(String(20), default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"))
    registered_at: Mapped[datetime] = mapped_column(default=now)

    station: Mapped[Station] = relationship()
    owner: Mapped[Person | None] = relationship()
    photo: Mapped[Photo | None] = relationship()

    @property
    def link(self) -> str:
        return f"/merchants/{self.public_id}"

    @classmethod
    def register(
        cls,
        *,
        station: Station,
        by: Person,
        shop: Mapping[str, Any],
        owner: Person | None,
        photo: Photo | None = None,
    ) -> "Merchant":
        """A shop joins, by its owner or a keeper for them; shown when an offer is approved."""
        merchant = cls(station=station, owner=owner, photo=photo, **shop)
        with _one_of_a_name():
            db.session.add(merchant)
        merchant._record("registered", by=by)
        return merchant

    def edit(self, *, by: Person, shop: Mapping[str, Any]) -> bool:
        """Other facts, by the owner or, while there is none, a keeper; the last one wins whole.

        The caller holds the shop and its offers. True if a keeper checks any of the facts: then the
        offers wait again.
        """
        if self.owner_id not in (None, by.id):
            raise errors.HasOwner
        before = {name: getattr(self, name) for name in shop if getattr(self, name) != shop[name]}
        if not before:
            return False
        with _one_of_a_name():
            for name in before:
                setattr(self, name, shop[name])
        kept = {name: str(value) for name, value in before.items() if name not in PRIVATE}
        self._record("shop-edited", by=by, changed=list(before), before=kept)
        return not before.keys().isdisjoint(CHECKED)

    def lock(self) -> None:
        """See it as it is; let no one else change it until this transaction ends."""
        locked = select(Merchant.id).where(Merchant.id == self.id)
        db.session.execute(locked.with_for_update(key_share=True))
        db.session.refresh(self)

    def hand_over(self, *, to: Person, by: Person) -> None:
        """A keeper gives a shop that has no owner to its owner; of many at once one is it."""
        if to.id == by.id:
            raise errors.NotToOneself
        given = db.session.execute(
            update(Merchant)
            .where(Merchant.id == self.id, Merchant.owner_id.is_(None))
            .values(owner_id=to.id)
            .execution_options(synchronize_session=False)
        )
        if given.rowcount != 1:  # type: ignore[attr-defined]
            raise errors.HasOwner
        db.session.refresh(self)
        to.grant(MERCHANT, by=by, reason="was handed a shop")
        row = self._record("handed-over", by=by, owner=to.id)
        tell({to.id: "shop-handed-over"}, trail=row, about=self.name[:24], link=self.link)

    def _record(self, deed: str, *, by: Person, **detail: Any) -> Trail:
        return record(
            deed,
            subject=SUBJECT,
            subject_id=self.id,
            station_id=self.station_id,
            actor_id=by.id,
            **detail,
        )


class Saved(Base):
    """A shop that somebody wants to find again."""

    __tablename__ = "saved_merchant"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    merchant_id: Mapped[int] = mapped_column(
        ForeignKey("merchant.id", ondelete="CASCADE"), primary_key=True
    )
    saved_at: Mapped[datetime] = mapped_column(default=now)


@contextmanager
def _one_of_a_name() -> Iterator[None]:
    """Of all who want a name at a station `uq_merchant_station_id_name` lets one have it."""
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as error:
        said = str(error.orig)
        if "uq_merchant_station_id_name" in said or "merchant.station_id, merchant.name" in said:
            raise errors.NameTaken from error
        raise
