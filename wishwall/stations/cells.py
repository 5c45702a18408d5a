"""Cells that lists of stations and of shops have alike: their texts, codes and telephones."""

import re
import unicodedata

from wishwall.stations import corrections
from wishwall.stations.findings import HIDDEN, Checked, printable
from wishwall.stations.reading import Row

CODE, PHONE = "驿站编号", "联系电话"

_CODE = re.compile(r"TY[0-9]{6}")
_FORMULA = re.compile(r"[=+\-@＝＋－＠]")


def fits(row: Row, checked: Checked) -> bool:
    """Whether the row has as many cells as the header; if not, nothing in it is sure."""
    if not row.fits:
        checked.fields["code"] = printable(corrections.tidy(row.cells[CODE]), longest=8)
        zh, en = "这一行的格数和表头不一样", "the row has not as many cells as the header"
        checked.find("refused", CODE, row.cells[CODE], zh, en)
    return row.fits


def text_of(checked: Checked, column: str, raw: str, *, longest: int, required: bool) -> str:
    """What a cell says, tidied; empty if it was refused."""
    tidied = corrections.tidy(raw)
    if _hides(raw):
        zh, en = "有看不见的控制字符", "has control characters that nobody can see"
    elif _FORMULA.match(tidied) and not (column == PHONE and tidied[1:2].isdigit()):
        zh, en = "像公式：不能以 = + - @ 开头", "looks like a formula: may not begin with = + - @"
    elif not tidied and required:
        zh, en = "没有填写", "is missing"
    elif len(tidied) > longest:
        zh = f"太长：{len(tidied)} 个字，最多 {longest} 个"
        en = f"is too long: {len(tidied)} characters, at most {longest}"
    else:
        if tidied != raw:
            zh, en = "去掉了多余的空格或全角", "spaces or full-width signs were tidied"
            checked.find("corrected", column, raw, zh, en)
        return tidied
    checked.find("refused", column, raw, zh, en)
    return ""


def check_code(checked: Checked) -> None:
    """The field `code` in capitals, if it is one."""
    written = checked.code
    code = written.upper()
    if written and not _CODE.fullmatch(code):
        zh, en = "编号应是 TY 加六位数字", "a code is TY and six digits"
        checked.find("refused", CODE, written, zh, en)
    elif code != written:
        checked.find("corrected", CODE, written, f"改为 {code}", f"read as {code}")
    checked.fields["code"] = code


def check_phone(checked: Checked) -> None:
    """The field `phone`, empty for the words that say there is none."""
    written = str(checked.fields.get("phone", ""))
    phones = corrections.phones(written)
    if phones is None:
        zh, en = "不是电话号码", "is not a telephone number"
        checked.find("refused", PHONE, written, zh, en)
    elif phones != written:
        checked.find("corrected", PHONE, written, "按没有电话登记", "taken as no telephone")
        checked.fields["phone"] = phones


def _hides(text: str) -> bool:
    """Control, direction and zero-width signs; a line break within a cell is none."""
    return any(unicodedata.category(sign) in HIDDEN and sign not in "\t\r\n" for sign in text)
