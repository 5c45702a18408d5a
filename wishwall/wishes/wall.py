"""A station's wall: how many wishes hang there, and the revision that changes with each change."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, case, update
from sqlalchemy.orm import Mapped, mapped_column

from wishwall.kit.clock import now
from wishwall.kit.db import Base, db, insert

COUNTED = ("open", "claimed", "delivered", "confirmed")


class Wall(Base):
    """Counters kept as a row; whoever changes them holds the row until the transaction ends.

    The revision is the millisecond of the last change and always grows, also after a restored
    backup: a browser never takes an old wall for a new one.
    """

    __tablename__ = "wall"

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, default=0)
    open: Mapped[int] = mapped_column(default=0)
    claimed: Mapped[int] = mapped_column(default=0)
    delivered: Mapped[int] = mapped_column(default=0)
    confirmed: Mapped[int] = mapped_column(default=0)

    @classmethod
    def hang(cls, station_id: int) -> None:
        """Make sure the station has a wall."""
        db.session.execute(insert(cls).values(station_id=station_id).on_conflict_do_nothing())

    @classmethod
    def change(cls, station_id: int, *, left: str | None, entered: str | None) -> None:
        """Move one wish from the count of one state to that of another; a new revision."""
        moment = int(now().timestamp() * 1000)
        grown = case((cls.revision >= moment, cls.revision + 1), else_=moment)
        values: dict[str, Any] = {"revision": grown}
        if left != entered:
            if left in COUNTED:
                values[left] = getattr(cls, left) - 1
            if entered in COUNTED:
                values[entered] = getattr(cls, entered) + 1
        db.session.execute(
            update(cls)
            .where(cls.station_id == station_id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
