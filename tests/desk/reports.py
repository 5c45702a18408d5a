"""The report of an import: as the page shows it and as the command says it."""

import re

from tests.support.page import Page

FIGURES = ("新增", "更新", "没有变化", "改正后收下", "没有收下")
COUNTS = re.compile(r"新增 (\d+) 更新 (\d+) 未变 (\d+) 已更正 (\d+) 拒绝 (\d+)")


def figures(page: Page) -> dict[str, int]:
    """The figures of the report by their words."""
    words = [word.to_text() for word in page.select(".figures dt")]
    return dict(zip(words, (int(d.to_text()) for d in page.select(".figures dd")), strict=True))


def counted(said: str) -> list[int]:
    """The figures of the command, in the same order."""
    found = COUNTS.search(said)
    assert found is not None, said
    return list(map(int, found.groups()))


def assert_alike(page: Page, said: str) -> None:
    """The page shows the counts and the rows that the command has said."""
    assert list(figures(page).values()) == counted(said)
    rows = page.select(".table tbody tr")
    assert len(rows) == len(re.findall("^[✗~?] ", said, re.MULTILINE)) > 0
    for row in rows:
        number, column, value, sentence = (
            cell.to_text() for cell in row.children if cell.name == "td"
        )
        line = next(
            line for line in said.splitlines() if f"row {number} " in line and column in line
        )
        assert f"“{value}”" in line
        assert line.partition(": ")[2].partition(" / ")[0] in sentence
