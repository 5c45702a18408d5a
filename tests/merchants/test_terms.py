"""What shops write for a discount, a price or a limit, and what it means."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wishwall.merchants.terms import TermsError, parse_quota, parse_value


@pytest.mark.parametrize(
    ("written", "off"),
    [
        ("8折", 20),
        ("八折", 20),
        ("85折", 15),
        ("8.5折", 15),
        ("八五折", 15),
        ("八点五折", 15),
        ("９折", 10),
        ("0.5折", 95),
        ("9.9折", 1),
        ("99折", 1),
        ("20%", 20),
        ("２０％", 20),
        ("5 %", 5),
        ("20", 20),
        (" 50 ", 50),
        ("20.0", 20),
        ("10", 10),
    ],
)
def test_a_discount_is_what_is_taken_off(written: str, off: int) -> None:
    assert parse_value("discount", written) == off
    assert parse_value("discount", written, percent=True) == off


@pytest.mark.parametrize(
    ("written", "fold", "off"),
    [
        ("8", "8", 8),
        ("1", "1", 1),
        ("９", "9", 9),
        ("08", "8", 8),
        ("51", "5.1", 51),
        ("80", "8", 80),
        ("85", "8.5", 85),
        ("８５", "8.5", 85),
        (" 85.0 ", "8.5", 85),
        ("99", "9.9", 99),
    ],
)
def test_a_number_that_may_be_percent_off_or_tenths_left_is_asked_about(
    written: str, fold: str, off: int
) -> None:
    with pytest.raises(TermsError) as asked:
        parse_value("discount", written)
    assert f"{fold}折" in str(asked.value) and f"{off}%" in str(asked.value)
    assert parse_value("discount", f"{fold}折") == 100 - float(fold) * 10
    assert parse_value("discount", f"{off}%") == off


@pytest.mark.parametrize("off", [8, 20, 60, 85])
def test_in_a_column_of_percent_a_number_is_percent(off: int) -> None:
    assert parse_value("discount", str(off), percent=True) == off


@pytest.mark.parametrize("written", ["0", "00", "0.0"])
def test_a_number_that_is_nothing_either_way_is_not_asked_about(written: str) -> None:
    with pytest.raises(TermsError, match=r"0\.1 折到 9\.9 折"):
        parse_value("discount", written)


@pytest.mark.parametrize(
    "written",
    [
        *("", "0", "0%", "100", "100%", "-1", "-5%", "1e309", "nan", "inf", "20.5", "0.2", "便宜"),
        *(
            "10折",
            "0折",
            "十折",
            "零折",
            "85.5折",
            "100折",
            "-8折",
            "折",
            "%",
            "八",
            "٢٠%",
            "20%20",
        ),
    ],
)
def test_an_impossible_discount_is_refused(written: str) -> None:
    with pytest.raises(TermsError) as refused:
        parse_value("discount", written, percent=True)
    assert str(refused.value.sentence)


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("1", 100),
        ("9.9", 990),
        ("9.90", 990),
        ("10.05元", 1005),
        ("¥10.5", 1050),
        ("￥３", 300),
        ("0.01", 1),
        ("0.29", 29),
        ("100000", 10_000_000),
    ],
)
def test_a_price_is_kept_in_fen(written: str, fen: int) -> None:
    assert parse_value("price", written) == fen


@pytest.mark.parametrize(
    "written",
    [
        *("", "0", "0.00", "-1", "+1", "1e5", "1e309", "nan", "inf", "0.001", "1.", ".5", "1,000"),
        *("100000.01", "1000000", "9" * 400, "十元", "10-20", "=1+1", "1\x002"),
    ],
)
def test_an_impossible_price_is_refused(written: str) -> None:
    with pytest.raises(TermsError):
        parse_value("price", written)


def test_what_is_free_has_no_value() -> None:
    assert parse_value("free", "") is None


@pytest.mark.parametrize(
    ("written", "quota"),
    [
        ("1/天", (1, "day")),
        ("1/日", (1, "day")),
        ("2/月", (2, "month")),
        ("1/年", (1, "year")),
        ("１／天", (1, "day")),
        (" 2 / 月 ", (2, "month")),
        ("2次/月", (2, "month")),
        ("每人1次/天", (1, "day")),
        ("99/年", (99, "year")),
        ("", None),
        ("　", None),
    ],
)
def test_a_limit_is_how_often_in_which_period(written: str, quota: tuple[int, str] | None) -> None:
    assert parse_quota(written) == quota


@pytest.mark.parametrize(
    "written", ["0/天", "100/天", "-1/天", "1", "天", "2天", "1/周", "1/小时", "一/天", "1/天/月"]
)
def test_a_limit_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(TermsError, match="1/天"):
        parse_quota(written)


ANYTHING = st.one_of(
    st.text(max_size=30), st.text(alphabet="0123456789.%折元¥八五点/天月年次 -e", max_size=12)
)


@settings(deadline=None)
@given(ANYTHING)
def test_whatever_is_written_is_possible_or_refused(written: str) -> None:
    for method, most in (("discount", 99), ("price", 10_000_000)):
        try:
            value = parse_value(method, written, percent=True)
        except TermsError:
            continue
        assert value is not None and 1 <= value <= most
    try:
        quota = parse_quota(written)
    except TermsError:
        return
    assert quota is None or (1 <= quota[0] <= 99 and quota[1] in ("day", "month", "year"))
