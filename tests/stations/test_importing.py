"""A city's list comes in: what is taken, put right, refused, and said about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.stations.files import a_row, csv_of, lines_of, xlsx_of
from wishwall.stations.checking import AMENITY_COLUMNS
from wishwall.stations.findings import Finding
from wishwall.stations.importing import Decision, Plan, apply, listed, plan, read_stations
from wishwall.stations.models import Station
from wishwall.stations.reading import Row


def decide(**changed: str) -> Decision:
    """What becomes of one row in an empty directory."""
    [decision] = plan([Row(2, a_row(**changed))], {}).decisions
    return decision


def the_finding(decision: Decision) -> Finding:
    [finding] = decision.findings
    assert finding.row == decision.row and finding.zh and finding.en
    return finding


def corrected(**changed: str) -> tuple[dict[str, str | float], Finding]:
    decision = decide(**changed)
    assert (decision.outcome, decision.is_corrected) == ("added", True)
    return dict(decision.changes or {}), the_finding(decision)


def refused(**changed: str) -> Finding:
    decision = decide(**changed)
    assert (decision.outcome, decision.is_corrected) == ("refused", False)
    return the_finding(decision)


def bring_in(session: Session, content: bytes, filename: str = "a.csv") -> Plan:
    planned = plan(read_stations(content, filename), listed(session))
    apply(planned, session)
    session.commit()
    return planned


def outcomes(planned: Plan) -> list[str]:
    return [decision.outcome for decision in planned.decisions]


def the_station(session: Session) -> Station:
    return session.scalars(select(Station)).one()


def test_a_good_row_becomes_a_station_with_its_ten_amenities(session: Session) -> None:
    assert outcomes(bring_in(session, csv_of(lines_of(a_row())))) == ["added"]
    station = the_station(session)
    assert (station.code, station.lat, station.lon) == ("TY050001", 37.7701, 112.5772)
    assert [amenity.kind for amenity in station.amenities] == list(AMENITY_COLUMNS.values())


def test_the_same_list_again_changes_nothing_in_whatever_format(session: Session) -> None:
    rows = [a_row(), a_row(驿站编号="TY050002", 开放时间="早八点到晚八点", 空调="○", 特色=" 书 ")]
    lines = lines_of(*rows, title="一览表")
    assert outcomes(bring_in(session, csv_of(lines))) == ["added", "added"]
    imported_at = session.scalars(select(Station.imported_at)).all()
    for content, name in (
        (csv_of(lines), "a.csv"),
        (csv_of(lines, "gb18030"), "a.csv"),
        (xlsx_of(lines), "a.xlsx"),
    ):
        again = bring_in(session, content, name)
        assert outcomes(again) == ["unchanged", "unchanged"] and not again.writes
        assert again.corrected == 1
    assert session.scalars(select(Station.imported_at)).all() == imported_at


def test_an_edited_row_updates_only_what_differs(session: Session) -> None:
    bring_in(session, csv_of(lines_of(a_row(微波炉=""))))
    edited = a_row(联系电话="0351-0000002", 空调="无", 微波炉="有")
    [decision] = bring_in(session, csv_of(lines_of(edited))).decisions
    assert decision.outcome == "updated"
    assert decision.changes == {"phone": "0351-0000002"}
    assert decision.gained == {"microwave"} and decision.lost == {"air-conditioning"}
    station = the_station(session)
    assert station.phone == "0351-0000002"
    kinds = {amenity.kind for amenity in station.amenities}
    assert kinds == set(AMENITY_COLUMNS.values()) - {"air-conditioning"}


def test_stations_and_columns_that_the_list_does_not_have_are_left_alone(session: Session) -> None:
    bring_in(session, csv_of(lines_of(a_row(), a_row(驿站编号="TY050002"))))
    [header, row] = lines_of(a_row())
    keep = [at for at, name in enumerate(header) if name not in ("空调", "特色", "联系电话")]
    narrow = [[line[at] for at in keep] for line in (header, row)]
    assert outcomes(bring_in(session, csv_of(narrow))) == ["unchanged"]
    assert session.scalar(select(func.count()).select_from(Station)) == 2


def test_progress_is_told_to_the_end(session: Session) -> None:
    planned = plan([Row(n, a_row(驿站编号=f"TY{n:06}")) for n in range(1, 1202)], {})
    done: list[int] = []
    apply(planned, session, done.append)
    assert sum(done) == 1201 and len(done) == 3


def test_the_whole_city_comes_in_and_changes(session: Session) -> None:
    codes = [f"TY{number:06}" for number in range(2080)]
    bring_in(session, xlsx_of(lines_of(*(a_row(驿站编号=code) for code in codes))), "a.xlsx")
    edited = lines_of(*(a_row(驿站编号=code, 联系电话="0351-70000", 空调="") for code in codes))
    assert set(outcomes(bring_in(session, csv_of(edited)))) == {"updated"}


def test_swapped_coordinates_are_put_right() -> None:
    changes, finding = corrected(经度="37.866438", 纬度="112.558167")
    assert (changes["lat"], changes["lon"]) == (37.866438, 112.558167)
    assert "对调" in finding.zh and "swapped" in finding.en


@pytest.mark.parametrize(
    "written", ["112°33′28″", "112度33分28秒", "１１２°３３′２８″", "112°33'28\"E"]
)
def test_degrees_minutes_and_seconds_are_converted(written: str) -> None:
    changes, finding = corrected(经度=written)
    assert changes["lon"] == 112.557778
    assert "112.557778" in finding.zh and "112.557778" in finding.en


@pytest.mark.parametrize(
    "written", ["", "12.5580", "121.47", "nan", "1e2", "112,55", "东边", "inf"]
)
def test_a_place_that_is_missing_or_not_in_the_city_is_refused(written: str) -> None:
    assert refused(经度=written).column == "经度"


def test_the_same_code_twice_is_refused_naming_the_first_row() -> None:
    planned = plan([Row(2, a_row()), Row(3, a_row(驿站名称="另一个"))], {})
    assert outcomes(planned) == ["added", "refused"]
    [finding] = planned.findings
    assert finding.row == 3 and "第 2 行" in finding.zh and "row 2" in finding.en


@pytest.mark.parametrize("code", ["", "TY5001", "XX050001", "TY0500011", "TY05000１1", "TY٠٥٠٠٠١"])
def test_a_code_is_ty_and_six_digits(code: str) -> None:
    assert "驿站编号" in {finding.column for finding in decide(驿站编号=code).findings}
    assert decide(驿站编号=code).outcome == "refused"


def test_a_code_in_small_or_wide_letters_is_put_right() -> None:
    assert (
        decide(驿站编号="ty050001").code == decide(驿站编号="ＴＹ０５０００１").code == "TY050001"
    )


@pytest.mark.parametrize("short", ["小店", "太原市小店区", "山西省太原市小店"])
def test_a_short_name_of_a_district_is_made_whole(short: str) -> None:
    changes, finding = corrected(区县=short)
    assert changes["district"] == "小店区" and "小店区" in finding.en


def test_a_district_that_address_and_street_contradict_is_put_right_and_named() -> None:
    changes, finding = corrected(区县="小店", 街道="文庙街道", 地址="迎泽区文庙街道210号")
    assert changes["district"] == "迎泽区"
    assert finding.value == "小店" and "请核对" in finding.zh and "please check" in finding.en


def test_a_district_that_only_the_address_contradicts_is_kept_and_noted() -> None:
    decision = decide(地址="迎泽区并州路9号")
    assert (decision.outcome, the_finding(decision).kind) == ("added", "noted")
    assert (decision.changes or {})["district"] == "小店区"


def test_a_district_of_another_city_is_refused() -> None:
    assert refused(区县="朝阳区").column == "区县"


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("早八点到晚八点", "08:00-20:00"),
        ("朝九晚五", "09:00-17:00"),
        ("早上６点半至晚１２点", "06:30-24:00"),
        ("上午8:30-12:00，下午2:00-5:30", "08:30-12:00,14:00-17:30"),
        ("周一至周五 上午九点到下午五点", "周一至周五09:00-17:00"),
    ],
)
def test_hours_in_words_are_put_into_figures(words: str, hours: str) -> None:
    decision = decide(开放时间=words)
    assert (decision.outcome, (decision.changes or {})["hours"]) == ("added", hours)
    assert any(hours in finding.zh and hours in finding.en for finding in decision.findings)


@pytest.mark.parametrize(
    "words", ["", "看情况", "早八点到八点", "晚八点到早八点", "早三十点到晚八点"]
)
def test_hours_that_are_not_surely_said_are_refused(words: str) -> None:
    assert refused(开放时间=words).column == "开放时间"


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://example.invalid","点我")', "+1", "-1", "@a", "＝1+1", " =1"]
)
def test_a_name_that_looks_like_a_formula_is_refused(name: str) -> None:
    assert "formula" in refused(驿站名称=name).en


@pytest.mark.parametrize("sign", ["\x00", "\x1b[31m", "\u202e", "\u200b", "\ufeff", "\x85"])
def test_signs_that_nobody_can_see_are_refused_and_not_repeated(sign: str) -> None:
    finding = refused(驿站名称=f"嘉节{sign}驿站")
    assert sign not in finding.value and "control" in finding.en


def test_a_name_is_there_and_not_over_sixty_characters() -> None:
    assert "missing" in refused(驿站名称=" 　").en
    assert "300" in refused(驿站名称="驿" * 300).zh
    assert decide(驿站名称="驿" * 60).outcome == "added"


def test_spaces_round_a_name_and_breaks_within_are_tidied() -> None:
    changes, finding = corrected(驿站名称="  郝庄第２６\n暖心驿站　")
    assert changes["name"] == "郝庄第26 暖心驿站" and finding.column == "驿站名称"


def test_two_telephones_are_kept_as_they_are() -> None:
    decision = decide(联系电话="0351-0009999 / 0351-0009998")
    assert (decision.changes or {})["phone"] == "0351-0009999 / 0351-0009998"
    assert not decision.findings


def test_what_is_no_telephone_is_named() -> None:
    assert corrected(联系电话="暂无")[0]["phone"] == ""
    assert refused(联系电话="找老王").column == "联系电话"
    assert decide(联系电话="+86 351 0000001").outcome == "added"


def test_many_ways_to_say_yes_and_no() -> None:
    words = ["√", "是", "1", "✓", "Y", "有", "ｔｒｕｅ", "无", "", "×"]
    said = dict(zip(AMENITY_COLUMNS, words, strict=True))
    decision = decide(**said)
    assert decision.gained == set(list(AMENITY_COLUMNS.values())[:7])
    assert not decision.findings


def test_a_doubtful_yes_is_named_and_an_unknown_word_is_refused() -> None:
    assert corrected(雨伞="○")[1].column == "雨伞"
    assert refused(雨伞="维修中").column == "雨伞"


def test_everything_wrong_with_a_row_is_said_at_once() -> None:
    findings = decide(驿站名称="", 区县="", 经度="", 开放时间="?").findings
    assert {f.column for f in findings} == {"驿站名称", "区县", "经度", "开放时间"}


def test_empty_rows_are_counted_and_crooked_rows_are_refused() -> None:
    header, row = lines_of(a_row())
    content = csv_of([header, row, [""] * len(row), [], ["TY050002", *row[1:-2]]])
    planned = plan(read_stations(content, "a.csv"), {})
    assert (outcomes(planned), planned.empty_rows) == (["added", "refused"], 2)


def test_one_bad_row_keeps_no_good_row_out(session: Session) -> None:
    rows = [a_row(驿站编号="TY050002", 经度=""), a_row()]
    assert outcomes(bring_in(session, csv_of(lines_of(*rows)))) == ["refused", "added"]
    assert the_station(session).code == "TY050001"


COLUMNS = st.sampled_from(sorted(a_row()))
ANYTHING = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="0123456789°′″.,-+=早晚八点到:；周一至 有无", max_size=30),
)


@given(st.dictionaries(COLUMNS, ANYTHING, max_size=5))
def test_whatever_is_in_a_row_it_is_taken_or_refused_and_taken_only_once(
    changed: dict[str, str],
) -> None:
    decision = decide(**changed)
    if decision.outcome == "refused":
        assert any(finding.kind == "refused" for finding in decision.findings)
        return
    fields = {name: str(value) for name, value in (decision.changes or {}).items()}
    assert len(fields["name"]) <= 60 and fields["name"] == fields["name"].strip()
    again = decide(驿站名称=fields["name"], 开放时间=fields["hours"], 区县=fields["district"])
    assert not again.is_corrected
