"""One process at a time: a lease in the database, renewed by its holder or taken over."""

from datetime import datetime, timedelta

from sqlalchemy import String, or_
from sqlalchemy.orm import Mapped, mapped_column

from wishwall.kit.clock import now
from wishwall.kit.db import Base, db, insert, writing


class Lease(Base):
    """Who does a job that only one process may do, and until when."""

    __tablename__ = "lease"

    job: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime]


def hold(job: str, *, holder: str, lasts: timedelta) -> bool:
    """Take or renew the lease; False while another process has it."""
    wanted = {"holder": holder, "until": now() + lasts}
    take = (
        insert(Lease)
        .values(job=job, **wanted)
        .on_conflict_do_update(
            index_elements=["job"],
            set_=wanted,
            where=or_(Lease.holder == holder, Lease.until <= now()),
        )
        .returning(Lease.holder)
    )
    with writing():
        return db.session.execute(take).scalar() == holder
