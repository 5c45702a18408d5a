"""Redemptions: what a shop has given, and on which of the city's days."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from wishwall.kit.clock import now
from wishwall.kit.db import Base


class Redemption(Base):
    """A shop has given what a voucher promised; `noted` if it was entered later.

    Shop, offer and day are the voucher's, written down again so that a shop's book is read by one
    index, however much the rest of the city has given.
    """

    __tablename__ = "redemption"
    __table_args__ = (Index("ix_redemption_book", "merchant_id", "day", "offer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[int] = mapped_column(ForeignKey("voucher.id"), unique=True)
    merchant_id: Mapped[int] = mapped_column(ForeignKey("merchant.id"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    redeemed_at: Mapped[datetime] = mapped_column(default=now)
    day: Mapped[date]
    noted: Mapped[bool] = mapped_column(default=False)
