"""What is offered, how often and when: plain data that reads as a sentence in both languages."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from wishwall.kit.clock import in_city
from wishwall.merchants.periods import DAY, EVER, MONTH, YEAR

GIFT = "gift"
METHODS = ("discount", "price", "free", GIFT)
FREE = ("free", GIFT)
PERIODS = (DAY, MONTH, YEAR)
TERMS = (
    "text",
    "method",
    "value",
    "quota_count",
    "quota_period",
    "supply_count",
    "supply_period",
    "valid_from",
    "valid_until",
    "from_minute",
    "until_minute",
    "verified_only",
)
CHECKS = (
    CheckConstraint(f"method IN {METHODS}", name="method"),
    CheckConstraint(
        "(method IN ('free', 'gift')) = (value IS NULL)"
        " AND (method <> 'discount' OR value BETWEEN 1 AND 99)"
        " AND (method <> 'price' OR value BETWEEN 1 AND 10000000)",
        name="value",
    ),
    CheckConstraint(f"quota_period IN {PERIODS}", name="quota_period"),
    CheckConstraint("(quota_count IS NULL) = (quota_period IS NULL)", name="quota"),
    CheckConstraint("quota_count BETWEEN 1 AND 99", name="quota_count"),
    CheckConstraint(f"supply_period IN {(*PERIODS, EVER)}", name="supply_period"),
    CheckConstraint("supply_count IS NULL OR quota_count IS NOT NULL", name="supply"),
    CheckConstraint("supply_count BETWEEN 1 AND 100000", name="supply_count"),
    CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="valid"),
    CheckConstraint(
        "(from_minute IS NULL) = (until_minute IS NULL) AND from_minute <> until_minute"
        " AND from_minute BETWEEN 0 AND 1439 AND until_minute BETWEEN 0 AND 1439",
        name="minutes",
    ),
)


class Terms:
    """The columns of an offer that say what it is.

    `value` is the percentage taken off (discount) or the price in fen (price). A quota is how often
    one courier may, a supply how many there are, each for a period. Minutes count from midnight.
    """

    text: Mapped[str] = mapped_column(String(60))
    method: Mapped[str] = mapped_column(String(10))
    value: Mapped[int | None]
    quota_count: Mapped[int | None]
    quota_period: Mapped[str | None] = mapped_column(String(5))
    supply_count: Mapped[int | None]
    supply_period: Mapped[str] = mapped_column(String(5), default=EVER)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    from_minute: Mapped[int | None]
    until_minute: Mapped[int | None]
    verified_only: Mapped[bool] = mapped_column(default=False)

    @property
    def is_gift(self) -> bool:
        return self.method == GIFT

    @property
    def needs_voucher(self) -> bool:
        return self.quota_count is not None

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether it may be used on that day and at that time of day."""
        local = in_city(moment)
        if local.date() < self.valid_from or (
            self.valid_until is not None and local.date() > self.valid_until
        ):
            return False
        if self.from_minute is None or self.until_minute is None:
            return True
        minute = local.hour * 60 + local.minute
        if self.from_minute < self.until_minute:
            return self.from_minute <= minute < self.until_minute
        return minute >= self.from_minute or minute < self.until_minute  # over midnight
