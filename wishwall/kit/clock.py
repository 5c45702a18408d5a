"""The one source of time: moments are aware and UTC, days and pages are Asia/Shanghai."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CITY_ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def in_city(moment: datetime) -> datetime:
    """The same moment as the clock on the station's wall shows it."""
    return moment.astimezone(CITY_ZONE)


def today() -> date:
    """The city's calendar day."""
    return in_city(now()).date()
