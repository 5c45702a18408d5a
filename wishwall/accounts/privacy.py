"""Finding and masking what identifies a person in text that everyone will read.

Found: mobile numbers, landlines, identity cards, vehicle plates, and WeChat or QQ ids that a
word announces. Hotlines (110, 12345, 400…) are nobody's own and stay. The search reads past
full-width, circled and Chinese digits, separators between digits and characters without width.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

MASK = "•"
WIDEST_GAP = 5
CARD_TAIL = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"
AREA = r"(?:10|2\d|[3-9]\d\d)"
PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
PLATE = PROVINCE + r"[A-HJ-NP-Z](?=(?:[A-Z]*\d){2})"


def _everywhere(*patterns: str) -> tuple[re.Pattern[str], ...]:
    """Found at every place they could begin, so that a false start hides nothing."""
    return tuple(re.compile(f"(?=({pattern}))") for pattern in patterns)


# For text without gaps. Of one kind the first that ends where no digit follows is taken.
NUMBERS = {
    "identity-card": _everywhere(
        r"[1-9]\d{5}(?:18|19|20)\d\d" + CARD_TAIL + r"[\dX]", r"[1-9]\d{7}" + CARD_TAIL
    ),
    "mobile": _everywhere(r"(?:(?:00?)?86)?0?1[3-9]\d{9}"),
    "landline": _everywhere(
        rf"(?:0|(?:00)?86){AREA}[1-9]\d{{6}}", rf"(?:0|(?:00)?86){AREA}[1-9]\d{{7}}"
    ),
    "plate": _everywhere(
        PLATE + r"[A-HJ-NP-Z\d]{4}[A-HJ-NP-Z\d挂学警港澳领使]", PLATE + r"[A-HJ-NP-Z\d]{6}"
    ),
}
# For text with its gaps: what a word announces.
SERVICE = (
    r"(?:[微威薇]\s?信|扣\s?扣|(?:加|➕|\+)\s?V信?"
    r"|(?<![A-Z0-9])(?:WE\s?CHAT|WEI\s?XIN|[VW]X|V信|QQ))"
)
SAID = r"(?P<said>(?:号码|[账帐]号|号|群|ID(?![A-Z0-9])|是|为|[^\w\n]|_){0,8})"
ID = r"(?P<id>[A-Z][A-Z0-9_-]{5,}|[A-Z0-9_-]{0,3}\d(?:[ .-]?\d){4,})"
ACCOUNT = re.compile(SERVICE + SAID + ID)
PLAINLY_SAID = re.compile("[:号是为D]")
STATION_CODE = re.compile(r"[VW]X\d{6}(?![A-Z0-9])")
CALL = re.compile(
    r"(?:电话|座机|固话|致电|拨打|TEL)(?:号码|号|是|为|\W){0,6}"
    r"(?P<id>[1-9]\d{2,3}[ .-]?\d{4})"
)
OPENING_HOURS = re.compile(r"\d{1,2}:[0-5]\d[\W_]{1,3}\d{1,2}:[0-5]\d")
DATES_OR_TIMES = re.compile(r"(?:\d{1,2}[\W_]+){3,}\d{1,2}")

WITHOUT_WIDTH = ("Cf", "Cc", "Mn", "Me")
INVISIBLE = frozenset("\u034f\u115f\u1160\u3164\uffa0")
CHINESE_DIGITS = dict(
    zip("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789", strict=True)
)


class Span(NamedTuple):
    """Characters `start` to `end` (exclusive) of the text, and what they are."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class _Folded:
    """A simpler spelling of a text, and where each of its characters stands there."""

    source: str
    text: str
    places: list[int]

    def span(self, start: int, end: int, kind: str) -> Span:
        """Where that is in the source, with what follows and cannot be seen."""
        after = self.places[end] if end < len(self.places) else len(self.source)
        return Span(self.places[start], max(self.places[end - 1] + 1, after), kind)

    def is_decimal(self, place: int) -> bool:
        """Whether 0-9 of some script stands there in the source, not ① or 一."""
        return 0 <= place < len(self.text) and self.source[self.places[place]].isdecimal()


def private_spans(text: str) -> list[Span]:
    """All of them, in order, none overlapping another; overlapping finds become one."""
    folded = _fold(text)
    found = [*_numbers(folded), *_announced(folded)]
    apart: list[Span] = []
    for span in sorted(found, key=lambda span: (span.start, -span.end)):
        if apart and span.start < apart[-1].end:
            last = apart.pop()
            apart.append(Span(last.start, max(last.end, span.end), last.kind))
        else:
            apart.append(span)
    return apart


def mask(text: str) -> str:
    """The same text, as long as before, each private character a dot; spaces stay."""
    while spans := private_spans(text):  # masking may uncover a neighbour
        characters = list(text)
        for span in spans:
            for place in range(span.start, span.end):
                if not characters[place].isspace():
                    characters[place] = MASK
        text = "".join(characters)
    return text


def _numbers(folded: _Folded) -> Iterator[Span]:
    """Numbers and plates: read without gaps, then checked against the text with them."""
    dense = _without_gaps(folded)
    for kind, patterns in NUMBERS.items():
        taken: set[int] = set()
        for pattern in patterns:
            for match in pattern.finditer(dense.text):
                start, end = dense.places[match.start(1)], dense.places[match.end(1) - 1] + 1
                if start not in taken and _stands_alone(folded, start, end, kind):
                    taken.add(start)
                    yield folded.span(start, end, kind)


def _stands_alone(folded: _Folded, start: int, end: int, kind: str) -> bool:
    """Not the middle of something longer, and not opening hours or a row of dates."""
    after = folded.text[end : end + 1]
    if kind == "plate":
        return not (folded.is_decimal(end) or (after.isascii() and after.isalpha()))
    if folded.is_decimal(start) and folded.is_decimal(start - 1):
        return False
    if folded.is_decimal(end - 1) and folded.is_decimal(end):
        return False
    if OPENING_HOURS.match(folded.text, start, end):
        return False
    return kind != "landline" or not _is_row_of_pairs(folded.text[start:end])


def _is_row_of_pairs(number: str) -> bool:
    """As 05-10 10-12 14-16, but not 0 3 5 1 1 2."""
    return bool(DATES_OR_TIMES.fullmatch(number) and re.search(r"\d\d", number))


def _announced(folded: _Folded) -> Iterator[Span]:
    for match in CALL.finditer(folded.text):
        start, end = match.span("id")
        if not folded.is_decimal(end):
            yield folded.span(start, end, "landline")
    for match in ACCOUNT.finditer(folded.text):
        only_letters = not any(character.isdecimal() for character in match["id"])
        if only_letters and not PLAINLY_SAID.search(match["said"]):
            continue  # "WeChat payment", "微信 Android"
        if not STATION_CODE.fullmatch(match[0]):
            yield folded.span(*match.span("id"), "account")


def _fold(text: str) -> _Folded:
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in _simplest(character):
            letters.append(letter)
            places.append(place)
    return _Folded(text, "".join(letters), places)


def _without_gaps(folded: _Folded) -> _Folded:
    """Letters and digits alone; where the gap between two is too wide, a line end."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(folded.text):
        if not letter.isalnum():
            continue
        if places and place - places[-1] > WIDEST_GAP + 1:
            letters.append("\n")
            places.append(place)
        letters.append(letter)
        places.append(place)
    return _Folded(folded.text, "".join(letters), places)


@lru_cache(maxsize=20_000)
def _simplest(character: str) -> str:
    """Any digit as 0-9, letters upper case and not full-width, nothing without width."""
    if character in CHINESE_DIGITS:
        return CHINESE_DIGITS[character]
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if character in INVISIBLE or unicodedata.category(character) in WITHOUT_WIDTH:
        return "" if character not in "\n\t" else character
    return unicodedata.normalize("NFKC", character).upper()
