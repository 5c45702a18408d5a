"""What a city's office meant by what it typed: one value in, the meaning or None out."""

import re
from math import isfinite

CITY_LAT = (37.0, 39.0)
CITY_LON = (111.0, 114.0)
DISTRICTS = (
    "小店区",
    "迎泽区",
    "杏花岭区",
    "尖草坪区",
    "万柏林区",
    "晋源区",
    "清徐县",
    "阳曲县",
    "娄烦县",
    "古交市",
)

_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
_FULL_WIDTH_WORDS = {wide: sign for wide, sign in _FULL_WIDTH.items() if chr(sign).isalnum()}

_DECIMAL = re.compile(r"(?:东经|北纬)?([+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?)[°度]?[ENen]?")
_SEXAGESIMAL = re.compile(
    r"(?:东经|北纬)?([0-9]{1,3})[°º度]([0-9]{1,2}(?:\.[0-9]{1,10})?)[′’'分]"
    r"(?:([0-9]{1,2}(?:\.[0-9]{1,10})?)(?:[″”\"秒]|′′|''))?[ENen]?"
)

_MORNING = "清晨|凌晨|早晨|早上|上午|早|朝"
_AFTERNOON = "中午|下午|午后|傍晚"
_NIGHT = "晚上|夜里|晚|夜"
_CLOCK = (
    "(?P<hour{0}>[0-9]{{1,2}}|[零一二两三四五六七八九十]{{1,3}})"
    "(?::(?P<minute{0}>[0-9]{{2}})|[点时](?P<half{0}>半)?)?"
)
_SPOKEN = re.compile(
    f"(?P<part1>{_MORNING}|{_AFTERNOON}){_CLOCK.format(1)}"
    f"(?:到|至|[-~—]+)?(?P<part2>{_MORNING}|{_AFTERNOON}|{_NIGHT})?{_CLOCK.format(2)}"
)
_NUMERALS = "零一二三四五六七八九"

_YES = {"有", "是", "√", "✓", "✔", "☑", "1", "y", "yes", "true"}
_NO = {"", "无", "否", "没有", "×", "✗", "✘", "✕", "0", "n", "no", "false"}
_DOUBTFUL_YES = {"○", "〇", "◯", "●", "o", "具备", "齐全", "可用", "t"}
_DOUBTFUL_NO = {"x", "-", "—", "/", "空", "f"}

_PHONE = re.compile(r"\+?[0-9(][0-9() -]{3,18}[0-9](?:(?:转|-)[0-9]{1,6})?")
_NO_PHONE = {"无", "暂无", "没有", "-", "—", "/"}


def tidy(text: str) -> str:
    """Without spaces round it or doubled within, full-width digits and letters made plain."""
    return " ".join(text.split()).translate(_FULL_WIDTH_WORDS)


def in_city(lat: float, lon: float) -> bool:
    """Whether a place is in Taiyuan or near it."""
    return CITY_LAT[0] <= lat <= CITY_LAT[1] and CITY_LON[0] <= lon <= CITY_LON[1]


def is_decimal(text: str) -> bool:
    """Whether a coordinate is written as a plain number."""
    return re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text.strip()) is not None


def degrees(text: str) -> float | None:
    """Degrees, to the sixth decimal (10 cm); degrees, minutes and seconds too."""
    plain = "".join(text.split()).translate(_FULL_WIDTH)
    if found := _DECIMAL.fullmatch(plain):
        value = float(found[1])
        return round(value, 6) if isfinite(value) else None
    found = _SEXAGESIMAL.fullmatch(plain)
    if found is None:
        return None
    whole, minutes, seconds = int(found[1]), float(found[2]), float(found[3] or 0)
    if minutes >= 60 or seconds >= 60:
        return None
    return round(whole + minutes / 60 + seconds / 3600, 6)


def district(text: str) -> str | None:
    """The district's full name: 小店区 for 小店, 太原市小店区 or 小店区."""
    name = text.removeprefix("山西省").removeprefix("太原市")
    return next((full for full in DISTRICTS if name in (full, full[:-1])), None)


def district_of_address(address: str) -> str | None:
    """The district that an address begins with."""
    place = address.removeprefix("山西省").removeprefix("太原市")
    return next((full for full in DISTRICTS if place.startswith(full)), None)


def spoken_hours(text: str) -> str | None:
    """With 08:00-20:00 for 早八点到晚八点; None if nothing in it is surely said."""
    plain = "".join(text.split()).translate(_FULL_WIDTH)
    spans = [_span(found) for found in _SPOKEN.finditer(plain)]
    if not spans or None in spans:
        return None
    written = iter(spans)
    return _SPOKEN.sub(lambda _found: str(next(written)), plain)


def _span(found: re.Match[str]) -> str | None:
    part = found["part1"]
    opens = _minutes(part, found["hour1"], found["minute1"], found["half1"])
    if found["part2"] or part in _MORNING.split("|"):
        part = found["part2"] or ""
    closes = _minutes(part, found["hour2"], found["minute2"], found["half2"])
    if opens is None or closes is None or not opens < closes <= 24 * 60:
        return None  # eight to six, of which half of the day?
    return f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"


def _minutes(part: str, hour_text: str, minute: str | None, half: str | None) -> int | None:
    hour = int(hour_text) if hour_text.isascii() else _numeral(hour_text)
    if hour is None or hour > 24:
        return None
    if part in _NIGHT.split("|") and hour <= 12:
        if hour < 5:
            return None
        hour += 12
    elif part in _AFTERNOON.split("|") and hour < 10:
        hour += 12
    return hour * 60 + (30 if half else int(minute or 0))


def _numeral(text: str) -> int | None:
    """Up to 24 in Chinese numerals."""
    tens, ten, units = text.replace("两", "二").rpartition("十")
    if len(tens) > 1 or len(units) > 1:
        return None
    count = (_NUMERALS.index(tens) if tens else 1) if ten else 0
    return count * 10 + (_NUMERALS.index(units) if units else 0)


def has_amenity(text: str) -> tuple[bool, bool] | None:
    """Whether it is there, and whether the word for it is a doubtful one; None if unknown."""
    word = "".join(text.split()).translate(_FULL_WIDTH).lower()
    if word in _YES or word in _NO:
        return word in _YES, False
    if word in _DOUBTFUL_YES or re.fullmatch("[2-9]|[1-9][0-9]", word):
        return True, True
    return (False, True) if word in _DOUBTFUL_NO else None


def phones(text: str) -> str | None:
    """One or two telephone numbers as written, empty for none; None if it is something else."""
    if text in _NO_PHONE or not text:
        return ""
    numbers = re.split(r"\s*[/、,，;；]\s*", text)
    return text if len(numbers) <= 3 and all(map(_PHONE.fullmatch, numbers)) else None
