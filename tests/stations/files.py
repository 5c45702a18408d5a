"""Builders of the files that a city's office might send."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

from wishwall.stations.checking import AMENITY_COLUMNS

GOOD_ROW = {
    "驿站编号": "TY050001",
    "驿站名称": "嘉节社区暖心驿站",
    "区县": "小店区",
    "街道": "龙城街道",
    "地址": "小店区龙城街道21号",
    "依托场所": "党群服务中心",
    "服务对象": "快递员、外卖骑手",
    "经度": "112.577200",
    "纬度": "37.770100",
    "开放时间": "08:30-18:00",
    "联系电话": "0351-0000001",
    **dict.fromkeys(AMENITY_COLUMNS, "有"),
    "特色": "象棋桌",
}
HEADER = list(GOOD_ROW)

Lines = Sequence[Sequence[object]]


def a_row(**changed: str) -> dict[str, str]:
    """A good row with some cells changed."""
    return GOOD_ROW | changed


def lines_of(*rows: Mapping[str, str], title: str = "") -> list[list[str]]:
    """A header and rows, under a title line if there is a title."""
    titles = [[title] + [""] * (len(HEADER) - 1)] if title else []
    return [*titles, HEADER, *([row[name] for name in HEADER] for row in rows)]


def csv_of(lines: Lines, encoding: str = "utf-8-sig") -> bytes:
    """The lines as a CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode(encoding)


def xlsx_of(lines: Lines) -> bytes:
    """The lines as a workbook."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append(list(line))
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def with_parts(whole: bytes, /, **changed: bytes | None) -> bytes:
    """A workbook with parts replaced, by the last word of their names; None drops one."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            word = entry.filename.rpartition("/")[2].partition(".")[0]
            part = changed.get(word, old.read(entry))
            if part is not None:
                new.writestr(entry.filename, part)
    return packed.getvalue()


def part_of(workbook: bytes, name: str) -> bytes:
    """One part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return archive.read(name)
