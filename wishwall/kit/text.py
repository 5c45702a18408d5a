"""What people type, made fit to keep: visible characters, plain spaces, at most one blank line."""

import re
import unicodedata
from functools import lru_cache

from wishwall.kit.errors import Refusal
from wishwall.kit.i18n import _l

ZERO_WIDTH_JOINER = "\u200d"
REPLACEMENT = "\ufffd"
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
SPACES = re.compile(" {2,}")
BLANK_LINES = re.compile("\n{3,}")
# Letters, marks and symbols by category, but nothing to see.
INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
BLANK = frozenset("\t\u2800")
MOST_MARKS = 4
KEEP, DROP, SPACE, MARK = "keep", "drop", "space", "mark"


class Unwritable(Refusal):
    """Text that no database and no page can hold; nothing was kept."""

    status = 400
    sentence = _l("有无法识别的字符，请重新输入。")


def clean(text: str) -> str:
    """NFC, visible characters only, spaces and blank lines collapsed; raises `Unwritable`.

    A second cleaning changes nothing.
    """
    _refuse(text)
    text = unicodedata.normalize("NFC", LINE_ENDS.sub("\n", text))
    text = unicodedata.normalize("NFC", _visible(text))  # what was dropped may let marks meet
    lines = (SPACES.sub(" ", line).strip(" ") for line in text.split("\n"))
    return BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def one_line(text: str) -> str:
    """Cleaned, with every line end turned into a space."""
    return SPACES.sub(" ", clean(text).replace("\n", " "))


def length(text: str) -> int:
    """Characters of cleaned text, as code points: 汉 is one, a composed emoji several."""
    return len(text)


def _refuse(text: str) -> None:
    """NUL and lone surrogates break databases; mostly U+FFFD means it was never UTF-8."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise Unwritable
    if text.count(REPLACEMENT) * 10 > len(text):
        raise Unwritable


def _visible(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for position, character in enumerate(text):
        fate = _fate(character)
        if character == ZERO_WIDTH_JOINER and _joins_emoji(kept, text[position + 1 : position + 2]):
            fate = KEEP
        if fate is MARK:
            marks += 1
            fate = KEEP if kept and kept[-1] not in " \n" and marks <= MOST_MARKS else DROP
        elif fate is not DROP:
            marks = 0
        if fate is not DROP:
            kept.append(" " if fate is SPACE else character)
    return "".join(kept)


@lru_cache(maxsize=20_000)
def _fate(character: str) -> str:
    if character == "\n":
        return KEEP
    category = unicodedata.category(character)
    if category == "Zs" or character in BLANK:
        return SPACE
    if category in ("Cf", "Cc") or character in INVISIBLE or _is_noncharacter(character):
        return DROP
    return MARK if category in ("Mn", "Me") else KEEP


def _is_noncharacter(character: str) -> bool:
    code = ord(character)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _joins_emoji(before: list[str], after: str) -> bool:
    if not before or not after or _fate(after) is not KEEP:
        return False
    return _is_pictorial(before[-1]) and _is_pictorial(after)


def _is_pictorial(character: str) -> bool:
    """Whether it can be a part of an emoji; new ones are unassigned to this Python."""
    if character in "\ufe0f\u20e3" or "\U0001f3fb" <= character <= "\U0001f3ff":
        return True
    return unicodedata.category(character) in ("So", "Cn")
