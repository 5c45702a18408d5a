"""Periods of quotas, in the city's calendar and by the server's clock."""

from datetime import datetime

from wishwall.kit.clock import in_city

DAY, MONTH, YEAR, EVER = "day", "month", "year", "ever"
_SHAPES = {DAY: "%Y-%m-%d", MONTH: "%Y-%m", YEAR: "%Y", EVER: EVER}


def period_of(kind: str, moment: datetime) -> str:
    """The name of the period in which a moment lies: 2026-11-24, 2026-11, 2026, or ever."""
    return in_city(moment).strftime(_SHAPES[kind])
