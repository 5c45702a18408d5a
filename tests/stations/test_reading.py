"""Files from an office: what is read from them, and why some are not."""

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stations.files import HEADER, a_row, csv_of, lines_of, part_of, with_parts, xlsx_of
from wishwall.stations.checking import OPTIONAL, REQUIRED
from wishwall.stations.reading import MOST_BYTES, MOST_ROWS, Row, UnreadableFile, read_rows

SHEET = "xl/worksheets/sheet1.xml"
WORKBOOK = xlsx_of(lines_of(a_row()))  # built once: it carries the time of its making


def read(content: bytes, filename: str = "驿站.csv") -> list[Row]:
    return read_rows(content, filename, REQUIRED, OPTIONAL)


def refusal(content: bytes, filename: str = "驿站.csv") -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        read(content, filename)
    assert refused.value.zh and refused.value.en
    return refused.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_each_encoding_of_the_city(encoding: str) -> None:
    [row] = read(csv_of(lines_of(a_row(驿站名称="㙍头暖心驿站")), encoding))
    assert (row.number, row.cells["驿站名称"], row.fits) == (2, "㙍头暖心驿站", True)


def test_the_header_is_found_under_a_title_and_rows_keep_the_sheets_numbers() -> None:
    for content, name in (
        (csv_of(lines_of(a_row(), title="太原市一览表")), "a.csv"),
        (xlsx_of(lines_of(a_row(), title="太原市一览表")), "A.XLSX"),
    ):
        assert [row.number for row in read(content, name)] == [3]


def test_a_header_may_have_spaces_and_full_width_letters() -> None:
    header = [f" {name[:2]}　{name[2:]} " for name in HEADER]
    [row] = read(csv_of([header, lines_of(a_row())[1]]))
    assert row.cells["开放时间"] == "08:30-18:00"


def test_numbers_in_a_workbook_read_as_they_are_shown() -> None:
    lines: list[list[object]] = [list(line) for line in lines_of(a_row())]
    lines[1][HEADER.index("经度")] = 112.5772
    lines[1][HEADER.index("纬度")] = 38.0
    lines[1][HEADER.index("联系电话")] = 3510000001
    [row] = read(xlsx_of(lines), "a.xlsx")
    assert [row.cells[name] for name in ("经度", "纬度", "联系电话")] == [
        "112.5772",
        "38",
        "3510000001",
    ]


def test_a_row_with_fewer_or_more_cells_does_not_fit() -> None:
    header, row = lines_of(a_row())
    short, long = row[:-3], [*row, "多出来的"]
    assert [each.fits for each in read(csv_of([header, row, short, long, [*row, " "], []]))] == [
        True,
        False,
        False,
        True,
        True,
    ]


def test_columns_that_nobody_knows_are_passed_over() -> None:
    header, row = lines_of(a_row())
    [read_row] = read(csv_of([[*header, "备注", "备注"], [*row, "甲", "乙"]]))
    assert "备注" not in read_row.cells and read_row.fits


def test_an_empty_file_a_huge_file_and_other_kinds_are_refused() -> None:
    assert refusal(b"").zh == "文件是空的。"
    assert "8 MB" in refusal(b"a" * (MOST_BYTES + 1)).en
    assert ".xlsx" in refusal(b"%PDF-1.7", "驿站.pdf").en
    assert "workbook" in refusal(xlsx_of(lines_of(a_row())), "驿站.csv").en
    assert "NUL" in refusal(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").en
    assert "NUL" in refusal(csv_of(lines_of(a_row(地址="小店\0区")))).en
    assert "GB18030" in refusal(b"\xff\xff\xff,\x80").en
    refusal(b"just,some,words\n")


def test_a_csv_cut_short_within_quotes_is_refused() -> None:
    whole = csv_of(lines_of(a_row(地址="小店区，龙城街道,21号")))
    assert "cut short" in refusal(whole[: whole.index("21号".encode())]).en


def test_missing_and_repeated_columns_are_named() -> None:
    header, row = lines_of(a_row())
    at = header.index("经度")
    assert "经度" in refusal(csv_of([header[:at] + header[at + 1 :], row])).zh
    assert "经度" in refusal(csv_of([[*header, " 经 度"], [*row, "1"]])).zh


def test_more_rows_than_a_city_has_are_refused() -> None:
    header = csv_of([HEADER])
    assert str(MOST_ROWS) in refusal(header + b",\n" * (MOST_ROWS + 1)).en
    assert len(read(header + b",\n" * MOST_ROWS)) == MOST_ROWS


def test_a_truncated_workbook_is_refused_wherever_it_ends() -> None:
    whole = xlsx_of(lines_of(a_row()))
    for length in range(4, len(whole), 97):
        refusal(whole[:length], "a.xlsx")


def test_a_workbook_with_a_password_is_refused() -> None:
    assert "password" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 999, "a.xlsx").en
    encrypted = bytearray(xlsx_of(lines_of(a_row())))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in refusal(bytes(encrypted), "a.xlsx").en


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    assert "not an Excel" in refusal(with_parts(xlsx_of([[1]]), workbook=None), "a.xlsx").en


def test_a_zip_bomb_is_refused_by_its_directory() -> None:
    whole = xlsx_of(lines_of(a_row()))
    for bomb in (b" " * 30_000_000, b" " * 2_000_000):
        assert "unpacks" in refusal(with_parts(whole, theme1=bomb), "a.xlsx").en
    packed = io.BytesIO(whole)
    with zipfile.ZipFile(packed, "a") as archive:
        for number in range(201):
            archive.writestr(f"xl/{number}.bin", b"")
    assert "unpacks" in refusal(packed.getvalue(), "a.xlsx").en


def test_a_workbook_that_lies_about_its_size_is_refused() -> None:
    whole = bytearray(with_parts(xlsx_of(lines_of(a_row())), theme1=b" " * 1_000_000))
    entry = whole.index(b"xl/theme/theme1.xml", whole.index(b"PK\x01\x02")) - 46
    whole[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")
    refusal(bytes(whole), "a.xlsx")


def test_a_doctype_in_a_workbook_is_refused() -> None:
    whole = xlsx_of(lines_of(a_row()))
    sheet = part_of(whole, SHEET)
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + sheet
    assert "DOCTYPE" in refusal(with_parts(whole, sheet1=laughs), "a.xlsx").en
    wide = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><x/>'.encode("utf-16")
    refusal(with_parts(whole, sheet1=wide), "a.xlsx")


@pytest.mark.parametrize("cell", [b'r="XFD1048576"', b"r = 'A1048576'", b'r="ZZ1"', b'r="$A$1"'])
def test_a_cell_at_the_end_of_the_sheet_is_refused_before_space_is_made(cell: bytes) -> None:
    whole = xlsx_of(lines_of(a_row()))
    sheet = part_of(whole, SHEET).replace(b'r="A2"', cell)
    assert sheet != part_of(whole, SHEET)
    refusal(with_parts(whole, sheet1=sheet), "a.xlsx")


def test_many_cells_without_a_name_are_counted_too() -> None:
    whole = xlsx_of(lines_of(a_row()))
    sheet = part_of(whole, SHEET).replace(b"<sheetData>", b"<sheetData><row>" + b"<c/>" * 201)
    sheet = sheet.replace(b"<c/><row", b"<c/></row><row")
    assert "too large" in refusal(with_parts(whole, sheet1=sheet), "a.xlsx").en


def test_a_few_cells_far_apart_are_refused_before_space_is_made() -> None:
    sheet = part_of(WORKBOOK, SHEET).replace(b'r="A2"', b'r="GR49999"')
    assert "too large" in refusal(with_parts(WORKBOOK, sheet1=sheet), "a.xlsx").en


def test_one_large_sheet_listed_many_times_is_refused() -> None:
    sheet = part_of(WORKBOOK, SHEET).replace(b'r="A2"', b'r="AD49999"')
    book = part_of(WORKBOOK, "xl/workbook.xml")
    entry = book[book.index(b"<sheet ") : book.index(b"</sheets>")]
    again = entry.replace(b'name="Sheet"', b'name="Again"')
    assert again != entry
    whole = with_parts(WORKBOOK, sheet1=sheet)
    with zipfile.ZipFile(packed := io.BytesIO(), "w") as archive:
        for name in zipfile.ZipFile(io.BytesIO(whole)).namelist():
            part = part_of(whole, name)
            twice = name == "xl/workbook.xml"
            archive.writestr(name, part.replace(entry, entry + again) if twice else part)
    assert "too large" in refusal(packed.getvalue(), "a.xlsx").en


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused_and_never_worse(data: st.DataObject) -> None:
    whole = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(UnreadableFile):
        read(bytes(whole), "a.xlsx")


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_sheet_is_read_or_refused_and_never_worse(data: st.DataObject) -> None:
    sheet = bytearray(part_of(WORKBOOK, SHEET))
    at = data.draw(st.integers(0, len(sheet) - 1))
    sheet[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    with suppress(UnreadableFile):
        read(with_parts(WORKBOOK, sheet1=bytes(sheet)), "a.xlsx")


@given(st.binary(max_size=300))
def test_any_bytes_are_no_csv_of_stations(content: bytes) -> None:
    refusal(content)
