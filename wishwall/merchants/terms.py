"""What people write for a discount, a price or a limit, and what it means; pure."""

import re
import unicodedata
from decimal import Decimal

from flask_babel import LazyString

from wishwall.kit.i18n import _l

MOST_YUAN = 100_000
SURELY_PERCENT = range(10, 51)  # below it 8 may be 8折, beyond it 85 may be 8.5折
_FOLD = re.compile(r"([0-9](?:\.[0-9])?|[1-9][0-9])折")
_CHINESE_FOLD = re.compile("[一二三四五六七八九](?:点?[一二三四五六七八九])?折")
_CHINESE = str.maketrans("一二三四五六七八九点", "123456789.")
_PERCENT = re.compile(r"([0-9]{1,2})%")
_NUMBER = re.compile(r"([0-9]{1,2})(?:\.0{1,2})?")
_YUAN = re.compile(r"[¥￥]?([0-9]{1,6}(?:\.[0-9]{1,2})?)元?")
_QUOTA = re.compile("(?:每人)?([0-9]{1,2})(?:次/?|/)(天|日|月|年)")
_PERIODS = {"天": "day", "日": "day", "月": "month", "年": "year"}


class TermsError(ValueError):
    """It cannot be understood, or is not possible; `sentence` says so to people."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def parse_value(method: str, text: str, *, percent: bool = False) -> int | None:
    """Percent off (1 to 99) of a discount, fen of a price, None of what is free.

    8折, 八折, 85折 and 8.5折 leave so many tenths of the price; 20% is taken off. A number alone
    is percent, from 10 to 50; another only where `percent` says so: people write 8 or 85 for 8折
    or 8.5折, and hardly a shop takes more than half off.
    """
    typed = "".join(unicodedata.normalize("NFKC", text).split())
    if method == "free":
        return None
    if method == "discount":
        return _discount(typed, percent=percent)
    return _price(typed)


def parse_quota(text: str) -> tuple[int, str] | None:
    """How often in which period: 2/月 is (2, "month"); None where nothing is written."""
    typed = "".join(unicodedata.normalize("NFKC", text).split())
    if not typed:
        return None
    found = _QUOTA.fullmatch(typed)
    if found is None or int(found[1]) == 0:
        raise TermsError(_l("请写成 1/天、2/月 或 1/年。"))
    return int(found[1]), _PERIODS[found[2]]


def _discount(typed: str, *, percent: bool) -> int:
    if _CHINESE_FOLD.fullmatch(typed):
        typed = typed.translate(_CHINESE)
    if found := _FOLD.fullmatch(typed):
        left = Decimal(found[1])
        return _possible(100 - int(left if left > 10 else left * 10))
    if found := _PERCENT.fullmatch(typed):
        return _possible(int(found[1]))
    found = _NUMBER.fullmatch(typed)
    if found is None:
        raise TermsError(_l("请写成 8折 或 20%。"))
    off = _possible(int(found[1]))
    if off not in SURELY_PERCENT and not percent:
        fold = f"{off / 10 if off > 10 else off:g}"
        sentence = _l("请写清楚：是 %(fold)s折，还是减 %(off)s%%？", fold=fold, off=off)
        raise TermsError(sentence)
    return off


def _possible(off: int) -> int:
    if not 1 <= off <= 99:
        raise TermsError(_l("折扣要在 0.1 折到 9.9 折之间。"))
    return off


def _price(typed: str) -> int:
    found = _YUAN.fullmatch(typed)
    fen = int(Decimal(found[1]) * 100) if found else 0
    if not 1 <= fen <= MOST_YUAN * 100:
        raise TermsError(_l("请填 0.01 到 100000 元的价格，例如 10 或 9.9。"))
    return fen
