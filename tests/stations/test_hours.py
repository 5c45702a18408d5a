"""When the door is open, by the words on it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wishwall.stations.hours import HoursError, Opening, parse_hours

CITY = ZoneInfo("Asia/Shanghai")
MONDAY, FRIDAY, SATURDAY, SUNDAY = 23, 27, 28, 29  # November 2026


def at(text: str, day: int, clock: str) -> Opening:
    hour, minute = map(int, clock.split(":"))
    return parse_hours(text).at(datetime(2026, 11, day, hour, minute, tzinfo=CITY))


def moment(day: int, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, 1, hour, minute, tzinfo=CITY) + timedelta(days=day - 1)


def test_the_door_opens_on_the_minute_and_is_closed_on_the_minute() -> None:
    text = "08:30-18:00"
    assert at(text, MONDAY, "08:29") == Opening(False, next=moment(MONDAY, "08:30"))
    assert at(text, MONDAY, "08:30") == Opening(True, until=moment(MONDAY, "18:00"))
    assert at(text, MONDAY, "17:59") == Opening(True, until=moment(MONDAY, "18:00"))
    assert at(text, MONDAY, "18:00") == Opening(False, next=moment(MONDAY + 1, "08:30"))


def test_a_moment_in_utc_is_read_on_the_citys_clock() -> None:
    hours = parse_hours("08:30-18:00")
    assert hours.at(datetime.fromisoformat("2026-11-23T00:30:00+00:00")).is_open
    assert not hours.at(datetime.fromisoformat("2026-11-23T00:29:59+00:00")).is_open


def test_a_station_open_all_day_neither_closes_nor_opens() -> None:
    for text in ("24小时", "２４小时", "全天", "24小时营业", "00:00-24:00", "每天 24小时"):
        assert parse_hours(text).always
        assert at(text, SUNDAY, "23:59") == Opening(True)


def test_a_night_station_is_open_across_midnight_and_across_the_week() -> None:
    for text in ("20:00-08:00", "20:00-次日08:00"):
        assert at(text, SUNDAY, "23:00") == Opening(True, until=moment(SUNDAY + 1, "08:00"))
        assert at(text, MONDAY, "07:59") == Opening(True, until=moment(MONDAY, "08:00"))
        assert at(text, MONDAY, "08:00") == Opening(False, next=moment(MONDAY, "20:00"))


def test_weekends_have_their_own_hours() -> None:
    text = "周一至周五 08:30-18:00；周六周日 09:00-17:00"
    assert at(text, FRIDAY, "18:00") == Opening(False, next=moment(SATURDAY, "09:00"))
    assert at(text, SATURDAY, "08:59").is_open is False
    assert at(text, SUNDAY, "17:00") == Opening(False, next=moment(SUNDAY + 1, "08:30"))


def test_a_noon_break_closes_the_door_in_between() -> None:
    text = "08:00-12:00,14:00-18:00"
    assert at(text, MONDAY, "12:00") == Opening(False, next=moment(MONDAY, "14:00"))
    assert at(text, MONDAY, "14:00").is_open


def test_a_station_closed_on_weekends_opens_on_monday() -> None:
    assert at("周一至周五 09:00-17:00", SATURDAY, "10:00").next == moment(SUNDAY + 1, "09:00")
    assert not at("每天 09:00-17:00；周日休息", SUNDAY, "10:00").is_open


def test_a_weekend_without_a_night_closes_at_its_end() -> None:
    text = "周六周日 24小时"
    assert at(text, SATURDAY, "12:00") == Opening(True, until=moment(SUNDAY + 1, "00:00"))
    assert at(text, MONDAY, "00:00") == Opening(False, next=moment(SATURDAY, "00:00"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("０８：３０－１８：００", "08:30-18:00"),
        ("8:30—18:00", "08:30-18:00"),
        ("8点半至18点", "08:30-18:00"),
        ("周一至周日 08:30~18:00", "08:30-18:00"),
        ("每天08:30-18:00", "08:30-18:00"),
        ("周六、周日 09:00-17:00", "周六日09:00-17:00"),
        ("星期一到星期五 9:00-17:00", "工作日 09:00-17:00"),
        ("周六至周一 9:00-17:00", "周一、六、日 9:00-17:00"),
        ("08:00-12:00 11:00-18:00", "08:00-18:00"),
    ],
)
def test_the_same_hours_in_other_words(one: str, other: str) -> None:
    assert parse_hours(one) == parse_hours(other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "；；",
        "早八点到晚八点",
        "看门口公告",
        "节假日 08:00-18:00",
        "25:00-26:00",
        "08:60-09:00",
        "08:00-24:30",
        "08:00-08:00",
        "08:00-次日09:00",
        "08:00",
        "周一",
        "周日休息",
        "周一休息 08:00-18:00",
        "周一 08:00-09:00；周一至周五 10:00-11:00",
        "٠٨:٠٠-١٨:٠٠",
        "08:00-18:00" * 20,
    ],
)
def test_hours_that_nobody_could_keep_are_not_understood(text: str) -> None:
    with pytest.raises(HoursError):
        parse_hours(text)


MINUTES = st.integers(0, 24 * 60 - 1)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@given(opens=MINUTES, closes=MINUTES, now=st.integers(0, 7 * 24 * 60 - 1))
def test_the_next_change_is_a_change_and_nothing_changes_before_it(
    opens: int, closes: int, now: int
) -> None:
    if opens == closes:
        return
    hours = parse_hours(f"{clock(opens)}-{clock(closes)}")
    moment_now = datetime(2026, 11, MONDAY, tzinfo=CITY) + timedelta(minutes=now)
    opening = hours.at(moment_now)
    change = opening.until or opening.next
    assert change is not None and change > moment_now
    assert change - moment_now <= timedelta(days=1)
    assert hours.at(change).is_open is not opening.is_open
    assert hours.at(change - timedelta(minutes=1)).is_open is opening.is_open


@given(st.text(alphabet="周星期一五六日每天至到-:：0123456789 小时点半；,休息次全", max_size=40))
def test_any_text_is_either_understood_or_refused(text: str) -> None:
    try:
        hours = parse_hours(text)
    except HoursError:
        return
    assert hours.spans
