"""Stations and their amenities."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wishwall.kit.clock import now
from wishwall.kit.db import Base

AMENITIES = (
    "air-conditioning",
    "seats",
    "microwave",
    "water",
    "books",
    "first-aid",
    "umbrella",
    "tools",
    "sockets",
    "wifi",
)


class Station(Base):
    """A warm station. Latitude and longitude are WGS-84 degrees."""

    __tablename__ = "station"
    __table_args__ = (
        CheckConstraint("lat BETWEEN -90 AND 90", name="lat"),
        CheckConstraint("lon BETWEEN -180 AND 180", name="lon"),
        Index("ix_station_place", "lat", "lon"),
        Index("ix_station_district", "district", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    district: Mapped[str] = mapped_column(String(20))
    street: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(120))
    host: Mapped[str] = mapped_column(String(40))
    serves: Mapped[str] = mapped_column(String(120), default="")
    lat: Mapped[float]
    lon: Mapped[float]
    hours: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(40), default="")
    specialities: Mapped[str] = mapped_column(String(200), default="")
    imported_at: Mapped[datetime] = mapped_column(default=now)

    amenities: Mapped[list["Amenity"]] = relationship(
        back_populates="station", cascade="all, delete-orphan", order_by="Amenity.id"
    )


class Amenity(Base):
    """One of the ten standard amenities that a station has."""

    __tablename__ = "amenity"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in AMENITIES)})", name="kind"),
        Index("uq_amenity_station_kind", "station_id", "kind", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))

    station: Mapped[Station] = relationship(back_populates="amenities")
