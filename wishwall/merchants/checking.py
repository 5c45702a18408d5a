"""One row of a city's list of shops: a shop, one thing that it offers, and what was found."""

import re
import unicodedata
from datetime import date
from functools import cache
from typing import Any

from flask_babel import LazyString

from wishwall.accounts.privacy import private_spans
from wishwall.kit.i18n import speaking
from wishwall.kit.text import Unwritable, one_line
from wishwall.merchants.models import Merchant
from wishwall.merchants.offers import Offer
from wishwall.merchants.terms import TermsError, parse_quota, parse_value
from wishwall.merchants.words import KINDS, METHODS
from wishwall.stations.cells import CODE, PHONE, check_code, check_phone, fits, text_of
from wishwall.stations.findings import Checked
from wishwall.stations.models import Station
from wishwall.stations.reading import Row

NAME, KIND, ADDRESS = "商户名称", "类别", "地址"
TEXT, METHOD, VALUE, QUOTA, UNTIL = "优惠内容", "优惠方式", "数值", "限次", "有效期至"
REQUIRED = (NAME, KIND, CODE, TEXT, METHOD, VALUE, ADDRESS)
OPTIONAL = (QUOTA, UNTIL, PHONE)
COLUMNS = {
    "kind": KIND,
    "address": ADDRESS,
    "phone": PHONE,
    "method": METHOD,
    "value": VALUE,
    "quota_count": QUOTA,
    "quota_period": QUOTA,
    "valid_until": UNTIL,
}
LAST_YEAR = 2100

_TEXTS: dict[str, Any] = {
    CODE: Station.code,
    NAME: Merchant.name,
    KIND: Merchant.kind,
    ADDRESS: Merchant.address,
    PHONE: Merchant.phone,
    TEXT: Offer.text,
    METHOD: Offer.method,
}
_WORDS = {KIND: KINDS, METHOD: METHODS}
_LIMITS = {column: attribute.type.length for column, attribute in _TEXTS.items()}
_LIMITS |= dict.fromkeys(_WORDS, 40)  # what it means is short, what is written need not be
_SURELY_MEANT = range(10, 51)  # beyond it perhaps 8折 was meant, not 8 percent
_NO_LIMIT = {"无", "不限", "不限次", "长期", "长期有效", "-", "—", "/"}
_PLAIN_VALUE = re.compile(r"[0-9]+(?:\.[0-9]{1,2})?")
_PLAIN_QUOTA = re.compile("[1-9][0-9]?/[天月年]")
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_MIDNIGHT = re.compile(r"[T ]00:00(:00)?$")  # a day as a workbook may say it


def check(row: Row, today: date) -> Checked:
    """Understand a row that is not empty, as on this day."""
    checked = Checked(row.number)
    if not fits(row, checked):
        return checked
    for column, attribute in _TEXTS.items():
        if column in row.cells:
            checked.fields[attribute.key] = _text(checked, column, row.cells[column])
    check_code(checked)
    check_phone(checked)
    _word(checked, KIND, "kind")
    _word(checked, METHOD, "method")
    _privacy(checked)
    _value(checked, row.cells[VALUE])
    if QUOTA in row.cells:
        _quota(checked, row.cells[QUOTA])
    if UNTIL in row.cells:
        _until(checked, row.cells[UNTIL], today)
    return checked


def in_chinese(word: LazyString) -> str:
    """The word as the city's lists write it, whoever asks."""
    with speaking("zh"):
        return str(word)


def _text(checked: Checked, column: str, raw: str) -> str:
    required = column in REQUIRED
    text = text_of(checked, column, raw, longest=_LIMITS[column], required=required)
    try:
        shown = one_line(text)
    except Unwritable:
        shown = ""
    if text and not shown:
        zh, en = "没有能显示的字", "has nothing that can be shown"
        checked.find("refused", column, raw, zh, en)
    elif shown != text:
        zh, en = "去掉了显示不出来的字符", "characters that cannot be shown were taken out"
        checked.find("corrected", column, raw, zh, en)
    return shown


def _word(checked: Checked, column: str, name: str) -> None:
    """Its Chinese name, or its identifier."""
    written, meanings = str(checked.fields[name]), _meanings(column)
    if not written:
        return
    meant = written.lower() if written.lower() in _WORDS[column] else meanings.get(written)
    if meant is None:
        zh = f"不认识，请写这些里的一个：{'、'.join(meanings)}"
        en = f"is not known; write one of these: {'、'.join(meanings)}"
        checked.find("refused", column, written, zh, en)
    checked.fields[name] = meant or ""


@cache
def _meanings(column: str) -> dict[str, str]:
    return {in_chinese(word): meant for meant, word in _WORDS[column].items()}


def _privacy(checked: Checked) -> None:
    text = str(checked.fields["text"])
    if private_spans(text):
        zh = "人人都看得见，请不要写电话、证件或车牌号码"
        en = "everybody sees it: no telephone, identity or plate numbers, please"
        checked.find("refused", TEXT, text, zh, en)


def _value(checked: Checked, raw: str) -> None:
    method, written = checked.fields["method"], raw.strip()
    checked.fields["value"] = None
    if method == "free" and written:
        zh, en = "免费的不用填数值，已去掉", "what is free has no value; it was dropped"
        checked.find("corrected", VALUE, raw, zh, en)
    if method in ("", "free"):
        return
    if not written:
        checked.find("refused", VALUE, raw, "没有填写", "is missing")
        return
    try:
        value = parse_value(method, written, percent=True) or 0
    except TermsError:
        checked.find("refused", VALUE, raw, *_NO_VALUE[method])
        return
    checked.fields["value"] = value
    if not _PLAIN_VALUE.fullmatch(written):
        checked.find("corrected", VALUE, raw, *_value_read(method, value))
    elif method == "discount" and value not in _SURELY_MEANT:
        zh, en = _value_read(method, value)
        checked.find("noted", VALUE, raw, f"{zh}，请核对", f"{en}, please check")


_NO_VALUE = {
    "discount": (
        "不是 1 到 99 的折扣；请写减去百分之几，例如 20，或写 8折",
        "is no discount of 1 to 99 percent; write the percent off, such as 20, or 8折",
    ),
    "price": (
        "不是 0.01 到 100000 元、最多两位小数的价格",
        "is no price of 0.01 to 100000 yuan with at most two decimals",
    ),
}


def _value_read(method: str, value: int) -> tuple[str, str]:
    if method == "discount":
        return f"按减 {value}% 登记", f"read as {value}% off"
    return f"按 {value / 100:.2f} 元登记", f"read as {value / 100:.2f} yuan"


def _quota(checked: Checked, raw: str) -> None:
    written = _unlimited(checked, QUOTA, raw)
    try:
        quota = parse_quota(written)
    except TermsError:
        zh, en = "看不懂，请写成 1/天、2/月 或 1/年", "is not understood; write 1/天, 2/月 or 1/年"
        checked.find("refused", QUOTA, raw, zh, en)
        return
    count, period = quota or (None, None)
    if quota and not _PLAIN_QUOTA.fullmatch(written):
        zh, en = f"按每人{_EACH[quota[1]]} {count} 次登记", f"read as {count} a {period} each"
        checked.find("corrected", QUOTA, raw, zh, en)
    checked.fields.update(quota_count=count, quota_period=period)


_EACH = {"day": "每天", "month": "每月", "year": "每年"}


def _until(checked: Checked, raw: str, today: date) -> None:
    checked.fields["valid_until"] = None
    written = _MIDNIGHT.sub("", _unlimited(checked, UNTIL, raw))
    if not written:
        return
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", written))
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        zh = "日历上没有这一天，请写成 2027-12-31 这样"
        en = "is no day of the calendar; write it like 2027-12-31"
    elif day < today:
        zh, en = "这一天已经过去了", "is in the past"
    elif day.year > LAST_YEAR:
        zh = f"最晚到 {LAST_YEAR} 年；长期有效请空着"
        en = f"is after {LAST_YEAR}; leave it empty if it has no end"
    else:
        if written != day.isoformat():
            checked.find("corrected", UNTIL, raw, f"改为 {day}", f"read as {day}")
        checked.fields["valid_until"] = day
        return
    checked.find("refused", UNTIL, raw, zh, en)


def _unlimited(checked: Checked, column: str, raw: str) -> str:
    """What is written, or nothing where it says that there is no limit."""
    written = raw.strip()
    if written not in _NO_LIMIT:
        return written
    checked.find("corrected", column, raw, "按没有限制登记", "taken as without a limit")
    return ""
