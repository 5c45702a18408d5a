"""A city's spreadsheet as rows of text, or one `UnreadableFile` that says why not.

CSV in UTF-8 (with or without BOM) or GB18030, and XLSX. The header may stand under title
lines. Row numbers are those that the spreadsheet program shows. Workbooks are unpacked and
judged by `workbook` before anything interprets them.
"""

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from wishwall.stations.workbook import BrokenWorkbook, sheets

MOST_BYTES = 8 * 1024 * 1024
MOST_ROWS = 50_000
HEADER_WITHIN = 10

Lines = list[list[str]]


class UnreadableFile(Exception):
    """The file as a whole cannot be read; nothing of it was taken."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


@dataclass(frozen=True)
class Row:
    """One row by its columns' names; `fits` is False if it has fewer or more cells."""

    number: int
    cells: dict[str, str]
    fits: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written in it."""
        return not any(text.strip() for text in self.cells.values())


def read_rows(
    content: bytes, filename: str, required: Sequence[str], optional: Sequence[str] = ()
) -> list[Row]:
    """The rows under the header, with the columns asked for; raises `UnreadableFile`."""
    if not content:
        raise UnreadableFile("文件是空的。", "The file is empty.")
    if len(content) > MOST_BYTES:
        raise UnreadableFile("文件超过 8 MB。", "The file is larger than 8 MB.")
    suffix = filename.lower().rpartition(".")[2]
    if suffix == "csv":
        candidates = [_csv_lines(content)]
    elif suffix == "xlsx":
        candidates = _workbook_lines(content)
    else:
        raise UnreadableFile(
            "只能读 .csv 和 .xlsx 文件。请在表格软件里另存为其中一种。",
            "Only .csv and .xlsx can be read; save the sheet as one of them.",
        )
    lines = max(candidates, key=lambda each: len(_best_header(each, required)[1]), default=[])
    return _rows(lines, required, optional)


def _csv_lines(content: bytes) -> Lines:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableFile(
            "文件名是 .csv，内容却是工作簿。请另存为 CSV 或改用 .xlsx。",
            "Named .csv, but it is a workbook; save it as CSV or as .xlsx.",
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise UnreadableFile(
            "不是文本表格（含空字节）。请另存为“CSV UTF-8”。",
            "Not a text table (it has NUL bytes); save it as “CSV UTF-8”.",
        )
    lines: Lines = []
    try:
        for line in csv.reader(io.StringIO(_decoded(content), newline=""), strict=True):
            lines.append(line)
            if len(lines) > MOST_ROWS + HEADER_WITHIN:
                raise _too_many_rows()
    except csv.Error as error:
        number = len(lines) + 1
        raise UnreadableFile(
            f"第 {number} 行的引号或逗号不完整，文件可能没有传完。",
            f"Row {number} has broken quotes or commas; the file may be cut short.",
        ) from error
    return lines


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(
        "文字编码既不是 UTF-8 也不是 GB18030。", "The text is neither UTF-8 nor GB18030."
    )


def _workbook_lines(content: bytes) -> list[Lines]:
    try:
        return sheets(content, most_rows=MOST_ROWS + HEADER_WITHIN)
    except BrokenWorkbook as error:
        raise UnreadableFile(error.zh, error.en) from error


def _rows(lines: Lines, required: Sequence[str], optional: Sequence[str]) -> list[Row]:
    at, found = _best_header(lines, required)
    missing = [name for name in required if name not in found]
    if missing:
        absent = "、".join(missing)
        raise UnreadableFile(
            f"前 {HEADER_WITHIN} 行里没有找到这些列：{absent}。",
            f"These columns are not in the first {HEADER_WITHIN} rows: {absent}.",
        )
    header = [_column(cell) for cell in lines[at]]
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        if name not in required and name not in optional:
            continue
        if name in places:
            raise UnreadableFile(f"有两列都叫“{name}”。", f"Two columns are called “{name}”.")
        places[name] = place
    if len(lines) - at - 1 > MOST_ROWS:
        raise _too_many_rows()
    return [
        _row(number, line, places, width=len(header))
        for number, line in enumerate(lines[at + 1 :], start=at + 2)
    ]


def _row(number: int, line: list[str], places: dict[str, int], width: int) -> Row:
    cells = {name: line[place] if place < len(line) else "" for name, place in places.items()}
    surplus = any(cell.strip() for cell in line[width:])
    return Row(number, cells, fits=not line or (len(line) >= width and not surplus))


def _best_header(lines: Lines, required: Sequence[str]) -> tuple[int, set[str]]:
    """The line among the first ones that names most of the required columns."""
    named = [set(required) & {_column(cell) for cell in line} for line in lines[:HEADER_WITHIN]]
    best = max(range(len(named)), key=lambda at: len(named[at]), default=0)
    return best, named[best] if named else set()


def _column(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).split())


def _too_many_rows() -> UnreadableFile:
    return UnreadableFile(f"超过 {MOST_ROWS} 行。", f"There are more than {MOST_ROWS} rows.")
