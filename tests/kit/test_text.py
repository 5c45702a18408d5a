"""What people type is kept as they meant it, and what cannot be kept is refused."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wishwall.kit.text import Unwritable, clean, length, one_line

WRITABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffd"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("雨衣", "雨衣"),
        ("  雨衣，  XL 码\t一件 ", "雨衣， XL 码 一件"),
        ("一\r\n二\r三\u2028四\x0b五", "一\n二\n三\n四\n五"),
        ("一\n\n\n\n\n二", "一\n\n二"),
        ("一 \n   \n \n 二\n\n", "一\n\n二"),
        ("\u3000\u3000雨衣\u00a0大号", "雨衣 大号"),
        ("e\u0301", "é"),
        ("雨\u200b衣\ufeff\u2060\u00ad", "雨衣"),
        ("\u202e衣雨\u2066x\u2069\u200f", "衣雨x"),
        ("雨\x01\x1b[31m衣\x7f", "雨[31m衣"),
        ("雨\u3164衣\u115f", "雨衣"),
        ("👨‍👩‍👧 👩🏽‍🚀 🏳️‍🌈 ❤️‍🔥", "👨‍👩‍👧 👩🏽‍🚀 🏳️‍🌈 ❤️‍🔥"),
        ("雨\u200d衣 👨\u200d", "雨衣 👨"),
        ("z" + "\u0335" * 50, "z" + "\u0335" * 4),
        ("<script>'; DROP TABLE--{{7*7}}", "<script>'; DROP TABLE--{{7*7}}"),
        ("\u200b \u3164\n\u202e", ""),
        ("\ufdd0\uffff雨衣\U0001ffff", "雨衣"),
    ],
)
def test_only_what_can_be_seen_is_kept(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize("typed", ["雨\0衣", "\ud800", "雨衣\ud83d", "\ufffd雨\ufffd衣"])
def test_what_no_database_can_hold_is_refused_plainly(typed: str) -> None:
    for kind in (clean, one_line):
        with pytest.raises(Unwritable) as refusal:
            kind(typed)
        assert refusal.value.status == 400


def test_one_damaged_character_in_a_long_text_is_not_held_against_it() -> None:
    assert (
        clean("上次写的心愿里有一个乱码\ufffd请别介意") == "上次写的心愿里有一个乱码\ufffd请别介意"
    )


def test_a_line_has_no_line_ends() -> None:
    assert one_line(" 小\r\n\r\n王 \t 师傅\n") == "小 王 师傅"


def test_length_counts_cleaned_code_points() -> None:
    assert length(clean(" 雨\u200b衣 ")) == 2


@given(WRITABLE)
def test_a_second_cleaning_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert one_line(one_line(text)) == one_line(text)
    assert unicodedata.is_normalized("NFC", once)


@given(WRITABLE)
def test_nothing_hidden_is_left(text: str) -> None:
    kept = clean(text)
    assert kept == kept.strip()
    assert "\n\n\n" not in kept
    assert "  " not in kept
    hidden = [c for c in kept if unicodedata.category(c) in ("Cc", "Cf") and c not in "\n\u200d"]
    assert not hidden


@given(st.text(st.characters()))
def test_any_text_is_cleaned_or_refused(text: str) -> None:
    try:
        clean(text).encode()
    except Unwritable:
        assert "\0" in text or "\ufffd" in text or any("\ud800" <= c <= "\udfff" for c in text)


@pytest.mark.parametrize(
    "unit", ["雨", "\u200b", " ", "\n", "z\u0335", "👨\u200d", "\u202e", "\r\n "]
)
def test_four_times_the_text_takes_about_four_times_as_long_to_clean(unit: str) -> None:
    short, long = (min(_seconds(unit, length) for _ in range(5)) for length in (5_000, 20_000))
    assert long / (short + 0.001) < 10  # a text that explodes takes 16 times as long, or more


def _seconds(unit: str, length: int) -> float:
    text = (unit * length)[:length]
    began = time.process_time()
    clean(text)
    return time.process_time() - began
