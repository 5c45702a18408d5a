"""How many claims one volunteer or one department may hold at once."""

from sqlalchemy import func, select

from wishwall.accounts.models import Department, Person
from wishwall.kit.db import db
from wishwall.wishes.errors import TooManyClaims
from wishwall.wishes.facts import Claim, Delivery
from wishwall.wishes.rules import Rules


def refuse_too_many_claims(by: Person, rules: Rules) -> None:
    """Raise `TooManyClaims` at the limit; nobody else counts until the transaction ends."""
    live = (
        select(func.count())
        .select_from(Claim)
        .outerjoin(Delivery)
        .where(Claim.ended_at.is_(None), Delivery.id.is_(None))
    )
    if by.department_id is not None:
        Department.lock(by.department_id)
        limit, held = rules.claims_per_department, Claim.department_id == by.department_id
    else:
        by.lock()
        limit, held = rules.claims_per_volunteer, Claim.claimant_id == by.id
    if (db.session.scalar(live.where(held)) or 0) >= limit:
        raise TooManyClaims
