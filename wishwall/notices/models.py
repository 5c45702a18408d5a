"""Notices to people."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, Index, ScalarSelect, String, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from wishwall.accounts.models import Person
from wishwall.kit.clock import now
from wishwall.kit.db import Base, db
from wishwall.notices.words import say
from wishwall.trail.models import Trail

UNREAD_SHOWN_AT_MOST = 100


class Notice(Base):
    """One sentence for one person about one trail row; `about` names the thing, masked."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("uq_notice_person_id_trail_id", "person_id", "trail_id", unique=True),
        Index("ix_notice_unread", "person_id", "read_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    trail_id: Mapped[int] = mapped_column(ForeignKey("trail.id"))
    kind: Mapped[str] = mapped_column(String(30))
    about: Mapped[str] = mapped_column(String(60))
    link: Mapped[str] = mapped_column(String(60))
    told_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]

    @property
    def sentence(self) -> str:
        """What it says, in the reader's language."""
        return say(self.kind, self.about)


def tell(kinds: Mapping[int, str], *, trail: Trail, about: str, link: str) -> None:
    """Tell each person their kind of sentence about what has just happened."""
    for person_id, kind in kinds.items():
        db.session.add(
            Notice(person_id=person_id, trail_id=trail.id, kind=kind, about=about, link=link)
        )
    db.session.flush()


# beside a row of `person`: how many notices they have not read, counted up to a hundred
UNREAD: ScalarSelect[int] = (
    select(func.count())
    .select_from(
        select(Notice.id)
        .where(Notice.person_id == Person.id, Notice.read_at.is_(None))
        .limit(UNREAD_SHOWN_AT_MOST)
        .correlate(Person)
        .subquery()
    )
    .scalar_subquery()
)


def read_up_to(notice_id: int, *, by_id: int) -> None:
    """Mark a person's notices as read, up to the newest that they saw."""
    db.session.execute(
        update(Notice)
        .where(Notice.person_id == by_id, Notice.id <= notice_id, Notice.read_at.is_(None))
        .values(read_at=now())
    )
