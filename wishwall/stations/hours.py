"""Opening hours as the city writes them, and what they mean at a moment.

Understood: `08:30-18:00`, `08:00-12:00,14:00-18:00`, `20:00-08:00` and `20:00-次日08:00` over
midnight, `24小时`, `每天 …`, `周一至周五 08:30-18:00；周六、周日 09:00-17:00`, `周日休息`;
full-width digits and signs too. A day that is not named is a day off. Public holidays are not
known.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from wishwall.kit.clock import in_city

DAY = 24 * 60
WEEK = 7 * DAY
LONGEST_TEXT = 120

_PREFIX = "(?:周|星期|礼拜)"
_NAME = "[一二三四五六日天]"
_TO = "(?:-+|至|到)"
_OPENS = r"(?P<h1>[0-9]{1,2})(?::(?P<m1>[0-9]{2})|[点时](?P<half1>半)?)"
_CLOSES = r"(?P<h2>[0-9]{1,2})(?::(?P<m2>[0-9]{2})|[点时](?P<half2>半)?)"
_TOKEN = re.compile(
    rf"(?P<days>{_PREFIX}{_NAME}(?:(?:{_TO}|[、,和及])?{_PREFIX}?{_NAME})*)"
    r"|(?P<named>每天|每日|工作日|周末|双休日)"
    r"|(?P<whole>(?:全天)?24(?:小时|h)(?:营业|开放|服务)?|全天(?:营业|开放|服务)?)"
    r"|(?P<off>休息|不开放|不营业|闭站)"
    rf"|(?P<span>{_OPENS}{_TO}(?P<next_day>次日|翌日|第二天)?{_CLOSES})"
    r"|[,;、。:]"
)
_DAY_OR_TO = re.compile(f"{_PREFIX}?({_NAME})|({_TO})")
_NAMED_DAYS = {
    "每天": range(7),
    "每日": range(7),
    "工作日": range(5),
    "周末": range(5, 7),
    "双休日": range(5, 7),
}

Span = tuple[int, int]


class HoursError(ValueError):
    """The hours are written in a way that is not understood."""


@dataclass(frozen=True)
class Opening:
    """Open until when, or closed and next open when; neither is set if it never closes."""

    is_open: bool
    until: datetime | None = None
    next: datetime | None = None


@dataclass(frozen=True)
class Hours:
    """A week of opening, in minutes from Monday 00:00: apart, ascending, within the week."""

    spans: tuple[Span, ...]

    @property
    def always(self) -> bool:
        """Whether the door never closes."""
        return self.spans == ((0, WEEK),)

    def at(self, moment: datetime) -> Opening:
        """Open or closed at an aware moment; the minute of closing is already closed."""
        local = in_city(moment)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        monday = midnight - timedelta(days=local.weekday())
        minute = local.weekday() * DAY + local.hour * 60 + local.minute
        if self.always:
            return Opening(is_open=True)
        for start, end in self.spans:
            if start <= minute < end:
                return Opening(is_open=True, until=monday + timedelta(minutes=self._close(end)))
        later = [start for start, _ in self.spans if start > minute]
        following = later[0] if later else self.spans[0][0] + WEEK
        return Opening(is_open=False, next=monday + timedelta(minutes=following))

    def _close(self, end: int) -> int:
        """Sunday's midnight is no closing if Monday begins open."""
        first_start, first_end = self.spans[0]
        return WEEK + first_end if end == WEEK and first_start == 0 else end


@lru_cache(maxsize=1024)
def parse_hours(text: str) -> Hours:
    """The hours that a text means; raises `HoursError` when it is not understood."""
    week: dict[int, list[Span]] = {}
    for days, spans in _groups(text):
        for day in days:
            if spans and day in week:
                raise HoursError(text)  # a day named twice: which one is meant?
            week[day] = spans
    found = _merged([(day * DAY + a, day * DAY + b) for day in week for a, b in week[day]])
    if not found:
        raise HoursError(text)
    return Hours(found)


def _groups(text: str) -> list[tuple[list[int], list[Span]]]:
    """Days with their times, in the order written; no times means a day off."""
    plain = _plain(text)
    groups: list[tuple[list[int], list[Span]]] = []
    days: list[int] = []
    spans: list[Span] = []
    position = 0
    while position < len(plain):
        token = _TOKEN.match(plain, position)
        if token is None:
            raise HoursError(text)
        position = token.end()
        if token["days"] or token["named"]:
            if spans:
                groups.append((days or list(range(7)), spans))
                days, spans = [], []
            days = days + _days(token)
        elif token["off"]:
            if spans or not days:
                raise HoursError(text)
            groups.append((days, []))
            days = []
        elif token["whole"] or token["span"]:
            spans = [*spans, _span(token, text)]
    if days and not spans:
        raise HoursError(text)
    return [*groups, (days or list(range(7)), spans)] if spans else groups


def _plain(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise HoursError(text)
    folded = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"\s+", "", re.sub("[‐‑‒–—―−~〜]", "-", folded).replace("∶", ":"))


def _days(token: re.Match[str]) -> list[int]:
    if token["named"]:
        return list(_NAMED_DAYS[token["named"]])
    days: list[int] = []
    through = False
    for name, to in _DAY_OR_TO.findall(token["days"]):
        if to:
            through = True
            continue
        day = min("一二三四五六日天".index(name), 6)
        if through:
            days += [(days[-1] + step) % 7 for step in range(1, (day - days[-1]) % 7)]
        days.append(day)
        through = False
    return days


def _span(token: re.Match[str], text: str) -> Span:
    """Minutes from the day's midnight; a closing after midnight goes beyond the day."""
    if token["whole"]:
        return (0, DAY)
    opens = _minutes(token["h1"], token["m1"], token["half1"])
    closes = _minutes(token["h2"], token["m2"], token["half2"])
    overnight = closes < opens or (token["next_day"] is not None and closes <= opens)
    if opens >= DAY or closes > DAY or opens == closes or (token["next_day"] and not overnight):
        raise HoursError(text)
    return (opens, closes + DAY) if overnight else (opens, closes)


def _minutes(hour: str, minute: str | None, half: str | None) -> int:
    minutes = 30 if half else int(minute or 0)
    return int(hour) * 60 + minutes if minutes < 60 else 2 * DAY


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    """Cut at the week's end, in order, those that touch joined."""
    within = [(start, min(end, WEEK)) for start, end in spans]
    within += [(0, end - WEEK) for _, end in spans if end > WEEK]
    merged: list[Span] = []
    for start, end in sorted(within):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
