"""What is a person's own is found however it is written, and what is not is left alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wishwall.accounts.privacy import MASK, Span, mask, private_spans

PRIVATE = {
    "mobile": (
        "13800138000", "138 0013 8000", "138-0013-8000", "138.0013.8000", "138·0013•8000",
        "138——0013——8000", "1 3 8 0 0 1 3 8 0 0 0", "1-3 8.0/0_1,3、8：0 0 0", "138\n0013\n8000",
        "８6１３８００１３８０００", "１３８－００１３－８０００", "8613800138000",
        "0086 138 0013 8000",
        "86-138-0013-8000", "013800138000", "①③⑧⓪⓪①③⑧⓪⓪⓪", "❶❸❽00❶❸❽000", "1⃣3⃣8⃣0⃣0⃣1⃣3⃣8⃣0⃣0⃣0⃣",
        "¹³⁸⁰⁰¹³⁸⁰⁰⁰", "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎", "幺三八零零幺三八零零零", "一三八〇〇一三八〇〇〇",
        "1\u200b3\u200d8\u20600\ufeff0\u00ad138\u202e000", "1️3️8️0️0️1️3️8️0️0️0", "1\u31643800138000",
        "19912345678", "1(380)0138-000",
    ),
    "landline": (
        "0351-1234567", "03511234567", "0351 123 4567", "０３５１－１２３４５６７", "010-12345678",
        "02112345678", "0351）1234567", "0351.7654321", "0 3 5 1 7 6 5 4 3 2 1", "86-351-7654321",
    ),
    "identity-card": (
        "14010519900101123X", "14010519900101123x", "140105199001011234", "140105 19900101 1234",
        "140105-1990-0101-123Ｘ", "１４０１０５１９９００１０１１２３４", "140105900101123",
        "1401\u200b0519900101\u200b1234",
    ),
    "plate": (
        "晋A·12345", "晋A12345", "晋a12345", "晋 A 12345", "晋Ａ·１２３４５", "晋A•B1234",
        "晋A-1234学",
        "京AF12345", "粤B12345D", "晋\u200bA\u200b12345", "晋A.1 2 3 4 5", "沪AD12345", "粤Z123A港",
    ),
}  # fmt: skip
ANNOUNCED = (
    ("微信：", "xiao_ming88"), ("微信号", "xiaoming"), ("我的微信是", "wxid-abcdef"),
    ("VX:", "abc_123456"), ("vx ", "abc123"), ("ＶＸ：", "ａｂｃ１２３"), ("wx号", "feizhu2026"),
    ("薇信", "a12345"), ("加V ", "abc12345"), ("加微信", "abc12345"), ("wechat id: ", "foo-bar"),
    ("QQ号", "123456789"), ("qq：", "12345"), ("QQ ", "1234 5678"), ("Q\u200bQ", "10\u200b0001"),
    ("QQ", "①②③④⑤⑥"), ("扣扣", "87654321"), ("QQ群号 ", "345678901"), ("微 信 ", "abc12345"),
)  # fmt: skip
NOBODYS_OWN = (
    "", "雨衣一件", "价格13.50元", "42码", "XL175/92A", "2026-11-23", "2026年11月23日 19:30",
    "2026-11-23 08:30:00", "08:30-18:00", "8:30～18:00", "08:30-12:00 14:00-18:00",
    "08：30—12：00，14：00—18：00", "18:00-9:30 18:00", "19:30-21:00 130元", "05-10 10-12 14-16",
    "TY050001", "新TY050001", "WX050001", "110", "119", "120", "122", "12345", "12351", "电话12345",
    "110 120 119 12345 12351", "400-810-1234", "4008101234", "微信支付", "WeChat payment",
    "微信 Android 版", "微信群里说的", "QQ糖5袋", "新A4打印纸80克", "新HUAWEI Mate60", "新ThinkPad",
    "云A4纸500张", "20000毫安", "5V2A 10000mAh", "37 38 39 40 41 42 43", "26.5-28.5cm",
    "快递YT7613800138000123", "晋中12345", "太原市迎泽大街1380号", "① 手套 ② 雨衣", "1/3, 2/3",
    "一二三四五六七八九十", "电话一直打不通", "https://example.org/12345",
)  # fmt: skip


@pytest.mark.parametrize(("kind", "number"), [(k, n) for k, many in PRIVATE.items() for n in many])
@pytest.mark.parametrize(
    ("before", "after"),
    [("", ""), ("请打", "一直开机"), ("3件，", "，谢谢"), ("\n①", " 5点前"), ("tel", "（晚上）")],
)
def test_a_number_is_found_whole_in_any_spelling(
    kind: str, number: str, before: str, after: str
) -> None:
    spans = private_spans(before + number + after)
    assert spans == [Span(len(before), len(before) + len(number), kind)]


@pytest.mark.parametrize(("word", "name"), ANNOUNCED)
def test_an_id_that_a_word_announces_is_found_without_the_word(word: str, name: str) -> None:
    (span,) = private_spans(f"雨衣，{word}{name}，谢谢")
    assert (span.start, span.end) == (3 + len(word), 3 + len(word) + len(name))
    assert span.kind == "account"


@pytest.mark.parametrize("text", NOBODYS_OWN)
def test_prices_sizes_dates_hours_and_hotlines_are_left_alone(text: str) -> None:
    assert private_spans(text) == []
    assert mask(text) == text


def test_the_international_sign_stays_and_the_rest_goes() -> None:
    assert mask("电话+86 138-0013-8000") == "电话+•• •••••••••••••"


@pytest.mark.parametrize("text", ["电话7654321一直通", "座机：765-4321", "致电 87654321"])
def test_a_local_number_is_known_by_the_word_before_it(text: str) -> None:
    assert [span.kind for span in private_spans(text)] == ["landline"]


def test_every_number_of_a_text_is_found() -> None:
    text = "张13800138000或0351-1234567，车晋A12345，微信abc12345"
    assert [span.kind for span in private_spans(text)] == ["mobile", "landline", "plate", "account"]
    assert mask(text) == "张•••••••••••或••••••••••••，车•••••••，微信••••••••"


def test_a_number_behind_others_is_not_hidden_by_them() -> None:
    for text in ("18 19 15 138-0013-8000", "2 1 13800138000", "床位3 13800138000 2人"):
        assert "138" not in mask(text)


FRAGMENTS = [
    *"0123456789１①一零. -·:\n\u200bXA晋号",
    "138",
    "微信",
    "QQ",
    "0351",
    "86",
    "1990",
    "0101",
]
AWKWARD = st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join)


@given(AWKWARD | st.text())
def test_nothing_is_left_to_find_once_masked_and_the_length_stays(text: str) -> None:
    masked = mask(text)
    assert private_spans(masked) == []
    assert len(masked) == len(text)
    assert all(new in (old, MASK) for old, new in zip(text, masked, strict=True))


@given(AWKWARD | st.text())
def test_spans_are_in_order_apart_and_within_the_text(text: str) -> None:
    end = 0
    for span in private_spans(text):
        assert end <= span.start < span.end <= len(text)
        end = span.end


@pytest.mark.parametrize(
    "unit",
    ["1", "1 ", "13", "微信", "晋A", "晋A1", "0351-", "号", "1:11-", "QQ1 ", "13800138000 ",
     "电话 ", "a1", "新A", "V", " ", "-", "0", "86", "微信号是", "140105", "一", "①", "\u200b"],
)  # fmt: skip
@pytest.mark.parametrize("start", ["", "微信", "QQ1"])
def test_four_times_the_text_takes_about_four_times_as_long(start: str, unit: str) -> None:
    text = start + unit * 20_000
    short, long = (min(_seconds(text[:length]) for _ in range(5)) for length in (5_000, 20_000))
    assert long / (short + 0.001) < 10  # a text that explodes takes 16 times as long, or more


def _seconds(text: str) -> float:
    began = time.process_time()
    private_spans(text)
    return time.process_time() - began
