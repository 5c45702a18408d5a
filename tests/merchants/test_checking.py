"""What a row of a city's list of shops says: taken, put right, or refused with a reason."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.merchants.files import a_discount, a_price, a_row
from wishwall.merchants.planning import City, Decision, ListedStation, plan
from wishwall.merchants.words import KINDS
from wishwall.stations.findings import Finding
from wishwall.stations.reading import Row

TODAY = date(2026, 11, 24)
CITY = City({"TY050001": ListedStation(1, 37.77, 112.57)}, {})


def decide(row: Mapping[str, str]) -> Decision:
    """What becomes of one row in a city that has a station and no shops."""
    [decision] = plan([Row(2, dict(row))], CITY, TODAY).decisions
    return decision


def the_finding(decision: Decision) -> Finding:
    [finding] = decision.findings
    assert finding.row == decision.row and finding.zh and finding.en
    return finding


def taken(row: Mapping[str, str]) -> dict[str, Any]:
    decision = decide(row)
    assert (decision.outcome, decision.findings) == ("added", ())
    return {**decision.facts, **decision.terms}


def corrected(row: Mapping[str, str]) -> tuple[dict[str, Any], Finding]:
    decision = decide(row)
    assert (decision.outcome, decision.is_corrected) == ("added", True)
    return {**decision.facts, **decision.terms}, the_finding(decision)


def refused(row: Mapping[str, str]) -> Finding:
    decision = decide(row)
    assert (decision.outcome, decision.is_corrected) == ("refused", False)
    return the_finding(decision)


def test_a_good_row_is_taken_as_it_is() -> None:
    assert taken(a_row()) == {
        "kind": "barber",
        "address": "小店区龙城街道21号",
        "phone": "0351-0005000",
        "text": "每月免费理发一次",
        "method": "free",
        "value": None,
        "quota_count": 1,
        "quota_period": "month",
        "valid_until": date(2099, 12, 31),
    }
    assert decide(a_row()).label == "TY050001 龙城理发（龙城1店）"


def test_every_kind_of_shop_has_its_chinese_name() -> None:
    assert [taken(a_row(类别=str(name)))["kind"] for name in KINDS.values()] == list(KINDS)
    finding = refused(a_row(类别="酒吧"))
    assert finding.column == "类别" and "其他" in finding.zh and "其他" in finding.en


@pytest.mark.parametrize(
    ("written", "method"), [("discount", "discount"), ("Price", "price"), ("打折", "discount")]
)
def test_a_method_is_named_in_either_language(written: str, method: str) -> None:
    assert taken(a_row(优惠方式=written, 数值="20"))["method"] == method
    assert refused(a_row(优惠方式="赠送")).column == "优惠方式"


def test_the_column_of_a_discount_is_percent_off() -> None:
    assert taken(a_discount("20"))["value"] == 20
    assert taken(a_discount("20.0"))["value"] == 20
    assert taken(a_price("9.9"))["value"] == 990


@pytest.mark.parametrize("written", ["8折", "八折", "20%", "２０"])
def test_a_discount_in_words_is_put_into_percent_and_named(written: str) -> None:
    fields, finding = corrected(a_discount(written))
    assert fields["value"] == 20
    assert (finding.column, finding.value) == ("数值", written)
    assert "20%" in finding.zh and "20% off" in finding.en


def test_a_price_with_its_sign_is_named() -> None:
    fields, finding = corrected(a_price("９.９元"))
    assert fields["value"] == 990 and "9.90" in finding.zh and "9.90 yuan" in finding.en


@pytest.mark.parametrize("written", ["8", "85"])
def test_a_discount_that_may_be_meant_the_other_way_is_noted(written: str) -> None:
    decision = decide(a_discount(written))
    assert (decision.outcome, the_finding(decision).kind) == ("added", "noted")
    assert decision.terms["value"] == int(written)


@pytest.mark.parametrize(
    "written", ["", "-1", "0", "100", "1e309", "nan", "inf", "便宜", "=1+1", "10折", "\x00"]
)
def test_an_impossible_discount_is_refused(written: str) -> None:
    assert refused(a_discount(written)).column == "数值"


@pytest.mark.parametrize(
    "written", ["", "-1", "0", "100000.01", "1e309", "nan", "9.999", "十元", "1,000"]
)
def test_an_impossible_price_is_refused(written: str) -> None:
    assert refused(a_price(written)).column == "数值"


def test_a_value_of_what_is_free_is_dropped_and_named() -> None:
    fields, finding = corrected(a_row(数值="20"))
    assert fields["value"] is None and finding.column == "数值" and "dropped" in finding.en


def test_a_limit_may_be_missing_and_another_writing_is_named() -> None:
    assert taken(a_row(限次=""))["quota_count"] is None
    assert corrected(a_row(限次="不限"))[0]["quota_period"] is None
    fields, finding = corrected(a_row(限次="２次/月"))
    assert (fields["quota_count"], fields["quota_period"]) == (2, "month")
    assert "每月 2 次" in finding.zh and "2 a month" in finding.en


@pytest.mark.parametrize("written", ["0/天", "100/月", "1", "天", "1/周", "-1/天", "nan"])
def test_a_limit_that_is_not_understood_is_refused(written: str) -> None:
    assert refused(a_row(限次=written)).column == "限次"


@pytest.mark.parametrize(
    "written", ["2027/12/31", "2027.12.31", "2027年12月31日", "２０２７-12-31", "2027-12-31 "]
)
def test_a_last_day_in_another_writing_is_understood(written: str) -> None:
    decision = decide(a_row(有效期至=written))
    assert decision.terms["valid_until"] == date(2027, 12, 31)
    assert decision.is_corrected == (written.strip() != "2027-12-31")


@pytest.mark.parametrize(
    "written", ["2026-02-30", "2026-11-23", "2026-13-01", "0000-01-01", "9999-12-31", "明年", "1"]
)
def test_a_last_day_that_is_over_or_none_is_refused(written: str) -> None:
    finding = refused(a_row(有效期至=written))
    assert (finding.column, finding.value) == ("有效期至", written)


def test_today_is_a_last_day_and_there_need_be_none() -> None:
    assert taken(a_row(有效期至="2026-11-24"))["valid_until"] == TODAY
    assert taken(a_row(有效期至=""))["valid_until"] is None
    assert taken(a_row(有效期至="2027-12-31T00:00:00"))["valid_until"] == date(2027, 12, 31)
    assert corrected(a_row(有效期至="长期"))[0]["valid_until"] is None


@pytest.mark.parametrize("code", ["", "TY999999", "TY1", "=TY050001"])
def test_a_station_that_is_not_there_is_refused(code: str) -> None:
    assert refused(a_row(驿站编号=code)).column == "驿站编号"


def test_a_code_in_small_letters_is_put_right_and_must_be_there_too() -> None:
    assert corrected(a_row(驿站编号="ty050001"))[1].column == "驿站编号"
    findings = decide(a_row(驿站编号="ty999999")).findings
    assert [finding.kind for finding in findings] == ["corrected", "refused"]


@pytest.mark.parametrize(("column", "longest"), [("商户名称", 40), ("优惠内容", 60), ("地址", 120)])
def test_texts_are_there_and_no_longer_than_their_columns(column: str, longest: int) -> None:
    assert decide(a_row(**{column: "店" * longest})).outcome == "added"
    assert f"{longest}" in refused(a_row(**{column: "店" * (longest + 1)})).zh
    assert "missing" in refused(a_row(**{column: "　"})).en
    assert "control" in refused(a_row(**{column: "店\u202e铺"})).en
    assert "formula" in refused(a_row(**{column: "=1+1"})).en
    assert "shown" in refused(a_row(**{column: "\u3164\u3164"})).en


def test_markup_in_a_name_is_only_text() -> None:
    assert decide(a_row(商户名称="<b>小店</b> & <script>")).name == "<b>小店</b> & <script>"


def test_what_cannot_be_shown_is_taken_out_and_named() -> None:
    decision = decide(a_row(商户名称="龙城\u3164理发"))
    assert decision.name == "龙城理发" and the_finding(decision).kind == "corrected"


def test_a_private_number_in_an_offer_is_refused() -> None:
    assert refused(a_row(优惠内容="补胎找老王 13912345678")).column == "优惠内容"


def test_what_is_no_telephone_is_named() -> None:
    assert corrected(a_row(联系电话="暂无"))[0]["phone"] == ""
    assert refused(a_row(联系电话="找老王")).column == "联系电话"


def test_everything_wrong_with_a_row_is_said_at_once() -> None:
    row = a_discount("nan", 商户名称="", 类别="?", 驿站编号="TY999999", 限次="?", 有效期至="?")
    columns = {finding.column for finding in decide(row).findings}
    assert columns == {"商户名称", "类别", "驿站编号", "数值", "限次", "有效期至"}


ANYTHING = st.one_of(
    st.text(max_size=130), st.text(alphabet="0123456789-/.%折元天月年TY店<&", max_size=20)
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(a_row())), ANYTHING, max_size=5))
def test_whatever_is_in_a_row_it_is_taken_or_refused(changed: dict[str, str]) -> None:
    decision = decide(a_row(**changed))
    if decision.outcome == "refused":
        assert any(finding.kind == "refused" for finding in decision.findings)
        return
    assert decision.name == decision.name.strip() and 1 <= len(decision.name) <= 40
    assert decision.terms["text"] and decision.facts["kind"] in KINDS
