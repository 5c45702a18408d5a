"""The sheets of an XLSX file as text, after its zip directory and its XML were judged.

A workbook can be a bomb: a zip that unpacks without end, or one cell at XFD1048576 that makes
a reader fill the space before it. So each part is unpacked here, bounded, walked by a parser
that refuses DOCTYPE and far-off cells, and only what passed is given to calamine, repacked,
so that both surely look at the same bytes.
"""

import io
import re
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from xml.parsers import expat

from python_calamine import CalamineWorkbook, SheetVisibleEnum

MOST_ENTRIES = 200
MOST_UNPACKED = 20 * 1024 * 1024
MOST_RATIO = 200
MOST_COLUMNS = 200
MOST_CELLS = 1_500_000  # of all sheets, empty ones between included: about 100 MB in memory
MOST_SHEETS = 20

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_OLE = b"\xd0\xcf\x11\xe0"

Cell = int | float | str | bool | time | date | datetime | timedelta


class BrokenWorkbook(Exception):
    """Not a workbook that can be read safely."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


def sheets(content: bytes, most_rows: int) -> list[list[list[str]]]:
    """Every visible sheet, row by row from A1; raises `BrokenWorkbook`."""
    if content.startswith(_OLE):
        raise BrokenWorkbook(
            "工作簿有密码，或是旧的 .xls 格式。请去掉密码并另存为 .xlsx。",
            "The workbook has a password or is an old .xls; save it as .xlsx without one.",
        )
    parts = _parts(content)
    if sum(_Walker(most_rows).area(part) for part in parts.values()) > MOST_CELLS:
        raise _too_large()
    try:
        return _read(CalamineWorkbook.from_filelike(io.BytesIO(_repacked(parts))))
    except (BrokenWorkbook, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic in the reader's Rust is not an Exception
        raise _damaged() from error


def _parts(content: bytes) -> dict[str, bytes]:
    """The XML parts, unpacked within the bounds."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            _judge(entries)
            wanted = [entry for entry in entries if entry.filename.endswith((".xml", ".rels"))]
            return {entry.filename: packed.read(entry) for entry in wanted}
    except BrokenWorkbook:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise _damaged() from error


def _judge(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise BrokenWorkbook("工作簿有密码。", "The workbook has a password.")
    names = {entry.filename.lower() for entry in entries}
    known = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if len(names) < len(entries) or any(entry.compress_type not in known for entry in entries):
        raise _damaged()
    unpacked = sum(entry.file_size for entry in entries)
    swollen = any(entry.file_size > MOST_RATIO * (entry.compress_size + 1) for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or swollen:
        raise BrokenWorkbook(
            "工作簿解压后过大，没有读取。", "The workbook unpacks to too much and was not read."
        )
    if "xl/workbook.xml" not in names:
        raise BrokenWorkbook("这不是 Excel 工作簿。", "This is not an Excel workbook.")


class _Walker:
    """Walks one part's XML and refuses what a spreadsheet of stations never has."""

    def __init__(self, most_rows: int) -> None:
        self.most_rows = most_rows
        self.row = self.last_row = 0
        self.column = self.last_column = 0

    def area(self, part: bytes) -> int:
        """How many cells a reader would make room for; none in a part that is no sheet."""
        if b"\0" in part:
            raise _damaged()
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._element
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(part, True)  # noqa: FBT003 (the whole of it)
        except expat.ExpatError as error:
            raise _damaged() from error
        return self.last_row * self.last_column

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "row":
            self.row = self._number(attributes.get("r"), self.row + 1)
            self.column = 0
        elif kind == "c":
            self._cell(attributes.get("r"))
        if self.row > self.most_rows or self.column > MOST_COLUMNS:
            raise _too_large()
        self.last_row = max(self.last_row, self.row)
        self.last_column = max(self.last_column, self.column)

    def _cell(self, reference: str | None) -> None:
        if reference is None:
            self.column += 1
            return
        found = _CELL.fullmatch(reference)
        if found is None:
            raise _damaged()
        self.row = int(found[2])
        self.column = 0
        for letter in found[1]:
            self.column = self.column * 26 + ord(letter) - ord("A") + 1

    def _number(self, text: str | None, otherwise: int) -> int:
        if text is None:
            return otherwise
        if not re.fullmatch("[0-9]{1,7}", text):
            raise _damaged()
        return int(text)

    def _doctype(self, *_declared: object) -> None:
        raise BrokenWorkbook(
            "工作簿里有不该有的内容（DOCTYPE），没有读取。",
            "The workbook has a DOCTYPE, which it should not, and was not read.",
        )


def _read(book: CalamineWorkbook) -> list[list[list[str]]]:
    read: list[list[list[str]]] = []
    cells = 0
    for listed in book.sheets_metadata[:MOST_SHEETS]:
        if listed.visible != SheetVisibleEnum.Visible:
            continue
        sheet = book.get_sheet_by_name(listed.name)
        cells += sheet.total_height * sheet.total_width
        if cells > MOST_CELLS:  # one part may be listed as many sheets
            raise _too_large()
        rows = sheet.to_python(skip_empty_area=False)
        read.append([[_text(cell) for cell in row] for row in rows])
    return read


def _repacked(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


def _text(cell: Cell) -> str:
    """As the sheet shows it: 112.5 and 8, not 8.0."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _damaged() -> BrokenWorkbook:
    return BrokenWorkbook(
        "工作簿已损坏或没有传完。", "The workbook is damaged or was not transferred whole."
    )


def _too_large() -> BrokenWorkbook:
    return BrokenWorkbook(
        "表格太大：行数或列数超过限制。", "The sheet is too large: too many rows or columns."
    )
