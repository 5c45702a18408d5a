"""Looking afterwards at what a browser has done to the data."""

from sqlalchemy import func, select

from wishwall.accounts.models import Person
from wishwall.kit.db import db
from wishwall.wishes.facts import Claim
from wishwall.wishes.models import Wish


def wishes_by(person: Person) -> list[str]:
    """The words of all wishes of this person, oldest first."""
    db.session.rollback()
    return list(
        db.session.scalars(select(Wish.text).where(Wish.author_id == person.id).order_by(Wish.id))
    )


def claims_on(wish: Wish) -> int:
    """How many claims this wish has ever had."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Claim.wish_id == wish.id)) or 0
