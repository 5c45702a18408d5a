"""An offer as it reads, in both languages; no kind of shop has words of its own."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from wishwall.kit.clock import in_city, today
from wishwall.kit.i18n import _, day_time, language
from wishwall.merchants.words import PERIODS


def price(fen: int) -> str:
    """Fen as yuan: ¥10, ¥10.50."""
    yuan, rest = divmod(fen, 100)
    return f"¥{yuan}.{rest:02}" if rest else f"¥{yuan}"


def what(method: str, value: int | None) -> str:
    """What it gives: 8 折 (20% off), ¥10, 免费 (free), 待用 (paid for by somebody)."""
    if method == "gift":
        return _("待用")
    if method == "free" or value is None:
        return _("免费")
    if method == "price":
        return price(value)
    if language() == "zh":
        return f"{(100 - value) / 10:g} 折"
    return f"{value}% off"


def written_value(method: str, value: int | None) -> str:
    """As a shop would type it: 20%, 10.50."""
    if value is None:
        return ""
    return f"{value}%" if method == "discount" else f"{value / 100:.2f}"


def how_often(count: int | None, period: str | None) -> str:
    """How often one courier may: 每人每月 1 次; nothing where there is no limit."""
    if count is None or period is None:
        return ""
    if language() == "zh":
        return f"每人{PERIODS[period]} {count} 次"
    return f"{count} a {period} each"


def minutes(start: int | None, end: int | None) -> str:
    """Times of day: 14:00-16:30."""
    if start is None or end is None:
        return ""
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"


def until(last: date | None) -> str:
    """The last day: 到 2027-12-31."""
    return _("到 %(day)s", day=last.isoformat()) if last else ""


def clock(moment: datetime) -> str:
    """The time on the wall: 14:02."""
    return f"{in_city(moment):%H:%M}"


def when(moment: datetime) -> str:
    """The time, with the day unless it is today's: 14:02, 11月23日 14:02."""
    return clock(moment) if in_city(moment).date() == today() else day_time(moment)


def promised(promise: Mapping[str, Any]) -> str:
    """What a voucher promises, as it was when it was taken."""
    return what(promise["method"], promise["value"])
