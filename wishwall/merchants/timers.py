"""What time does to vouchers: each is due, is done once, and is safe to try twice at once."""

from sqlalchemy import select

from wishwall.kit.clock import now
from wishwall.kit.db import db, writing
from wishwall.merchants.vouchers import LIVE, Voucher

AT_ONCE = 500


def tick() -> dict[str, int]:
    """Do all that is due; returns how many of each."""
    return {"vouchers-expired": sum(_expire(voucher_id) for voucher_id in _overdue())}


def _overdue() -> list[int]:
    due = select(Voucher.id).where(Voucher.state == LIVE, Voucher.expires_at <= now())
    found = list(db.session.scalars(due.limit(AT_ONCE)))
    db.session.rollback()
    return found


def _expire(voucher_id: int) -> bool:
    with writing():
        return db.session.get_one(Voucher, voucher_id).expire()
