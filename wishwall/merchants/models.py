"""Shops: who they are and where; what they offer stands in `offers`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wishwall.accounts.models import Person
from wishwall.kit.clock import now
from wishwall.kit.db import Base, db
from wishwall.kit.ids import public_id
from wishwall.photos.models import Photo
from wishwall.stations.models import Station
from wishwall.trail.models import record

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
        db.session.add(merchant)
        db.session.flush()
        merchant._record("registered", by=by)
        return merchant

    def edit(self, *, by: Person, shop: Mapping[str, Any]) -> None:
        """Other facts about the shop; the caller has its offers checked anew."""
        before = {name: str(getattr(self, name)) for name in shop}
        for name, value in shop.items():
            setattr(self, name, value)
        db.session.flush()
        self._record("shop-edited", by=by, before=before)

    def _record(self, deed: str, *, by: Person, **detail: Any) -> None:
        record(
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
