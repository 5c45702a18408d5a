"""What time does to wishes. Each deed is due, is done once, and is safe to try twice at once.

Every due wish is handled in a transaction of its own, so that one that somebody changes at the
same moment costs nothing but itself.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, select, update

from wishwall.accounts.queries import keeper_ids
from wishwall.kit.clock import now
from wishwall.kit.db import db, writing
from wishwall.kit.errors import Refusal
from wishwall.wishes.facts import Claim, Delivery
from wishwall.wishes.models import CLAIMED, DELIVERED, OPEN, Wish
from wishwall.wishes.rules import Rules

AT_ONCE = 500


def tick(rules: Rules) -> dict[str, int]:
    """Do all that is due; returns how many of each."""
    return {
        "reminded": _each(_to_remind(rules), _remind),
        "timed-out": _each(_overdue(), partial(_time_out, rules=rules)),
        "expired": _each(_run_out(), _expire),
        "keeper-asked": _each(_waiting_long(rules), _ask_keeper),
        "confirmation-asked": sum(
            _each(_unconfirmed(rules, nth), partial(_ask_author, nth=nth))
            for nth in range(len(rules.confirmation_asked_after))
        ),
    }


def _each(ids: Iterable[int], deed: Callable[[int], bool]) -> int:
    done = 0
    for due in ids:
        try:
            with writing():
                done += deed(due)
        except Refusal:  # somebody was quicker; the wish is no longer due
            continue
    return done


def _overdue() -> list[int]:
    return _found(
        select(Claim.wish_id)
        .join(Wish)
        .where(Claim.ended_at.is_(None), Claim.due_at <= now(), Wish.state == CLAIMED)
    )


def _time_out(wish_id: int, rules: Rules) -> bool:
    wish = db.session.get_one(Wish, wish_id)
    claim = wish.live_claim
    if claim is None or claim.due_at > now():  # extended meanwhile
        return False
    wish.time_out(rules=rules)
    return True


def _run_out() -> list[int]:
    return _found(select(Wish.id).where(Wish.state == OPEN, Wish.expires_at <= now()))


def _expire(wish_id: int) -> bool:
    wish = db.session.get_one(Wish, wish_id)
    if wish.expires_at > now():
        return False
    wish.expire()
    return True


def _to_remind(rules: Rules) -> list[int]:
    return _found(
        select(Claim.id)
        .join(Wish)
        .where(
            Claim.ended_at.is_(None),
            Claim.reminded_at.is_(None),
            Claim.claimed_at <= now() - rules.reminder_after,
            Wish.state == CLAIMED,
        )
    )


def _remind(claim_id: int) -> bool:
    claim = db.session.get_one(Claim, claim_id)
    if not _mark(Claim, claim_id, Claim.reminded_at.is_(None), reminded_at=now()):
        return False
    wish = db.session.get_one(Wish, claim.wish_id)
    wish.remind("claim-reminded", {claim.claimant_id: "your-claim-due"})
    return True


def _waiting_long(rules: Rules) -> list[int]:
    return _found(
        select(Wish.id).where(
            Wish.state == OPEN,
            Wish.keeper_asked_at.is_(None),
            Wish.opened_at <= now() - rules.keeper_asked_after,
        )
    )


def _ask_keeper(wish_id: int) -> bool:
    if not _mark(Wish, wish_id, Wish.keeper_asked_at.is_(None), keeper_asked_at=now()):
        return False
    wish = db.session.get_one(Wish, wish_id)
    wish.remind("keeper-asked", dict.fromkeys(keeper_ids(wish.station_id), "wish-waits-long"))
    return True


def _unconfirmed(rules: Rules, nth: int) -> list[int]:
    return _found(
        select(Delivery.id)
        .join(Claim)
        .join(Wish)
        .where(
            Wish.state == DELIVERED,
            Claim.ended_at.is_(None),
            Delivery.asked == nth,
            Delivery.delivered_at <= now() - rules.confirmation_asked_after[nth],
        )
    )


def _ask_author(delivery_id: int, nth: int) -> bool:
    if not _mark(Delivery, delivery_id, Delivery.asked == nth, asked=nth + 1):
        return False
    delivery = db.session.get_one(Delivery, delivery_id)
    wish = db.session.get_one(Wish, delivery.claim.wish_id)
    wish.remind("confirmation-asked", {wish.author_id: "please-confirm"})
    return True


def _found(statement: Select[int]) -> list[int]:
    found = list(db.session.scalars(statement.limit(AT_ONCE)))
    db.session.rollback()
    return found


def _mark(table: type[Any], row_id: int, still: ColumnElement[bool], **values: Any) -> bool:
    """Set a mark that only one of many can set."""
    marked = db.session.execute(update(table).where(table.id == row_id, still).values(**values))
    return marked.rowcount == 1  # type: ignore[attr-defined, no-any-return]
